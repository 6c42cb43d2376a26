const msPerHour = 3_600_000;

/** Far below what anybody logs (a thousandth of a millisecond), far above what a few hundred additions of doubles can be off by. */
const noiseMs = 1e-3;

/**
 * Hours as they are shown: **compared unrounded, shown rounded down.** 24.996 is below a threshold of 25, so it must read 24.99; shown
 * as 25 the message would contradict itself. A double that misses a whole millisecond only by arithmetic noise counts as that
 * millisecond, so that hours summed to 24.999999999999996 read 25. From there on it is whole numbers only.
 *
 * @param hours any finite number; below zero it is rounded down too, away from zero
 * @param decimals 0 to 5: five of them are 36 ms, and more would not be whole milliseconds any longer
 * @throws RangeError where one of them is not so
 */
export const roundDownHours = (hours: number, decimals = 2): number => {
  if (!Number.isFinite(hours)) throw new RangeError(`hours must be a finite number, not ${hours}`);
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 5)
    throw new RangeError(`decimals must be a whole number from 0 to 5, not ${decimals}`);

  const scale = 10 ** decimals;
  const units = Math.floor(wholeMs(hours * msPerHour) / (msPerHour / scale));
  // Dividing last gives the double nearest to the decimal, which prints as such. Adding 0 turns -0 into 0.
  return units / scale + 0;
};

const wholeMs = (ms: number): number => {
  const nearest = Math.round(ms);
  return Math.abs(ms - nearest) <= noiseMs ? nearest : Math.floor(ms);
};
