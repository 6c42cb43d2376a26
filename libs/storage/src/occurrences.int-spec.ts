import { randomUUID } from 'node:crypto';
import { Occurrences } from './occurrences.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

describe('an occurrence, when a pull ends,', () => {
  let test: TestDatabase;
  let occurrences: Occurrences;
  let id: string;

  beforeEach(async () => {
    test = await testDatabase();
    occurrences = new Occurrences(test.database);
    id = randomUUID();
    const now = await test.database.now();
    await occurrences.plan([
      {
        id,
        subscription: 'weekly-hours',
        zone: 'UTC',
        calendar: '',
        nominalAt: now,
        dueAt: now,
        untilAt: now.add({ hours: 72 }),
        manual: false,
      },
    ]);
  });
  afterEach(() => test.drop());

  it.each(['planned', 'held'] as const)(
    'is looked at again at once where it was %s, and is being looked at',
    async (before) => {
      await test.database.query('update occurrence set state = $1', [before]);
      const look = await occurrences.claim(id, randomUUID());
      if (!look) throw new Error('it was not to be looked at');

      await occurrences.wakeAfterPull(undefined);
      await occurrences.settle(test.database, look, { state: 'held', wakeAt: look.until_at });

      expect(await occurrences.awake()).toEqual([id]);
    },
  );

  it('is looked at again at once where it waited for a moment', async () => {
    await test.database.query(`update occurrence set wake_at = wake_at + interval '3 seconds'`);

    await occurrences.wakeAfterPull(undefined);

    expect(await occurrences.awake()).toEqual([id]);
  });

  it.each([
    ['is corrected where a period of its own may lie in what was read', 1, true],
    ['is left alone where it looks at other days', 4, false],
  ])('%s', async (_, daysLater, isCorrected) => {
    await test.database.query(
      `update occurrence set state = 'done', wake_at = null, decided_as_of = nominal_at`,
    );
    const now = await test.database.now();
    const from = now.add({ hours: daysLater * 24 });

    const woken = await occurrences.wakeAfterPull({
      since: now.subtract({ hours: 1 }),
      subscriptions: [{ name: 'weekly-hours', reachDays: 2 }],
      window: { from, to: from.add({ hours: 24 }) },
    });

    expect(woken).toEqual(isCorrected ? [id] : []);
  });

  it('is left alone before its time', async () => {
    await test.database.query(
      `update occurrence set due_at = due_at + interval '1 hour', wake_at = wake_at + interval '1 hour'`,
    );

    await occurrences.wakeAfterPull(undefined);

    expect(await occurrences.awake()).toEqual([]);
  });
});
