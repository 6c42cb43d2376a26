/** The editions of Vtiger's cloud, by their calls; from its help article on API limits (April 2025). `cap`, `perUser` and `base` are a day's. */
const editions = {
  pilot: { cap: 0, perUser: 0, base: 0, hour: 0, minute: 0 },
  growth: { cap: 24_000, perUser: 200, base: 3_000, hour: 1_000, minute: 30 },
  professional: { cap: 72_000, perUser: 600, base: 6_000, hour: 4_000, minute: 60 },
  enterprise: { cap: 120_000, perUser: 1_000, base: 6_000, hour: 5_000, minute: 90 },
} as const;

export type Edition = keyof typeof editions;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Counts the calls of an installation, whoever makes them. The day is said to roll; that minute and hour do too, and that refused calls are
 * not counted, is inferred.
 */
export class FloodControl {
  readonly #calls: number[] = [];

  constructor(
    private readonly edition: Edition,
    private readonly clock: () => number,
    private readonly countUsers: () => number,
  ) {}

  /** Whether one more call is within all limits; then it is counted. */
  pass(): boolean {
    const now = this.clock();
    while (this.#calls[0] !== undefined && this.#calls[0] <= now - dayMs) this.#calls.shift();
    const limit = editions[this.edition];
    const passes =
      this.#calls.length < this.#dayLimit() &&
      this.#since(now - hourMs).length < limit.hour &&
      this.#since(now - minuteMs).length < limit.minute;
    if (passes) this.#calls.push(now);
    return passes;
  }

  /** On every answer, refused ones too. */
  headers(): Readonly<Record<string, string>> {
    const now = this.clock();
    const { minute } = editions[this.edition];
    const recent = this.#since(now - minuteMs);
    const reset = Math.ceil(((recent[0] ?? now) + minuteMs) / 1000);
    return {
      'X-FloodControl-MinuteLimit': String(minute),
      'X-FloodControl-Remaining': String(Math.max(0, minute - recent.length)),
      'X-FloodControl-Reset': String(reset),
      'X-RateLimit-DailyLimit': String(this.#dayLimit()),
      'X-RateLimit-Remaining': String(Math.max(0, this.#dayLimit() - this.#since(now - dayMs).length)),
    };
  }

  #dayLimit(): number {
    const { cap, base, perUser } = editions[this.edition];
    return Math.min(cap, base + this.countUsers() * perUser);
  }

  #since(from: number): readonly number[] {
    const first = this.#calls.findLastIndex((at) => at <= from);
    return this.#calls.slice(first + 1);
  }
}
