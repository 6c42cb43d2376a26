import { instant, type Fact, type TimeWindow } from '#domain';
import { LeaseLostError, type ClaimedPull } from './claimed-pull.js';
import { incomingPage, type IncomingPage } from './incoming-page.js';
import { keepPage } from './keep-page.js';
import { PullClaims } from './pull-claims.repository.js';
import { Pulls } from './pulls.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const entry = (key: string, from = '2026-10-05T08:00:00Z'): Fact => ({
  kind: 'work.hours',
  key,
  subject: 'u1',
  from: instant(from),
  to: instant(from).add({ hours: 1 }),
  amount: 3_600_000,
  attributes: { billable: true, project: null },
});

const windowOf = (from: string, to: string): TimeWindow => ({
  from: instant(`${from}T00:00:00Z`),
  to: instant(`${to}T00:00:00Z`),
});
const week = windowOf('2026-10-05', '2026-10-12');

describe('pulls of one system', () => {
  let test: TestDatabase;
  let pulls: Pulls;
  let claims: PullClaims;
  let asked = 0;
  let system = '';

  beforeAll(async () => {
    test = await testDatabase();
    pulls = new Pulls(test.database);
    claims = new PullClaims(test.database);
  });
  beforeEach(() => {
    asked += 1;
    system = `system ${asked}`;
  });
  afterAll(() => test.drop());

  const claim = async (id: string): Promise<ClaimedPull> => {
    const pull = await claims.claim(id, crypto.randomUUID());
    if (!pull) throw new Error('not claimed');
    return pull;
  };
  const begin = async (window = week): Promise<ClaimedPull> => {
    const id = crypto.randomUUID();
    const dueAt = instant('2026-01-01T00:00:00Z');
    await pulls.want([{ id, system, what: 'facts', window, askedBy: `test ${id}`, dueAt }]);
    return claim(id);
  };
  const incoming = (...keys: string[]): Promise<IncomingPage> =>
    incomingPage({ facts: keys.map((key) => entry(key)), rejected: [], cursor: keys.join() });
  const page = async (pull: ClaimedPull, ...keys: string[]) => claims.keepPage(pull, await incoming(...keys));
  const putOff = (pull: ClaimedPull) =>
    claims.retryLater(pull, {
      reason: 'unavailable',
      detail: 'down',
      delayMs: 0,
      spendsAttempt: true,
      calls: 1,
      startOver: false,
    });
  const fail = (pull: ClaimedPull) => claims.fail(pull, { reason: 'unavailable', detail: 'down', calls: 1 });
  const complete = (pull: ClaimedPull) => claims.complete(pull, ['work.hours'], 1);
  const known = async (): Promise<readonly string[]> =>
    (
      await test.database.query<{ key: string }>(
        `select key from fact where source = $1 and known_until = 'infinity' order by key`,
        [system],
      )
    ).map(({ key }) => key);
  const unfinished = async (window = week) =>
    pulls.unfinishedSince(system, window, await test.database.asOf());

  it('begin anew where a newer one was complete before them, and close nothing that it saw', async () => {
    const older = await begin();
    await page(older, 'a');
    await putOff(older);
    const newer = await begin();
    await page(newer, 'a', 'b');
    await complete(newer);

    const again = await claim(older.id);
    await page(again, 'a', 'b');
    const books = await complete(again);

    expect(again.cursor).toBeUndefined();
    expect(books).toMatchObject({ fetched: 2, same: 2, gone: 0 });
    expect(await known()).toEqual(['a', 'b']);
  });

  it('take the pull from a process that still holds it where a newer one was complete', async () => {
    const older = await begin();
    await page(older, 'a');
    await test.database.query(`update pull set lease_until = '2026-01-01' where id = $1`, [older.id]);
    await complete(await begin());

    await expect(complete(older)).rejects.toThrow(LeaseLostError);
  });

  it('close nothing that a newer one found which is not through', async () => {
    const older = await begin();
    await page(older, 'a');
    await putOff(older);
    const newer = await begin();
    await page(newer, 'b');
    await putOff(newer);

    await complete(await claim(older.id));

    expect(await known()).toEqual(['a', 'b']);
  });

  it('close what they found themselves before they had to start over', async () => {
    const pull = await begin();
    await page(pull, 'a', 'b');
    await claims.retryLater(pull, {
      reason: 'unavailable',
      detail: 'the count changed',
      delayMs: 0,
      spendsAttempt: true,
      calls: 1,
      startOver: true,
    });
    const again = await claim(pull.id);
    await page(again, 'a');
    await complete(again);

    expect(await known()).toEqual(['a']);
  });

  it('keep the last good version of a record that they cannot read', async () => {
    const first = await begin();
    await page(first, 'a', 'b');
    await complete(first);

    const second = await begin();
    await claims.keepPage(
      second,
      await incomingPage({
        facts: [entry('a')],
        rejected: [{ kind: 'work.hours', key: 'b', why: 'nonsense' }],
        cursor: '1',
      }),
    );
    const books = await complete(second);

    expect(books).toMatchObject({ fetched: 2, same: 1, rejected: 1, gone: 0 });
    expect(await known()).toEqual(['a', 'b']);
  });

  it('go on after the last page that was kept, and close nothing of the pages before', async () => {
    const pull = await begin();
    await page(pull, 'a', 'b');
    await page(pull, 'c');
    await putOff(pull);

    const again = await claim(pull.id);
    await page(again, 'd');
    const books = await complete(again);

    expect(again.cursor).toBe('c');
    expect(books).toMatchObject({ fetched: 4, new: 4, gone: 0 });
  });

  it('count as seen what a release before this one has noted of the same pull', async () => {
    const first = await begin();
    await page(first, 'a', 'b', 'c');
    await complete(first);
    const pull = await begin();
    await test.database.query(`update pull set cursor = 'half way' where id = $1`, [pull.id]);
    await test.database.query(`insert into pull_seen (pull_id, kind, key) values ($1, 'work.hours', 'a')`, [
      pull.id,
    ]);
    await putOff(pull);

    const again = await claim(pull.id);
    await page(again, 'b');
    await complete(again);

    expect(again.cursor).toBe('half way');
    expect(await known()).toEqual(['a', 'b']);
  });

  it('tell records of the same key apart by system and kind', async () => {
    const leave: Fact = { ...entry('a'), kind: 'leave', amount: 1 };
    const one = await begin();
    await claims.keepPage(one, await incomingPage({ facts: [entry('a'), leave], rejected: [], cursor: '1' }));
    const ones = await claims.complete(one, ['work.hours', 'leave'], 1);
    system = `${system}, another`;
    const other = await begin();
    await claims.keepPage(
      other,
      await incomingPage({ facts: [{ ...entry('a'), amount: 1 }], rejected: [], cursor: '1' }),
    );
    const others = await claims.complete(other, ['work.hours', 'leave'], 1);

    expect(ones).toMatchObject({ new: 2, changed: 0, gone: 0 });
    expect(others).toMatchObject({ new: 1, changed: 0, gone: 0 });
  });

  it('compare a page with the facts of its keys alone, also while Postgres does not know yet how many there are', async () => {
    const pull = await begin();
    const keys = Array.from({ length: 2_000 }, (_, index) => `${system}/${index}`);
    await page(pull, ...keys);

    const [before = 0, after = 0] = await test.database.transaction(async (tx) => {
      const rowsRead = async (): Promise<number | undefined> => {
        const [row] = await tx.query<{ rows: number }>(
          `select seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = 'fact'`,
        );
        return row?.rows;
      };
      const earlier = await rowsRead();
      await keepPage(tx, pull, await incoming(...keys.slice(0, 100)));
      return [earlier, await rowsRead()];
    });

    expect(after - before).toBe(100);
  });

  describe('leave something unfinished', () => {
    it('while one is put off, until a newer one has read it', async () => {
      const older = await begin();
      await page(older, 'a');
      await putOff(older);
      const during = await unfinished();
      await complete(await begin());

      expect(during).toBeDefined();
      expect(await unfinished()).toBeUndefined();
    });

    it('where the newer one has read another part only', async () => {
      const older = await begin(windowOf('2026-09-01', '2026-10-12'));
      await page(older, 'a');
      await putOff(older);
      await complete(await begin());

      expect(await unfinished()).toBeUndefined();
      expect(await unfinished(windowOf('2026-09-28', '2026-10-05'))).toBeDefined();
    });

    it('after one has failed, until one that began later covers what both it and the question are about', async () => {
      const failed = await begin(windowOf('2026-10-01', '2026-10-10'));
      await page(failed, 'a');
      await fail(failed);
      const before = await unfinished();
      await complete(await begin(windowOf('2026-10-04', '2026-10-12')));

      expect(before).toBeDefined();
      expect(await unfinished()).toBeUndefined();
    });

    it('for whoever reads by a moment before the end of one that had begun', async () => {
      const pull = await begin();
      await page(pull, 'a');
      const now = await test.database.asOf();
      const books = await complete(pull);

      expect(await pulls.unfinishedSince(system, week, now)).toEqual(books.began_at);
      expect(await unfinished()).toBeUndefined();
    });

    it('for whoever reads by a moment before the end of the one that overtook', async () => {
      const older = await begin();
      const began = (await pulls.get(older.id))?.began_at;
      await page(older, 'a');
      await putOff(older);
      const newer = await begin();
      const now = await test.database.asOf();
      await complete(newer);

      expect(await pulls.unfinishedSince(system, week, now)).toEqual(began);
    });
  });
});
