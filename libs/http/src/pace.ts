import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimit } from './client.js';

/** Waits until the next request may leave; rejects with the signal's reason where that comes first. */
export type Pace = (signal?: AbortSignal) => Promise<void>;

/**
 * Keeps a published limit exactly: in no stretch of `perSeconds`, wherever it begins, do more than `requests` leave. A bucket that refills
 * would let nearly twice as many through between a full and an emptied one. Turns come in the order asked for; one that is given up is left
 * to the next. In-process: replicas share a budget in Postgres.
 */
export function createPace(
  limit: RateLimit | undefined,
  clock: () => number = () => performance.now(),
): Pace {
  if (!limit) return async (signal) => signal?.throwIfAborted();
  const windowMs = limit.perSeconds * 1000;
  /** When each of the last `requests` turns really began, the oldest at `next`. */
  const turns = new Array<Promise<number>>(limit.requests).fill(Promise.resolve(Number.NEGATIVE_INFINITY));
  let next = 0;

  const turnAfter = async (before: Promise<number> | undefined, signal?: AbortSignal): Promise<number> => {
    const last = (await before) ?? Number.NEGATIVE_INFINITY;
    // Timers fire late on a busy machine, and now and then a millisecond early: only the clock counts.
    for (let wait = last + windowMs - clock(); wait > 0; wait = last + windowMs - clock()) {
      if (signal?.aborted) break;
      await sleep(Math.ceil(wait), undefined, signal ? { signal } : {}).catch(() => undefined);
    }
    return signal?.aborted ? last : clock();
  };

  return async (signal) => {
    signal?.throwIfAborted();
    const turn = turnAfter(turns[next], signal);
    turns[next] = turn;
    next = (next + 1) % turns.length;
    await untilAborted(turn, signal);
  };
}

function untilAborted(turn: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    void turn.then(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
  });
}
