import { setTimeout as sleep } from 'node:timers/promises';
import type { RateLimit } from './client.js';

/** Waits until the next request may leave; rejects with the signal's reason where that comes first. */
export type Pace = (signal?: AbortSignal) => Promise<void>;

/**
 * Keeps a published limit exactly: in no stretch of `perSeconds`, wherever it begins, do more than `requests` leave. A bucket that refills
 * would let nearly twice as many through between a full and an emptied one. Turns are kept in the order asked for; a turn that is
 * given up is not handed on, so an aborted run never makes another one too fast. In-process: replicas share a budget in Postgres.
 */
export function createPace(
  limit: RateLimit | undefined,
  clock: () => number = () => performance.now(),
): Pace {
  if (!limit) return async (signal) => signal?.throwIfAborted();
  const windowMs = limit.perSeconds * 1000;
  /** When the last `requests` turns are or were, oldest at `next`. */
  const turns = new Array<number>(limit.requests).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return async (signal) => {
    signal?.throwIfAborted();
    const now = clock();
    const turn = Math.max(now, (turns[next] ?? 0) + windowMs);
    turns[next] = turn;
    next = (next + 1) % turns.length;
    // Timers may fire a millisecond early; the limit is not to be broken by that.
    if (turn > now) await sleep(Math.ceil(turn - now) + 1, undefined, signal ? { signal } : {});
  };
}
