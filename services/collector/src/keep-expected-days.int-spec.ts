import { randomUUID } from 'node:crypto';
import { CompanyReader } from '#company';
import { readText } from '#documents';
import {
  addDays,
  instant,
  localDate,
  windowOfDays,
  type DateRange,
  type Fact,
  type LocalDate,
} from '#domain';
import {
  Documents,
  ExpectedDays,
  Occurrences,
  People,
  PullClaims,
  Pulls,
  Retention,
  type NewDocument,
  incomingPage,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { KeepExpectedDays } from './keep-expected-days.js';

const olena = randomUUID();
const max = randomUUID();

describe('expected days', () => {
  let test: TestDatabase;
  let pulls: Pulls;
  let claims: PullClaims;
  let expected: ExpectedDays;
  /** A working day about a month ago. */
  let day: LocalDate;

  beforeEach(async () => {
    test = await testDatabase();
    const { database } = test;
    pulls = new Pulls(database);
    claims = new PullClaims(database);
    expected = new ExpectedDays(database);
    day = addDays(localDate(await database.now(), 'UTC'), -28);
    while ([0, 6].includes(new Date(day).getUTCDay())) day = addDays(day, 1);
    const source = readText('kind: Source\nname: clockify\ntype: clockify\nsettings: {}', 'x.yaml').documents;
    await new Documents(database).apply(
      source.map((one) => ({ ...one, hash: one.name })) as readonly NewDocument[],
      'hash',
    );
    await database.transaction((tx) =>
      new People(database).keepLinks(
        tx,
        [
          { id: olena, slug: 'olena', email: 'olena@acme.example' },
          { id: max, slug: 'max', email: 'max@acme.example' },
        ],
        [
          { system: 'clockify', externalId: 'u1', personId: olena, origin: 'email' },
          { system: 'clockify', externalId: 'u2', personId: max, origin: 'email' },
        ],
        [],
      ),
    );
    await database.query(
      `insert into identity (system, external_id, data, hash, known_since) select 'clockify', id,
         jsonb_build_object('externalId', id, 'active', true, 'zone', 'UTC', 'dailyHours', 8, 'workingDays', '["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]'::jsonb), 'h', clock_timestamp()
       from unnest(array['u1', 'u2']) as listed(id)`,
    );
  });
  afterEach(() => test.drop());

  /** As another process would. */
  const keeper = (): KeepExpectedDays =>
    new KeepExpectedDays(
      test.database,
      new CompanyReader(test.database),
      new ExpectedDays(test.database),
      new Pulls(test.database),
      new Occurrences(test.database),
      new Retention(test.database),
    );
  const pulled = (...facts: readonly Fact[]): Promise<void> =>
    read({ from: addDays(day, -7), to: addDays(day, 7) }, facts);
  const read = async (dates: DateRange, facts: readonly Fact[] = []): Promise<void> => {
    const id = randomUUID();
    const window = windowOfDays(dates, 'UTC');
    await pulls.want([
      { id, system: 'clockify', what: 'facts', window, askedBy: id, dueAt: instant('2020-01-01T00:00:00Z') },
    ]);
    const pull = await claims.claim(id, randomUUID());
    if (!pull) throw new Error('not claimed');
    await claims.keepPage(pull, await incomingPage({ facts, rejected: [], cursor: '1' }));
    await claims.complete(pull, ['leave'], 1);
  };
  const leave = (): Fact => ({
    kind: 'leave',
    key: 'leave',
    subject: 'u1',
    ...windowOfDays({ from: day, to: addDays(day, 1) }, 'UTC'),
    amount: 1,
    attributes: { firstDay: day, lastDay: day, status: 'approved', part: 'whole', hoursOff: null },
  });
  const hours = async (person = olena): Promise<number | undefined> => {
    const now = await test.database.asOf();
    return (await expected.days([person], { from: day, to: addDays(day, 1) }, now)).get(person)?.[0]?.hours;
  };
  const versions = async (): Promise<number> =>
    (await test.database.query('select 1 from expected_day')).length;

  it('reach as far back as facts were read', async () => {
    const long = addDays(localDate(await test.database.now(), 'UTC'), -300);
    const daysOn = async (): Promise<number> =>
      (await expected.days([olena], { from: long, to: addDays(long, 2) }, await test.database.asOf())).get(
        olena,
      )?.length ?? 0;
    await keeper().keep();
    const before = await daysOn();

    await read({ from: long, to: addDays(long, 2) });
    expect(await keeper().stale()).toBe(true);
    await keeper().keep();

    expect([before, await daysOn()]).toEqual([0, 2]);
  });

  it('are right whichever process has made them before', async () => {
    const [one, other] = [keeper(), keeper()];
    await one.keep();
    const before = await hours();
    await pulled(leave());
    await other.keep();
    const during = await hours();
    await pulled();
    await one.keep();

    expect([before, during, await hours()]).toEqual([8, 0, 8]);
    expect(await one.stale()).toBe(false);
  });

  it('add up the hours of several requests of one day', async () => {
    const off = (key: string, hoursOff: number): Fact => ({
      ...leave(),
      key,
      attributes: { ...leave().attributes, part: 'hours', hoursOff },
    });
    await pulled(off('dentist', 1.5), off('school', 2));

    await keeper().keep();

    expect(await hours()).toBe(4.5);
  });

  it('are right where two processes make them at once', async () => {
    await pulled(leave());

    await Promise.all([keeper().keep(), keeper().keep()]);

    expect([await hours(olena), await hours(max)]).toEqual([0, 8]);
    expect(await versions()).toBe(2 * 180);
  });

  it('are not made again by a process that has just started', async () => {
    await keeper().keep();
    const before = await versions();
    await test.database.query(`update expected_day set hash = 'as if it differed' where person_id = $1`, [
      max,
    ]);
    await pulled(leave());

    await keeper().keep();

    expect((await versions()) - before).toBe(1);
  });

  it('grow by the new days of a range that moves on', async () => {
    const keep = keeper();
    await keep.keep();
    await test.database.query('update expected_ground set first_day = first_day - 1, end_day = end_day - 1');
    await test.database.query(
      `delete from expected_day where day = (select max(end_day) from expected_ground)`,
    );
    await test.database.query(`update expected_day set hash = 'as if it differed'`);

    await keep.keep();

    expect(await versions()).toBe(2 * 180);
  });

  it('are refused of whom another with newer ground has overtaken, and not told to be made', async () => {
    const [older, newer] = [await test.database.asOf(), await test.database.asOf()];
    await expected.begin(older);
    await expected.begin(newer);
    const days = { person: olena, ground: 'x', dates: { from: day, to: day }, days: [] };

    expect(await expected.keep(older, [days])).toBe(false);
    expect(await expected.finish({ configuration: 1, asOf: older })).toBe(false);
    expect(await expected.begin(older)).toBe(false);
    expect(await expected.keep(newer, [days])).toBe(true);
    expect(await expected.finish({ configuration: 1, asOf: newer })).toBe(true);
  });

  it('are finished by the next where one process has died in the middle', async () => {
    const asOf = await test.database.asOf();
    await expected.begin(asOf);
    await expected.keep(asOf, [{ person: max, ground: 'x', dates: { from: day, to: day }, days: [] }]);
    const unfinished = await expected.madeFrom(await test.database.asOf());

    await keeper().keep();

    expect(unfinished).toBeUndefined();
    expect([await hours(olena), await hours(max)]).toEqual([8, 8]);
    expect(await expected.madeFrom(await test.database.asOf())).toMatchObject({ configuration: 1 });
  });

  it('wake what was said on what they were before', async () => {
    const occurrences = new Occurrences(test.database);
    const id = randomUUID();
    const at = instant(`${addDays(day, 7)}T09:00:00Z`);
    await occurrences.plan([
      {
        id,
        subscription: 'weekly-hours',
        zone: 'UTC',
        calendar: '',
        nominalAt: at,
        dueAt: at,
        untilAt: at,
        manual: false,
      },
    ]);
    await keeper().keep();
    await test.database.query(`update occurrence set state = 'done', wake_at = null, decided_as_of = due_at`);
    await keeper().keep();
    const same = await occurrences.get(id);
    await pulled(leave());
    await keeper().keep();

    expect(same?.wake_at).toBeNull();
    expect((await occurrences.get(id))?.wake_at).not.toBeNull();
  });

  it('are known to have been made weeks ago, for decisions that go back so far', async () => {
    const then = (await test.database.now()).subtract({ hours: 24 * 30 });
    await test.database.query(
      'insert into expected_run (known_since, configuration, as_of) values ($1, 1, $1)',
      [then],
    );

    await keeper().keep();

    expect(await expected.madeFrom(then)).toMatchObject({ configuration: 1, asOf: then });
  });
});
