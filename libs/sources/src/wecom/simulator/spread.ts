import { daysOf, weekdayOf, type LocalDate } from '#domain';
import { Temporal } from 'temporal-polyfill';
import type { NewDay, NewTotals } from './additions.js';
import type { Day, Exception } from './model.js';

const nothing: Day = {
  type: 'work',
  workedSeconds: 0,
  standardSeconds: 0,
  checkIns: 0,
  earliest: 0,
  latest: 0,
  exceptions: [],
  items: [],
  overtime: [],
  approvals: [],
};
const nine = 9 * 3600;

/** A day with what is left out. */
export const whole = (day: NewDay): Day => ({ ...nothing, ...day });

interface Month {
  readonly days: readonly LocalDate[];
  /** The days in the order in which work goes to them: Mondays to Fridays first. */
  readonly workFirst: readonly LocalDate[];
}

/** Thousands of people have the same month. */
const months = new Map<string, Month>();

/** The days of `2026-03`; `RangeError` where that is no month. */
export const daysOfMonth = (month: string): readonly LocalDate[] => monthOf(month).days;

function monthOf(name: string): Month {
  const known = months.get(name);
  if (known) return known;
  const first = Temporal.PlainYearMonth.from(name, { overflow: 'reject' }).toPlainDate({ day: 1 });
  const days = [...daysOf({ from: first.toString(), to: first.add({ months: 1 }).toString() })];
  const weekend = days.filter(isWeekend);
  const month = { days, workFirst: [...days.filter((day) => !weekend.includes(day)), ...weekend] };
  months.set(name, month);
  return month;
}

/**
 * Days of the month that add up to the totals: work goes to Mondays to Fridays first, exceptions to the last of these days, whatever is not
 * a day's own to the very last. `RangeError` where no days can add up to them.
 */
export function spread(month: string, totals: NewTotals): ReadonlyMap<LocalDate, Day> {
  const { days, workFirst } = monthOf(month);
  const { workDays = 0, restDays = workDays > 0 ? days.length - workDays : 0 } = totals;
  if (Math.max(workDays, workDays + restDays) > days.length)
    throw new RangeError(`${month} has only ${days.length} days`);
  const work = workFirst.slice(0, workDays).sort();
  const taken = new Set(work);
  const rest = days.filter((day) => !taken.has(day)).slice(0, restDays);
  const found = new Map<LocalDate, Day>();
  const worked = shares(totals.workedSeconds ?? 0, Math.max(1, workDays));
  const standard = shares(totals.standardSeconds ?? 0, Math.max(1, workDays));
  const usual = workDay(worked[0] ?? 0, standard[0] ?? 0);
  for (const day of work) found.set(day, usual);
  for (const day of rest) found.set(day, restDay);
  for (const [day, exceptions] of exceptionsByDay(work, totals)) found.set(day, { ...usual, exceptions });
  addRemainders(found, work.at(-1) ?? rest[0], totals, worked.at(-1) ?? 0, standard.at(-1) ?? 0);
  return found;
}

const restDay = whole({ type: 'rest' });

const workDay = (workedSeconds: number, standardSeconds: number): Day =>
  whole({ workedSeconds, standardSeconds, checkIns: 2, earliest: nine, latest: nine + workedSeconds });

/** The last day bears what does not divide, and what belongs to the month as a whole. */
function addRemainders(
  found: Map<LocalDate, Day>,
  last: LocalDate | undefined,
  totals: NewTotals,
  workedSeconds: number,
  standardSeconds: number,
): void {
  const { items = [], overtime = [] } = totals;
  if (last === undefined) {
    if (workedSeconds + standardSeconds + items.length + overtime.length > 0)
      throw new RangeError('a month without any day adds up to nothing');
    return;
  }
  const before = found.get(last) ?? nothing;
  found.set(last, { ...before, workedSeconds, standardSeconds, items, overtime });
}

/** Each exception on a day of its own as long as there are such days. */
function exceptionsByDay(
  work: readonly LocalDate[],
  totals: NewTotals,
): ReadonlyMap<LocalDate, readonly Exception[]> {
  const single = (totals.exceptions ?? []).flatMap(({ exception, count, duration }) =>
    shares(duration, count).map((share) => ({ exception, count: 1, duration: share })),
  );
  const { exceptDays = Math.min(single.length, work.length) } = totals;
  if (exceptDays > Math.min(single.length, work.length) || (exceptDays === 0 && single.length > 0))
    throw new RangeError(`${single.length} exceptions are not on ${exceptDays} of ${work.length} days`);
  const days = work.slice(work.length - exceptDays);
  return new Map(days.map((day, index) => [day, single.filter((_, each) => each % exceptDays === index)]));
}

/** So many whole parts of the sum, all the same but the last, which has the remainder. */
function shares(sum: number, parts: number): number[] {
  const share = Math.floor(sum / parts);
  return Array.from({ length: parts }, (_, index) => (index < parts - 1 ? share : sum - share * (parts - 1)));
}

const isWeekend = (day: LocalDate): boolean => ['SATURDAY', 'SUNDAY'].includes(weekdayOf(day));
