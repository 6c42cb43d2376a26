import { Refusal, wordsOf } from './refusal.js';

/** Requests a second of one company, over all paths. */
const perCompany = 50;

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateLimitOptions {
  /** In ms. */
  readonly clock: () => number;
  /** Whether a path's limit answers with HTTP 429 instead of 400; which of the two a key's limit gives is not certain. */
  readonly byStatus: boolean;
}

/**
 * Token buckets: a second's worth of calls may come at once, and the sustained rate fills it again. One for the company (8303) and one for each
 * path (8304). Nothing is documented that says when to come again. A refused call takes nothing.
 */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly options: RateLimitOptions) {}

  /** Counts one call; throws the refusal. */
  pass(path: string, perSecond: number): void {
    const company = this.#bucket('', perCompany);
    const own = this.#bucket(path, perSecond);
    if (company.tokens < 1) throw this.#tooMany(8303);
    if (own.tokens < 1) throw this.#tooMany(8304);
    company.tokens -= 1;
    own.tokens -= 1;
  }

  #bucket(name: string, perSecond: number): Bucket {
    const at = this.options.clock();
    const bucket = this.#buckets.get(name) ?? { tokens: perSecond, at };
    bucket.tokens = Math.min(perSecond, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #tooMany(code: 8303 | 8304): Refusal {
    return new Refusal(code, wordsOf(code), this.options.byStatus ? 429 : 400);
  }
}
