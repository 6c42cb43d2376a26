import { methods, tiers, type MethodName } from './methods.js';
import { TooMany } from './refusal.js';

/** Slack tolerates short bursts of messages to one channel without promising how many; ours is a guess on the strict side. */
const postingBurst = 3;
/** "Several hundred per minute" and workspace. */
const postingPerWorkspace = 300;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Slack's limits as token buckets: a tier's worth of calls may come at once, and the sustained rate fills it again. Counted per method,
 * for postMessage also per channel. https://docs.slack.dev/apis/web-api/rate-limits
 */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => Date) {}

  /** Counts one call of a tiered method; throws `TooMany`. */
  call(method: MethodName): void {
    const { limit } = methods[method];
    if (limit === 'posting') this.#take(method, postingPerWorkspace, postingPerWorkspace / 60);
    else if (limit !== 'special') this.#take(method, tiers[limit], tiers[limit] / 60);
  }

  /** Counts one message to a channel; throws `TooMany`. */
  post(channel: string): void {
    this.#take(`post ${channel}`, postingBurst, 1);
  }

  forget(): void {
    this.#buckets.clear();
  }

  #take(key: string, capacity: number, perSecond: number): void {
    const at = this.now().getTime();
    const last = this.#buckets.get(key) ?? { tokens: capacity, at };
    const tokens = Math.min(capacity, last.tokens + (Math.max(0, at - last.at) / 1000) * perSecond);
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, at });
      throw new TooMany(Math.max(1, Math.ceil((1 - tokens) / perSecond)));
    }
    this.#buckets.set(key, { tokens: tokens - 1, at });
  }
}
