import { CompanyReader } from '#company';
import { readText } from '#documents';
import { migrateQueues, Queues } from '#queues';
import type { Database } from '#storage';
import { Documents, Occurrences, Pulls, type NewDocument } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { AskForPulls } from './ask-for-pulls.js';

/** Two sources that are read every minute, whatever the clock says. */
const configuration = ['clockify', 'vtiger']
  .map(
    (name) =>
      `kind: Source\nname: ${name}\ntype: ${name}\nsettings: {}\nschedule: { cron: '* * * * *', timezone: UTC }\n`,
  )
  .join('---\n');

const MINUTE_MS = 60_000;

describe('sources that have CronJobs', () => {
  let test: TestDatabase;
  let queues: Queues;

  beforeEach(async () => {
    test = await testDatabase();
    await migrateQueues(test.url);
    queues = new Queues({ url: test.url });
    await new Documents(test.database).apply(
      readText(configuration, 'x.yaml').documents.map((one) => ({
        ...one,
        hash: one.name,
      })) as readonly NewDocument[],
      'hash',
    );
  });
  afterEach(async () => {
    await queues.close();
    await test.drop();
  });

  const asking = (database: Database): AskForPulls =>
    new AskForPulls(
      database,
      new CompanyReader(database),
      new Occurrences(database),
      new Pulls(database),
      queues,
    );

  /** What their own schedules asked for: of whom, and how many minutes ago it was planned. */
  const scheduled = async (): Promise<readonly { system: string; minutes: number }[]> =>
    test.database.query(
      `select system, floor(extract(epoch from clock_timestamp() - due_at) / 60)::int as minutes from pull
       where starts_with(asked_by, 'schedule ') order by system, due_at desc`,
    );

  it('are left to them for as long as was said, and then read by the collector', async () => {
    await asking(test.database).ask({ schedules: true, graceMs: 5 * MINUTE_MS });

    const asked = await scheduled();

    expect(new Set(asked.map(({ system }) => system))).toEqual(new Set(['clockify', 'vtiger']));
    expect(Math.min(...asked.map(({ minutes }) => minutes))).toBeGreaterThanOrEqual(5);
  });

  it('are read at their time by a collector that nobody shares the work with', async () => {
    await asking(test.database).ask({ schedules: true });

    // The minute may have turned since.
    expect(Math.min(...(await scheduled()).map(({ minutes }) => minutes))).toBeLessThanOrEqual(1);
  });

  it('are asked for by the CronJob of each, which leaves those of others alone, and once by both', async () => {
    await asking(test.database).ask({ schedules: true, only: 'vtiger' });
    const alone = await scheduled();
    await asking(test.database).ask({ schedules: true, graceMs: 5 * MINUTE_MS });
    const both = await scheduled();

    expect(new Set(alone.map(({ system }) => system))).toEqual(new Set(['vtiger']));
    expect(both.filter(({ system }) => system === 'vtiger').length).toBeGreaterThanOrEqual(alone.length);
    const planned = await test.database.query<{ count: number }>(
      `select count(*)::int as count from (select distinct system, due_at from pull where starts_with(asked_by, 'schedule ')) as one`,
    );
    expect(planned[0]?.count).toBe(both.length);
  });
});
