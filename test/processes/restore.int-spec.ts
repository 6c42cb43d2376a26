import { PostgresServer } from '../faults/postgres.js';
import { justPast } from './just-past.js';
import { comeDue, planHeldBack, shownBy, subscriptionNamed } from './planned.js';
import { Processes, until, type ProductProcess } from './processes.js';
import { Story } from './story.js';

const afterwards = ['said-after-it'];

/** The procedure of docs/operating.md, with a server of its own. */
describe('a base backup of Postgres', () => {
  const processes = new Processes();
  const usual = process.env['CARILLON_TEST_POSTGRES'];
  let server: PostgresServer;
  let story: Story;
  let replica: ProductProcess;

  const start = async (): Promise<ProductProcess> => {
    const up = processes.carillon(['up'], { environment: { PORT: '0', ...story.environment } });
    await until('it is up', () => (up.stdout + up.stderr).includes('Up, with its schedules'));
    return up;
  };
  const holds = (what: string, condition: () => Promise<boolean> | boolean): Promise<void> =>
    until(what, condition, 60_000).catch((error: unknown) => {
      throw new Error(processes.logOf(story.environment), { cause: error });
    });
  const query = <Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]> =>
    story.test.database.query<Row>(text, parameters);

  beforeAll(async () => {
    server = await PostgresServer.start();
    process.env['CARILLON_TEST_POSTGRES'] = server.url('postgres');
    const { at, schedule } = justPast();
    story = await Story.begin({ at, schedule });
    await story.appliedEarlier(8);
    await story.apply(story.documents(...afterwards.map((name) => subscriptionNamed(name, schedule))));
    await planHeldBack(story, afterwards, at);
    replica = await start();
    await holds('the first run has spoken', () => shownBy(story, 'hours').flat().length === 2);
  });
  afterAll(async () => {
    process.env['CARILLON_TEST_POSTGRES'] = usual;
    await processes.endAll();
    await story?.end().catch(() => undefined);
    server?.destroy();
  });

  it('has everything: one database, two schemas, and nothing beside the tables', async () => {
    const [found] = await query<Record<string, number>>(
      `select (select count(*) from pg_extension where extname <> 'plpgsql') as extensions,
         (select count(*) from pg_largeobject_metadata) as large_objects,
         (select count(*) from pg_class where relpersistence = 'u') as unlogged_tables,
         (select count(*) from pg_namespace where nspname not in ('carillon', 'bullmq', 'public', 'information_schema') and nspname !~ '^pg_') as other_schemas`,
    );

    expect(found).toEqual({ extensions: 0, large_objects: 0, unlogged_tables: 0, other_schemas: 0 });
  });

  it('is restored, told of, and nothing that was said since is said again', async () => {
    const backup = await server.backUp();
    await comeDue(story, afterwards);
    await holds('more is said', () => afterwards.every((name) => shownBy(story, name).flat().length === 2));
    const [run] = await query<{ due_at: string }>(
      `select due_at::text from occurrence where subscription = any($1)`,
      [afterwards],
    );
    const shown = story.shown();

    await replica.stop();
    await server.restore(backup);
    const told = processes.carillon(['migrate', '--after-restore'], { environment: story.environment });
    expect(await told.exited).toEqual({ code: 0, signal: null });
    // As it was planned; only here it was held back.
    await holds('Postgres is back', () =>
      query(`update occurrence set due_at = $2, wake_at = $2 where subscription = any($1)`, [
        afterwards,
        run?.due_at,
      ]).then(
        () => true,
        () => false,
      ),
    );
    replica = await start();
    await holds('the run is decided again', async () => {
      const rows = await query(
        `select 1 from occurrence join delivery on delivery.occurrence_id = occurrence.id
         where occurrence.subscription = any($1) and delivery.state = 'sent'`,
        [afterwards],
      );
      return rows.length === 2;
    });

    expect(story.shown()).toEqual(shown);
  });
});
