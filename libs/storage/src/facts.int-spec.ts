import fc from 'fast-check';
import { instant, type Fact } from '#domain';
import { LeaseLostError, type ClaimedPull } from './claimed-pull.js';
import { incomingPage } from './incoming-page.js';
import { PullClaims } from './pull-claims.repository.js';
import { Pulls } from './pulls.repository.js';
import { People } from './people.repository.js';
import { sumFacts, workedByDay } from './facts.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const entry = (key: string, from: string, hours: number, subject = 'u1'): Fact => ({
  kind: 'work.hours',
  key,
  subject,
  from: instant(from),
  to: instant(from).add({ milliseconds: hours * 3_600_000 }),
  amount: hours * 3_600_000,
  attributes: { billable: true, project: null },
});

const week = { from: instant('2026-10-05T00:00:00Z'), to: instant('2026-10-12T00:00:00Z') };

describe('facts in versions', () => {
  let test: TestDatabase;
  let pulls: Pulls;
  let claims: PullClaims;
  let asked = 0;

  beforeAll(async () => {
    test = await testDatabase();
    pulls = new Pulls(test.database);
    claims = new PullClaims(test.database);
  });
  afterAll(() => test.drop());

  const claimed = async (system = 'clockify'): Promise<ClaimedPull> => {
    asked += 1;
    const id = `00000000-0000-4000-8000-${String(asked).padStart(12, '0')}`;
    await pulls.want([
      {
        id,
        system,
        what: 'facts',
        window: week,
        askedBy: `test ${asked}`,
        dueAt: instant('2026-01-01T00:00:00Z'),
      },
    ]);
    const pull = await claims.claim(id, id);
    if (!pull) throw new Error('not claimed');
    return pull;
  };

  it('balances its books, closes what a complete pull no longer sees, and can be read as it was', async () => {
    const person = 'f0000000-0000-4000-8000-000000000001';
    await test.database.transaction((tx) =>
      new People(test.database).keepLinks(
        tx,
        [{ id: person, slug: 'olena', email: 'olena@acme.example' }],
        [{ system: 'clockify', externalId: 'u1', personId: person, origin: 'email' }],
      ),
    );
    const first = await claimed();
    await claims.keepPage(
      first,
      await incomingPage({
        facts: [entry('a', '2026-10-05T08:00:00Z', 2), entry('b', '2026-10-06T08:00:00Z', 3)],
        rejected: [{ kind: 'work.hours', key: 'x', why: 'has no user' }],
        cursor: '1',
      }),
    );
    const firstBooks = await claims.complete(first, ['work.hours'], 3);
    const then = await test.database.asOf();

    const second = await claimed();
    await claims.keepPage(
      second,
      await incomingPage({
        facts: [entry('b', '2026-10-06T08:00:00Z', 3.5), entry('c', '2026-10-07T08:00:00Z', 1)],
        rejected: [],
        cursor: '1',
      }),
    );
    const secondBooks = await claims.complete(second, ['work.hours'], 2);
    const now = await test.database.asOf();
    const sum = async (at: typeof now): Promise<number | undefined> =>
      (
        await sumFacts(test.database, { kind: 'work.hours' }, ['clockify'], [{ person, window: week }], at)
      ).get(person)?.sum;

    expect(firstBooks).toMatchObject({
      fetched: 3,
      new: 2,
      changed: 0,
      same: 0,
      rejected: 1,
      gone: 0,
      calls: 3,
    });
    expect(secondBooks).toMatchObject({
      fetched: 2,
      new: 1,
      changed: 1,
      same: 0,
      rejected: 0,
      gone: 1,
      calls: 2,
    });
    expect(await sum(then)).toBe(5 * 3_600_000);
    expect(await sum(now)).toBe(4.5 * 3_600_000);
  });

  it('sums the numbers that a record of a month holds, in the month in which its middle lies, whatever the zone', async () => {
    const person = 'f0000000-0000-4000-8000-000000000003';
    await test.database.transaction((tx) =>
      new People(test.database).keepLinks(
        tx,
        [{ id: person, slug: 'zhang-san', email: null }],
        [{ system: 'wecom', externalId: 'ZhangSan', personId: person, origin: 'document' }],
      ),
    );
    // The months of China, and one that was not over when it was read.
    const records = [
      ['2026-02', '2026-01-31T16:00:00Z', '2026-02-28T16:00:00Z', 1],
      ['2026-03', '2026-02-28T16:00:00Z', '2026-03-31T16:00:00Z', 4],
      ['2026-04', '2026-03-31T16:00:00Z', '2026-04-02T16:00:00Z', 16],
    ] as const;
    const pull = await claimed('wecom');
    await claims.keepPage(
      pull,
      await incomingPage({
        facts: records.map(([month, from, to, exceptionalDays]) => ({
          kind: 'attendance',
          key: `ZhangSan/${month}`,
          subject: 'ZhangSan',
          from: instant(from),
          to: instant(to),
          amount: 3600,
          attributes: { exceptionalDays, record: { base_info: { name: '张三' }, sp_items: [] } },
        })),
        rejected: [],
        cursor: '1',
      }),
    );
    const now = await test.database.asOf();
    const marchFrom = async (offset: string) => {
      const window = {
        from: instant(`2026-03-01T00:00:00${offset}`),
        to: instant(`2026-04-01T00:00:00${offset}`),
      };
      const of = { kind: 'attendance', of: 'exceptionalDays' } as const;
      return (await sumFacts(test.database, of, ['wecom'], [{ person, window }], now)).get(person);
    };

    for (const offset of ['+08:00', '+14:00', '+02:00', '-11:00'])
      expect(await marchFrom(offset)).toEqual({ sum: 4, count: 1 });
  });

  it('takes a page that comes twice as the same facts', async () => {
    const pull = await claimed();
    const page = {
      facts: [entry('d', '2026-10-08T08:00:00Z', 1), entry('d', '2026-10-08T08:00:00Z', 1)],
      rejected: [],
      cursor: '1',
    };

    await claims.keepPage(pull, await incomingPage(page));
    await claims.keepPage(pull, await incomingPage(page));
    const books = await claims.complete(pull, ['work.hours'], 2);

    expect(books).toMatchObject({ fetched: 4, new: 1, changed: 0, same: 3, rejected: 0 });
  });

  it('keeps every text as it came', async () => {
    // Postgres keeps no NUL.
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('"', '\\', '{', '}', ',', 'NULL', ' ', '登'),
          fc.string({ unit: 'binary' }),
        ),
      })
      .map((one) => one.replaceAll('\0', ''));
    const pull = await claimed('texts');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ key: text, subject: text, note: text }), {
          minLength: 1,
          maxLength: 5,
          selector: ({ key }) => key,
        }),
        async (given) => {
          await test.database.query(`delete from fact where source = 'texts'`);
          const facts = given.map(({ note, ...one }) => ({
            ...entry('', '2026-10-08T08:00:00.25Z', 1.5),
            ...one,
            attributes: { note },
          }));

          const books = await claims.keepPage(pull, await incomingPage({ facts, rejected: [], cursor: '1' }));
          const known = await test.database.query(
            `select key, subject, attributes ->> 'note' as note, starts, amount from fact where source = 'texts' order by id`,
          );

          expect(books).toMatchObject({ fetched: given.length, new: given.length });
          expect(known).toEqual(
            given.map((one) => ({
              ...one,
              starts: instant('2026-10-08T08:00:00.25Z'),
              amount: 1.5 * 3_600_000,
            })),
          );
        },
      ),
      { numRuns: 50 },
    );
    await claims.fail(pull, { reason: 'unavailable', detail: 'over', calls: 0 });
  });

  describe('of a process whose lease another one takes', () => {
    const late = () =>
      incomingPage({
        facts: [entry('late', '2026-10-08T08:00:00Z', 1)],
        rejected: [{ kind: 'work.hours', key: 'x', why: 'has no user' }],
        cursor: '1',
      });
    const taken = `update pull set lease_token = gen_random_uuid() where id = $1`;
    const left = (pull: ClaimedPull) =>
      test.database.query(
        `select key from fact where key = 'late' union all select key from rejection where pull_id = $1
         union all select cursor from pull_page where pull_id = $1 union all select 'counted' from pull where id = $1 and fetched > 0`,
        [pull.id],
      );
    const over = (pull: ClaimedPull) =>
      test.database.query(`update pull set state = 'failed' where id = $1`, [pull.id]);

    it('are refused, and nothing of them is kept', async () => {
      const pull = await claimed();
      await test.database.query(taken, [pull.id]);

      await expect(claims.keepPage(pull, await late())).rejects.toThrow('no longer ours');

      expect(await left(pull)).toEqual([]);
      await over(pull);
    });

    it('are refused where that happens while they wait for it', async () => {
      const pull = await claimed();
      const page = await late();
      const waiting = async (): Promise<boolean> => {
        const rows = await test.database.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      };

      const keeping = await test.database.transaction(async (tx) => {
        await tx.query(taken, [pull.id]);
        const outcome = claims.keepPage(pull, page).catch((error: unknown) => error);
        while (!(await waiting())) await new Promise((resolve) => setTimeout(resolve, 5));
        return { outcome };
      });

      expect(await keeping.outcome).toBeInstanceOf(LeaseLostError);
      expect(await left(pull)).toEqual([]);
      await over(pull);
    });
  });

  it('lets one pull of a system run at a time', async () => {
    const one = await claimed();
    asked += 1;
    const id = `00000000-0000-4000-8000-${String(asked).padStart(12, '0')}`;
    await pulls.want([
      {
        id,
        system: 'clockify',
        what: 'facts',
        window: week,
        askedBy: 'another',
        dueAt: instant('2026-01-01T00:00:00Z'),
      },
    ]);

    const other = await claims.claim(id, id);
    await claims.fail(one, { reason: 'unavailable', detail: 'down', calls: 0 });
    const afterwards = await claims.claim(id, id);

    expect(other).toBeUndefined();
    expect(afterwards?.id).toBe(id);
  });

  it('fixes no moment before a writer that has taken its own has committed', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let stamped: (at: unknown) => void = () => undefined;
    const stamp = new Promise((resolve) => (stamped = resolve));
    const writing = test.database.transaction(async (tx) => {
      stamped(await tx.moment());
      await gate;
    });
    await stamp;
    let fixed = false;
    const reading = test.database.asOf().then(() => (fixed = true));
    await new Promise((resolve) => setTimeout(resolve, 50));

    const before = fixed;
    release();
    await writing;
    await reading;

    expect(before).toBe(false);
    expect(fixed).toBe(true);
  });

  it('are summed by the local days of a zone, as that zone has them', async () => {
    const person = 'f0000000-0000-4000-8000-000000000002';
    await test.database.transaction((tx) =>
      new People(test.database).keepLinks(
        tx,
        [{ id: person, slug: 'max', email: null }],
        [{ system: 'clockify-us', externalId: 'u2', personId: person, origin: 'email' }],
      ),
    );
    const pull = await claimed('clockify-us');
    // Late on Sunday in New York, where it is Monday in UTC already.
    await claims.keepPage(
      pull,
      await incomingPage({
        facts: [entry('ny', '2026-10-05T02:00:00Z', 1, 'u2')],
        rejected: [],
        cursor: '1',
      }),
    );
    await claims.complete(pull, ['work.hours'], 1);
    const asOf = await test.database.asOf();
    const dates = { from: '2026-10-03', to: '2026-10-12' };
    const daysIn = async (zone: string) =>
      Object.fromEntries(
        (await workedByDay(test.database, ['clockify-us'], [{ person, dates, zone }], asOf)).get(person) ??
          [],
      );

    expect(await daysIn('America/New_York')).toEqual({ '2026-10-04': 3_600_000 });
    // Postgres alone would take this for four hours east of Greenwich.
    expect(await daysIn('-04:00')).toEqual({ '2026-10-04': 3_600_000 });
    expect(await daysIn('Asia/Seoul')).toEqual({ '2026-10-05': 3_600_000 });
  });
});
