import { randomUUID } from 'node:crypto';
import { CompanyReader } from '#company';
import { hashOf, readText } from '#documents';
import { instant, occurrenceId, personId, type Fact, type FactAttributes } from '#domain';
import { forwardFaultPointNames, setFaultHandler } from '#runtime';
import type { Queues } from '#queues';
import {
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Forwards,
  Occurrences,
  People,
  PullClaims,
  Pulls,
  Troubles,
  type Delivery,
  type Occurrence,
  incomingPage,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Evaluate } from '../evaluate.js';
import { Evaluator } from '../evaluator.js';
import { KeepConclusions } from '../keep-conclusions.js';
import { Readiness } from '../readiness.js';
import { Say } from '../say.js';
import { LookForward } from './look-forward.js';

const documents = `
kind: Source
name: clockify
type: clockify
owner: source@acme.example
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: { secret: key } }
---
kind: Channel
name: tables
type: jiandaoyun
audience: managers
settings: { apiKey: { secret: key } }
---
kind: Forward
name: hours-table
owner: table@acme.example
source: clockify
facts: work.hours
over: lastMonth
schedule: { cron: '0 6 1-3 * *', timezone: Asia/Shanghai }
to: { channel: tables, app: 659f0c1de2b7d41a90f10001, form: 659f0c1de2b7d41a90f10002 }
key: [ext_key]
required: [mail, hours]
fields:
  ext_key: '{{fact.key}}'
  name: '{{person.name}}'
  mail: '{{person.email}}'
  month: '{{window.month}}'
  hours: { from: '{{fact.amount}}', as: hours, of: milliseconds }
  day: { from: '{{fact.from}}', as: date }
  note: '{{note}}'
example: { note: meeting }
`;

const march = { from: instant('2025-02-28T16:00:00Z'), to: instant('2025-03-31T16:00:00Z') };
/** 06:00 of the first of April in Shanghai. */
const nominal = instant('2025-03-31T22:00:00Z');

describe('a run of a forward', () => {
  let test: TestDatabase;
  let evaluate: Evaluate;
  let occurrences: Occurrences;
  let pulls: Pulls;
  let claims: PullClaims;
  let forwards: Forwards;
  let troubles: Troubles;

  beforeEach(async () => {
    test = await testDatabase();
    const { database } = test;
    const expectedDays = new ExpectedDays(database);
    [occurrences, pulls, forwards] = [new Occurrences(database), new Pulls(database), new Forwards(database)];
    claims = new PullClaims(database);
    troubles = new Troubles(database);
    const [companies, decisions] = [new CompanyReader(database), new Decisions(database)];
    const readiness = new Readiness(pulls);
    evaluate = new Evaluate(
      database,
      companies,
      new Evaluator(database, expectedDays, pulls),
      new Say(database, expectedDays),
      new KeepConclusions(database, occurrences, decisions, new Deliveries(database), troubles),
      occurrences,
      decisions,
      expectedDays,
      pulls,
      troubles,
      { ring: () => Promise.resolve() } as unknown as Queues,
      readiness,
      new LookForward(database, companies, forwards, occurrences, pulls, troubles, readiness),
    );
    await new Documents(database).apply(
      readText(documents, 'spec.yaml').documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: hashOf(one),
      })),
      'spec',
    );
    await know('olena', 'Olena Kovalenko');
    await know('zhang', '张三');
  });
  afterEach(() => test.drop());

  /** Somebody whom Clockify knows. */
  const know = async (id: string, name: string): Promise<void> => {
    const email = `${id}@acme.example`;
    await test.database.query(
      `insert into identity (system, external_id, data, hash, known_since) values ('clockify', $1, $2::jsonb, $1, clock_timestamp())`,
      [id, JSON.stringify({ externalId: id, email, name, active: true })],
    );
    await test.database.transaction((tx) =>
      new People(test.database).keepLinks(
        tx,
        [{ id: personId({ email }), slug: id, email }],
        [{ system: 'clockify', externalId: id, personId: personId({ email }), origin: 'email' }],
      ),
    );
  };

  const entry = (key: string, hours: number, subject = 'olena', attributes: FactAttributes = {}): Fact => ({
    kind: 'work.hours',
    key,
    subject,
    from: instant('2025-03-02T01:00:00Z'),
    to: instant('2025-03-02T01:00:00Z').add({ milliseconds: hours * 3_600_000 }),
    amount: hours * 3_600_000,
    attributes,
  });

  /** A complete read of the month, which had these entries and could not read those. */
  const read = async (facts: readonly Fact[], unreadable: readonly string[] = []): Promise<void> => {
    const id = randomUUID();
    const dueAt = (await test.database.now()).subtract({ seconds: 1 });
    await pulls.want([{ id, system: 'clockify', what: 'facts', window: march, askedBy: id, dueAt }]);
    const pull = await claims.claim(id, randomUUID());
    if (!pull) throw new Error('the pull is taken');
    const rejected = unreadable.map((key) => ({
      kind: 'work.hours' as const,
      key,
      why: 'it cannot be read',
    }));
    await claims.keepPage(pull, await incomingPage({ facts, rejected, cursor: 'end' }));
    await claims.complete(pull, ['work.hours'], 1);
  };

  const id = occurrenceId({ subscription: 'hours-table', zone: 'Asia/Shanghai', calendar: '', nominal });
  const look = async (untilAt = nominal.add({ hours: 100_000 })): Promise<Occurrence> => {
    await occurrences.plan([
      {
        id,
        subscription: 'hours-table',
        zone: 'Asia/Shanghai',
        calendar: '',
        nominalAt: nominal,
        dueAt: nominal,
        untilAt,
        manual: true,
      },
    ]);
    await test.database.query('update occurrence set wake_at = clock_timestamp()');
    await evaluate.run(id);
    const found = await occurrences.get(id);
    if (!found) throw new Error('the occurrence is gone');
    return found;
  };
  /** Nobody asks for a pull in the time that they would have had. */
  const anHourLater = (): Promise<unknown> =>
    test.database.query(`update occurrence set created_at = created_at - interval '1 hour'`);
  const deliveries = (): Promise<readonly Delivery[]> => new Deliveries(test.database).ofOccurrence(id);
  /** As the notifier notes it. */
  const arrive = (): Promise<unknown> =>
    test.database.query(
      `update delivery set state = 'sent', sent_revision = revision, receipt = '{"id":"r","address":{"id":"a"}}'`,
    );

  it.each(forwardFaultPointNames)('makes each row once where its process is killed at %s', async (point) => {
    await read([entry('e1', 7.5, 'zhang'), entry('e2', 1)]);
    const died = new Promise<void>((resolve) => {
      setFaultHandler((reached) => {
        if (reached !== point) return;
        resolve();
        // Nothing goes on from there.
        return new Promise<never>(() => undefined);
      });
    });
    await Promise.race([
      died,
      look().then(() => {
        throw new Error(`${point} was never reached`);
      }),
    ]);
    setFaultHandler(undefined);
    await test.database.query(`update occurrence set lease_until = clock_timestamp() - interval '1 second'`);

    expect(await look()).toMatchObject({ state: 'done', wake_at: null });
    // A second look finds the rows that the first has made.
    expect((await deliveries()).map(({ revision }) => revision)).toEqual([1, 1]);
  });

  it('makes a row of each record, joined with what the directory knows', async () => {
    await read([entry('e1', 7.5, 'zhang', { note: '会议' }), entry('e2', 1)]);

    expect(await look()).toMatchObject({ state: 'done', wake_at: null });
    const made = await deliveries();
    expect(made).toHaveLength(2);
    expect(made.map(({ message }) => ('rows' in message ? message.rows[0] : undefined))).toContainEqual({
      key: 'e1',
      by: ['ext_key'],
      values: {
        ext_key: { as: 'text', value: 'e1' },
        name: { as: 'text', value: '张三' },
        mail: { as: 'text', value: 'zhang@acme.example' },
        month: { as: 'text', value: '2025-03' },
        hours: { as: 'number', value: 7.5 },
        day: { as: 'date', value: '2025-03-02T01:00:00.000Z' },
        note: { as: 'text', value: '会议' },
      },
    });
    expect(new Set(made.map(({ destination }) => destination)).size).toBe(2);
    expect(await forwards.newestOf(id)).toMatchObject({ read: 2, created: 2, rejected: 0 });
  });

  it('is the same when it is looked at again, and keeps no second book', async () => {
    await read([entry('e1', 8)]);
    await look();
    await arrive();

    await look();

    expect(await test.database.query('select 1 from forward_run')).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ state: 'sent', revision: 1 }]);
  });

  it('changes what was corrected in the source, adds what is new, and says what has vanished', async () => {
    await read([entry('e1', 8), entry('e2', 8), entry('e3', 8)]);
    await look();
    await arrive();
    await read([entry('e1', 8), entry('e2', 6), entry('e4', 8)]);

    await look();

    expect(await forwards.newestOf(id)).toMatchObject({
      read: 3,
      created: 1,
      updated: 1,
      unchanged: 1,
      rejected: 0,
      vanished: 1,
    });
    const states = (await deliveries()).map(({ state, revision }) => `${state} ${revision}`);
    expect(states.toSorted()).toEqual(['pending 1', 'pending 2', 'sent 1', 'sent 1']);
    expect(await troubles.listOpen()).toMatchObject([
      {
        kind: 'occurrence',
        owner: 'table@acme.example',
        detail: {
          reason: 'rows',
          detail: expect.stringContaining('1 rows of 2025-03 are in the table') as unknown,
        },
      },
    ]);
  });

  it('lists what it cannot write with its reason, tells the owner, and writes the rest', async () => {
    await read([entry('e1', 8), entry('e2', 8, 'a stranger')], ['e9']);

    expect(await look()).toMatchObject({ state: 'done' });

    const run = await forwards.newestOf(id);
    expect(run).toMatchObject({ read: 3, created: 1, rejected: 2 });
    expect(run && (await forwards.settled(run)).rejected).toEqual([
      { factKey: 'e2', key: null, why: '`mail`: `person` is missing', deliveryId: null },
      { factKey: 'e9', key: null, why: 'it cannot be read', deliveryId: null },
    ]);
    const [trouble] = await troubles.listOpen();
    expect(trouble?.detail['detail']).toContain('2 of 3 records of 2025-03 are not written');
    expect(trouble?.detail['detail']).toContain('e2: `mail`: `person` is missing');

    await read([entry('e1', 8), entry('e9', 8)]);
    await look();
    expect(await troubles.listOpen()).toEqual([]);
  });

  it('keeps a row out of the way that could be read before and cannot be now: it has not vanished', async () => {
    await read([entry('e1', 8), entry('e2', 8)]);
    await look();
    await arrive();
    await read([entry('e1', 8)], ['e2']);

    await look();

    expect(await forwards.newestOf(id)).toMatchObject({ read: 2, unchanged: 1, rejected: 1, vanished: 0 });
  });

  it('waits while the month was not read as a whole, and its source’s owner hears of it', async () => {
    await look();
    await anHourLater();

    expect(await look()).toMatchObject({ state: 'held', decided_as_of: null });
    expect(await troubles.listOpen()).toMatchObject([{ kind: 'incomplete', owner: 'source@acme.example' }]);
    expect(await deliveries()).toEqual([]);
  });

  it('fails where its time is over, with nothing written, and its own owner hears of it', async () => {
    await look();

    await test.database.query(`update occurrence set until_at = clock_timestamp() - interval '1 second'`);
    await test.database.query('update occurrence set wake_at = clock_timestamp()');
    await evaluate.run(id);

    expect(await occurrences.get(id)).toMatchObject({ state: 'failed' });
    expect(await troubles.listOpen()).toMatchObject([
      { kind: 'occurrence', owner: 'table@acme.example', detail: { reason: 'failed' } },
    ]);
  });

  it('of a month without any record writes nothing, and asks the owner whether that can be', async () => {
    await read([]);

    expect(await look()).toMatchObject({ state: 'done' });
    expect(await forwards.newestOf(id)).toMatchObject({ read: 0 });
    const [trouble] = await troubles.listOpen();
    expect(trouble?.detail['detail']).toBe(
      'clockify has no records of 2025-03: look there whether that can be',
    );
  });

  it('is not corrected any more once a later run has found the same month', async () => {
    await read([entry('e1', 8)]);
    await look();
    await arrive();
    await test.database.query(
      `insert into occurrence (id, subscription, zone, nominal_at, due_at, until_at, state) values ($1, 'hours-table', 'Asia/Shanghai', $2, $2, $2, 'done')`,
      [randomUUID(), nominal.add({ hours: 24 })],
    );
    await test.database.query(
      `insert into forward_run select gen_random_uuid(), forward, (select id from occurrence where id <> $1), as_of, period_from, period_to, read, created, updated, unchanged, rejected, vanished from forward_run`,
      [id],
    );
    await read([entry('e1', 4)]);

    await look();

    expect(await deliveries()).toMatchObject([{ state: 'sent', revision: 1 }]);
  });
});
