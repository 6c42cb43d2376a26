import fc from 'fast-check';
import type { RateLimit } from './client.js';
import { createPace } from './pace.js';

const limit = (requests: number, perSeconds: number): RateLimit => ({
  requests,
  perSeconds,
  link: 'https://vendor.example/limits',
});

describe('pace', () => {
  it('never lets more than the limit through in any stretch of its length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 12 }),
        async (requests, gaps) => {
          const windowMs = 30;
          const pace = createPace(limit(requests, windowMs / 1000));
          const left: number[] = [];

          const turns: Promise<void>[] = [];
          for (const gap of gaps) {
            await new Promise((resolve) => setTimeout(resolve, gap));
            turns.push(pace().then(() => void left.push(performance.now())));
          }
          await Promise.all(turns);

          left.forEach((at, index) => {
            const earlier = left[index - requests];
            // One millisecond for the moment between a turn and its being noted.
            if (earlier !== undefined) expect(at - earlier).toBeGreaterThan(windowMs - 1);
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('lets the first ones go at once', async () => {
    const pace = createPace(limit(3, 60));
    const began = performance.now();

    await Promise.all([pace(), pace(), pace()]);

    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('ends a wait when told to', async () => {
    const pace = createPace(limit(1, 60));
    await pace();

    await expect(pace(AbortSignal.timeout(10))).rejects.toThrow();
    // Also one that waits for another that waits.
    await expect(
      Promise.all([pace(AbortSignal.timeout(20)), pace(AbortSignal.timeout(10))]),
    ).rejects.toThrow();
  });

  it('leaves a turn that was given up to the next', async () => {
    const pace = createPace(limit(1, 0.5));
    const began = performance.now();
    await pace();
    await pace(AbortSignal.timeout(10)).catch(() => undefined);

    await pace();

    expect(performance.now() - began).toBeLessThan(950);
  });

  it('does not hold back where there is no limit', async () => {
    const pace = createPace(undefined);

    await expect(pace()).resolves.toBeUndefined();
    await expect(pace(AbortSignal.abort())).rejects.toThrow();
  });
});
