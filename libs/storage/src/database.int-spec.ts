import { testDatabase, type TestDatabase } from './testing.js';

describe('what Postgres says', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  it.each([
    ['2026-10-12T07:00:00Z', '2026-10-12T07:00:00Z'],
    ['2026-10-12T07:00:00.5Z', '2026-10-12T07:00:00.5Z'],
    ['2026-10-12T07:00:00.000001Z', '2026-10-12T07:00:00.000001Z'],
    ['2026-10-12T09:30:00.123456+05:45', '2026-10-12T03:45:00.123456Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('of an instant is that instant, to the microsecond: %s', async (given, expected) => {
    const [row] = await test.database.query<{ at: { toString(): string } }>('select $1::timestamptz as at', [
      given,
    ]);

    expect(row?.at.toString()).toBe(expected);
  });

  it('of infinity is that there is no such instant', async () => {
    expect(
      await test.database.query(
        `select 'infinity'::timestamptz as never, '-infinity'::timestamptz as always, null::timestamptz as unknown`,
      ),
    ).toEqual([{ never: null, always: null, unknown: null }]);
  });

  it.each([
    { of: 'plain words', texts: ['a', 'b c', '', 'NULL', '{x,y}', 'Ольга'] },
    { of: 'what has to be escaped', texts: ['"', '\\', 'a","b', "it's", 'line\nline'] },
    { of: 'nothing', texts: [] },
  ])('of a list of texts is that list: $of', async ({ texts }) => {
    const [row] = await test.database.query<{ texts: string[] }>('select $1::text[] as texts', [texts]);

    expect(row?.texts).toEqual(texts);
  });
});

describe('what is run often', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  const doubled = { name: 'spec.doubled', text: 'select $1::int * 2 as twice' };

  it('is parsed once by each connection, and answers as any statement does', async () => {
    const { prepared, answers } = await test.database.transaction(async (tx) => ({
      answers: [await tx.query(doubled, [4]), await tx.query(doubled, [5])],
      prepared: await tx.query(
        `select (generic_plans + custom_plans)::int as runs from pg_prepared_statements where name = 'spec.doubled'`,
      ),
    }));

    expect(answers).toEqual([[{ twice: 8 }], [{ twice: 10 }]]);
    expect(prepared).toEqual([{ runs: 2 }]);
  });

  it('says by its code what Postgres refuses, as any statement does', async () => {
    await expect(test.database.query(doubled, ['four'])).rejects.toMatchObject({ code: '22P02' });
    expect(await test.database.query(doubled, [4])).toEqual([{ twice: 8 }]);
  });

  it('goes on where the connection was cut', async () => {
    await test.database.query(doubled, [1]);
    await test.database
      .query(`select pg_terminate_backend(pg_backend_pid())`)
      .then(undefined, () => undefined);

    // Whoever comes first may still get the connection that is gone.
    const ask = (): Promise<unknown> => test.database.query(doubled, [4]);
    expect(await ask().catch(ask)).toEqual([{ twice: 8 }]);
  });
});
