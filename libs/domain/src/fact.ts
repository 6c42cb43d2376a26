import { Temporal } from 'temporal-polyfill';
import type { Instant, LocalDate } from './instant.js';

/**
 * The kinds of facts there are. A source declares which of them it emits; a rule names the one it measures.
 *
 * | kind | amount | meaning |
 * |---|---|---|
 * | `work.hours` | milliseconds worked | one finished stretch of regular work, `from` its start, `to` its end. Never breaks, leave, holidays or running timers |
 * | `leave` | days off it asks for | one request for time off; see {@link LeaveAttributes} |
 * | `holiday` | days | one holiday of one person as the source has it; see {@link HolidayAttributes} |
 * | `kpi.openIssues` | 1 | one issue that is open; the subject is the name of the team whose it is, `from` and `to` when it was made; see {@link OpenIssueAttributes} |
 * | `team` | 1 | the source knows this team and all that is open there: without it nothing is known of the team, which is not zero. `from` and `to` are {@link always} |
 *
 * The last two are a state, not a history: a source gives the whole of it with every pull, whatever the window.
 */
export const factKinds = ['work.hours', 'leave', 'holiday', 'kpi.openIssues', 'team'] as const;
export type FactKind = (typeof factKinds)[number];

/** How many of the stored amounts make one unit that rules speak of: 3,600,000 ms are one hour. Sums stay exact because amounts are whole. */
export const amountsPerUnit: Readonly<Record<FactKind, number>> = {
  'work.hours': 3_600_000,
  leave: 1,
  holiday: 1,
  'kpi.openIssues': 1,
  team: 1,
};

/**
 * When a fact belongs to a window, and so must be seen by a complete pull of it: work counts where it started; what lasts for days
 * counts wherever it overlaps; a snapshot belongs to every window, so that a complete pull closes all of it that it no longer saw.
 */
export const factBelongs: Readonly<Record<FactKind, 'by-start' | 'by-overlap' | 'snapshot'>> = {
  'work.hours': 'by-start',
  leave: 'by-overlap',
  holiday: 'by-overlap',
  'kpi.openIssues': 'snapshot',
  team: 'snapshot',
};

/** Whether facts of the kind are the state of something, of which the newest is asked; the others are summed over periods. */
export const isState = (kind: FactKind): boolean => factBelongs[kind] === 'snapshot';

/** By which attributes a state can be counted. */
export const countedBy: Readonly<Partial<Record<FactKind, readonly string[]>>> = {
  'kpi.openIssues': ['priority', 'status'],
};

/** When a fact is said to begin that was never otherwise: one instant for all, so that it is the same each time it is seen. */
export const always: Instant = Temporal.Instant.fromEpochMilliseconds(0);

export type FactAttributes = Readonly<Record<string, string | number | boolean | null>>;

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
