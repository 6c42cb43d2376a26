import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels } from '#channels';
import { checkDocuments, loadPlugins, formatProblem, hashOf, readText } from '#documents';
import { builtInMessages } from '#domain';
import { migrateQueues, Queues } from '#queues';
import { sources } from '#sources';
import { Database, Documents, startEmbeddedPostgres, type EmbeddedPostgres } from '#storage';
import { redisServer } from './peers.ts';
import { endAll, start, type Running } from './processes.ts';
import { pause } from './measure.ts';

/** Where the queue is. */
export type Engine = 'postgres' | 'redis';

/** A database of one measure, migrated, with its queue; and what a process that works on it is started with. */
export interface World {
  readonly database: Database;
  readonly queues: Queues;
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The servers that all measures share: the embedded Postgres as the product runs it, durable, and a Redis where one is installed. */
export class Stage {
  readonly #directory: string;
  readonly #postgres: EmbeddedPostgres;
  readonly #worlds = new Set<World>();
  #redis: { readonly process: Running; readonly url: string } | undefined;
  #redisDatabases = 0;

  private constructor(directory: string, postgres: EmbeddedPostgres) {
    this.#directory = directory;
    this.#postgres = postgres;
  }

  static async set(): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
    // Started by root, Postgres runs as another user.
    await chmod(directory, 0o755);
    return new Stage(directory, await startEmbeddedPostgres({ directory: join(directory, 'postgres') }));
  }

  /** A folder that goes with the stage. */
  get directory(): string {
    return this.#directory;
  }

  /** A fresh database with the queue on the engine. Undefined where that engine is not installed. */
  async world(engine: Engine, secrets: Readonly<Record<string, string>> = {}): Promise<World | undefined> {
    const redis = engine === 'redis' ? await this.#startRedis() : undefined;
    if (engine === 'redis' && redis === undefined) return undefined;
    const name = `bench_${randomBytes(6).toString('hex')}`;
    const admin = await Database.open(this.#postgres.url, { poolSize: 1 });
    await admin.query(`create database ${name}`);
    await admin.close();
    const url = new URL(this.#postgres.url);
    url.pathname = `/${name}`;
    const database = await Database.open(url.href, { poolSize: 4, name: 'bench' });
    await database.migrate();
    const queueUrl = redis === undefined ? url.href : `${redis}/${this.#redisDatabases++}`;
    await migrateQueues(queueUrl);
    const queues = new Queues({ url: queueUrl, name: 'bench' });
    const world: World = {
      database,
      queues,
      environment: {
        DATABASE_URL: url.href,
        QUEUE_URL: queueUrl,
        ...Object.fromEntries(
          Object.entries(secrets).map(([secret, value]) => [
            `CARILLON_SECRET_${secret.toUpperCase().replaceAll('-', '_')}`,
            value,
          ]),
        ),
      },
      close: async () => {
        this.#worlds.delete(world);
        await queues.close();
        await database.close();
        const again = await Database.open(this.#postgres.url, { poolSize: 1 });
        await again.query(`drop database if exists ${name} with (force)`);
        await again.close();
      },
    };
    this.#worlds.add(world);
    return world;
  }

  /** Ends everything that was started, whatever happened. */
  async strike(): Promise<void> {
    for (const world of this.#worlds) await world.close();
    await endAll();
    await this.#postgres.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #startRedis(): Promise<string | undefined> {
    if (this.#redis) return this.#redis.url;
    const binary = redisServer();
    if (binary === undefined) return undefined;
    const port = await freePort();
    const process = start('redis-server', binary, [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', this.#directory],
      ...['--save', '', '--appendonly', 'no', '--databases', '64'],
    ]);
    await process.says(/Ready to accept connections/);
    this.#redis = { process, url: `redis://127.0.0.1:${port}` };
    return this.#redis.url;
  }
}

/** Checks and applies documents as the command line does; throws with every problem. */
export async function apply(database: Database, text: string): Promise<void> {
  const { documents, problems } = readText(text, 'bench.yaml');
  const plugins = await loadPlugins({ sources, channels }, documents);
  const checked = checkDocuments(documents, plugins, builtInMessages);
  const all = [...problems, ...checked.problems];
  if (all.length > 0 || !checked.configuration) throw new Error(all.map(formatProblem).join('\n'));
  await new Documents(database).apply(
    documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
    checked.configuration.hash,
  );
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Asks again and again until it holds; throws with `what` where it does not in time. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { withinMs = 120_000, everyMs = 20 } = {},
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(everyMs);
  }
}
