import type { ExpectationStep, LeaveRequest } from './calendar.js';
import { daysWithin } from './day-spans.js';
import type { DateRange, LocalDate } from './instant.js';

/** What approved leave takes from one day. */
export interface LeaveOfDay {
  /** Of the whole working day, 0 to 1. */
  readonly share: number;
  /** One for each part that takes something, with the hours still due after it. */
  readonly steps: readonly ExpectationStep[];
}

/** The approved requests by the days of the range that they cover. What is pending is no ground for anything yet. */
export const leaveByDay = (
  leave: readonly LeaveRequest[],
  range: DateRange,
): ReadonlyMap<LocalDate, readonly LeaveRequest[]> => {
  const days = new Map<LocalDate, LeaveRequest[]>();
  for (const request of leave) {
    if (request.status !== 'approved') continue;
    for (const day of daysWithin(request.firstDay, request.lastDay, range)) {
      const present = days.get(day);
      if (present) present.push(request);
      else days.set(day, [request]);
    }
  }
  return days;
};

/**
 * What the day's approved requests take from the part of it that holidays left free, and never more.
 *
 * Requests of **one source** are different absences: their hours add up, also beside its halves. Whole days and equal halves are one, and so is
 * what has one key. **Two sources** may know the same absence, so they never count double: the halves of all are put together, and hours count
 * of the source that knows of the most.
 *
 * @param dailyHours of the whole working day, above zero
 * @param free the share of the day that holidays left, 0 to 1
 */
export const leaveOf = (requests: readonly LeaveRequest[], dailyHours: number, free: number): LeaveOfDay => {
  if (requests.length === 0 || free <= 0) return { share: 0, steps: [] };
  if (requests.some(({ part }) => part === 'whole'))
    return { share: free, steps: [{ step: 'leave', part: 'whole', hours: 0 }] };

  const taken = ({ halves, hoursMs }: Parts): number =>
    (halves.length / 2) * dailyHours + hoursMs / msPerHour;
  const together: Parts = { halves: halvesOf(requests), hoursMs: 0 };
  const most = [...Map.groupBy(requests, ({ source }) => source).values()]
    .map((ofSource): Parts => ({ halves: halvesOf(ofSource), hoursMs: hoursMsOf(ofSource) }))
    .reduce((one, other) => (before(one, other, taken) ? one : other), together);
  return partsOfDay(most, dailyHours, free);
};

/** What is taken from a day. Hours are whole milliseconds, so that their sum is exact, whatever the order. */
interface Parts {
  readonly halves: readonly Half[];
  readonly hoursMs: number;
}

const allHalves = ['first-half', 'second-half'] as const;
type Half = (typeof allHalves)[number];

const msPerHour = 3_600_000;

const halvesOf = (requests: readonly LeaveRequest[]): readonly Half[] =>
  allHalves.filter((half) => requests.some(({ part }) => part === half));

const hoursMsOf = (requests: readonly LeaveRequest[]): number => {
  const byKey = new Map<string, number>();
  for (const { part, key, hoursOff } of requests)
    if (part === 'hours')
      byKey.set(key, Math.max(byKey.get(key) ?? 0, Math.round((hoursOff ?? 0) * msPerHour)));
  return [...byKey.values()].reduce((sum, ms) => sum + ms, 0);
};

/** Whoever takes more; of those that take the same, whoever takes more of it, or the earlier, as a half. */
const before = (one: Parts, other: Parts, taken: (parts: Parts) => number): boolean => {
  const [most, less] = [taken(one), taken(other)];
  if (most !== less) return most > less;
  if (one.halves.length !== other.halves.length) return one.halves.length > other.halves.length;
  return one.halves.join() <= other.halves.join();
};

const partsOfDay = ({ halves, hoursMs }: Parts, dailyHours: number, free: number): LeaveOfDay => {
  const steps: ExpectationStep[] = [];
  let share = 0;
  let due = dailyHours * free;
  for (const part of halves) {
    if (share >= free) break;
    share = Math.min(share + 0.5, free);
    due = dailyHours * (free - share);
    steps.push({ step: 'leave', part, hours: due });
  }
  if (hoursMs <= 0 || due <= 0) return { share, steps };

  // Hours are subtracted from hours: by way of shares 7.6 − 2.3 would not be 5.3.
  const hours = Math.max(0, Math.min(due, (Math.round(due * msPerHour) - hoursMs) / msPerHour));
  return {
    share: hours === 0 ? free : Math.min(free, share + hoursMs / msPerHour / dailyHours),
    steps: [...steps, { step: 'leave', part: 'hours', hours }],
  };
};
