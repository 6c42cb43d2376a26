import { Together } from './together.js';

/** Doubles numbers, all of a batch in one go; notes the batches. */
const doubling = (most = 10) => {
  const batches: (readonly number[])[] = [];
  const together = new Together<number, number>(async (items) => {
    batches.push(items);
    await new Promise((resolve) => setImmediate(resolve));
    if (items.includes(13)) throw Object.assign(new Error('no thirteen'), { code: '22003' });
    if (items.includes(99)) throw Object.assign(new Error('away'), { code: '57P01' });
    return items.map((item) => 2 * item);
  }, most);
  return { together, batches };
};

const begun = async (batches: readonly unknown[], count: number): Promise<void> => {
  while (batches.length < count) await new Promise((resolve) => setImmediate(resolve));
};

describe('what is done together', () => {
  it('gives each caller their own result', async () => {
    const { together } = doubling();

    expect(await Promise.all([1, 2, 3].map((item) => together.do(item)))).toEqual([2, 4, 6]);
  });

  it('takes all who came while it was at work, and leaves whoever is alone waiting for nobody', async () => {
    const { together, batches } = doubling();

    const first = together.do(1);
    await begun(batches, 1);
    await Promise.all([first, together.do(2), together.do(3)]);
    await together.do(4);

    expect(batches).toEqual([[1], [2, 3], [4]]);
  });

  it('is never more than a statement should hold', async () => {
    const { together, batches } = doubling(2);

    await Promise.all([1, 2, 3, 4, 5].map((item) => together.do(item)));

    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fails only for the one whose data were refused', async () => {
    const { together } = doubling();

    const results = await Promise.allSettled([1, 13, 3].map((item) => together.do(item)));

    expect(results).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: expect.objectContaining({ message: 'no thirteen' }) },
      { status: 'fulfilled', value: 6 },
    ]);
  });

  it('fails for all where Postgres was away, and is not tried again: it may have been done', async () => {
    const { together, batches } = doubling();

    const results = await Promise.allSettled([1, 99].map((item) => together.do(item)));

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toHaveLength(1);
    expect(await together.do(5)).toBe(10);
  });
});
