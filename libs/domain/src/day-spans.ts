import type { DateRange, LocalDate } from './instant.js';
import { weekdays } from './weekday.js';
import type { Weekday } from './weekday.js';

/*
 * Days are walked here by the thousand for every person, so this counts in UTC milliseconds, where each day is 86,400,000 of them:
 * several times faster than date objects, and the same ISO calendar.
 */
const msPerDay = 86_400_000;

/** Each day of the range with its weekday, in order. */
export function* weekdaysOf(range: DateRange): Generator<readonly [LocalDate, Weekday]> {
  const end = atMidnight(range.to);
  for (let ms = atMidnight(range.from); ms < end; ms += msPerDay) {
    // 1970-01-01 was a Thursday, the fourth day of a week from Monday.
    const weekday = weekdays[(((ms / msPerDay + 3) % 7) + 7) % 7];
    if (weekday) yield [dayAt(ms), weekday];
  }
}

/** The days from the first to the last, both inclusive, that lie in the range. A span that ends before it begins has none. */
export function* daysWithin(firstDay: LocalDate, lastDay: LocalDate, range: DateRange): Generator<LocalDate> {
  const start = firstDay > range.from ? firstDay : range.from;
  if (start > lastDay || start >= range.to) return;

  const last = Math.min(atMidnight(lastDay), atMidnight(range.to) - msPerDay);
  for (let ms = atMidnight(start); ms <= last; ms += msPerDay) yield dayAt(ms);
}

const atMidnight = (day: LocalDate): number => {
  const ms = Date.parse(day);
  if (day.length !== 10 || Number.isNaN(ms)) throw new RangeError(`not a day (YYYY-MM-DD): ${day}`);
  return ms;
};

const dayAt = (ms: number): LocalDate => new Date(ms).toISOString().slice(0, 10);
