import { setTimeout as sleep } from 'node:timers/promises';
import { unlessStopped } from '#http';

/** One write a second and space, https://developers.google.com/workspace/chat/limits; a tenth more, because calls do not all travel equally fast. */
const betweenMs = 1100;

/**
 * Keeps the writes of this process to one place apart, also those that belong together: an edit that turns out to be impossible, and the new
 * message in its place. The host keeps replicas apart by the lease of each destination, and by it nobody waits here otherwise.
 */
export class SpacePace {
  readonly #free = new Map<string, number>();

  /**
   * Waits for one's turn, and writes. The next turn counts from the answer: what held this write up on its way, a token that had to be asked
   * for first, brings the next one no nearer to it. Throws `RemoteError` `refused` where stopped meanwhile.
   */
  async write<Answer>(place: string, signal: AbortSignal, write: () => Promise<Answer>): Promise<Answer> {
    const now = performance.now();
    const mine = Math.max(now, this.#free.get(place) ?? 0);
    this.#free.set(place, mine + betweenMs);
    if (mine > now)
      await unlessStopped(
        sleep(mine - now),
        { system: 'google-chat', what: 'waiting for the space' },
        signal,
      );
    try {
      return await write();
    } finally {
      this.#free.set(place, Math.max(this.#free.get(place) ?? 0, performance.now() + betweenMs));
    }
  }
}
