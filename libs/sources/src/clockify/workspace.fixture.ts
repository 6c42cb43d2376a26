import { instant, type Fact, type Identity, type Instant, type TimeWindow } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { SimulatedServer } from '#http/simulation';
import type { Page, PullRun, Rejection, Source, SourceMemory } from '../contract.js';
import { clockify } from './index.js';
import { clockifySettings, type ClockifySettings } from './settings.js';
import { ClockifySimulator, type ClockifySimulatorOptions } from './simulator.js';

export const workspaceId = '64a687e29ae1f428e7ebe303';
export const apiKey = 'a-key-that-nobody-may-see';

/** Monday to Monday; the day on which it is read is the Monday after, in the morning. */
export const week: TimeWindow = {
  from: instant('2026-03-02T00:00:00Z'),
  to: instant('2026-03-09T00:00:00Z'),
};
export const monday = instant('2026-03-09T08:00:00Z');

/** What a source keeps between pulls, as plain JSON as the host stores it. */
export class MemoryFake implements SourceMemory {
  readonly #kept = new Map<string, string>();

  get(key: string): Promise<unknown> {
    const text = this.#kept.get(key);
    return Promise.resolve(text === undefined ? undefined : JSON.parse(text));
  }

  set(key: string, value: unknown): Promise<void> {
    this.#kept.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}

/** A workspace behind a real port, and the source that reads it. */
export class ClockifyFixture {
  readonly memory = new MemoryFake();
  readonly owner: string;

  private constructor(
    readonly simulator: ClockifySimulator,
    readonly server: SimulatedServer,
  ) {
    simulator.addWorkspace({ id: workspaceId, name: 'Acme' });
    this.owner = simulator.addUser({
      email: 'owner@acme.example',
      role: 'WORKSPACE_OWN',
      zone: 'Europe/Kyiv',
    });
    simulator.addKey(apiKey, this.owner);
  }

  static async open(options: ClockifySimulatorOptions = {}): Promise<ClockifyFixture> {
    const simulator = new ClockifySimulator({ now: () => new Date(monday.epochMilliseconds), ...options });
    return new ClockifyFixture(simulator, await SimulatedServer.listen(simulator));
  }

  source(settings: Partial<ClockifySettings> = {}): Source {
    const { url } = this.server;
    return clockify.connect(
      clockifySettings.parse({
        workspaceId,
        apiKey,
        baseUrl: `${url}/api`,
        reportsUrl: `${url}/report`,
        ...settings,
      }),
      createHttpClient({ system: 'clockify', timeoutMs: 20_000 }),
    );
  }

  run(more: Partial<PullRun> = {}): PullRun {
    return {
      cursor: undefined,
      now: monday,
      memory: this.memory,
      signal: new AbortController().signal,
      ...more,
    };
  }

  /** Everything that one pull gives. */
  async pull(
    window: TimeWindow = week,
    settings: Partial<ClockifySettings> = {},
    run: Partial<PullRun> = {},
  ): Promise<Pulled> {
    return gather(this.source(settings).pull(window, this.run(run)));
  }

  async people(
    settings: Partial<ClockifySettings> = {},
    now: Instant = monday,
  ): Promise<readonly Identity[]> {
    const found: Identity[] = [];
    for await (const page of this.source(settings).people?.(this.run({ now })) ?? []) found.push(...page);
    return found;
  }

  /** Calls since the last time this was asked, by the last segments of their paths. */
  calls(): readonly string[] {
    return this.server.requests.splice(0).map(({ method, path }) => `${method} ${path}`);
  }
}

export interface Pulled {
  readonly pages: readonly Page[];
  readonly facts: readonly Fact[];
  readonly rejected: readonly Rejection[];
}

export const gather = async (pulled: AsyncIterable<Page>): Promise<Pulled> => {
  const pages: Page[] = [];
  for await (const page of pulled) pages.push(page);
  return {
    pages,
    facts: pages.flatMap(({ facts }) => facts),
    rejected: pages.flatMap(({ rejected }) => rejected),
  };
};

/** What the promise fails with, which has to be a `RemoteError`. */
export const failureOf = async (promise: Promise<unknown>): Promise<RemoteError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RemoteError) return error;
  throw new Error('no RemoteError', { cause: error });
};

/** Facts as text, by key: comparable however they came. */
export const shown = (facts: readonly Fact[]): readonly string[] =>
  facts
    .map(
      ({ kind, key, subject, from, to, amount, attributes }) =>
        `${kind} ${key} ${subject} ${from} ${to} ${amount} ${JSON.stringify(attributes)}`,
    )
    .sort();

/** Milliseconds of work by person. */
export const workBySubject = (facts: readonly Fact[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const { kind, subject, amount } of facts)
    if (kind === 'work.hours') sums[subject] = (sums[subject] ?? 0) + amount;
  return sums;
};
