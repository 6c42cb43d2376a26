import type { ExpectationStep } from './calendar.js';
import { daysWithin } from './day-spans.js';
import type { LeaveAttributes } from './fact.js';
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
  leave: readonly LeaveAttributes[],
  range: DateRange,
): ReadonlyMap<LocalDate, readonly LeaveAttributes[]> => {
  const days = new Map<LocalDate, LeaveAttributes[]>();
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
 * What the day's approved requests take from the part of it that holidays left free. Requests that overlap never count double, as the
 * same absence may be known to two systems: whole days and equal halves are one, the two halves together are the whole day. Hours have
 * no place in the day, so of several requests for hours the longest counts, and beside halves whichever takes more.
 *
 * @param dailyHours of the whole working day, above zero
 * @param free the share of the day that holidays left, 0 to 1
 */
export const leaveOf = (
  requests: readonly LeaveAttributes[],
  dailyHours: number,
  free: number,
): LeaveOfDay => {
  if (requests.length === 0 || free <= 0) return { share: 0, steps: [] };

  const has = (part: LeaveAttributes['part']): boolean => requests.some((request) => request.part === part);
  if (has('whole')) return { share: free, steps: [{ step: 'leave', part: 'whole', hours: 0 }] };

  const halves = (['first-half', 'second-half'] as const).filter(has);
  const hoursOff = Math.max(
    0,
    ...requests.map(({ part, hoursOff }) => (part === 'hours' ? (hoursOff ?? 0) : 0)),
  );
  return hoursOff > (halves.length / 2) * dailyHours
    ? hoursOfDay(hoursOff, dailyHours, free)
    : halvesOfDay(halves, dailyHours, free);
};

/** Subtracts hours from hours: by way of shares 7.6 − 2.3 would not be 5.3. */
const hoursOfDay = (hoursOff: number, dailyHours: number, free: number): LeaveOfDay => {
  const hours = Math.max(0, dailyHours * free - hoursOff);
  return {
    share: hours === 0 ? free : Math.min(free, hoursOff / dailyHours),
    steps: [{ step: 'leave', part: 'hours', hours }],
  };
};

const halvesOfDay = (
  halves: readonly ('first-half' | 'second-half')[],
  dailyHours: number,
  free: number,
): LeaveOfDay => {
  const steps: ExpectationStep[] = [];
  let share = 0;
  for (const part of halves) {
    if (share >= free) break;
    share = Math.min(share + 0.5, free);
    steps.push({ step: 'leave', part, hours: dailyHours * (free - share) });
  }
  return { share, steps };
};
