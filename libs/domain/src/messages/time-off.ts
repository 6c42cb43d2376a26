import type { ExpectationStep, ExpectedDay } from '../calendar.js';

/** What leave takes from a day, as it is said: half and whole days as days, a part that was asked for by hours as hours. */
interface TimeOff {
  readonly days: number;
  readonly hours: number;
}

export const timeOffOf = ({ leaveShare, contractHours, steps }: ExpectedDay): TimeOff => {
  if (contractHours <= 0) return { days: 0, hours: 0 };
  const byHours = steps.findIndex((step) => step.step === 'leave' && step.part === 'hours');
  if (byHours < 0 || leaveShare >= 1) return { days: leaveShare, hours: 0 };
  // Where a part by hours still took something, each half before it took its own half.
  const halves = steps.filter((step) => step.step === 'leave' && step.part !== 'hours').length;
  return { days: halves / 2, hours: hoursTaken(steps, byHours) };
};

/** What the step at this place took from the hours that were due before it. */
export const hoursTaken = (steps: readonly ExpectationStep[], at: number): number =>
  Math.max(0, (steps[at - 1]?.hours ?? 0) - (steps[at]?.hours ?? 0));
