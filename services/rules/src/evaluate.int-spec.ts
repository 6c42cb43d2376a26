import { CompanyReader } from '#company';
import { hashOf, readText } from '#documents';
import { instant, type Instant } from '#domain';
import type { Queues } from '#queues';
import { setFaultHandler, type FaultPointName } from '#runtime';
import {
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Forwards,
  isTriedAgain,
  Occurrences,
  People,
  Pulls,
  Troubles,
  type NewOccurrence,
  type Occurrence,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Evaluate } from './evaluate.js';
import { Evaluator } from './evaluator.js';
import { LookForward } from './forward/look-forward.js';
import { KeepConclusions } from './keep-conclusions.js';
import { Readiness } from './readiness.js';
import { Say } from './say.js';
import { ruleSaying, sourceNamed, weeklyHours } from './testing.js';

const documents = (threshold: number, more = ''): string =>
  [
    sourceNamed('clockify', 'owner: ops-room'),
    weeklyHours(['low-hours']),
    ruleSaying(
      'low-hours',
      'lastWeek',
      `needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
params: { threshold: ${threshold}.0 }
when: hours < threshold`,
    ),
    `
kind: Person
email: olena@acme.example
name: Olena Kovalenko
${more}`,
  ].join('---');

const id = '00000000-0000-5000-8000-0000000000aa';

describe('looking at an occurrence', () => {
  let test: TestDatabase;
  let occurrences: Occurrences;
  let evaluate: Evaluate;
  let evaluateWith: (parts: { decisions?: Decisions; troubles?: Troubles }) => Evaluate;
  let troubles: Troubles;
  let readiness: Readiness;

  beforeEach(async () => {
    test = await testDatabase();
    const { database } = test;
    const [expectedDays, pulls] = [new ExpectedDays(database), new Pulls(database)];
    occurrences = new Occurrences(database);
    troubles = new Troubles(database);
    readiness = new Readiness(pulls);
    evaluateWith = ({ decisions = new Decisions(database), troubles: told = troubles }) =>
      new Evaluate(
        database,
        new CompanyReader(database),
        new Evaluator(database, expectedDays, pulls),
        new Say(database, expectedDays),
        new KeepConclusions(database, occurrences, decisions, new Deliveries(database), told),
        occurrences,
        decisions,
        expectedDays,
        pulls,
        told,
        silent,
        readiness,
        new LookForward(
          database,
          new CompanyReader(database),
          new Forwards(database),
          occurrences,
          pulls,
          told,
          readiness,
        ),
      );
    evaluate = evaluateWith({});
    await apply(documents(25));
  });
  afterEach(() => test.drop());

  const apply = (text: string) =>
    new Documents(test.database).apply(
      readText(text, 'spec.yaml').documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: hashOf(one),
      })),
      String(Math.random()),
    );
  const now = (): Promise<Instant> => test.database.now();

  /** Looks at an occurrence of the Monday before now, or of another moment. */
  const looked = async (over: Partial<NewOccurrence> = {}): Promise<Occurrence> => {
    const dueAt = over.dueAt ?? over.nominalAt ?? (await lastMonday());
    await occurrences.plan([
      {
        id,
        subscription: 'weekly-hours',
        zone: 'UTC',
        calendar: '',
        nominalAt: dueAt,
        dueAt,
        untilAt: (await now()).add({ hours: 12 }),
        manual: false,
        ...over,
      },
    ]);
    return again();
  };
  const again = async (): Promise<Occurrence> => {
    await evaluate.run(id).catch(() => undefined);
    const found = await occurrences.get(id);
    if (!found) throw new Error('the occurrence is gone');
    return found;
  };
  /** The last time the schedule came due: on a Monday before nine that is the week before. */
  const lastMonday = async (): Promise<Instant> => {
    const nineHoursAgo = (await now()).subtract({ hours: 9 }).toZonedDateTimeISO('UTC').startOfDay();
    const monday = nineHoursAgo.subtract({ days: nineHoursAgo.dayOfWeek - 1 }).add({ hours: 9 });
    return monday.toInstant();
  };

  it('misses what nobody came for in twelve hours, and decides nothing', async () => {
    const nominalAt = (await lastMonday()).subtract({ hours: 7 * 24 });

    expect(await looked({ nominalAt })).toMatchObject({
      state: 'missed',
      wake_at: null,
      decided_as_of: null,
    });
    expect(await troubles.listOpen()).toMatchObject([
      { kind: 'occurrence', about: 'weekly-hours UTC', owner: 'ops-room', detail: { reason: 'missed' } },
    ]);
  });

  it('skips what its schedule no longer plans', async () => {
    const nominalAt = (await now()).subtract({ minutes: 90 }).round('hour').add({ minutes: 7 });

    expect(await looked({ nominalAt })).toMatchObject({ state: 'skipped', wake_at: null });
  });

  it('decides what was asked for by hand, whatever its schedule says now', async () => {
    const { state } = await looked({ nominalAt: instant('2026-10-06T11:11:00Z'), manual: true });

    expect(state).not.toBe('skipped');
    expect(state).not.toBe('missed');
  });

  it('decides nothing by documents from before a pull that is not finished', async () => {
    await knowOlena();
    await beginPull();
    await apply(
      documents(40, '---\nkind: Exception\nrule: low-hours\nperson: olena@acme.example\nexempt: true'),
    );

    expect(await looked({ manual: true })).toMatchObject({ state: 'held', decided_as_of: null });
    expect(await test.database.query('select 1 from evaluation')).toEqual([]);
  });

  it('is looked at again where a pull that is not finished hid the newest facts', async () => {
    await knowOlena();
    await readEverything();
    const decided = await looked({ manual: true });
    await beginPull();
    await test.database.query('update occurrence set wake_at = clock_timestamp()');
    const during = await again();

    expect(decided).toMatchObject({ state: 'done', wake_at: null });
    expect(during).toMatchObject({ state: 'done' });
    expect(during.wake_at?.since(await now()).total('minutes')).toBeGreaterThan(4);
  });

  it('does not ask in haste for expected days that were not made when a pull began', async () => {
    await knowOlena();
    await readEverything();
    await test.database.query('delete from expected_run');
    const before = await looked({ manual: true });
    await beginPull();
    await test.database.query('update occurrence set wake_at = clock_timestamp()');
    const during = await again();

    expect(before.wake_at?.since(await now()).total('seconds')).toBeLessThan(1);
    expect(during.wake_at?.since(await now()).total('seconds')).toBeGreaterThan(1);
  });

  describe('that fails on an error of ours', () => {
    class Broken extends Decisions {
      override decidingLooks(): Promise<never> {
        return Promise.reject(new Error('this never works'));
      }
    }
    beforeEach(() => {
      evaluate = evaluateWith({ decisions: new Broken(test.database) });
    });
    const look = (attempts: number, state = 'planned'): Promise<Occurrence> =>
      test.database
        .query(`update occurrence set wake_at = clock_timestamp(), attempts = $1, state = $2`, [
          attempts,
          state,
        ])
        .then(again);
    const secondsUntil = async (at: Instant | null): Promise<number | undefined> =>
      at?.since(await now()).total('seconds');

    it('is tried again less and less often', async () => {
      const first = await looked({ manual: true });
      expect(await secondsUntil(first.wake_at)).toBeLessThan(6);

      const later = await look(4);
      expect(await secondsUntil(later.wake_at)).toBeGreaterThan(70);

      const latest = await look(20);
      expect(await secondsUntil(latest.wake_at)).toBeLessThan(30 * 60);
    });

    it('is told to the owner once it is more than a hiccup', async () => {
      await looked({ manual: true });
      expect(await troubles.listOpen()).toEqual([]);

      await look(2);
      expect(await troubles.listOpen()).toMatchObject([
        { kind: 'occurrence', owner: 'ops-room', detail: { reason: 'error', detail: 'this never works' } },
      ]);
    });

    it('sleeps until the next pull where it only corrects', async () => {
      await looked({ manual: true });

      expect((await look(1, 'done')).wake_at).not.toBeNull();
      expect(await look(4, 'done')).toMatchObject({ state: 'done', wake_at: null });
    });
  });

  describe('of which an owner is to hear', () => {
    /** Dies when a trouble has been opened, or one has been closed. */
    class Dying extends Troubles {
      override async open(...trouble: Parameters<Troubles['open']>): Promise<string> {
        await super.open(...trouble);
        throw new Error('cut off');
      }
      override async close(...trouble: Parameters<Troubles['close']>): Promise<void> {
        await super.close(...trouble);
        throw new Error('cut off');
      }
    }
    const dying = (): Evaluate => evaluateWith({ troubles: new Dying(test.database) });
    const decisionsKept = async (): Promise<readonly unknown[]> =>
      test.database.query('select outcome from decision');
    const held = [{ kind: 'incomplete', about: `clockify ${id}` }];
    const wake = (): Promise<unknown> =>
      test.database.query(
        `update occurrence set wake_at = clock_timestamp(), created_at = clock_timestamp() - interval '1 hour'`,
      );
    /** Everything but the facts is there, and they have been waited for, so that a decision is held. */
    const lackFacts = async (): Promise<void> => {
      await knowOlena();
      await readEverything();
      await test.database.query(`delete from pull where what = 'facts'`);
      await looked({ manual: true });
      await wake();
    };
    afterEach(() => setFaultHandler(undefined));

    it('waits a minute where nobody was there to ask for anything before, and then tells', async () => {
      readiness.watch(await now());
      await lackFacts();

      expect(await again()).toMatchObject({ state: 'planned', detail: 'facts are on their way' });
      expect(await troubles.listOpen()).toEqual([]);

      readiness.watch((await now()).subtract({ minutes: 1 }));
      await wake();
      expect(await again()).toMatchObject({ state: 'held' });
      expect(await troubles.listOpen()).toMatchObject(held);
    });

    it('keeps nothing, and tells nobody, where it dies before both are there', async () => {
      await lackFacts();
      evaluate = dying();

      expect(await again()).toMatchObject({ state: 'planned', detail: 'cut off' });
      expect(await decisionsKept()).toEqual([]);
      expect(await troubles.listOpen()).toEqual([]);

      evaluate = evaluateWith({});
      await wake();
      expect(await again()).toMatchObject({ state: 'held' });
      expect(await troubles.listOpen()).toMatchObject(held);
    });

    it('leaves the trouble to be told where it dies in the moment after', async () => {
      await lackFacts();
      dieAt('evaluate.committed');

      expect(await again()).toMatchObject({ state: 'held' });
      expect(await troubles.untold()).toMatchObject(held);
    });

    it('notes whether what it waits for is tried again', async () => {
      await lackFacts();
      await again();
      expect((await troubles.listOpen()).map(isTriedAgain)).toEqual([false]);

      await beginPull();
      await test.database.query('update pull set attempts = 1');
      await wake();
      await again();
      expect((await troubles.listOpen()).map(isTriedAgain)).toEqual([true]);
    });

    it('stays held, with its trouble, where it dies before both have ended', async () => {
      await lackFacts();
      await again();
      await readEverything();
      evaluate = dying();
      await wake();

      expect(await again()).toMatchObject({ state: 'held' });
      expect(await troubles.listOpen()).toMatchObject(held);

      evaluate = evaluateWith({});
      dieAt('evaluate.committed');
      await wake();
      expect(await again()).toMatchObject({ state: 'done' });
      expect(await troubles.listOpen()).toEqual([]);
    });

    it('is not given up where it dies before the owner can hear of it', async () => {
      const nominalAt = (await lastMonday()).subtract({ hours: 7 * 24 });
      evaluate = dying();

      expect(await looked({ nominalAt })).toMatchObject({ state: 'planned' });
      expect(await troubles.listOpen()).toEqual([]);
    });
  });

  const dieAt = (name: FaultPointName): void =>
    setFaultHandler((point) => {
      if (point === name) throw new Error('cut off');
    });

  const knowOlena = async (): Promise<void> => {
    const { database } = test;
    const person = {
      id: '00000000-0000-5000-8000-000000000001',
      slug: 'olena-kovalenko',
      email: 'olena@acme.example',
    };
    const account = { system: 'clockify', externalId: 'c1' };
    await database.query(
      `insert into identity (system, external_id, data, hash, known_since) values ($1, $2, $3::jsonb, '', clock_timestamp())`,
      [account.system, account.externalId, JSON.stringify({ externalId: 'c1', active: true })],
    );
    await database.transaction((tx) =>
      new People(database).keepLinks(tx, [person], [{ ...account, personId: person.id, origin: 'email' }]),
    );
  };

  /** Every source and channel has been read, and the days have been made from it. */
  const readEverything = async (): Promise<void> => {
    const monday = await lastMonday();
    await test.database.query(
      `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, began_at, ended_at)
       select gen_random_uuid(), system, what, $1, $2, gen_random_uuid()::text, 'complete', clock_timestamp(), clock_timestamp(), clock_timestamp()
       from (values ('clockify', 'facts'), ('slack', 'people')) as read(system, what)`,
      [monday.subtract({ hours: 30 * 24 }), monday.add({ hours: 30 * 24 })],
    );
    const expected = new ExpectedDays(test.database);
    const asOf = await test.database.asOf();
    await expected.begin(asOf);
    await expected.finish({ configuration: 1, asOf });
  };

  /** A pull that has brought a part of what is needed. */
  const beginPull = async (): Promise<void> => {
    const monday = await lastMonday();
    await test.database.query(
      `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, began_at, fetched)
       values (gen_random_uuid(), 'clockify', 'facts', $1, $2, 'test', 'running', clock_timestamp(), clock_timestamp(), 1)`,
      [monday.subtract({ hours: 30 * 24 }), monday.add({ hours: 30 * 24 })],
    );
  };
});

/** Rings nobody: the spec looks by itself. */
const silent = { ring: () => Promise.resolve() } as unknown as Queues;
