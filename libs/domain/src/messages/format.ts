import { addDays, type DateRange, type Instant, type LocalDate } from '../instant.js';
import type { Locale } from '../message.js';
import { roundDownHours } from '../hours-format.js';

/**
 * The number as it is shown: two decimals at most, rounded down, so that a total just below a threshold never looks as if it had reached it.
 */
export const shownNumber = (value: number): number => roundDownHours(value, 2);

/** A number in the language's own writing: `21.5`, `21,5`. */
export const formatNumber = (locale: Locale, value: number): string =>
  numbersIn(locale).format(shownNumber(value));

/** A local day with its weekday: `Mon, May 4`, `пн, 4 травня`. The calendar is named, so that no locale brings its own era. */
export const formatDay = (locale: Locale, day: LocalDate): string =>
  daysWithWeekdayIn(locale).format(utcMidnight(day));

/** A local day without its weekday. */
export const formatDate = (locale: Locale, day: LocalDate): string => daysIn(locale).format(utcMidnight(day));

/** The first and the last day of a half-open range; the same day twice where it has only one. */
export const endsOf = (range: DateRange): { readonly first: LocalDate; readonly last: LocalDate } => ({
  first: range.from,
  last: range.to > range.from ? addDays(range.to, -1) : range.from,
});

/** A point in time for people who look after the system, in their zone, which is named. */
export const formatMoment = (locale: Locale, at: Instant, zone: string): string =>
  new Intl.DateTimeFormat(locale, {
    calendar: 'gregory',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'shortOffset',
  }).format(at.epochMilliseconds);

/** Several things in one breath: `A, B and C`. */
export const formatList = (locale: Locale, items: readonly string[]): string => listsIn(locale).format(items);

const dayFormat = (locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, { ...options, calendar: 'gregory', timeZone: 'UTC' });

/** Making a formatter takes a hundred times as long as using it, and a run writes thousands of numbers and days. */
const oncePerLocale = <Formatter>(make: (locale: Locale) => Formatter): ((locale: Locale) => Formatter) => {
  const made = new Map<Locale, Formatter>();
  return (locale) => {
    const formatter = made.get(locale) ?? make(locale);
    made.set(locale, formatter);
    return formatter;
  };
};

const listsIn = oncePerLocale(
  (locale) => new Intl.ListFormat(locale, { type: 'conjunction', style: 'long' }),
);
const numbersIn = oncePerLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }));
const daysIn = oncePerLocale((locale) => dayFormat(locale, { day: 'numeric', month: 'long' }));
const daysWithWeekdayIn = oncePerLocale((locale) =>
  dayFormat(locale, { weekday: 'short', day: 'numeric', month: 'long' }),
);

/** A local day has no zone; it is written in UTC and read in UTC. */
const utcMidnight = (day: LocalDate): number => Date.parse(`${day}T00:00:00Z`);
