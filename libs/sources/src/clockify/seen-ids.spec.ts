import fc from 'fast-check';
import { SeenIds } from './seen-ids.js';

describe('the ids that were seen', () => {
  it('are those of a set, in any order and however often they come', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3_000 }), (ids) => {
        const seen = new SeenIds();
        const known = new Set<string>();

        for (const id of ids) {
          const isNew = seen.add(id);

          expect(isNew).toBe(!known.has(id));
          known.add(id);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are told apart by the hundred thousand, though they differ in their last digits only', () => {
    const seen = new SeenIds();
    const id = (index: number): string => `65c3a1f0e2b7d406${index.toString(16).padStart(8, '0')}`;

    const isNew = Array.from({ length: 200_000 }, (_, index) => seen.add(id(index)));
    const isNewAgain = Array.from({ length: 200_000 }, (_, index) => seen.add(id(index)));

    expect(isNew).not.toContain(false);
    expect(isNewAgain).not.toContain(true);
  });
});
