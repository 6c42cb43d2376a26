import type { LocalDate } from '#domain';

/**
 * `self-built`: an app of the corp's own. `contact-sync`: 通讯录同步, the only one that lists ids. `check-in`: the system's own 打卡, which
 * corps made since December 2023 cannot use any more.
 */
type AppKind = 'self-built' | 'contact-sync' | 'check-in';

export interface App {
  readonly secret: string;
  readonly kind: AppKind;
  /** Those made after 2022-06-20 get neither e-mail nor mobile number. */
  readonly createdOn: LocalDate;
  /** Whether it stands under 打卡 → 可调用接口的应用. */
  checkIn: boolean;
  /** Whether departments come with their names, which newer apps may not get. */
  readonly departmentNames: boolean;
  /** Sub-trees and single people; null is everybody. */
  visible: { departments: readonly number[]; users: readonly string[] } | null;
  /** Null is any address. */
  trustedIps: readonly string[] | null;
  revoked: boolean;
}

export interface Department {
  readonly id: number;
  name: string;
  nameEn: string;
  /** 0 for the root. */
  parentId: number;
  order: number;
  leaders: readonly string[];
}

/** 1 fixed shifts, 2 outside, 3 scheduled shifts, 4 free check-in, 5 overtime, 7 no rule. */
export type RecordType = 1 | 2 | 3 | 4 | 5 | 7;

export interface Rule {
  readonly type: RecordType;
  readonly groupId: number;
  readonly groupName: string;
}

/** 1 active, 2 disabled, 4 not activated, 5 left. */
type UserStatus = 1 | 2 | 4 | 5;

export interface User {
  /** In the casing that was stored; matched without regard to it. */
  readonly id: string;
  /** Grows with every user that is added: the order in which ids are listed. */
  readonly number: number;
  name: string;
  nameEn: string;
  alias: string;
  position: string;
  status: UserStatus;
  departments: readonly number[];
  /** Of these departments. */
  leads: readonly number[];
  /** Their ids. */
  managers: readonly string[];
  email: string;
  mobile: string;
  /** How attendance is taken; null where nobody takes it. */
  rule: Rule | null;
}

/** 1 late, 2 early leave, 3 missing punch, 4 absent, 5 location, 6 device. */
export type ExceptionCode = 1 | 2 | 3 | 4 | 5 | 6;

export interface Exception {
  readonly exception: ExceptionCode;
  readonly count: number;
  /** Seconds; of lateness, early leave and absence only. */
  readonly duration: number;
}

/** What `sp_items` show: 1 leave, 2 make-up punch, 3 business trip, 4 outing, 100 outside check-in; the vendor may know others. */
export interface Item {
  readonly type: number;
  readonly name: string;
  /** Of leave only; 0 otherwise. */
  readonly vacationId: number;
  readonly count: number;
  /** Seconds, whatever the unit. */
  readonly duration: number;
  readonly unit: 'days' | 'hours';
}

export interface Overtime {
  readonly on: 'workday' | 'restday' | 'holiday';
  readonly seconds: number;
  readonly as?: 'vacation' | 'money';
  /** Shorter than the rule's minimum. */
  readonly short?: boolean;
}

/** An approved leave or trip, as a day shows it. */
export interface Approval {
  readonly number: string;
  readonly title: string;
  readonly description: string;
}

/** One person's day. */
export interface Day {
  readonly type: 'work' | 'rest';
  readonly workedSeconds: number;
  readonly standardSeconds: number;
  readonly checkIns: number;
  /** Seconds after 0:00. */
  readonly earliest: number;
  readonly latest: number;
  readonly exceptions: readonly Exception[];
  readonly items: readonly Item[];
  readonly overtime: readonly Overtime[];
  readonly approvals: readonly Approval[];
}

/** What the vendor sums up over a window. */
export interface Totals {
  /** Days that required check-in. */
  readonly workDays: number;
  /** Those of them with exceptions. */
  readonly exceptDays: number;
  readonly restDays: number;
  readonly workedSeconds: number;
  readonly standardSeconds: number;
  /** One for each code. */
  readonly exceptions: readonly Exception[];
  /** One for each type and kind of leave. */
  readonly items: readonly Item[];
  /** One for each kind of day and compensation. */
  readonly overtime: readonly Overtime[];
}

/** Which of the vendor's records about a person: a row of the month, of each day, of the lists of users, of the list of ids. */
export type RowKind = 'month' | 'day' | 'user' | 'id';

/** How such rows are spoiled. Paths are dotted: `summary_info.work_days`. */
export interface Spoiling {
  /** How often each row comes: 0 leaves it out, 2 repeats it. 1 by default. */
  readonly times?: number;
  /** Left out. */
  readonly missing?: readonly string[];
  /** Shown instead of, or besides, what is there, whatever its type. */
  readonly shown?: Readonly<Record<string, unknown>>;
}

/** What `save` gives. Tokens and counters are not in it: they do not outlive the server. */
export interface SimulatorState {
  readonly numbered: number;
  readonly apps: readonly App[];
  readonly departments: readonly Department[];
  readonly users: readonly User[];
  readonly days: readonly (readonly [userId: string, days: readonly (readonly [LocalDate, Day])[]])[];
  readonly spoilt: readonly (readonly [string, Spoiling])[];
}
