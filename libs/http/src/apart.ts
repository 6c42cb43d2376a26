import { setTimeout as sleep } from 'node:timers/promises';
import type { Distance } from './client.js';
import { unlessStopped } from './stopped.js';

/**
 * Waits until a call may follow the one before it to the same place; returns what is to be called when its answer is there. Throws
 * `RemoteError` `refused` where stopped before.
 */
export type Follow = (distance: Distance, signal?: AbortSignal) => Promise<() => void>;

/** Keeps the calls of this process apart, each place by itself. */
export function keepApart(system: string): Follow {
  const free = new Map<string, number>();
  return async ({ place, ms }, signal) => {
    const now = performance.now();
    const mine = Math.max(now, free.get(place) ?? 0);
    free.set(place, mine + ms);
    if (mine > now) {
      const turn = sleep(mine - now);
      await (signal ? unlessStopped(turn, { system, what: `waiting for ${place}` }, signal) : turn);
    }
    return () => void free.set(place, Math.max(free.get(place) ?? 0, performance.now() + ms));
  };
}
