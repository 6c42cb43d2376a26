import { addDays, localDate, nextDay, windowOfDays } from './instant.js';
import type { DateRange, Instant, LocalDate, TimeWindow } from './instant.js';
import type { WindowName } from './rule.js';
import { weekdayOf, weekdays } from './weekday.js';
import type { Weekday } from './weekday.js';

/** A named period as it lies around one moment: its local days, and the instants that they cover in the zone. */
export interface NamedWindow {
  readonly dates: DateRange;
  readonly window: TimeWindow;
}

/**
 * The period that a name stands for at a moment, in a zone (an IANA name).
 *
 * - All but `latest` are whole local days, half-open, so neighbouring periods touch and never overlap. Their length in hours follows the
 *   clock: a day lasts 23 or 25 hours at a DST jump (23½ on Lord Howe), and where a jump swallows midnight (America/Santiago) it begins
 *   with the first moment after it. A day that a zone never had (Pacific/Apia, 2011-12-30) is an empty window.
 * - `today`, `thisWeek` and `thisMonth` are the whole day, week and month, what is yet to come of them included: facts end at the present by
 *   themselves, and expected hours can be asked for the whole or up to today.
 * - `latest` is the moment itself: `window` is [at, at], which holds no instant at all. It only says up to when to look for the newest
 *   value; `dates` is the local day of the moment.
 */
export const windowOf = (name: WindowName, at: Instant, zone: string, weekStart: Weekday): NamedWindow => {
  const today = localDate(at, zone);
  if (name === 'latest') return { dates: { from: today, to: nextDay(today) }, window: { from: at, to: at } };

  const dates = datesOf(name, today, weekStart);
  return { dates, window: windowOfDays(dates, zone) };
};

const datesOf = (name: Exclude<WindowName, 'latest'>, today: LocalDate, weekStart: Weekday): DateRange => {
  switch (name) {
    case 'today':
      return { from: today, to: nextDay(today) };
    case 'yesterday':
      return { from: addDays(today, -1), to: today };
    case 'thisWeek': {
      const from = startOfWeek(today, weekStart);
      return { from, to: addDays(from, 7) };
    }
    case 'lastWeek': {
      const to = startOfWeek(today, weekStart);
      return { from: addDays(to, -7), to };
    }
    case 'thisMonth': {
      const from = startOfMonth(today);
      return { from, to: startOfMonth(addDays(from, 31)) };
    }
    case 'lastMonth': {
      const to = startOfMonth(today);
      return { from: startOfMonth(addDays(to, -1)), to };
    }
  }
};

const startOfWeek = (day: LocalDate, weekStart: Weekday): LocalDate => {
  const daysIn = (weekdays.indexOf(weekdayOf(day)) - weekdays.indexOf(weekStart) + 7) % 7;
  return addDays(day, -daysIn);
};

const startOfMonth = (day: LocalDate): LocalDate => `${day.slice(0, -2)}01`;
