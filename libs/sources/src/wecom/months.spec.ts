import fc from 'fast-check';
import { addDays, instant, localDate, overlap, startOfDay, type Instant } from '#domain';
import { monthsIn } from './months.js';

const at = (ms: number): Instant => instant(new Date(ms).toISOString());
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
const zone = fc.constantFrom('Asia/Shanghai', 'Europe/Kyiv', 'America/Santiago', 'Pacific/Kiritimati', 'UTC');

describe('the months of a window', () => {
  it('are each whole, or as far as days are over, and follow one another', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 200 * 86_400_000 }),
        moment,
        zone,
        (from, length, now, zone) => {
          const window = { from: at(from), to: at(from + length) };
          const today = localDate(at(now), zone);

          const months = monthsIn(window, at(now), zone);

          for (const { name, firstDay, lastDay, window: covered } of months) {
            expect(firstDay).toBe(`${name}-01`);
            expect(lastDay.slice(0, 7)).toBe(name);
            expect(lastDay > firstDay && lastDay < today).toBe(true);
            expect(addDays(lastDay, 1) === today || addDays(lastDay, 1).endsWith('-01')).toBe(true);
            expect(covered).toEqual({
              from: startOfDay(firstDay, zone),
              to: startOfDay(addDays(lastDay, 1), zone),
            });
            expect(overlap(covered, window)).toBe(true);
          }
          const names = months.map(({ name }) => name);
          expect(names).toEqual([...new Set(names)].toSorted());
        },
      ),
    );
  });

  it('leave out none that is over and that the window touches', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 100 * 86_400_000 }), zone, (inside, before, zone) => {
        const window = { from: at(inside - before), to: at(inside + 1) };

        const months = monthsIn(window, at(inside + 70 * 86_400_000), zone);

        expect(months.map(({ name }) => name)).toContain(localDate(at(inside), zone).slice(0, 7));
      }),
    );
  });
});
