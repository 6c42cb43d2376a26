import { throttled } from './jira-error.js';
import type { Called } from './methods.js';

/** Calls per second and endpoint, shared by all who use the site; and the others. https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ [D] */
export interface JiraLimits {
  readonly getPerSecond: number;
  readonly getIssuePerSecond: number;
  readonly postPerSecond: number;
  readonly putPerSecond: number;
  readonly deletePerSecond: number;
  /** The search for people has a limit of its own, whose number is not published. [I] */
  readonly userSearchPerSecond: number;
  readonly issueWritesPer2Seconds: number;
  readonly issueWritesPer30Seconds: number;
  /** Of OAuth apps only, one point a call here [I]; API tokens are exempt. */
  readonly pointsPerHour: number;
  readonly quota: 'jira-quota-global-based' | 'jira-quota-tenant-based';
}

export const publishedLimits: JiraLimits = {
  getPerSecond: 100,
  getIssuePerSecond: 150,
  postPerSecond: 100,
  putPerSecond: 50,
  deletePerSecond: 50,
  userSearchPerSecond: 20,
  issueWritesPer2Seconds: 20,
  issueWritesPer30Seconds: 100,
  pointsPerHour: 65_000,
  quota: 'jira-quota-global-based',
};

const hourMs = 3_600_000;

/** The three gates, each of which alone answers 429. */
export class Limits {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #writes = new Map<string, number[]>();
  #hour = { began: 0, points: 0 };

  constructor(
    private readonly limits: JiraLimits,
    private readonly now: () => Date,
  ) {}

  /** Counts a call of an endpoint; gives the headers that say what is left of its bucket, or throws 429. */
  call({ method }: Called): Readonly<Record<string, string>> {
    const endpoint = `${method.http} ${method.path}`;
    const capacity = this.#perSecond(method.http, method.path);
    const at = this.now().getTime();
    const last = this.#buckets.get(endpoint) ?? { tokens: capacity, at };
    const tokens = Math.min(capacity, last.tokens + (Math.max(0, at - last.at) / 1000) * capacity);
    // Binary fractions lose a little on the way.
    const left = tokens - 1 + 1e-9;
    if (left < 0) {
      this.#buckets.set(endpoint, { tokens, at });
      throw throttled({
        reason: 'jira-burst-based',
        limit: capacity,
        until: new Date(at + 1000),
        waitSeconds: 1,
      });
    }
    this.#buckets.set(endpoint, { tokens: left, at });
    return {
      'x-ratelimit-limit': String(capacity),
      'x-ratelimit-remaining': String(Math.floor(left)),
      'x-ratelimit-reset': `${new Date(at + 1000).toISOString().slice(0, 19)}Z`,
      ...(left < capacity * 0.2 ? { 'x-ratelimit-nearlimit': 'true' } : {}),
    };
  }

  /** Counts a write to one issue. */
  write(issueId: string): void {
    const at = this.now().getTime();
    const writes = (this.#writes.get(issueId) ?? []).filter((one) => one > at - 30_000);
    for (const [windowMs, limit] of [
      [2_000, this.limits.issueWritesPer2Seconds],
      [30_000, this.limits.issueWritesPer30Seconds],
    ] as const) {
      const within = writes.filter((one) => one > at - windowMs);
      if (within.length < limit) continue;
      const until = (within[within.length - limit] ?? at) + windowMs;
      this.#writes.set(issueId, writes);
      throw throttled({
        reason: 'jira-per-issue-on-write',
        limit,
        until: new Date(until),
        waitSeconds: Math.max(1, Math.ceil((until - at) / 1000)),
      });
    }
    this.#writes.set(issueId, [...writes, at]);
  }

  /** Counts a point of an OAuth app's hour. */
  point(): void {
    const at = this.now().getTime();
    const began = at - (at % hourMs);
    if (this.#hour.began !== began) this.#hour = { began, points: 0 };
    if (this.#hour.points >= this.limits.pointsPerHour)
      throw throttled({
        reason: this.limits.quota,
        limit: this.limits.pointsPerHour,
        until: new Date(began + hourMs),
        waitSeconds: Math.max(1, Math.ceil((began + hourMs - at) / 1000)),
      });
    this.#hour.points += 1;
  }

  #perSecond(http: string, path: string): number {
    if (path === '/user/search') return this.limits.userSearchPerSecond;
    if (http === 'GET') return path === '/issue/*' ? this.limits.getIssuePerSecond : this.limits.getPerSecond;
    if (http === 'POST') return this.limits.postPerSecond;
    return http === 'PUT' ? this.limits.putPerSecond : this.limits.deletePerSecond;
  }
}
