import pg from 'pg';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { justPast } from './just-past.js';
import { comeDue, planHeldBack, shownBy, subscriptionNamed } from './planned.js';
import { pause, Processes, until, type ProductProcess } from './processes.js';
import { Story } from './story.js';

/** How far apart runs come due: all the while that processes are replaced. */
const EVERY_MS = 1000;
const during = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10', 'r11', 'r12'];
const alone = ['alone1', 'alone2'];

/** Tables that every run writes. */
const busy = [
  ['delivery', 'attempt', 'destination'],
  ['occurrence'],
  ['evaluation', 'decision', 'notification'],
  ['pull', 'fact'],
  ['document', 'configuration'],
];

/** What the next release's migrations may do, as the spec of migrations allows: to everything, in transactions as migrations have them. */
async function migrateAhead(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const tables of busy) {
    const statements = tables.flatMap((table) => [
      `alter table carillon.${table} add column next_release text, add column next_count integer not null default 0`,
      `create index ${table}_next_release on carillon.${table} (next_release)`,
    ]);
    const text = [
      'begin',
      ...statements,
      `create table carillon.next_${tables[0] ?? ''} (id uuid primary key)`,
      'commit',
    ];
    // Where it and a process wait for each other Postgres ends one of them, and the Job runs again.
    for (let tries = 1; ; tries += 1) {
      try {
        await client.query(text.join(';'));
        break;
      } catch (error) {
        await client.query('rollback');
        if (tries === 5 || !(error instanceof pg.DatabaseError) || error.code !== '40P01') throw error;
      }
    }
  }
  await client.end();
}

function rolling(engine: string, open: () => Promise<TestEngine | undefined>): void {
  describe(`two replicas that are replaced while runs come due, with the queue on ${engine}`, () => {
    const processes = new Processes();
    let queue: TestEngine | undefined;
    let story: Story;
    let replicas: readonly ProductProcess[];

    const start = async (): Promise<ProductProcess> => {
      const replica = processes.carillon(['up'], { environment: { PORT: '0', ...story.environment } });
      await until('a replica is up', () =>
        (replica.stdout + replica.stderr).includes('Up, with its schedules'),
      );
      return replica;
    };
    const holds = (what: string, condition: () => Promise<boolean> | boolean): Promise<void> =>
      until(what, condition, 60_000).catch((error: unknown) => {
        throw new Error(processes.logOf(story.environment), { cause: error });
      });
    const isSaid = (subscriptions: readonly string[]) => (): boolean =>
      subscriptions.every((name) => shownBy(story, name).flat().length >= 2);
    const states = async (): Promise<unknown> =>
      story.test.database.query(
        `select 'run' as what, state, count(*) from occurrence group by state union all
         select 'delivery', state, count(*) from delivery where about = 'notification' group by state order by 1, 2`,
      );

    beforeAll(async () => {
      queue = await open();
      const { at, schedule } = justPast();
      story = await Story.begin({ at, schedule, ...(queue ? { queueUrl: queue.url } : {}) });
      await story.appliedEarlier(8);
      const all = [...during, ...alone];
      await story.apply(story.documents(...all.map((name) => subscriptionNamed(name, schedule))));
      await planHeldBack(story, all, at);
      replicas = await Promise.all([start(), start()]);
      await holds('they have begun', isSaid(['hours']));
    });
    afterAll(async () => {
      await processes.endAll();
      await story?.end();
      await queue?.end();
    });

    it('miss nothing and say nothing twice, also while the schema moves on', async () => {
      await comeDue(story, during, EVERY_MS);
      const migrating = migrateAhead(story.test.url);
      const [first, second] = replicas;

      const exits = [await first?.stop()];
      const third = await start();
      // The doorbell is away for a while, and remembers nothing.
      await queue?.stop();
      await pause(1500);
      await queue?.start();
      exits.push(await second?.stop());
      replicas = [third, await start()];
      await migrating;

      await holds('all is said', isSaid(during));
      expect(exits).toEqual([
        { code: 0, signal: null },
        { code: 0, signal: null },
      ]);
      for (const name of during)
        expect(shownBy(story, name)).toEqual([
          [expect.stringMatching(/^Nadia Petrenko: 10 of 40 h/)],
          [expect.stringMatching(/^Olena Kovalenko: 7\.5 of 40 h/)],
        ]);
    });

    it('go on as one, where the other was killed', async () => {
      const [killed] = replicas;
      await killed?.kill();

      await comeDue(story, alone);
      await holds('all is said', isSaid(alone));

      expect(alone.map((name) => shownBy(story, name).map((messages) => messages.length))).toEqual([
        [1, 1],
        [1, 1],
      ]);
      await holds('all is settled', async () => {
        const rows = await story.test.database.query(
          `select 1 from delivery where about = 'notification' and state not in ('sent', 'held')`,
        );
        return rows.length === 0;
      });
      expect(await states()).toEqual([
        { what: 'delivery', state: 'held', count: 15 },
        { what: 'delivery', state: 'sent', count: 30 },
        { what: 'run', state: 'done', count: 15 },
      ]);
    });
  });
}

rolling('Postgres', () => Promise.resolve(undefined));

if (redisServerOnPath()) rolling('Redis', () => startTestRedis());
else it.skip('replicas with the queue on Redis did not run: no redis-server on PATH', () => undefined);
