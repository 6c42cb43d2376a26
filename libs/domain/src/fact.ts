import { Temporal } from 'temporal-polyfill';
import type { Instant, LocalDate } from './instant.js';
import type { Rule } from './rule.js';

/**
 * The kinds of facts there are. A source declares which of them it emits; a rule names the one it measures.
 *
 * | kind | amount | meaning |
 * |---|---|---|
 * | `work.hours` | milliseconds worked | one finished stretch of regular work, `from` its start, `to` its end. Never breaks, leave, holidays or running timers |
 * | `leave` | days off it asks for | one request for time off; see {@link LeaveAttributes} |
 * | `holiday` | days | one holiday of one person as the source has it; see {@link HolidayAttributes} |
 * | `attendance` | seconds present | what a time clock or check-in system says of one person over a whole month, as one record: `from` its first midnight, `to` the midnight after the last day that it tells of; see {@link AttendanceAttributes} |
 * | `kpi.openIssues` | 1 | one issue that is open; the subject is the name of the team whose it is, `from` and `to` when it was made; see {@link OpenIssueAttributes} |
 * | `team` | 1 | the source knows this team and all that is open there: without it nothing is known of the team, which is not zero. `from` and `to` are {@link always} |
 * | `connection.calls` | calls | what one connection was called for on one day, and how that went; see {@link ConnectionCallsAttributes} |
 * | `connection.freshness` | seconds | how old a source's newest complete reading was at the end of the day, or is now; see {@link FreshnessAttributes} |
 * | `connection.quota` | per cent | how much of what the vendor or the plan allows was used at the most on that day |
 * | `connection.token` | days | how many whole days the credentials still held, counted from that day; below 0 they are over |
 * | `connection.runs` | runs | planned runs of that day that did not come, or not yet though they are an hour late |
 *
 * `kpi.openIssues` and `team` are a state, not a history: a source gives the whole of it with every pull, whatever the window. Those about connections
 * are one record for each connection and day, whose subject is the name of its document; what nothing is known of has none.
 */
export const factKinds = [
  'work.hours',
  'leave',
  'holiday',
  'attendance',
  'kpi.openIssues',
  'team',
  'connection.calls',
  'connection.freshness',
  'connection.quota',
  'connection.token',
  'connection.runs',
] as const;
export type FactKind = (typeof factKinds)[number];

/** Whom or what facts of a kind are about. */
export const isAbout: Readonly<Record<FactKind, Rule['each']>> = {
  'work.hours': 'person',
  leave: 'person',
  holiday: 'person',
  attendance: 'person',
  'kpi.openIssues': 'team',
  team: 'team',
  'connection.calls': 'connection',
  'connection.freshness': 'connection',
  'connection.quota': 'connection',
  'connection.token': 'connection',
  'connection.runs': 'connection',
};

/** How many of the stored amounts make one unit that rules speak of: 3,600,000 ms are one hour. Sums stay exact because amounts are whole. */
export const amountsPerUnit: Readonly<Record<FactKind, number>> = {
  'work.hours': 3_600_000,
  leave: 1,
  holiday: 1,
  attendance: 3600,
  'kpi.openIssues': 1,
  team: 1,
  'connection.calls': 1,
  'connection.freshness': 3600,
  'connection.quota': 100,
  'connection.token': 1,
  'connection.runs': 1,
};

/**
 * The numbers that a kind holds beside its amount, which rules sum by name (`{ sum: attendance, of: overtime }`), and how many of what is
 * stored make one unit that rules speak of: seconds become hours, or days of 24 hours.
 */
export const numbersOf: Readonly<Partial<Record<FactKind, Readonly<Record<string, number>>>>> = {
  attendance: {
    worked: 3600,
    expected: 3600,
    dueDays: 1,
    regularDays: 1,
    exceptionalDays: 1,
    restDays: 1,
    late: 1,
    leftEarly: 1,
    missing: 1,
    absent: 1,
    lateTime: 3600,
    leftEarlyTime: 3600,
    absentTime: 3600,
    overtime: 3600,
    overtimeOnWorkingDays: 3600,
    overtimeOnRestDays: 3600,
    overtimeOnHolidays: 3600,
    leaveDays: 86_400,
    leaveHours: 3600,
  },
  'connection.calls': { calls: 1, errors: 1, p50: 1000, p95: 1000 },
  'connection.freshness': { age: 3600, interval: 3600 },
};

/**
 * When a fact belongs to a window, and so must be seen by a complete pull of it: work counts where it started; what lasts for days
 * counts wherever it overlaps; a record of a whole period does so too, but is measured in that window alone in which its middle lies, so that
 * zones some hours apart mean the same month by it; a snapshot belongs to every window, so that a complete pull closes all of it that it no longer saw.
 */
export const factBelongs: Readonly<Record<FactKind, 'by-start' | 'by-overlap' | 'by-period' | 'snapshot'>> = {
  'work.hours': 'by-start',
  leave: 'by-overlap',
  holiday: 'by-overlap',
  attendance: 'by-period',
  'kpi.openIssues': 'snapshot',
  team: 'snapshot',
  'connection.calls': 'by-period',
  'connection.freshness': 'by-period',
  'connection.quota': 'by-period',
  'connection.token': 'by-period',
  'connection.runs': 'by-period',
};

/** Whether facts of the kind are the state of something, of which the newest is asked; the others are summed over periods. */
export const isState = (kind: FactKind): boolean => factBelongs[kind] === 'snapshot';

/** Whether facts of the kind are records of a whole period: who has none in it has no number, which is not zero. */
export const isOfPeriod = (kind: FactKind): boolean => factBelongs[kind] === 'by-period';

/** By which attributes a state can be counted. */
export const countedBy: Readonly<Partial<Record<FactKind, readonly string[]>>> = {
  'kpi.openIssues': ['priority', 'status'],
};

/** When a fact is said to begin that was never otherwise: one instant for all, so that it is the same each time it is seen. */
export const always: Instant = Temporal.Instant.fromEpochMilliseconds(0);

/** What an attribute can be: JSON. Rules count and sum plain texts and numbers; what is deeper is for who maps a whole record. */
export type AttributeValue =
  string | number | boolean | null | readonly AttributeValue[] | { readonly [name: string]: AttributeValue };

export type FactAttributes = Readonly<Record<string, AttributeValue>>;

/** One normalised observation about a subject, as a source saw it. The host adds source, version and known-since. */
export interface Fact {
  readonly kind: FactKind;
  /** Stable within (source, kind): asking twice gives the same key. */
  readonly key: string;
  /** The vendor's id of whom or what it is about; the host finds the person by (source, subject). */
  readonly subject: string;
  readonly from: Instant;
  /** Exclusive end; equal to `from` for a fact about an instant. */
  readonly to: Instant;
  /** A finite number in the kind's stored unit; a whole number wherever it is summed. */
  readonly amount: number;
  readonly attributes: FactAttributes;
}

/** What a `leave` fact carries. Days are local days of the person, both inclusive. The vendor's reason or note is never taken over. */
export interface LeaveAttributes {
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  readonly status: 'approved' | 'pending';
  /** Which part of each day: the whole of it, a half, or so many hours (then `hoursOff` says how many a day). */
  readonly part: 'whole' | 'first-half' | 'second-half' | 'hours';
  readonly hoursOff: number | null;
}

/** What a `holiday` fact carries. Days are local days of the person, both inclusive. */
export interface HolidayAttributes {
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  readonly name: string;
}

/**
 * What an `attendance` fact carries. Times are in seconds, everything else is a count; what the system leaves out is 0. Days are local days
 * of the company, both inclusive.
 */
export interface AttendanceAttributes {
  /** `2026-03` */
  readonly month: string;
  readonly firstDay: LocalDate;
  /** Before the month's last day where the month was not over. */
  readonly lastDay: LocalDate;
  /** Time present. */
  readonly worked: number;
  /** Time that was due, as the system has it. */
  readonly expected: number;
  /** Days that required presence; of these the regular ones, and those with anything out of order. */
  readonly dueDays: number;
  readonly regularDays: number;
  readonly exceptionalDays: number;
  readonly restDays: number;
  /** How often: late arrivals, early departures, missing punches, absences; and the time that three of them took. */
  readonly late: number;
  readonly leftEarly: number;
  readonly missing: number;
  readonly absent: number;
  readonly lateTime: number;
  readonly leftEarlyTime: number;
  readonly absentTime: number;
  /** In all, and by the kind of day. */
  readonly overtime: number;
  readonly overtimeOnWorkingDays: number;
  readonly overtimeOnRestDays: number;
  readonly overtimeOnHolidays: number;
  /** Seconds of leave that is counted in days (of 24 hours each), and of leave that is counted in hours. */
  readonly leaveDays: number;
  readonly leaveHours: number;
  /** The same by kind, named as in the system. For who maps the record; no message ever says why somebody was away. */
  readonly leave: readonly {
    readonly kind: string;
    readonly count: number;
    readonly seconds: number;
    readonly countedIn: 'days' | 'hours';
  }[];
  /** The record as the system has it, by its own names. */
  readonly record: { readonly [name: string]: AttributeValue };
}

/** What a `kpi.openIssues` fact carries. Its title is text from outside, in any language. */
export interface OpenIssueAttributes {
  /** As the source names it; what has none is `''`. */
  readonly priority: string;
  readonly title: string;
  /** Where people look at it. */
  readonly url?: string;
  /** The last local day on which it is in time; null where it is never due. */
  readonly due: LocalDate | null;
  readonly status: string;
}

/** What a `connection.calls` fact carries; times are in milliseconds. */
export interface ConnectionCallsAttributes {
  readonly day: LocalDate;
  readonly calls: number;
  /** Calls that failed, whatever for; a vendor that asks to wait has not failed. */
  readonly errors: number;
  /** How many failed for which reason, those that were asked to wait among them. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Half of all calls, and 95 of 100, took no longer than this, as far as it was noted: see `responseTimes`. */
  readonly p50: number;
  readonly p95: number;
}

/** What a `connection.freshness` fact carries, in seconds. */
export interface FreshnessAttributes {
  readonly day: LocalDate;
  readonly age: number;
  /** The longest time between two readings by its own schedule. */
  readonly interval: number;
  /** When the newest complete reading ended, as ISO 8601; null where there never was one, and the age counts from when its document came. */
  readonly lastRead: string | null;
}
