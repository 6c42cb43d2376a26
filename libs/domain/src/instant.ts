import { Temporal } from 'temporal-polyfill';

/** A point on the time line, UTC, as precise as Postgres keeps it (microseconds). */
export type Instant = Temporal.Instant;

/** A calendar day without a zone, `YYYY-MM-DD`. Strings compare in calendar order. */
export type LocalDate = string;

/** A half-open interval of time: `from` belongs to it, `to` does not. */
export interface TimeWindow {
  readonly from: Instant;
  readonly to: Instant;
}

/** A half-open interval of whole local days: `from` belongs to it, `to` does not. */
export interface DateRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The instant of an ISO 8601 text with an offset; throws `RangeError` where the text has none. */
export const instant = (text: string): Instant =>
  PLAIN.test(text) ? Temporal.Instant.fromEpochMilliseconds(Date.parse(text)) : Temporal.Instant.from(text);

/**
 * A whole second in UTC on a day that every month has: `2026-10-12T07:00:00Z`. Systems write most of their times so, by the hundred thousand, and
 * `Date` reads exactly these as `Temporal` does, in half the time.
 */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Whether `at` lies inside the window. */
export const within = (window: TimeWindow, at: Instant): boolean =>
  Temporal.Instant.compare(window.from, at) <= 0 && Temporal.Instant.compare(at, window.to) < 0;

/** Whether the two windows share any time at all. */
export const overlap = (one: TimeWindow, other: TimeWindow): boolean =>
  Temporal.Instant.compare(one.from, other.to) < 0 && Temporal.Instant.compare(other.from, one.to) < 0;

/** Negative, zero or positive as `one` is before, at or after `other`. */
export const compareInstants = (one: Instant, other: Instant): number => Temporal.Instant.compare(one, other);

/** The day after; months and leap years as the ISO calendar has them. */
export const nextDay = (day: LocalDate): LocalDate => addDays(day, 1);

/** The day `count` days later (earlier where negative). Throws `RangeError` where there is no such day, or the count is not whole. */
export const addDays = (day: LocalDate, count: number): LocalDate =>
  ofUsualYears(day, count) ?? Temporal.PlainDate.from(day).add({ days: count }).toString();

/**
 * What `Temporal` gives, in a tenth of the time: a message about a person walks through its days one by one. In UTC every day has 24 hours.
 * Undefined where `Date` reads another day than was written, or the year is none of four digits.
 */
function ofUsualYears(day: LocalDate, count: number): LocalDate | undefined {
  const begins = Date.parse(`${day}T00:00:00Z`);
  const lands = begins + count * DAY_MS;
  if (!Number.isInteger(count) || !(begins >= FIRST && lands >= FIRST && begins <= LAST && lands <= LAST))
    return undefined;
  return dayAt(begins) === day ? dayAt(lands) : undefined;
}

const DAY_MS = 86_400_000;
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T00:00:00Z');

const dayAt = (ms: number): LocalDate => new Date(ms).toISOString().slice(0, 10);

/** Every day of the range, in order. */
export function* daysOf(range: DateRange): Generator<LocalDate> {
  for (let day = range.from; day < range.to; day = nextDay(day)) yield day;
}

/** The local day on which the instant falls in the zone (an IANA name). */
export const localDate = (at: Instant, zone: string): LocalDate =>
  at.toZonedDateTimeISO(zone).toPlainDate().toString();

/** The first instant of the local day: midnight, or where a DST jump swallows it, the first moment after the jump. */
export const startOfDay = (day: LocalDate, zone: string): Instant =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant();

/** The instants that a range of local days covers in the zone. A day lasts 23 or 25 hours where DST changes. */
export const windowOfDays = (range: DateRange, zone: string): TimeWindow => ({
  from: startOfDay(range.from, zone),
  to: startOfDay(range.to, zone),
});
