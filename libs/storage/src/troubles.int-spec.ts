import fc from 'fast-check';
import { instant, type Instant } from '#domain';
import { testDatabase, type TestDatabase } from './testing.js';
import { Troubles, type TroubleKind } from './troubles.repository.js';

describe('troubles', () => {
  let test: TestDatabase;
  let troubles: Troubles;

  beforeAll(async () => {
    test = await testDatabase();
    troubles = new Troubles(test.database);
  });
  afterEach(() => test.database.query('truncate trouble, occurrence cascade'));
  afterAll(() => test.drop());

  const open = async (): Promise<readonly string[]> =>
    (await troubles.listOpen()).map(({ kind, about }) => `${kind} ${about}`);

  it('are told again where a source cannot be read for another reason, and only then', async () => {
    const cannotBeRead = (reason: string, detail: string): Promise<string> =>
      troubles.open({ kind: 'source', about: 'clockify', detail: { reason, detail } });
    await cannotBeRead('unavailable', 'it answered 500');
    await troubles.told(await troubles.untold());

    await cannotBeRead('unavailable', 'it answered 503');
    expect(await troubles.untold()).toEqual([]);

    await cannotBeRead('unauthorized', 'it answered 401');
    expect(await troubles.untold()).toMatchObject([{ detail: { detail: 'it answered 401' } }]);
  });

  it('of a source that was read are over, but for decisions that still wait', async () => {
    const wait = async (source: string, state: string): Promise<void> => {
      const [row] = await test.database.query<{ id: string }>(
        `insert into occurrence (id, subscription, zone, calendar, nominal_at, due_at, until_at, state, manual)
         values (gen_random_uuid(), 'weekly-hours', 'UTC', '', clock_timestamp(), clock_timestamp(), clock_timestamp(), $1, false) returning id`,
        [state],
      );
      await troubles.open({
        kind: 'incomplete',
        about: `${source} ${state}`,
        detail: { source, occurrence: row?.id ?? '' },
      });
    };
    for (const source of ['clockify', 'vtiger']) {
      await troubles.open({ kind: 'source', about: source, detail: {} });
      await wait(source, 'held');
      await wait(source, 'failed');
    }

    await troubles.closeOfSource('clockify', 'people');
    expect(await open()).not.toContain('source clockify');
    expect(await open()).toHaveLength(5);

    await troubles.closeOfSource('clockify', 'facts');
    expect(await open()).toEqual([
      'incomplete clockify held',
      'incomplete vtiger failed',
      'incomplete vtiger held',
      'source vtiger',
    ]);
  });

  it('of a source are one for as long as they follow upon one another', async () => {
    const second = (of: number): Instant => instant('2026-10-05T09:00:00Z').add({ seconds: of });
    const spell = fc.record({
      kind: fc.constantFrom<TroubleKind>('source', 'incomplete'),
      from: fc.integer({ min: 0, max: 30 }),
      lasts: fc.integer({ min: 0, max: 6 }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(spell, { maxLength: 8 }), async (spells) => {
        await test.database.query('truncate trouble');
        for (const [index, { kind, from, lasts }] of spells.entries())
          await test.database.query(
            `insert into trouble (id, kind, about, detail, opened_at, closed_at) values ($1, $2, $3, '{"source":"clockify"}', $4, $5)`,
            [idOf(index), kind, kind === 'source' ? 'clockify' : 'one', second(from), second(from + lasts)],
          );

        const since = await troubles.sourceInTroubleSince('clockify');

        for (const [index, { from }] of spells.entries()) {
          // Back to whatever still lasted, until nothing did.
          let begin = from;
          for (let moved = true; moved;) {
            const before = spells.filter((one) => one.from < begin && one.from + one.lasts >= begin);
            moved = before.length > 0;
            begin = Math.min(begin, ...before.map((one) => one.from));
          }
          expect(since.get(idOf(index))?.toString()).toBe(second(begin).toString());
        }
      }),
      { numRuns: 60 },
    );
  });
});

const idOf = (index: number): string => `00000000-0000-5000-8000-${String(index).padStart(12, '0')}`;
