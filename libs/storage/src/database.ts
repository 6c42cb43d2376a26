import { Temporal } from 'temporal-polyfill';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import type { Instant } from '#domain';
import { migrations } from './migrations/index.js';

/**
 * What is run so often that planning it would tell: each connection has Postgres parse it once, and plan it once it has seen that the values do
 * not matter. A name belongs to one text. It takes a connection that stays one session: no pooler that hands out another for each transaction.
 * https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES
 */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Something that takes SQL: the database itself, or one transaction of it. Rows come back for every kind of statement, also with `returning`. */
export interface Sql {
  query<Row>(statement: string | Prepared, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** One transaction. `moment` is the instant since which what it writes is known. */
export interface Transaction extends Sql {
  /**
   * The instant to stamp on everything versioned that this transaction writes. Readers that fix an instant with `Database.asOf` wait for the
   * transactions that took theirs before, so nothing can appear in the past of a decision.
   */
  moment(): Promise<Instant>;
}

/** Our own lock in Postgres' space of advisory locks: writers of versioned rows share it, a reader that fixes a moment takes it alone, briefly. */
const MOMENT_LOCK = 7_205_759;

/** The clock, read when the lock is held: a `case` has the order that it is written in. */
const timeUnder = (lock: string): string =>
  `case when ${lock}(${MOMENT_LOCK}) is not null then clock_timestamp() end`;

/** {@link Transaction.moment} as SQL, for a statement that is a transaction by itself. */
export const MOMENT = timeUnder('pg_advisory_xact_lock_shared');

interface Time {
  readonly now: Instant;
}

function timeOf([row]: readonly Time[]): Instant {
  if (!row) throw new Error('Postgres has no time');
  return row.now;
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.TIMESTAMPTZ]: (text) => (text.endsWith('infinity') ? null : instantOf(text)),
  [pg.types.builtins.DATE]: (text) => text,
  [pg.types.builtins.INT8]: Number,
  [pg.types.builtins.NUMERIC]: Number,
};

/** `2026-10-12 07:00:00.123456+00`: the zone of our sessions is UTC. Rows come by the thousands, and the general way takes three times as long. */
const USUAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

function instantOf(text: string): Instant {
  if (!USUAL.test(text)) return Temporal.Instant.from(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  const seconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`) / 1000;
  const microseconds = Number(text.slice(20, -3).padEnd(6, '0'));
  return Temporal.Instant.fromEpochNanoseconds(
    BigInt(seconds) * 1_000_000_000n + BigInt(microseconds) * 1_000n,
  );
}

/** Postgres, the only truth. Instants come back as `Temporal.Instant` (infinity as null), days as `YYYY-MM-DD`, counts as numbers. */
export class Database implements Sql {
  readonly #source: DataSource;

  private constructor(
    source: DataSource,
    readonly url: string,
  ) {
    this.#source = source;
  }

  /** Connects; throws pg's own error where nobody answers. */
  static async open(
    url: string,
    options: { readonly poolSize?: number; readonly name?: string; readonly searchPath?: string } = {},
  ): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      url,
      schema: 'carillon',
      poolSize: options.poolSize ?? 10,
      applicationName: options.name ?? 'carillon',
      migrations,
      migrationsTableName: 'migration',
      extra: {
        options: `-c search_path=${options.searchPath ?? 'carillon'} -c timezone=UTC`,
        types: {
          getTypeParser: (oid: number, format?: 'text') =>
            parsers[oid] ?? pg.types.getTypeParser(oid, format),
        },
      },
    });
    await source.initialize();
    return new Database(source, url);
  }

  async query<Row>(statement: string | Prepared, parameters: readonly unknown[] = []): Promise<Row[]> {
    const runner = this.#source.createQueryRunner();
    try {
      return await run<Row>(runner, statement, parameters);
    } finally {
      await runner.release();
    }
  }

  /** All of it or nothing. The callback's error passes through. */
  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const runner = this.#source.createQueryRunner();
    await runner.connect();
    try {
      await runner.startTransaction();
      try {
        const result = await work(transactionOf(runner));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // A connection that is gone cannot be rolled back, and Postgres has done it already.
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  /** An instant such that everything known up to it is committed, and nothing will be known before it that is not yet: what a decision reads by. */
  async asOf(): Promise<Instant> {
    return timeOf(await this.query<Time>(`select ${timeUnder('pg_advisory_xact_lock')} as now`));
  }

  /** Postgres' clock: leases and due times go by it. */
  async now(): Promise<Instant> {
    return timeOf(await this.query<Time>('select clock_timestamp() as now'));
  }

  /** Tells this database from every other one, also from one that is made anew in its place. */
  async identity(): Promise<string> {
    const [row] = await this.query<{ identity: string }>(
      `select server.system_identifier::text || '/' || oid as identity from pg_control_system() server, pg_database where datname = current_database()`,
    );
    if (!row) throw new Error('Postgres has no identity');
    return row.identity;
  }

  /**
   * Brings the schema up to date; returns the names of what was done. Only one process at a time does it; others wait, and find nothing left.
   */
  async migrate(): Promise<readonly string[]> {
    // A connection of its own: one that waits for its turn must not hold what the work needs.
    const turn = new pg.Client({ connectionString: this.url });
    await turn.connect();
    try {
      await turn.query(`select pg_advisory_lock(hashtext('carillon.migrate'))`);
      await this.query('create schema if not exists carillon');
      const done = await this.#source.runMigrations({ transaction: 'each' });
      return done.map((migration) => migration.name);
    } finally {
      await turn.end();
    }
  }

  /** Names of migrations that the schema lacks. */
  async pendingMigrations(): Promise<boolean> {
    const [row] = await this.query<{ found: string | null }>(
      `select to_regclass('carillon.migration')::text as found`,
    );
    return row?.found ? this.#source.showMigrations() : true;
  }

  /** Names of migrations that the schema has and this build does not know: a newer release has been here. */
  async laterMigrations(): Promise<readonly string[]> {
    const rows = await this.query<{ name: string }>('select name from carillon.migration order by id');
    const known = new Set(
      this.#source.migrations.map((migration) => migration.name ?? migration.constructor.name),
    );
    return rows.flatMap(({ name }) => (known.has(name) ? [] : [name]));
  }

  /** The server's own name for its version, such as `18.4`. */
  async serverVersion(): Promise<string> {
    const [row] = await this.query<{ server_version: string }>('show server_version');
    return row?.server_version ?? 'unknown';
  }

  async close(): Promise<void> {
    if (this.#source.isInitialized) await this.#source.destroy();
  }
}

async function run<Row>(
  runner: QueryRunner,
  statement: string | Prepared,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const values = parameters.map(parameter);
  if (typeof statement !== 'string') {
    // TypeORM hands on no name.
    const client = (await runner.connect()) as pg.PoolClient;
    return (await client.query({ ...statement, values })).rows as Row[];
  }
  const result = (await runner.query(statement, values, true)) as { records?: Row[] };
  return result.records ?? [];
}

/** Instants travel as text; everything else as pg takes it. */
const parameter = (value: unknown): unknown => {
  if (value instanceof Temporal.Instant) return value.toString();
  if (!Array.isArray(value)) return value;
  if (value.some((one) => one instanceof Temporal.Instant)) return value.map(parameter);
  return arrayOfPlainTexts(value) ?? value;
};

/** What pg makes of an array of texts, in a fifth of the time, where none of them holds what has to be escaped. Pages of facts come as columns. */
function arrayOfPlainTexts(values: readonly unknown[]): string | undefined {
  if (values.length === 0 || !values.every((one) => typeof one === 'string')) return undefined;
  return /["\\]/.test(values.join('')) ? undefined : `{"${values.join('","')}"}`;
}

function transactionOf(runner: QueryRunner): Transaction {
  let moment: Promise<Instant> | undefined;
  const query = <Row>(statement: string | Prepared, parameters: readonly unknown[] = []): Promise<Row[]> =>
    run<Row>(runner, statement, parameters);
  return {
    query,
    moment() {
      moment ??= query<Time>(`select ${MOMENT} as now`).then(timeOf);
      return moment;
    },
  };
}
