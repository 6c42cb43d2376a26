import { instant } from '#domain';
import { createHttpClient, RemoteError, type HttpClient } from '#http';
import {
  atOnce,
  expectToHide,
  impatient,
  itMeetsEachBadReply,
  patienceMs,
  SimulatedServer,
} from '#http/simulation';
import type { BadReply, SimulatedRequest, Trouble, VendorSimulator } from '#http/simulation';
import { z } from 'zod';
import { awkward, confidential, everywhere, overlong, sample } from './conformance-messages.fixture.js';
import type {
  Address,
  Attempt,
  Channel,
  ChannelPlugin,
  Receipt,
  Row,
  RowsAttempt,
  TableRow,
} from './contract.js';

/** One vendor, fresh, with a place to write to. */
export interface ChannelWorld {
  readonly simulator: VendorSimulator;
  /** As a Channel document has them, secrets resolved; `url` is where the simulator listens. */
  settings(url: string): Readonly<Record<string, unknown>>;
  address(url: string): Address;
  /** What of the settings must never be seen. */
  readonly secrets: readonly string[];
  /** How many messages or records the vendor now holds at the address. */
  arrived(): number;
}

export interface ChannelConformance<Settings> {
  readonly plugin: ChannelPlugin<Settings>;
  world(): ChannelWorld;
  /** For record channels. */
  readonly rows?: readonly Row[];
  /** Whether a second send of the same attempt adds nothing. Where false, only the host keeps it from being said twice. */
  readonly deduplicates: boolean;
  /** Whether `find` can say `arrived` and `absent`; where false it says `cannot-tell`. */
  readonly finds: boolean;
  /** Which requests change something at the vendor; all that are no GET by default. */
  readonly writes?: (request: SimulatedRequest) => boolean;
  /** Names of bad replies that are good ones here: receivers of webhooks may answer anything with 2xx. */
  readonly taken?: readonly string[];
  /** For channels that take messages. */
  readonly renders?: {
    /** Text that would be markup on this channel, and whether it is none in the JSON of what was rendered of it. */
    readonly markup: string;
    readonly escaped: (rendered: string) => boolean;
    /** The most characters of JSON that anything rendered may take. */
    readonly longest: number;
  };
}

/** What every channel has to keep, so that the host may trust it. Declares Jest tests. */
export function describeChannelConformance<Settings>(suite: ChannelConformance<Settings>): void {
  const { plugin, renders, rows } = suite;
  const writes = suite.writes ?? (({ method }: SimulatedRequest): boolean => method !== 'GET');
  const http = (timeoutMs: number): HttpClient =>
    impatient(createHttpClient({ system: plugin.id, timeoutMs, follow: atOnce }), timeoutMs);
  const parse = (world: ChannelWorld, url: string): Settings => plugin.settings.parse(world.settings(url));
  /** What the channel can do is seen on one that is never used. */
  const able = plugin.connect(parse(suite.world(), 'http://127.0.0.1:9'), http(patienceMs));

  describe(`channel ${plugin.id}`, () => {
    let world: ChannelWorld;
    let server: SimulatedServer;
    let channel: Channel;
    let to: Address;
    beforeEach(async () => {
      world = suite.world();
      server = await SimulatedServer.listen(world.simulator);
      channel = plugin.connect(parse(world, server.url), http(patienceMs));
      to = world.address(server.url);
    });
    afterEach(() => server.close());

    const deliver = async (attempt: Attempt, message = sample()): Promise<readonly Receipt[]> => {
      if (channel.send) return [await channel.send(message, to, attempt)];
      if (channel.table && rows) return channel.table.add(rows as readonly TableRow[], to, batched(attempt));
      if (channel.write && rows) return channel.write(rows, to, attempt);
      throw new Error('neither sends nor writes, or the suite has no rows for it');
    };
    const ask = async (attempt: Attempt): Promise<Receipt | 'absent' | 'cannot-tell' | undefined> => {
      if (!channel.table || !rows) return channel.find?.(attempt, to, attempt.beganAt, rows);
      const places = await channel.table.locate(rows as readonly TableRow[], to, attempt.signal);
      return places.includes(undefined) ? 'absent' : places[0];
    };
    /** Plans a bad reply, for a channel that waits for an answer as long as it takes to meet it. */
    const meet = (reply: BadReply, more: Partial<Trouble>): void => {
      server.plan({ ...reply.trouble, ...more });
      channel = plugin.connect(parse(world, server.url), http(reply.patienceMs));
    };
    const hidden = (): readonly string[] => [...world.secrets, confidential];
    const saysNothing = (error: unknown): void => expectToHide(hidden(), error);

    describe('its declaration', () => {
      it('marks every secret of its settings', () => {
        const settings = world.settings(server.url);

        const marked = secretFields(plugin.settings);

        const secret = Object.keys(settings).filter((key) => world.secrets.includes(String(settings[key])));
        expect(marked).toEqual(expect.arrayContaining(secret));
      });

      it('refuses settings and destinations that it does not know', () => {
        const settings = { ...world.settings(server.url), surplus: 1 };

        expect(plugin.settings.safeParse(settings).success).toBe(false);
        expect(plugin.destination.safeParse({ surplus: 1 }).success).toBe(false);
      });

      it('links the limit to where it is published', () => {
        expect(plugin.limit.link).toMatch(/^https:\/\//);
        expect(plugin.limit.requests).toBeGreaterThan(0);
        expect(plugin.limit.perSeconds).toBeGreaterThan(0);
      });
    });

    it('does what it says that it takes', () => {
      expect(plugin.takes).toBe(able.table ? 'table' : able.write ? 'records' : 'messages');
      expect(able.send !== undefined).toBe(renders !== undefined);
      expect((able.write ?? able.table) !== undefined).toBe(rows !== undefined);
    });

    if (renders)
      describe('what it renders', () => {
        it.each(Object.entries(awkward))('is taken by the vendor: %s', async (_name, message) => {
          const receipts = await deliver(attemptOf(), message);

          expect(receipts).toHaveLength(1);
          expect(world.arrived()).toBe(1);
        });

        it.each(Object.entries(overlong))('is cut visibly: %s', (_name, message) => {
          const rendered = JSON.stringify(channel.render(message));

          expect(rendered.length).toBeLessThanOrEqual(renders.longest);
          expect(rendered).toContain('…');
          // No half of a character that takes two units.
          expect(rendered).not.toMatch(/\\ud[89a-f]/);
        });

        it.each(Object.entries(everywhere(renders.markup)))('escapes markup in %s', (_name, message) => {
          expect(renders.escaped(JSON.stringify(channel.render(message)))).toBe(true);
        });

        it('is the same for the same message', () => {
          expect(channel.render(sample())).toEqual(channel.render(sample()));
        });
      });

    describe('a delivery', () => {
      it('arrives, and its receipt says where', async () => {
        const receipts = await deliver(attemptOf());

        expect(world.arrived()).toBe(rows?.length ?? 1);
        expect(receipts).toHaveLength(rows?.length ?? 1);
        expect(receipts.every((receipt) => receipt.id !== '')).toBe(true);
        expect(JSON.parse(JSON.stringify(receipts))).toEqual(receipts);
      });

      it(`${suite.deduplicates ? 'adds nothing' : 'is said again'} where the same attempt is made twice`, async () => {
        const first = await deliver(attemptOf());
        const second = await deliver(attemptOf({ number: 2 }));

        expect(world.arrived()).toBe((rows?.length ?? 1) * (suite.deduplicates ? 1 : 2));
        if (suite.deduplicates) expect(second).toEqual(first);
      });

      itMeetsEachBadReply('fails as it should after %s', hidden, async (reply) => {
        meet(reply, { match: writes });

        const result = await outcomeOf(() => deliver(attemptOf()));

        if (suite.taken?.includes(reply.name)) {
          expect(result.error).toBeUndefined();
          return;
        }
        expect(result.error).toBeInstanceOf(RemoteError);
        const { system, reason, outcome, retryAfterMs } = result.error as RemoteError;
        expect({ system, reason, outcome, retryAfterMs }).toEqual({
          system: plugin.id,
          reason: reply.reason,
          outcome: reply.outcome,
          retryAfterMs: reply.retryAfterMs,
        });
        saysNothing(result.error);
      });

      it('is not made by whoever was stopped before', async () => {
        const { error } = await outcomeOf(() => deliver(attemptOf({ signal: AbortSignal.abort() })));

        expect(error).toBeDefined();
        if (error instanceof RemoteError) expect(error.outcome).toBe('refused');
        expect(world.arrived()).toBe(0);
        expect(server.requests).toEqual([]);
      });

      it('ends at once where it is stopped, and nobody knows whether it arrived', async () => {
        const { promise: isReached, resolve: reached } = Promise.withResolvers<undefined>();
        server.plan({
          kind: 'silence',
          match: (request) => {
            if (!writes(request)) return false;
            reached(undefined);
            return true;
          },
        });
        const stop = new AbortController();
        const delivering = outcomeOf(() => deliver(attemptOf({ signal: stop.signal })));
        await isReached;
        const began = performance.now();

        stop.abort();
        const { error } = await delivering;

        expect(performance.now() - began).toBeLessThan(patienceMs / 2);
        expect(error).toMatchObject({ outcome: 'unknown' });
        saysNothing(error);
      });
    });

    if (able.find ?? able.table)
      describe('a delivery that nobody knows of', () => {
        it.each([
          ['cut-after', 'arrived'],
          ['cut-before', 'absent'],
        ] as const)('after %s is %s', async (kind, truth) => {
          const attempt = attemptOf();
          server.plan({ kind, match: writes });
          const { error } = await outcomeOf(() => deliver(attempt));
          expect(error).toMatchObject({ outcome: 'unknown' });

          const found = await ask(attempt);

          if (!suite.finds) expect(found).toBe('cannot-tell');
          else if (truth === 'absent') expect(found).toBe('absent');
          else expect(found).toMatchObject({ id: expect.any(String), address: to });
        });

        itMeetsEachBadReply('stays so while asking meets %s', hidden, async (reply) => {
          const attempt = attemptOf();
          await deliver(attempt);
          meet(reply, { times: 20 });

          const result = await outcomeOf(() => ask(attempt));

          // A wrong "absent" would say it twice.
          if (result.error === undefined) expect(result.value).toBe('cannot-tell');
          else expect(result.error).toMatchObject({ reason: reply.reason, outcome: 'refused' });
          saysNothing(result.error);
        });
      });

    if (able.update && able.send)
      describe('a correction', () => {
        it('keeps the receipt', async () => {
          const [receipt] = await deliver(attemptOf());
          if (!receipt) throw new Error('no receipt');

          const corrected = await channel.update?.(receipt, sample('Corrected'), attemptOf({ revision: 2 }));

          expect(corrected).toEqual(receipt);
          expect(JSON.stringify(world.simulator.save())).toContain('Corrected');
        });

        itMeetsEachBadReply('fails as it should after %s', hidden, async (reply) => {
          const [receipt] = await deliver(attemptOf());
          if (!receipt) throw new Error('no receipt');
          meet(reply, { match: writes });

          const { error } = await outcomeOf(async () =>
            channel.update?.(receipt, sample('Corrected'), attemptOf({ revision: 2 })),
          );

          if (suite.taken?.includes(reply.name)) expect(error).toBeUndefined();
          else expect(error).toMatchObject({ reason: reply.reason, outcome: reply.outcome });
          saysNothing(error);
        });
      });

    if (able.table)
      describe('a row that is there', () => {
        itMeetsEachBadReply('is changed, or not, as it should be after %s', hidden, async (reply) => {
          const [receipt] = await deliver(attemptOf());
          const [row] = (rows ?? []) as readonly TableRow[];
          if (!receipt || !row) throw new Error('no receipt');
          meet(reply, { match: writes });

          const { error } = await outcomeOf(async () =>
            channel.table?.change(receipt, row, to, attemptOf({ revision: 2 })),
          );

          expect(error).toMatchObject({ reason: reply.reason, outcome: reply.outcome });
          saysNothing(error);
        });

        it('fits, and looking for that changes nothing', async () => {
          const before = JSON.stringify(world.simulator.save());

          const misfits = await channel.table?.misfits(
            (rows ?? []) as readonly TableRow[],
            to,
            attemptOf().signal,
          );

          expect(misfits).toEqual([]);
          expect(JSON.stringify(world.simulator.save())).toBe(before);
        });
      });

    describe('a probe', () => {
      it('changes nothing and finds nothing wrong', async () => {
        const before = JSON.stringify(world.simulator.save());

        const findings = await channel.probe(AbortSignal.timeout(20_000));

        expect(findings.length).toBeGreaterThan(0);
        expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
        expect(JSON.stringify(world.simulator.save())).toBe(before);
      });

      itMeetsEachBadReply('shows no secret after %s', hidden, async (reply) => {
        meet(reply, { times: 20 });

        const { error, value } = await outcomeOf(() => channel.probe(AbortSignal.timeout(20_000)));

        if (error !== undefined) expect(error).toBeInstanceOf(RemoteError);
        saysNothing(error ?? value);
      });
    });
  });
}

const attemptOf = (more: Partial<Attempt> = {}): Attempt => ({
  deliveryId: '0b9f7d0e-1c2d-5e5f-8a9b-0c1d2e3f4a5b',
  revision: 1,
  number: 1,
  beganAt: instant(new Date().toISOString()),
  signal: AbortSignal.timeout(20_000),
  ...more,
});

/** A table is told by which id the very same call may be repeated. */
const batched = ({ deliveryId, signal }: Attempt): RowsAttempt => ({ batch: deliveryId, signal });

async function outcomeOf<Value>(act: () => Promise<Value>): Promise<{ value?: Value; error?: unknown }> {
  try {
    return { value: await act() };
  } catch (error) {
    return { error };
  }
}

/** Names of the top-level fields that carry `.meta({ secret: true })`. */
function secretFields(settings: z.ZodType): string[] {
  const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    typeof field === 'object' && field['secret'] === true ? [key] : [],
  );
}
