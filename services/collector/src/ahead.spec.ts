import { ahead } from './ahead.js';

describe('pages asked for ahead', () => {
  /** Three pages; notes when each is asked for, and whether somebody said that no more are wanted. */
  const source = (failsAt?: number) => {
    const seen: string[] = [];
    async function* pages(): AsyncGenerator<number> {
      try {
        for (const page of [1, 2, 3]) {
          seen.push(`asked ${page}`);
          if (page === failsAt) throw new Error(`page ${page} failed`);
          yield page;
        }
      } finally {
        seen.push('over');
      }
    }
    return { seen, pages };
  };
  const moment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('are the same pages in the same order, each asked for while the one before is at work', async () => {
    const { seen, pages } = source();
    const log: string[] = [];

    for await (const page of ahead(pages())) {
      await moment();
      log.push(`${page} at work: ${seen.at(-1) ?? ''}`);
    }

    expect(log).toEqual(['1 at work: asked 2', '2 at work: asked 3', '3 at work: over']);
  });

  it('fail when it is the turn of the page that failed, after those before it were at work', async () => {
    const { pages } = source(3);
    const worked: number[] = [];

    const all = (async () => {
      for await (const page of ahead(pages())) {
        await moment();
        worked.push(page);
      }
    })();

    await expect(all).rejects.toThrow('page 3 failed');
    expect(worked).toEqual([1, 2]);
  });

  it('are asked for no more where whoever works on them stops', async () => {
    const { seen, pages } = source();

    for await (const page of ahead(pages())) if (page === 1) break;

    expect(seen).toEqual(['asked 1', 'asked 2', 'over']);
  });
});
