import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '#domain';
import { RemoteError, type RateLimit } from '#http';
import { z } from 'zod';
import type { PullRun } from '../contract.js';

const REMEMBERED = 'month calls';

const remembered = z.array(z.number());

/**
 * Keeps the limit of the month report over all replicas: when the last calls were made stands in the source's memory, by Postgres' clock. The
 * host lets one pull of a source run at a time, so whoever pulls is the only one to write there.
 */
export class SharedMinute {
  private constructor(
    private readonly memory: PullRun['memory'],
    private readonly limit: Pick<RateLimit, 'requests' | 'perSeconds'>,
    private readonly clock: () => number,
    /** In ms since 1970, the oldest first. */
    private calls: readonly number[],
  ) {}

  static async begin(
    { memory, now }: Pick<PullRun, 'memory' | 'now'>,
    limit: Pick<RateLimit, 'requests' | 'perSeconds'>,
  ): Promise<SharedMinute> {
    const calls = remembered.safeParse(await memory.get(REMEMBERED)).data ?? [];
    return new SharedMinute(memory, limit, clockFrom(now), calls);
  }

  /** Waits until a call may be made, and notes it. Throws `RemoteError` where the signal comes first. */
  async turn(signal: AbortSignal): Promise<void> {
    const { requests, perSeconds } = this.limit;
    const oldest = this.calls.length < requests ? undefined : this.calls.at(-requests);
    // A clock that was set back must not make anybody wait for longer than the limit asks.
    const wait =
      oldest === undefined ? 0 : Math.min(oldest + perSeconds * 1000 - this.clock(), perSeconds * 1000);
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted)
      throw new RemoteError('wecom', 'unavailable', 'refused', 'month report: was given up', {
        cause: signal.reason,
      });
    this.calls = [...this.calls, this.clock()].slice(-requests);
    await this.memory.set(REMEMBERED, this.calls);
  }
}

const clockFrom = (now: Instant): (() => number) => {
  const ahead = now.epochMilliseconds - performance.now();
  return () => Math.round(performance.now() + ahead);
};
