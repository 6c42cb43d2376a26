import fc from 'fast-check';
import { roundDownHours } from './hours-format.js';

const msPerHour = 3_600_000;

describe('roundDownHours', () => {
  it.each([
    [25, 25],
    [24.996, 24.99],
    [24.999999, 24.99],
    [24.999999999999996, 25],
    [0.1 + 0.2, 0.3],
    [7.6 * 5, 38],
    [1.005, 1],
    [4.35, 4.35],
    [0, 0],
    [-0.001, -0.01],
  ])('shows %d as %d', (hours, shown) => {
    expect(roundDownHours(hours)).toBe(shown);
  });

  it.each([
    [24.96, 0, 24],
    [24.96, 1, 24.9],
    [1 / 3, 5, 0.33333],
  ])('shows %d with %d decimals as %d', (hours, decimals, shown) => {
    expect(roundDownHours(hours, decimals)).toBe(shown);
  });

  it.each([
    [Number.NaN, 2],
    [Number.POSITIVE_INFINITY, 2],
    [1, 6],
    [1, -1],
    [1, 0.5],
  ])('refuses %d with %d decimals', (hours, decimals) => {
    expect(() => roundDownHours(hours, decimals)).toThrow(RangeError);
  });

  it('is exact for whole milliseconds: never above the true value, and less than one unit below', () => {
    const ms = fc.integer({ min: 0, max: 10_000 * msPerHour });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 5 }), (worked, decimals) => {
        const shownUnits = BigInt(Math.round(roundDownHours(worked / msPerHour, decimals) * 10 ** decimals));
        const trueUnits = (BigInt(worked) * 10n ** BigInt(decimals)) / BigInt(msPerHour);

        expect(shownUnits).toBe(trueUnits);
      }),
    );
  });

  it('shows the same whether hours were added up or milliseconds were', () => {
    const stretches = fc.array(fc.integer({ min: 1, max: 12 * msPerHour }), { maxLength: 200 });
    fc.assert(
      fc.property(stretches, (worked) => {
        const addedHours = worked.reduce((sum, ms) => sum + ms / msPerHour, 0);
        const addedMs = worked.reduce((sum, ms) => sum + ms, 0);

        expect(roundDownHours(addedHours)).toBe(roundDownHours(addedMs / msPerHour));
      }),
    );
  });

  it('never shows more than the true value, and what it shows stays as it is', () => {
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (hours) => {
        const shown = roundDownHours(hours);

        expect(shown).toBeLessThanOrEqual(hours + 1e-3 / msPerHour);
        expect(hours - shown).toBeLessThan(0.01 + 1e-9);
        expect(roundDownHours(shown)).toBe(shown);
      }),
    );
  });
});
