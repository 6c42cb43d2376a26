import type { Instant, LocalDate } from './instant.js';

/**
 * The kinds of facts there are. A source declares which of them it emits; a rule names the one it measures.
 *
 * | kind | amount | meaning |
 * |---|---|---|
 * | `work.hours` | milliseconds worked | one finished stretch of regular work, `from` its start, `to` its end. Never breaks, leave, holidays or running timers |
 * | `leave` | days off it asks for | one request for time off; see {@link LeaveAttributes} |
 * | `holiday` | days | one holiday of one person as the source has it; see {@link HolidayAttributes} |
 */
export const factKinds = ['work.hours', 'leave', 'holiday'] as const;
export type FactKind = (typeof factKinds)[number];

/** How many of the stored amounts make one unit that rules speak of: 3,600,000 ms are one hour. Sums stay exact because amounts are whole. */
export const amountsPerUnit: Readonly<Record<FactKind, number>> = {
  'work.hours': 3_600_000,
  leave: 1,
  holiday: 1,
};

/**
 * When a fact belongs to a window, and so must be seen by a complete pull of it: work counts where it started; what lasts for days
 * counts wherever it overlaps.
 */
export const factBelongs: Readonly<Record<FactKind, 'by-start' | 'by-overlap'>> = {
  'work.hours': 'by-start',
  leave: 'by-overlap',
  holiday: 'by-overlap',
};

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
