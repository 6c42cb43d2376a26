import { Refusal } from './refusal.js';

const minuteMs = 60_000;
const hourMs = 3_600_000;

interface Limit {
  readonly calls: number;
  /** How long calls are counted, and for how long a breach blocks. */
  readonly perMs: number;
}

const perMinute = (calls: number): Limit => ({ calls, perMs: minuteMs });
const perHour = (calls: number): Limit => ({ calls, perMs: hourMs });

/** Of one address and of one API of a corp (developer.work.weixin.qq.com 90312, of August 2023). */
const ofAddress = [perMinute(20_000), perHour(600_000)];
const ofApi = [perMinute(10_000), perHour(150_000)];
/** Of single APIs, by their own pages. */
const ofOne: Readonly<Record<string, readonly Limit[]>> = {
  '/cgi-bin/checkin/getcheckin_monthdata': [perMinute(60), ...ofApi],
  '/cgi-bin/checkin/getcheckin_daydata': [perMinute(100), ...ofApi],
};
/** Who fails so often to get a token is blocked for an hour, as the vendor's forum has it. */
const ofFailures = [perHour(2_000)];

/**
 * Counts the calls of a corp, and of the one address that all come from. A breach blocks for the whole length of the limit, without a
 * `Retry-After`. That the windows roll, and that blocked calls are not counted, is inferred.
 */
export class CallLimits {
  readonly #meters = new Map<string, Meter[]>();

  constructor(private readonly clock: () => number) {}

  /** Throws 45009 where the address has used up its calls; this one is counted. */
  passAddress(): void {
    for (const meter of this.#metersOf('address', ofAddress)) meter.pass(this.clock());
  }

  passApi(path: string): void {
    for (const meter of this.#metersOf(path, ofOne[path] ?? ofApi)) meter.pass(this.clock());
  }

  /** Throws 45009 as long as failed requests for a token block further ones. */
  passFailures(): void {
    for (const meter of this.#metersOf('failures', ofFailures)) meter.refuseBlocked(this.clock());
  }

  countFailure(): void {
    for (const meter of this.#metersOf('failures', ofFailures)) meter.count(this.clock());
  }

  #metersOf(what: string, limits: readonly Limit[]): readonly Meter[] {
    let meters = this.#meters.get(what);
    if (!meters) this.#meters.set(what, (meters = limits.map((limit) => new Meter(limit))));
    return meters;
  }
}

class Meter {
  #at: number[] = [];
  /** Calls before it are too old to count. */
  #first = 0;
  #blockedUntil = -Infinity;

  constructor(private readonly limit: Limit) {}

  pass(now: number): void {
    this.refuseBlocked(now);
    if (!this.count(now)) throw new Refusal(45009);
  }

  refuseBlocked(now: number): void {
    if (now < this.#blockedUntil) throw new Refusal(45009);
  }

  /** False where this call is one too many: then the block begins. */
  count(now: number): boolean {
    while ((this.#at[this.#first] ?? Infinity) <= now - this.limit.perMs) this.#first += 1;
    if (this.#first > 10_000) {
      this.#at = this.#at.slice(this.#first);
      this.#first = 0;
    }
    if (this.#at.length - this.#first < this.limit.calls) {
      this.#at.push(now);
      return true;
    }
    this.#blockedUntil = now + this.limit.perMs;
    this.#at = [];
    this.#first = 0;
    return false;
  }
}
