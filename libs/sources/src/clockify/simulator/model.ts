import type { LocalDate, Weekday } from '#domain';

export const accountStatuses = [
  'ACTIVE',
  'PENDING_EMAIL_VERIFICATION',
  'DELETED',
  'NOT_REGISTERED',
  'LIMITED',
  'LIMITED_DELETED',
] as const;
export type AccountStatus = (typeof accountStatuses)[number];

export const membershipStatuses = ['PENDING', 'ACTIVE', 'DECLINED', 'INACTIVE'] as const;
export type MembershipStatus = (typeof membershipStatuses)[number];

export type EntryType = 'REGULAR' | 'BREAK' | 'HOLIDAY' | 'TIME_OFF';

type TimeUnit = 'DAYS' | 'HOURS';
export type HalfDayPeriod = 'NOT_DEFINED' | 'FIRST_HALF' | 'SECOND_HALF';
export type TimeOffStatus = 'PENDING' | 'APPROVED' | 'REJECTED';

/** Minor units. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Null in a user means that they never finished signing up. */
interface UserSettings {
  weekStart: Weekday;
  timeZone: string;
  timeFormat: 'HOUR12' | 'HOUR24';
  dateFormat: string;
  myStartOfDay: string;
  lang: string;
  theme: string;
}

export interface User {
  readonly id: string;
  email: string;
  name: string | null;
  profilePicture: string;
  status: AccountStatus;
  settings: UserSettings | null;
  workspaceId: string;
}

/** What a user is in one workspace. */
export interface Member {
  readonly userId: string;
  status: MembershipStatus;
  role: 'WORKSPACE_OWN' | 'WORKSPACE_ADMIN' | null;
  weekStart: Weekday;
  workingDays: Weekday[];
  /** Seconds of work due on each working day. */
  capacity: number;
  /** Ids of the users who manage this one. */
  managers: string[];
  hourlyRate: Money | null;
}

export interface Group {
  readonly id: string;
  name: string;
  userIds: string[];
  managers: string[];
}

export interface Project {
  readonly id: string;
  name: string;
  color: string;
  clientId: string;
  clientName: string;
}

export interface Tag {
  readonly id: string;
  name: string;
}

/** Instants in ms since the epoch, on whole seconds. */
export interface Entry {
  readonly id: string;
  readonly userId: string;
  description: string;
  start: number;
  /** Null while it runs. */
  end: number | null;
  type: EntryType;
  billable: boolean;
  projectId: string | null;
  tagIds: string[] | null;
  hourlyRate: Money | null;
  /** The holiday or time-off request that made it. */
  madeBy?: string;
}

export interface Holiday {
  readonly id: string;
  name: string;
  /** Both inclusive. */
  startDate: LocalDate;
  endDate: LocalDate;
  occursAnnually: boolean;
  everyoneIncludingNew: boolean;
  userIds: string[];
  userGroupIds: string[];
  projectId: string | null;
  automaticTimeEntryCreation: boolean;
}

export interface Policy {
  readonly id: string;
  name: string;
  timeUnit: TimeUnit;
  archived: boolean;
  allowHalfDay: boolean;
  allowNegativeBalance: boolean;
  requiresApproval: boolean;
  /** What everybody may take, in the policy's unit. */
  allowance: number;
  automaticTimeEntryCreation: boolean;
  everyoneIncludingNew: boolean;
  userIds: string[];
  userGroupIds: string[];
  projectId: string | null;
}

export interface TimeOffRequest {
  readonly id: string;
  readonly userId: string;
  readonly requesterId: string;
  readonly policyId: string;
  /** The person's zone when it was asked for. */
  readonly zone: string;
  readonly createdAt: number;
  note: string | null;
  /** Inclusive, ms since the epoch. */
  start: number;
  end: number;
  halfDay: boolean;
  halfDayPeriod: HalfDayPeriod;
  /** In the policy's unit. */
  amount: number;
  status: TimeOffStatus;
  changedBy: string | null;
  changedAt: number | null;
  decisionNote: string | null;
}

export interface WorkspaceState {
  readonly id: string;
  name: string;
  weekStart: Weekday;
  workingDays: Weekday[];
  members: Member[];
  groups: Group[];
  projects: Project[];
  tags: Tag[];
  entries: Entry[];
  holidays: Holiday[];
  policies: Policy[];
  requests: TimeOffRequest[];
}

export interface SimulatorState {
  minted: number;
  keys: { key: string; userId: string }[];
  users: User[];
  workspaces: WorkspaceState[];
}
