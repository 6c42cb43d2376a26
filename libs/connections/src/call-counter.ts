import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { addedResponseTimes, instant, responseTimeStep, responseTimeSteps, type Instant } from '#domain';
import type { HttpCall } from '#http';
import type { CallNotes, ConnectionCalls } from '#storage';
import { createLogger } from '#telemetry';

const FLUSH_MS = 10_000;
const FORGET_MS = 3_600_000;

const log = createLogger('connections');

interface Tally {
  calls: number;
  readonly times: number[];
}

/**
 * Notes how calls of each connection went, in memory, and every ten seconds writes the sums to Postgres, where all replicas add theirs: a call costs
 * an addition, and what a process that is killed has not written yet is some seconds of statistics.
 */
@Injectable()
export class CallCounter implements OnApplicationShutdown {
  readonly #tallies = new Map<string, Map<string, Tally>>();
  readonly #quotas = new Map<string, number>();
  readonly #credentials = new Map<string, Instant | null>();
  readonly #interval: NodeJS.Timeout;
  #forgotAt = performance.now();
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly calls: Pick<ConnectionCalls, 'add' | 'forget'>) {
    this.#interval = setInterval(() => void this.#tick(), FLUSH_MS);
    this.#interval.unref();
  }

  note(connection: string, { reason, durationMs, quotaUsed }: HttpCall): void {
    const tally = this.#tally(connection, reason ?? 'ok');
    tally.calls += 1;
    const step = responseTimeStep(durationMs);
    tally.times[step] = (tally.times[step] ?? 0) + 1;
    if (quotaUsed !== undefined)
      this.#quotas.set(connection, Math.max(quotaUsed, this.#quotas.get(connection) ?? 0));
  }

  /** A connection was made with these settings, secrets in them: of those that say themselves when they expire the first is noted, and nothing else of them. */
  noteCredentials(connection: string, resolved: unknown): void {
    const ends = [...textsIn(resolved)].flatMap((text) => expiryOf(text) ?? []);
    const first = ends.toSorted((one, other) => one.epochMilliseconds - other.epochMilliseconds)[0];
    this.#credentials.set(connection, first ?? null);
  }

  /** Writes down what was noted so far. Throws where it cannot be written: it is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#flushing;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#interval);
    await this.#tick();
  }

  async #tick(): Promise<void> {
    try {
      await this.flush();
      if (performance.now() - this.#forgotAt < FORGET_MS) return;
      this.#forgotAt = performance.now();
      await this.calls.forget();
    } catch (error) {
      log.warn('calls not written down', { error });
    }
  }

  async #write(): Promise<void> {
    const notes: CallNotes = {
      calls: [...this.#tallies].flatMap(([connection, outcomes]) =>
        [...outcomes].map(([outcome, { calls, times }]) => ({ connection, outcome, calls, times })),
      ),
      quotas: [...this.#quotas].map(([connection, used]) => ({ connection, used })),
      credentials: [...this.#credentials].map(([connection, expiresAt]) => ({ connection, expiresAt })),
    };
    if (notes.calls.length === 0 && notes.credentials.length === 0) return;
    this.#tallies.clear();
    this.#quotas.clear();
    this.#credentials.clear();
    try {
      await this.calls.add(notes);
    } catch (error) {
      this.#takeBack(notes);
      throw error;
    }
  }

  /** Joins what could not be written with what was noted meanwhile. */
  #takeBack({ calls, quotas, credentials }: CallNotes): void {
    for (const { connection, outcome, calls: count, times } of calls) {
      const tally = this.#tally(connection, outcome);
      tally.calls += count;
      tally.times.splice(0, responseTimeSteps, ...addedResponseTimes(tally.times, times));
    }
    for (const { connection, used } of quotas)
      this.#quotas.set(connection, Math.max(used, this.#quotas.get(connection) ?? 0));
    for (const { connection, expiresAt } of credentials)
      if (!this.#credentials.has(connection)) this.#credentials.set(connection, expiresAt);
  }

  #tally(connection: string, outcome: string): Tally {
    const outcomes = this.#tallies.get(connection) ?? new Map<string, Tally>();
    this.#tallies.set(connection, outcomes);
    const tally = outcomes.get(outcome) ?? { calls: 0, times: Array<number>(responseTimeSteps).fill(0) };
    outcomes.set(outcome, tally);
    return tally;
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* textsIn(part);
}

/** When a JSON Web Token expires, by its own `exp`: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4. Undefined for everything else. */
export function expiryOf(text: string): Instant | undefined {
  const [, payload] = /^eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*$/.exec(text) ?? [];
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly exp?: unknown };
    const { exp } = claims;
    return typeof exp === 'number' && exp > 0 && exp < 1e11
      ? instant(new Date(Math.floor(exp) * 1000).toISOString())
      : undefined;
  } catch (error) {
    // It only looks like one.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
