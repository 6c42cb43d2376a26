import {
  factBelongs,
  isState,
  overlap,
  within,
  type Fact,
  type Identity,
  type Instant,
  type TimeWindow,
} from '#domain';
import { createHttpClient, RemoteError, type HttpClient } from '#http';
import { expectToHide, impatient, itMeetsEachBadReply, patienceMs, SimulatedServer } from '#http/simulation';
import type { BadReply, VendorSimulator } from '#http/simulation';
import { z } from 'zod';
import type { Page, PullRun, Source, SourceMemory, SourcePlugin } from './contract.js';

/** One vendor, fresh and filled: of every kind something in the window, and something outside it. */
export interface SourceWorld {
  readonly simulator: VendorSimulator;
  /** As a Source document has them, secrets resolved; `url` is where the simulator listens. */
  settings(url: string): Readonly<Record<string, unknown>>;
  readonly window: TimeWindow;
  readonly now: Instant;
  /** What of the settings, and of people, must never be seen in an error. */
  readonly secrets: readonly string[];
  /** How many facts the window holds, by kind. */
  readonly holds: Readonly<Partial<Record<Fact['kind'], number>>>;
  /** What the host has noted, of a source that asks. */
  readonly observed?: PullRun['observed'];
}

export interface SourceConformance<Settings> {
  readonly plugin: SourcePlugin<Settings>;
  world(): SourceWorld;
  /** Another name for a reply that this vendor means differently, by the reply's name: Clockify's 404 of a feature may be `unauthorized`. */
  readonly reasons?: Readonly<Record<string, RemoteError['reason']>>;
}

/** Being stopped at every single request takes a while. */
const specMs = 60_000;

/** What every source has to keep, so that the host may trust it. Declares Jest tests. */
export function describeSourceConformance<Settings>(suite: SourceConformance<Settings>): void {
  const { plugin } = suite;
  const http = (timeoutMs: number): HttpClient =>
    impatient(createHttpClient({ system: plugin.id, timeoutMs }), timeoutMs);

  describe(`source ${plugin.id}`, () => {
    let world: SourceWorld;
    let server: SimulatedServer;
    let source: Source;
    beforeEach(async () => {
      world = suite.world();
      server = await SimulatedServer.listen(world.simulator);
      source = connect(server.url);
    });
    afterEach(() => server.close());

    const connect = (url: string, timeoutMs = patienceMs): Source =>
      plugin.connect(plugin.settings.parse(world.settings(url)), http(timeoutMs));
    const run = (more: Partial<PullRun> = {}): PullRun => ({
      cursor: undefined,
      now: world.now,
      memory: forgetful(),
      ...(world.observed ? { observed: world.observed } : {}),
      signal: AbortSignal.timeout(20_000),
      ...more,
    });
    const pull = (more: Partial<PullRun> = {}, from = source): Promise<readonly Page[]> =>
      gather(from.pull(world.window, run(more)));
    const people = async (from = source): Promise<readonly Identity[]> =>
      from.people ? (await gather(from.people(run()))).flat() : [];
    const hidden = (): readonly string[] => world.secrets;
    const saysNothing = (thing: unknown): void => expectToHide(world.secrets, thing);
    /** How many requests it takes undisturbed; the server's memory of them is emptied. */
    const requestsOf = async (act: () => Promise<unknown>): Promise<number> => {
      server.requests.length = 0;
      await act();
      return server.requests.splice(0).length;
    };

    describe('its declaration', () => {
      it('marks every secret of its settings and refuses what it does not know', () => {
        const settings = world.settings(server.url);

        const marked = secretFields(plugin.settings);

        const secret = Object.keys(settings).filter((key) => world.secrets.includes(String(settings[key])));
        expect(marked).toEqual(expect.arrayContaining(secret));
        expect(plugin.settings.safeParse({ ...settings, surplus: 1 }).success).toBe(false);
      });

      it('links the limit to where it is published', () => {
        expect(plugin.limit.link).toMatch(/^https:\/\//);
        expect(plugin.limit.requests).toBeGreaterThan(0);
        expect(plugin.limit.perSeconds).toBeGreaterThan(0);
      });
    });

    describe('a pull', () => {
      it('sees everything in the window, and nothing else', async () => {
        const facts = factsOf(await pull());

        expect(counted(facts)).toEqual(world.holds);
        for (const fact of facts) {
          const belongs = factBelongs[fact.kind];
          const inside =
            belongs === 'snapshot' ||
            (belongs === 'by-start' ? within(world.window, fact.from) : overlap(world.window, fact));
          expect({ key: fact.key, inside }).toEqual({ key: fact.key, inside: true });
        }
      });

      it('gives the declared kinds, whole amounts and keys that stand for one fact', async () => {
        const facts = factsOf(await pull());

        expect(plugin.emits).toEqual(expect.arrayContaining([...new Set(facts.map(({ kind }) => kind))]));
        expect(facts.every(({ amount }) => Number.isFinite(amount))).toBe(true);
        expect(new Set(keys(facts)).size).toBe(facts.length);
      });

      it('names the teams that it knows, where it says how things stand with them', async () => {
        const facts = factsOf(await pull());
        const known = new Set(facts.flatMap(({ kind, subject }) => (kind === 'team' ? [subject] : [])));

        const states = facts.filter(({ kind }) => isState(kind));
        expect(states.filter(({ subject }) => !known.has(subject))).toEqual([]);
        if (plugin.emits.some(isState)) expect(plugin.emits).toContain('team');
      });

      it('gives the same facts when asked again', async () => {
        expect(shown(factsOf(await pull()))).toEqual(shown(factsOf(await pull())));
      });

      it('goes on from each cursor with the rest', async () => {
        const pages = await pull();
        const all = keys(factsOf(pages));

        for (const [index, page] of pages.entries()) {
          const rest = keys(factsOf(await pull({ cursor: page.cursor })));

          const seen = keys(factsOf(pages.slice(0, index + 1)));
          expect([...new Set([...seen, ...rest])].sort()).toEqual(all);
        }
      });

      it('is not disturbed by fields that it does not know', async () => {
        const plain = await pull();
        const chatty = await SimulatedServer.listen(withSurplus(world.simulator));

        const pages = await pull({}, connect(chatty.url));

        await chatty.close();
        expect(shown(factsOf(pages))).toEqual(shown(factsOf(plain)));
        expect(pages.flatMap(({ rejected }) => rejected)).toEqual(plain.flatMap(({ rejected }) => rejected));
      });

      it('changes nothing at the vendor', async () => {
        const before = JSON.stringify(world.simulator.save());

        await pull();

        expect(JSON.stringify(world.simulator.save())).toBe(before);
      });

      it('asks nothing where it is stopped before', async () => {
        await expect(pull({ signal: AbortSignal.abort() })).rejects.toBeDefined();

        expect(server.requests).toEqual([]);
      });

      it(
        'ends at once where it is stopped at any of its requests',
        async () => {
          const requests = await requestsOf(() => pull({}, connect(server.url)));

          for (let request = 0; request < requests; request += 1) {
            const stop = new AbortController();
            server.calm();
            server.plan({ kind: 'silence', after: request });
            server.requests.length = 0;
            const pulling = pull({ signal: stop.signal }, connect(server.url)).then(
              () => undefined,
              (error: unknown) => ({ error }),
            );
            while (server.requests.length <= request) await new Promise((resolve) => setTimeout(resolve, 5));
            const began = performance.now();

            stop.abort();
            const ended = await pulling;

            expect(ended).toBeDefined();
            expect(performance.now() - began).toBeLessThan(patienceMs / 2);
            // Those that were under way together may still arrive; none is begun after.
            await new Promise((resolve) => setTimeout(resolve, 20));
            const arrived = server.requests.length;
            await new Promise((resolve) => setTimeout(resolve, 20));
            expect(server.requests).toHaveLength(arrived);
            saysNothing(ended?.error);
          }
        },
        specMs,
      );

      itMeetsEachBadReply('fails as it should where any of its requests meets %s', hidden, (reply) =>
        disturbed(reply, async (from) => shown(factsOf(await pull({}, from)))),
      );
    });

    describe('its people', () => {
      it('are the same when asked again', async () => {
        expect(await people()).toEqual(await people());
        expect(new Set((await people()).map(({ externalId }) => externalId)).size).toBe(
          (await people()).length,
        );
      });

      itMeetsEachBadReply('are all there or fail where any request meets %s', hidden, (reply) =>
        disturbed(reply, async (from) => (await people(from)).map(({ externalId }) => externalId)),
      );
    });

    describe('a probe', () => {
      it('changes nothing and finds nothing wrong', async () => {
        const before = JSON.stringify(world.simulator.save());

        const findings = await source.probe(AbortSignal.timeout(20_000));

        expect(findings.length).toBeGreaterThan(0);
        expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
        expect(JSON.stringify(world.simulator.save())).toBe(before);
      });

      itMeetsEachBadReply('shows no secret after %s', hidden, async (reply) => {
        server.plan({ ...reply.trouble, times: 20 });
        const met = connect(server.url, reply.patienceMs);

        const findings = await met.probe(AbortSignal.timeout(20_000)).catch((error: unknown) => error);

        if (!Array.isArray(findings)) expect(findings).toBeInstanceOf(RemoteError);
        saysNothing(findings);
      });
    });

    /**
     * Meets the bad reply at each of the requests that it takes undisturbed: at all of them at once, so that silence is listened to once, and each at
     * a vendor of its own, since a login may end another one of the same user.
     */
    const disturbed = async (reply: BadReply, act: (from: Source) => Promise<unknown>): Promise<void> => {
      const whole = await act(source);
      // Anew: a connection may keep what it was once given, such as a token.
      const requests = await requestsOf(() => act(connect(server.url)));
      const servers = await Promise.all(
        Array.from({ length: requests }, () => SimulatedServer.listen(suite.world().simulator)),
      );
      try {
        await Promise.all(servers.map((one, request) => disturbedAt(one, request, reply, act, whole)));
      } finally {
        await Promise.all(servers.map((one) => one.close()));
      }
    };

    /**
     * One bad reply at one request. Whoever has another way to the same may take it; but what ends normally has everything, because the
     * host then takes what it did not see for gone.
     */
    const disturbedAt = async (
      server: SimulatedServer,
      request: number,
      reply: BadReply,
      act: (from: Source) => Promise<unknown>,
      whole: unknown,
    ): Promise<void> => {
      server.plan({ ...reply.trouble, after: request });

      const ended = await act(connect(server.url, reply.patienceMs)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );

      const at = server.requests[request];
      const where = `${reply.name} at request ${request}, ${at?.method} ${at?.path}`;
      if ('value' in ended) {
        expect({ where, ...ended }).toEqual({ where, value: whole });
        return;
      }
      const { error } = ended;
      if (!(error instanceof RemoteError)) throw error;
      expect({
        where,
        system: error.system,
        reason: error.reason,
        outcome: error.outcome,
        retryAfterMs: error.retryAfterMs,
      }).toEqual({
        where,
        system: plugin.id,
        reason: suite.reasons?.[reply.name] ?? reply.reason,
        outcome: 'refused',
        retryAfterMs: reply.retryAfterMs,
      });
      saysNothing(error);
    };
  });
}

const gather = async <Item>(pages: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

/** A memory that begins empty, so that nothing but the vendor decides. */
const forgetful = (): SourceMemory => {
  const kept = new Map<string, string>();
  return {
    get: async (key) => {
      const text = kept.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    set: async (key, value) => void kept.set(key, JSON.stringify(value)),
  };
};

const factsOf = (pages: readonly Page[]): readonly Fact[] => pages.flatMap(({ facts }) => facts);

const keys = (facts: readonly Fact[]): readonly string[] =>
  facts.map(({ kind, key }) => `${kind} ${key}`).sort();

/** Comparable: by kind and key, instants as text. */
const shown = (facts: readonly Fact[]): readonly string[] => facts.map((fact) => JSON.stringify(fact)).sort();

const counted = (facts: readonly Fact[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of facts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

/** The vendor of next year, who says more than today: one unknown field in every object. */
const withSurplus = (vendor: VendorSimulator): VendorSimulator => ({
  id: vendor.id,
  handle: async (request) => {
    const answer = await vendor.handle(request);
    return typeof answer.body === 'object' ? { ...answer, body: surplus(answer.body) } : answer;
  },
  save: () => vendor.save(),
  load: (state) => vendor.load(state),
});

function surplus(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(surplus);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, surplus(field)]);
  return { ...Object.fromEntries(fields), surplusOfNextYear: { nested: [1, null, 'x'] } };
}

/** Names of the top-level fields that carry `.meta({ secret: true })`. */
function secretFields(settings: z.ZodType): string[] {
  const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    typeof field === 'object' && field['secret'] === true ? [key] : [],
  );
}
