import { randomUUID } from 'node:crypto';
import { CompanyReader } from '#company';
import { CallCounter, Vendors, type ConnectedSource, ObserveConnections } from '#connections';
import { instant, type Fact, type Instant } from '#domain';
import { readText } from '#documents';
import { createHttpClient, RemoteError } from '#http';
import { migrateQueues, Queues } from '#queues';
import { setFaultHandler } from '#runtime';
import { MemorySecrets } from '#settings';
import { sources, type Page, type Source, type SourcePlugin } from '#sources';
import {
  ConnectionCalls,
  Documents,
  ExpectedDays,
  isTriedAgain,
  LeaseLostError,
  type NewDocument,
  Occurrences,
  People,
  PullClaims,
  Pulls,
  Retention,
  SourceMemories,
  Troubles,
  type Occurrence,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Collect } from './collect.js';
import { KeepExpectedDays } from './keep-expected-days.js';
import { LinkPeople } from './link-people.js';

/** One source whose replies a test writes. */
class Scripted extends Vendors {
  pages: () => AsyncIterable<Page> = noPages;

  constructor() {
    super(new MemorySecrets({}));
  }

  override async source(): Promise<ConnectedSource> {
    const clockify = await sources.get('clockify')?.();
    if (!clockify) throw new Error('there is no clockify');
    const plugin: SourcePlugin = { ...clockify, emits: ['work.hours'] };
    const source: Source = { pull: () => this.pages(), probe: () => Promise.resolve([]) };
    return { plugin, source, http: createHttpClient({ system: 'clockify' }) };
  }
}

async function* noPages(): AsyncGenerator<Page> {}

/** Dies, where it is told to, when a trouble has been opened, or those of a source have been closed. */
class DyingTroubles extends Troubles {
  isDying = false;

  override async open(...trouble: Parameters<Troubles['open']>): Promise<string> {
    const id = await super.open(...trouble);
    this.#die();
    return id;
  }
  override async closeOfSource(...source: Parameters<Troubles['closeOfSource']>): Promise<void> {
    await super.closeOfSource(...source);
    this.#die();
  }

  #die(): void {
    if (this.isDying) throw new Error('cut off');
  }
}

/** Dies, where it is told to, before anybody is rung for. */
class DyingOccurrences extends Occurrences {
  isDying = false;

  override awake(): Promise<readonly string[]> {
    return this.isDying ? Promise.reject(new Error('cut off')) : super.awake();
  }
}

const pagesOf = (...keys: readonly string[]) =>
  async function* (): AsyncGenerator<Page> {
    yield { facts: keys.map(entry), rejected: [], cursor: 'end' };
  };

const week = { from: instant('2026-10-05T00:00:00Z'), to: instant('2026-10-12T00:00:00Z') };
const entry = (key: string): Fact => ({
  kind: 'work.hours',
  key,
  subject: 'u1',
  from: week.from,
  to: week.from.add({ hours: 1 }),
  amount: 3_600_000,
  attributes: { billable: true, project: null },
});

describe('a pull', () => {
  let test: TestDatabase;
  let queues: Queues;
  let vendors: Scripted;
  let collect: Collect;
  let pulls: Pulls;
  let claims: PullClaims;
  let occurrences: DyingOccurrences;
  let troubles: DyingTroubles;
  let now: Instant;

  beforeAll(async () => {
    // The planned Monday lies some days back.
    test = await testDatabase({ aheadMs: Date.parse('2026-10-14T00:00:00Z') - Date.now() });
    await migrateQueues(test.url);
    queues = new Queues({ url: test.url });
    const { database } = test;
    const companies = new CompanyReader(database);
    const people = new People(database);
    troubles = new DyingTroubles(database);
    pulls = new Pulls(database);
    claims = new PullClaims(database);
    occurrences = new DyingOccurrences(database);
    vendors = new Scripted();
    const documents = new Documents(database);
    await documents.apply(
      readText(configuration, 'configuration.yaml').documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: one.name,
      })) as readonly NewDocument[],
      'hash',
    );
    const calls = new ConnectionCalls(database);
    collect = new Collect(
      database,
      companies,
      vendors,
      claims,
      people,
      new SourceMemories(database),
      troubles,
      occurrences,
      queues,
      new LinkPeople(database, people, documents, troubles, companies, pulls, occurrences),
      new KeepExpectedDays(
        database,
        companies,
        new ExpectedDays(database),
        pulls,
        occurrences,
        new Retention(database),
      ),
      new ObserveConnections(database, companies, documents, calls, new CallCounter(calls)),
    );
    now = await database.now();
  });
  afterEach(() => {
    troubles.isDying = false;
    occurrences.isDying = false;
    setFaultHandler(undefined);
  });
  afterAll(async () => {
    await queues.close();
    await test.drop();
  });

  const pulled = async (): Promise<string> => {
    const id = randomUUID();
    await pulls.want([
      { id, system: 'clockify', what: 'facts', window: week, askedBy: id, dueAt: week.from },
    ]);
    await collect.run(id, new AbortController().signal).catch(() => undefined);
    return id;
  };
  const planned = async (
    state: Occurrence['state'],
    options: { subscription?: string; nominal?: string } = {},
  ): Promise<string> => {
    const id = randomUUID();
    const nominalAt = instant(options.nominal ?? '2026-10-12T09:00:00Z');
    await occurrences.plan([
      {
        id,
        subscription: options.subscription ?? 'reads-clockify',
        zone: `zone ${id}`,
        calendar: '',
        nominalAt,
        dueAt: nominalAt,
        untilAt: nominalAt,
        manual: false,
      },
    ]);
    await test.database.query(
      `update occurrence set state = $2, wake_at = null, decided_as_of = due_at where id = $1`,
      [id, state],
    );
    return id;
  };
  const wakesAt = async (id: string): Promise<Instant | null | undefined> =>
    (await occurrences.get(id))?.wake_at;

  it('wakes what was said on what it changed, and only that', async () => {
    const said = await planned('done');
    const elsewhere = await planned('done', { subscription: 'reads-other' });
    const old = await planned('done', { nominal: '2026-08-10T09:00:00Z' });
    const held = await planned('held', { subscription: 'reads-other' });
    vendors.pages = pagesOf('a');

    await pulled();

    expect(await wakesAt(said)).not.toBeNull();
    expect(await wakesAt(elsewhere)).toBeNull();
    expect(await wakesAt(old)).toBeNull();
    expect(await wakesAt(held)).not.toBeNull();
  });

  it('wakes nothing that was said where it finds everything the same', async () => {
    vendors.pages = pagesOf('b');
    await pulled();
    const said = await planned('done');
    const held = await planned('held');

    await pulled();

    expect(await wakesAt(said)).toBeNull();
    expect(await wakesAt(held)).not.toBeNull();
  });

  it('wakes what was said on what one before it had changed that was given up', async () => {
    vendors.pages = async function* () {
      yield* pagesOf('b', 'c')();
      throw new RemoteError('clockify', 'unauthorized', 'refused', 'no');
    };
    await pulled();
    const said = await planned('done');
    vendors.pages = pagesOf('b', 'c');

    await pulled();
    const first = await wakesAt(said);
    await test.database.query('update occurrence set wake_at = null');
    await pulled();

    expect(first).not.toBeNull();
    expect(await wakesAt(said)).toBeNull();
  });

  it('wakes what is held when it is given up, with its own end', async () => {
    const held = await planned('held');
    const said = await planned('done');
    vendors.pages = async function* () {
      yield* noPages();
      throw new RemoteError('clockify', 'unauthorized', 'refused', 'the key is wrong');
    };

    const id = await pulled();

    expect(await pulls.get(id)).toMatchObject({ state: 'failed', detail: 'the key is wrong' });
    expect(await wakesAt(held)).not.toBeNull();
    expect(await wakesAt(said)).toBeNull();
  });

  describe('of which an owner is to hear', () => {
    const refused = async function* (): AsyncGenerator<Page> {
      yield* noPages();
      throw new RemoteError('clockify', 'unauthorized', 'refused', 'the key is wrong');
    };
    const open = [{ kind: 'source', about: 'clockify', detail: { reason: 'unauthorized' } }];
    const again = async (id: string): Promise<void> => {
      await test.database.query(
        'update pull set due_at = clock_timestamp(), lease_until = null where id = $1',
        [id],
      );
      await collect.run(id, new AbortController().signal).catch(() => undefined);
    };
    beforeEach(async () => {
      await test.database.query('truncate trouble, pull cascade');
    });

    it('is not given up, and nobody told, where it dies before both are there', async () => {
      vendors.pages = refused;
      troubles.isDying = true;
      const id = await pulled();

      expect(await pulls.get(id)).toMatchObject({ state: 'running' });
      expect(await troubles.listOpen()).toEqual([]);

      troubles.isDying = false;
      await again(id);
      expect(await pulls.get(id)).toMatchObject({ state: 'failed' });
      expect(await troubles.listOpen()).toMatchObject(open);
    });

    it('leaves the trouble to be told where it dies in the moment after', async () => {
      vendors.pages = refused;
      await planned('held');
      occurrences.isDying = true;
      const id = await pulled();

      expect(await pulls.get(id)).toMatchObject({ state: 'failed' });
      expect(await troubles.untold()).toMatchObject(open);
    });

    it.each([
      ['unavailable', true],
      ['timeout', true],
      ['rate-limited', true],
      ['unauthorized', false],
      ['rejected', false],
      ['unreadable', false],
    ] as const)('notes of its first failure whether it is tried again: %s', async (reason, isAgain) => {
      vendors.pages = async function* () {
        yield* noPages();
        throw new RemoteError('clockify', reason, 'refused', 'no');
      };

      await pulled();

      const [trouble, ...others] = await troubles.untold();
      expect(trouble).toMatchObject({ kind: 'source', about: 'clockify', detail: { reason } });
      expect(trouble && isTriedAgain(trouble)).toBe(isAgain);
      expect(others).toEqual([]);
    });

    it('is not complete, and its trouble not over, where it dies before both are', async () => {
      vendors.pages = refused;
      await pulled();
      vendors.pages = pagesOf('a');
      troubles.isDying = true;
      const id = await pulled();

      expect(await pulls.get(id)).not.toMatchObject({ state: 'complete' });
      expect(await troubles.listOpen()).toMatchObject(open);

      troubles.isDying = false;
      setFaultHandler((point) => {
        if (point === 'collect.settled') throw new Error('cut off');
      });
      await again(id);
      expect(await pulls.get(id)).toMatchObject({ state: 'complete' });
      expect(await troubles.listOpen()).toEqual([]);
    });
  });

  it('is tried again after an error of ours, of which no more than the name is kept', async () => {
    vendors.pages = async function* () {
      yield* pagesOf('b')();
      throw new TypeError('relation "secret" does not exist');
    };

    const id = await pulled();
    const states: (string | undefined)[] = [];
    for (let attempt = 1; attempt < 6; attempt += 1) {
      const pull = await pulls.get(id);
      states.push(pull?.state);
      await test.database.query('update pull set due_at = $2 where id = $1', [id, now]);
      await collect.run(id, new AbortController().signal).catch(() => undefined);
    }

    expect(states).toEqual(['due', 'due', 'due', 'due', 'failed']);
    expect(await pulls.get(id)).toMatchObject({ reason: 'internal', detail: 'TypeError' });
    expect(JSON.stringify(await troubles.untold())).not.toContain('secret');
  });

  it('keeps nobody of a listing whose pull another process has taken over', async () => {
    const people = new People(test.database);
    const id = randomUUID();
    await pulls.want([{ id, system: 'elsewhere', what: 'people', askedBy: id, dueAt: week.from }]);
    const pull = await claims.claim(id, randomUUID());
    if (!pull) throw new Error('not claimed');
    await test.database.query('update pull set lease_token = gen_random_uuid() where id = $1', [id]);

    const keeping = people.keepIdentities(pull, []);

    await expect(keeping).rejects.toThrow(LeaseLostError);
  });
});

const rule = (name: string, source: string): string => `
kind: Rule
name: on-${name}
each: person
over: lastWeek
audience: managers
needs: { ${source}: closed }
measure: { hours: { sum: work.hours } }
when: hours > 1.0
say: low-hours
---
kind: Subscription
name: ${name}
rules: [on-${name}]
schedule: { cron: '0 9 * * MON', timezone: UTC }
to: { channel: slack, room: { name: ops, members: [{ email: ops@acme.example }] } }
`;
const configuration = [
  'kind: Source\nname: clockify\ntype: clockify\nsettings: {}',
  rule('reads-clockify', 'clockify'),
  rule('reads-other', 'other'),
].join('\n---\n');
