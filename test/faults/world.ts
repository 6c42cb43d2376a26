import { Temporal } from 'temporal-polyfill';
import pg from 'pg';
import { channels } from '#channels';
import { builtInMessages } from '#domain';
import { checkDocuments, loadPlugins, formatProblem, hashOf, readText } from '#documents';
import { migrateQueues } from '#queues';
import { sources } from '#sources';
import { Database, Documents } from '#storage';
import { startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { Company } from './company.js';
import { documentsOf } from './documents.js';
import { PostgresServer } from './postgres.js';
import { Proxy } from './proxy.js';
import { Replica, type ServiceName } from './replicas.js';
import { hastened } from './rewrites.js';
import { plantedBug } from './plants.js';
import { Vendors } from './vendors.js';

export type QueueKind = 'postgres' | 'redis';

export interface WorldOptions {
  readonly queue: QueueKind;
  /** How many of each service; `one process` has the three in each. */
  readonly replicas: number;
  readonly shape: 'three services' | 'one process';
  readonly plant?: string | undefined;
  /** In the place of one of the world's own, which ends with it. */
  readonly postgres?: PostgresServer | undefined;
}

/** Noon of the Monday before the world's first one. The clocks of both zones change within the fortnight after it, and again some twenty weeks later. */
const BEGIN = Temporal.Instant.from('2026-10-12T12:00:00Z');
/** Where replicas think that they are. */
const machineZones = ['Europe/Kyiv', 'America/New_York', 'UTC'] as const;
const services = { 'three services': ['collector', 'rules', 'notifier'], 'one process': ['all'] } as const;
/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const DEADLOCK = '40P01';
let databases = 0;

/** Postgres' time, and that of the vendors and of every process that is left alone: so far ahead of this machine's. */
interface Clock {
  aheadMs: number;
}

/** Postgres, the queue, the vendors and the product's processes: everything that a run breaks and puts right. */
export class World {
  readonly options: WorldOptions;
  readonly postgres: PostgresServer;
  readonly company: Company;
  readonly vendors: Vendors;
  readonly toPostgres: Proxy;
  readonly redis: { readonly engine: TestEngine; readonly proxy: Proxy } | undefined;
  /** By how much the clocks of processes are wrong from the next move of time on, in ms. */
  wrongMs = 0;
  readonly #clock: Clock;
  readonly #database: string;
  #replicas: Replica[] = [];
  #pool: pg.Pool;
  #started = 0;
  #away = 0;
  #wrongNowMs = 0;
  /** However the harness ends. */
  readonly #onExit = (): void => this.destroy();

  private constructor(
    options: WorldOptions,
    clock: Clock,
    database: string,
    parts: Pick<World, 'postgres' | 'company' | 'vendors' | 'toPostgres' | 'redis'>,
  ) {
    this.options = options;
    this.#clock = clock;
    this.#database = database;
    this.postgres = parts.postgres;
    this.company = parts.company;
    this.vendors = parts.vendors;
    this.toPostgres = parts.toPostgres;
    this.redis = parts.redis;
    this.#pool = this.#open();
  }

  /** Everything up, the documents applied, every replica ready. */
  static async begin(options: WorldOptions): Promise<World> {
    const clock: Clock = { aheadMs: BEGIN.epochMilliseconds - Date.now() };
    const company = new Company(() => new Date(Date.now() + clock.aheadMs));
    const postgres = options.postgres ?? (await PostgresServer.start());
    const engine = options.queue === 'redis' ? await startTestRedis() : undefined;
    const [vendors, toPostgres, proxy] = await Promise.all([
      Vendors.listen(company),
      Proxy.to(postgres.port),
      engine && Proxy.to(Number(new URL(engine.url).port)),
    ]);
    databases += 1;
    const world = new World(options, clock, `world_${databases}`, {
      postgres,
      company,
      vendors,
      toPostgres,
      redis: engine && proxy && { engine, proxy },
    });
    process.once('exit', world.#onExit);
    try {
      await world.#prepare();
      await world.startMissing();
      await world.#checkRewrites();
    } catch (error) {
      world.destroy();
      throw error;
    }
    return world;
  }

  async #prepare(): Promise<void> {
    const admin = new pg.Client({ connectionString: this.postgres.url('postgres') });
    await admin.connect();
    await admin.query(`create database ${this.#database}`);
    await admin.end();
    const url = this.postgres.url(this.#database);
    // Postgres looks into its own schema first unless the path names it later: so our clock is found before its.
    const database = await Database.open(url, { poolSize: 2, searchPath: 'carillon,pg_catalog' });
    try {
      await database.migrate();
      await migrateQueues(this.#queueUrl ?? url);
      await this.#setClock();
      for (const { statement } of await database.query<{ statement: string }>(
        `select format('alter table carillon.%I alter column %I set default carillon.clock_timestamp()', table_name, column_name) as statement
         from information_schema.columns where table_schema = 'carillon' and column_default like '%clock_timestamp()%'`,
      ))
        await database.query(statement);
      await this.#apply(database);
    } finally {
      await database.close();
    }
  }

  async #apply(database: Database): Promise<void> {
    const { documents, problems } = readText(documentsOf(this.company, this.vendors), 'faults.yaml');
    const plugins = await loadPlugins({ sources, channels }, documents);
    const checked = checkDocuments(documents, plugins, builtInMessages);
    const all = [...problems, ...checked.problems];
    if (all.length > 0 || !checked.configuration) throw new Error(all.map(formatProblem).join('\n'));
    await new Documents(database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      checked.configuration.hash,
    );
  }

  /** What every process of the product is started with. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.postgres.url(this.#database, this.toPostgres.port),
      ...(this.#queueUrl === undefined ? {} : { QUEUE_URL: this.#queueUrl }),
      CARILLON_SECRET_CLOCKIFY_API_KEY: this.company.key,
      CARILLON_SECRET_SLACK_BOT_TOKEN: this.company.slack.token,
      CARILLON_SECRET_SIGNING_KEY: this.company.webhook.secret,
    };
  }

  get #queueUrl(): string | undefined {
    return this.redis && `redis://127.0.0.1:${this.redis.proxy.port}/`;
  }

  /** Those that live. */
  get replicas(): readonly Replica[] {
    return this.#replicas.filter(({ hasEnded }) => !hasEnded);
  }

  get services(): readonly ServiceName[] {
    return services[this.options.shape];
  }

  /** Starts as many replicas as there should be, and waits until all are ready. Whoever is told of one may give it orders before it has begun. */
  async startMissing(onStart?: (replica: Replica) => void): Promise<void> {
    for (const service of this.services) {
      const alive = this.replicas.filter((one) => one.service === service).length;
      for (let missing = this.options.replicas - alive; missing > 0; missing -= 1) {
        this.#started += 1;
        const replica = Replica.start(service, {
          environment: this.environment,
          aheadMs: this.#clock.aheadMs + this.#wrongNowMs,
          zone: machineZones[this.#started % machineZones.length] ?? 'UTC',
          plant: this.options.plant,
        });
        this.#replicas.push(replica);
        onStart?.(replica);
      }
    }
    await Promise.all(this.replicas.map((replica) => replica.ready()));
  }

  /** Those that have ended since this was last asked. */
  takeDead(): readonly Replica[] {
    const dead = this.#replicas.filter(({ hasEnded }) => hasEnded);
    this.#replicas = [...this.replicas];
    return dead;
  }

  /** Has the command line do something, and waits for its end; throws with its log where it fails. */
  async carillon(...words: readonly string[]): Promise<void> {
    const process = Replica.start('carillon', {
      environment: this.environment,
      aheadMs: this.#clock.aheadMs,
      zone: 'UTC',
      plant: this.options.plant,
      words,
    });
    const { code } = await process.exited;
    if (code !== 0)
      throw new Error(`carillon ${words.join(' ')} ended with ${String(code)}:\n${process.log}`);
  }

  /** A process that was to be rewritten and was not would prove nothing. */
  async #checkRewrites(): Promise<void> {
    const done = new Set((await Promise.all(this.#replicas.map((one) => one.rewritten()))).flat());
    const { plant } = this.options;
    const wanted = [...hastened, ...(plant === undefined ? [] : plantedBug(plant).rewrites)];
    const left = wanted.filter(({ file }) => !done.has(file));
    if (left.length > 0) throw new Error(`nobody loads ${left.map(({ file }) => file).join(', ')}`);
  }

  /** The world's own look at the database: by its own way, that nothing cuts. */
  async query<Row extends object>(
    text: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>(text, [...parameters]);
    return rows;
  }

  #open(): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.postgres.url(this.#database),
      max: 4,
      options: '-c search_path=carillon,pg_catalog -c timezone=UTC',
      application_name: 'faults',
    });
    pool.on('error', () => undefined);
    return pool;
  }

  /** Does something to Postgres, in which nobody can ask it anything. */
  async withoutPostgres(work: () => Promise<void>): Promise<void> {
    this.#away += 1;
    try {
      await work();
    } finally {
      await this.#pool.end().catch(() => undefined);
      this.#pool = this.#open();
      this.#away -= 1;
    }
  }

  /** Whether fewer replicas live than should. */
  get isShort(): boolean {
    return this.replicas.length < this.services.length * this.options.replicas;
  }

  get isAway(): boolean {
    return this.#away > 0;
  }

  /** Now, as Postgres and the vendors have it. */
  get now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(Date.now() + this.#clock.aheadMs);
  }

  get aheadMs(): number {
    return this.#clock.aheadMs;
  }

  /** Lets time pass until then, for everybody at once. */
  async moveTo(instant: Temporal.Instant): Promise<void> {
    this.#clock.aheadMs = instant.epochMilliseconds - Date.now();
    this.setClocks(this.wrongMs);
    this.wrongMs = 0;
    await this.#setClock();
  }

  /** Of all processes that live: right, or so much wrong. */
  setClocks(wrongMs = 0): void {
    this.#wrongNowMs = wrongMs;
    for (const replica of this.replicas)
      replica.order({ do: 'set clock', aheadMs: this.#clock.aheadMs + wrongMs });
  }

  async #setClock(): Promise<void> {
    await this.query(
      `create or replace function carillon.clock_timestamp() returns timestamptz language sql volatile parallel safe
       as $$ select pg_catalog.clock_timestamp() + interval '${Math.round(this.#clock.aheadMs)} milliseconds' $$`,
    );
  }

  /** The queue forgets everything. */
  async flush(): Promise<void> {
    if (this.redis) return this.redis.engine.flush();
    for (let tries = 1; ; tries += 1) {
      try {
        await this.query('truncate bullmq.job, bullmq.dedup, bullmq.dedup_next, bullmq.event cascade');
        return;
      } catch (error) {
        // The tables are locked one after the other, and workers may have them in another order.
        if ((error as { code?: string }).code !== DEADLOCK || tries === 5) throw error;
      }
    }
  }

  /** Everything that was started ends, at once: also from a signal's handler. */
  destroy(): void {
    process.removeListener('exit', this.#onExit);
    for (const replica of this.#replicas) void replica.kill();
    void this.#pool.end().catch(() => undefined);
    this.toPostgres.close();
    this.redis?.proxy.close();
    void this.redis?.engine.end();
    void this.vendors.close();
    if (!this.options.postgres) this.postgres.destroy();
  }

  /** As `destroy`, once every process has ended. */
  async end(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.kill()));
    await this.#pool.end().catch(() => undefined);
    await this.redis?.engine.end();
    this.destroy();
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
