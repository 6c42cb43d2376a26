import { exhausted } from './api-error.js';

/** Calls per minute that one Google Cloud project may make. */
export interface ProjectQuotas {
  readonly messageWrites: number;
  readonly messageReads: number;
  readonly membershipWrites: number;
  readonly membershipReads: number;
  readonly spaceWrites: number;
  readonly spaceReads: number;
}

export interface ChatQuotas extends ProjectQuotas {
  /** Per second and space, shared by every app and webhook in it. */
  readonly writesPerSpace: number;
  readonly readsPerSpace: number;
}

/** https://developers.google.com/workspace/chat/limits [D]; the numbers changed several times, so they are settings. */
export const publishedQuotas: ChatQuotas = {
  writesPerSpace: 1,
  readsPerSpace: 15,
  messageWrites: 3000,
  messageReads: 3000,
  membershipWrites: 300,
  membershipReads: 3000,
  spaceWrites: 60,
  spaceReads: 3000,
};

interface Bucket {
  tokens: number;
  at: number;
}

/** The quotas as token buckets: what a window allows may come at once, and its rate fills the bucket again. */
export class QuotaCounters {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly quotas: ChatQuotas,
    private readonly now: () => Date,
  ) {}

  /** Counts one call of the project; throws `RESOURCE_EXHAUSTED`. */
  project(quota: keyof ProjectQuotas): void {
    this.#take(quota, this.quotas[quota], this.quotas[quota] / 60);
  }

  /** Counts one call that concerns a space; throws `RESOURCE_EXHAUSTED`. */
  space(space: string, access: 'read' | 'write'): void {
    const perSecond = access === 'read' ? this.quotas.readsPerSpace : this.quotas.writesPerSpace;
    this.#take(`${access} ${space}`, Math.max(1, perSecond), perSecond);
  }

  #take(key: string, capacity: number, perSecond: number): void {
    const at = this.now().getTime();
    const last = this.#buckets.get(key) ?? { tokens: capacity, at };
    const tokens = Math.min(capacity, last.tokens + (Math.max(0, at - last.at) / 1000) * perSecond);
    // Binary fractions lose a little on the way.
    if (tokens < 1 - 1e-9) {
      this.#buckets.set(key, { tokens, at });
      throw exhausted();
    }
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), at });
  }
}
