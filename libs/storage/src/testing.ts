import { randomBytes } from 'node:crypto';
import { Database } from './database.js';

/** A migrated database of one's own on the real, embedded Postgres that the test run started. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Puts the clock so far ahead of the real one from now on. Only of a database whose clock was moved when it was made. */
  moveClock(aheadMs: number): Promise<void>;
  drop(): Promise<void>;
}

const TEMPLATE = 'carillon_template';

/**
 * Makes a fresh, migrated database from a template: about 50 ms.
 * @param options.aheadMs by how much its clock is ahead of the real one (behind it, below zero), for stories that live in a certain week
 */
export async function testDatabase(options: { readonly aheadMs?: number } = {}): Promise<TestDatabase> {
  const server = process.env['CARILLON_TEST_POSTGRES'];
  if (!server)
    throw new Error(
      'CARILLON_TEST_POSTGRES is not set: run specs through jest.config.js, whose global set-up starts Postgres',
    );
  const admin = await Database.open(server, { poolSize: 1 });
  const name = `test_${randomBytes(8).toString('hex')}`;
  try {
    await admin.query('select pg_advisory_lock(4711)');
    const [found] = await admin.query(`select 1 from pg_database where datname = '${TEMPLATE}'`);
    if (!found) {
      await admin.query(`create database ${TEMPLATE}`);
      const template = await Database.open(at(server, TEMPLATE), { poolSize: 1 });
      await template.migrate();
      await template.close();
    }
    await admin.query(`create database ${name} template ${TEMPLATE}`);
  } finally {
    await admin.close();
  }
  const url = at(server, name);
  const database =
    options.aheadMs === undefined
      ? await Database.open(url)
      : // Postgres looks into its own schema first unless the path names it later: so ours is found before its.
        await Database.open(url, { searchPath: 'carillon,pg_catalog' });
  if (options.aheadMs !== undefined) await useOwnClock(database, options.aheadMs);
  return {
    url,
    database,
    async moveClock(aheadMs) {
      if (options.aheadMs === undefined) throw new Error('this database goes by the real clock');
      await putClock(database, aheadMs);
    },
    async drop() {
      await database.close();
      const again = await Database.open(server, { poolSize: 1 });
      await again.query(`drop database if exists ${name} with (force)`);
      await again.close();
    },
  };
}

const at = (server: string, name: string): string => {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
};

/** Puts a clock of this database's own in the place of Postgres', also in the defaults of columns. */
async function useOwnClock(database: Database, aheadMs: number): Promise<void> {
  await putClock(database, aheadMs);
  const columns = await database.query<{ statement: string }>(
    `select format('alter table carillon.%I alter column %I set default carillon.clock_timestamp()', table_name, column_name) as statement
     from information_schema.columns where table_schema = 'carillon' and column_default like '%clock_timestamp()%'`,
  );
  for (const { statement } of columns) await database.query(statement);
}

const putClock = (database: Database, aheadMs: number): Promise<unknown> =>
  database.query(
    `create or replace function carillon.clock_timestamp() returns timestamptz language sql volatile parallel safe
     as $$ select pg_catalog.clock_timestamp() + interval '${Math.round(aheadMs)} milliseconds' $$`,
  );
