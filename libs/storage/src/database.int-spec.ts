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
