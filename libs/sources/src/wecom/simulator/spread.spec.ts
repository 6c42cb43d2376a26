import fc from 'fast-check';
import type { ExceptionCode } from './model.js';
import { daysOfMonth, spread } from './spread.js';
import { totalsOf } from './totals.js';

const months = fc
  .tuple(fc.integer({ min: 1990, max: 2090 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);
const codes: readonly ExceptionCode[] = [1, 2, 3, 4, 5, 6];
const seconds = fc.integer({ min: 0, max: 900_000 });
const totals = fc
  .record({
    workDays: fc.integer({ min: 1, max: 28 }),
    workedSeconds: seconds,
    standardSeconds: seconds,
    counts: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), seconds), { maxLength: codes.length }),
    overtime: seconds,
  })
  .map(({ counts, overtime, ...rest }) => ({
    ...rest,
    exceptions: counts.map(([count, duration], index) => ({ exception: codes[index] ?? 1, count, duration })),
    overtime: [{ on: 'holiday' as const, seconds: overtime, as: 'money' as const }],
  }));

describe('a month spread over its days', () => {
  it('adds up to what it was', () => {
    fc.assert(
      fc.property(months, totals, (month, given) => {
        const days = spread(month, given);
        const found = totalsOf(days.values());

        expect(found).toMatchObject(given);
        expect(found.workDays + found.restDays).toBe(daysOfMonth(month).length);
      }),
    );
  });

  it('puts work on Mondays to Fridays, and rest on the other days', () => {
    const days = spread('2026-03', { workDays: 22 });

    const resting = [...days].filter(([, { type }]) => type === 'rest').map(([day]) => day);

    expect(resting).toEqual(
      ['01', '07', '08', '14', '15', '21', '22', '28', '29'].map((day) => `2026-03-${day}`),
    );
  });

  it('has no day where there is none', () => {
    expect(spread('2026-03', {}).size).toBe(0);
  });

  it.each(['2026-13', 'March', ''])('is of a month, not of %j', (month) => {
    expect(() => daysOfMonth(month)).toThrow(RangeError);
  });
});
