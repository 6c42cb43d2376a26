import type { Calendar, CalendarDay } from './calendar.js';
import type { LocalDate } from './instant.js';

/** A calendar by day, so that a day costs a look-up and not a search. */
export interface CalendarDays {
  readonly workingDays: ReadonlyMap<LocalDate, { readonly name: string }>;
  readonly holidays: ReadonlyMap<LocalDate, CalendarDay>;
  readonly companyDays: ReadonlyMap<LocalDate, CalendarDay>;
}

/**
 * The calendar by day. Thousands of people share one calendar, so it is prepared once per Calendar object; those are never changed in
 * place. A day that stands twice in one list counts once: the greater share, and the same name whatever the order.
 */
export const calendarDays = (calendar: Calendar | undefined): CalendarDays => {
  if (!calendar) return empty;
  const known = prepared.get(calendar);
  if (known) return known;

  const days: CalendarDays = {
    workingDays: byDay(calendar.workingDays, (one, other) => one.name < other.name),
    holidays: byDay(calendar.holidays, greater),
    companyDays: byDay(calendar.companyDays, greater),
  };
  prepared.set(calendar, days);
  return days;
};

const prepared = new WeakMap<Calendar, CalendarDays>();
const empty: CalendarDays = { workingDays: new Map(), holidays: new Map(), companyDays: new Map() };

const greater = (one: CalendarDay, other: CalendarDay): boolean =>
  one.share > other.share || (one.share === other.share && one.name < other.name);

const byDay = <T extends { readonly day: LocalDate }>(
  days: readonly T[],
  before: (one: T, other: T) => boolean,
): ReadonlyMap<LocalDate, T> => {
  const map = new Map<LocalDate, T>();
  for (const day of days) {
    const present = map.get(day.day);
    if (!present || before(day, present)) map.set(day.day, day);
  }
  return map;
};
