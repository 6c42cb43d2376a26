import type { LocalDate, Weekday } from '#domain';
import type {
  AccountStatus,
  EntryType,
  Member,
  MembershipStatus,
  Money,
  Policy,
  TimeOffStatus,
  User,
} from './model.js';

/** Everything that can be added takes an `id` (24 hexadecimal digits; one is minted otherwise) and a `workspaceId` (the first otherwise). */
export interface Added {
  readonly id?: string;
  readonly workspaceId?: string;
}

export interface NewWorkspace {
  readonly id?: string;
  readonly name: string;
  readonly weekStart?: Weekday;
  readonly workingDays?: readonly Weekday[];
}

export interface NewUser extends Added {
  readonly email: string;
  readonly name?: string | null;
  /** IANA; UTC by default. */
  readonly zone?: string;
  readonly weekStart?: Weekday;
  readonly workingDays?: readonly Weekday[];
  /** Hours of work due on each working day; 8 by default. */
  readonly capacity?: number;
  /** Ids of users. */
  readonly managers?: readonly string[];
  readonly role?: Member['role'];
  readonly status?: AccountStatus;
  readonly membershipStatus?: MembershipStatus;
  readonly hourlyRate?: Money;
  readonly lang?: string;
  readonly profilePicture?: string;
  /** False for somebody who never finished signing up: no name, `settings: null`. */
  readonly signedUp?: boolean;
}

export interface NewEntry extends Added {
  readonly userId: string;
  /** ISO 8601 with an offset, whole seconds. */
  readonly start: string;
  /** Null for a running one. */
  readonly end: string | null;
  readonly description?: string;
  readonly type?: EntryType;
  readonly billable?: boolean;
  readonly projectId?: string | null;
  readonly tagIds?: readonly string[] | null;
  readonly hourlyRate?: Money | null;
}

export interface NewHoliday extends Added {
  readonly name: string;
  readonly startDate: LocalDate;
  /** Inclusive; the first day by default. */
  readonly endDate?: LocalDate;
  readonly occursAnnually?: boolean;
  readonly everyoneIncludingNew?: boolean;
  readonly userIds?: readonly string[];
  readonly userGroupIds?: readonly string[];
  readonly automaticTimeEntryCreation?: boolean;
}

export interface NewPolicy extends Added, Partial<Omit<Policy, 'id' | 'name' | 'timeUnit'>> {
  readonly name: string;
  readonly timeUnit?: Policy['timeUnit'];
}

/** Days for a policy of days (consecutive, from a local day of the person), instants for one of hours. */
export type NewTimeOff = Added & {
  readonly userId: string;
  readonly policyId: string;
  readonly status?: TimeOffStatus;
  readonly note?: string;
  /** ISO 8601; the simulator's now by default. */
  readonly createdAt?: string;
  readonly decidedBy?: string;
  /** ISO 8601; now by default. */
  readonly decidedAt?: string;
} & (
    | { readonly firstDay: LocalDate; readonly days?: number; readonly half?: 'first' | 'second' }
    | { readonly from: string; readonly to: string }
  );

/** What can be changed of a user and their membership. */
export type UserChanges = Partial<Pick<User, 'email' | 'name' | 'status'>> &
  Pick<Partial<NewUser>, 'zone' | 'capacity' | 'workingDays' | 'managers' | 'membershipStatus'>;
