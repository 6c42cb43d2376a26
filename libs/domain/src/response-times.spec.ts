import fc from 'fast-check';
import {
  addedResponseTimes,
  responseTimeOf,
  responseTimes,
  responseTimeStep,
  responseTimeSteps,
} from './response-times.js';

const stepsOf = (lengths: readonly number[]): readonly number[] => {
  const steps = Array<number>(responseTimeSteps).fill(0);
  for (const ms of lengths) {
    const step = responseTimeStep(ms);
    steps[step] = (steps[step] ?? 0) + 1;
  }
  return steps;
};

const lengths = fc.array(fc.double({ min: 0, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('how long calls took', () => {
  it('is told by the upper bound of a step, which that share of them keeps, and no lower step would', () => {
    fc.assert(
      fc.property(lengths, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const told = responseTimeOf(stepsOf(all), share);
        const step = responseTimes.findIndex((bound) => bound === told);
        const isLast = step === responseTimes.length - 1;
        const within = (ms: number): number => all.filter((one) => one <= ms).length / all.length;

        expect(isLast || within(told) >= share).toBe(true);
        if (step > 0) expect(within(responseTimes[step - 1] ?? 0)).toBeLessThan(share);
      }),
    );
  });

  it('is the same whether noted by one process or by two', () => {
    fc.assert(
      fc.property(lengths, lengths, (one, other) => {
        expect(addedResponseTimes(stepsOf(one), stepsOf(other))).toEqual(stepsOf([...one, ...other]));
      }),
    );
  });

  it('is nothing where there were no calls', () => {
    expect(responseTimeOf([], 0.95)).toBe(0);
  });
});
