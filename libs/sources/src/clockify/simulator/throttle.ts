import { Refusal } from './refusal.js';

/**
 * Counts requests in a sliding window. The vendor's help page on webhook and API limits says 50 requests a second for paid plans and 30 an
 * hour for new FREE workspaces. It documents no `Retry-After`: that is sent only where asked for.
 */
export class Throttle {
  readonly #seen = new Map<string, number[]>();

  constructor(
    readonly limit: { readonly requests: number; readonly perMs: number },
    readonly clock: () => number,
    readonly sendRetryAfter: boolean,
  ) {}

  /** Throws the 429 where the caller has used up its window. A refused request is not counted. */
  pass(who: string): void {
    const now = this.clock();
    const recent = (this.#seen.get(who) ?? []).filter((at) => at > now - this.limit.perMs);
    this.#seen.set(who, recent);
    if (recent.length < this.limit.requests) {
      recent.push(now);
      return;
    }
    const wait = Math.max(1, Math.ceil(((recent[0] ?? now) + this.limit.perMs - now) / 1000));
    throw new Refusal(
      429,
      'Too Many Requests',
      undefined,
      this.sendRetryAfter ? { 'retry-after': String(wait) } : {},
    );
  }
}
