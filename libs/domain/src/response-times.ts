/**
 * How long calls took, as numbers of calls in steps of these lengths, in ms: each counts calls that took no longer, and longer than the step before; the
 * last counts all others. So few numbers can be added up over processes and days, which percentiles cannot.
 */
export const responseTimes = [
  50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 20_000, 30_000, 60_000,
] as const;

/** How many steps there are, the one above all bounds among them. */
export const responseTimeSteps = responseTimes.length + 1;

/** The step in which a call of this length counts. */
export const responseTimeStep = (ms: number): number => {
  const step = responseTimes.findIndex((bound) => ms <= bound);
  return step < 0 ? responseTimes.length : step;
};

/**
 * A length of time, in ms, than which at least so large a share of the calls took no longer: the upper bound of its step, so that it never
 * flatters by more than the step is wide. What is above all bounds counts as the last of them. 0 where there were no calls.
 *
 * @param share between 0 and 1
 */
export function responseTimeOf(steps: readonly number[], share: number): number {
  const calls = steps.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [step, count] of steps.entries()) {
    seen += count;
    if (count > 0 && seen >= calls * share) return responseTimes[step] ?? responseTimes.at(-1) ?? 0;
  }
  return 0;
}

/** Two of them together. */
export const addedResponseTimes = (one: readonly number[], other: readonly number[]): readonly number[] =>
  Array.from({ length: responseTimeSteps }, (_, step) => (one[step] ?? 0) + (other[step] ?? 0));
