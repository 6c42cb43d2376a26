import { EventEmitter, setMaxListeners } from 'node:events';
import {
  assertSchemaCompatibility,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
  type BackendFactory,
} from 'bullmq';
import pg from 'pg';
import type { Engine, EngineOptions } from './engine.js';
import { within } from './within.js';

/** BullMQ looks for its tables there when it is handed a pool. */
const schema = 'bullmq';

/** Creates or upgrades BullMQ's own schema. Run with the product's migrations, never by a service at its start. Safe to run twice, or at once. */
export async function migratePostgresQueues(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}

/**
 * One pool and one listening connection for all queues of the process: `NOTIFY bullmq_jobs` carries the name of the queue, so a hundred
 * workers can wait on one connection. (BullMQ's own factory takes a pool and a listener per queue; a replica would need hundreds.)
 * A transaction-pooling proxy cannot stand between, because `LISTEN` needs a session of its own.
 */
export function openPostgresEngine(options: EngineOptions): Engine {
  const pool = new pg.Pool({
    ...connectionOf(options.url),
    application_name: options.name,
    max: options.poolSize + 1,
    connectionTimeoutMillis: 2000,
    query_timeout: 30_000,
    keepAlive: true,
  });
  const translated = tolerant(pool);
  const connection = new SharedConnection(translated);
  let closing = false;
  connection.on('error', (error) => {
    // Connections that are being ended may lose to a server that ends as well.
    if (!closing) options.onError(error);
  });
  const waiting = new Set<PostgresQueueBackend>();
  // A listener that broke takes its subscriptions along: every waiting worker wakes, looks, and subscribes on the next one.
  connection.on('listenerinvalidated', () => {
    for (const backend of waiting) {
      void backend.disconnectBlocking();
      void backend.reconnectBlocking();
    }
  });
  const backend: BackendFactory = (queue, queueOptions, { withBlockingConnection } = {}) => {
    const made = new PostgresQueueBackend(
      connection,
      queue,
      { ...queueOptions, connection: translated },
      false,
    );
    if (withBlockingConnection === true) {
      waiting.add(made);
      const close = made.close.bind(made);
      made.close = async () => {
        waiting.delete(made);
        await close();
      };
    }
    return made;
  };
  const connecting = { backend, prefix: () => schema };
  return {
    system: 'postgres',
    ringing: connecting,
    working: connecting,
    ping: (withinMs) =>
      within(withinMs, async () => {
        await connection.waitUntilReady();
        await pool.query('select 1');
      }),
    async close() {
      closing = true;
      const gone = allGone(pool);
      await connection.close();
      await pool.end();
      await gone;
    },
  };
}

class SharedConnection extends PostgresConnection {
  #ready: Promise<void> | undefined;

  /** BullMQ remembers the first answer, also a refusal; a process that starts before its database would then never work. */
  override waitUntilReady(): Promise<void> {
    this.#ready ??= assertSchemaCompatibility(this.pool, schema).then(
      () => undefined,
      (error: unknown) => {
        this.#ready = undefined;
        throw error;
      },
    );
    return this.#ready;
  }

  override async getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    const client = await super.getListenClient();
    if (client instanceof EventEmitter && !inSequence.has(client)) {
      inSequence.add(client);
      setMaxListeners(0, client);
      oneAfterAnother(client);
    }
    return client;
  }

  /** An idle worker looks by itself after 10 s at the latest, instead of an hour: should a notification be lost, little time is. */
  override get hasListenClientKeepAlive(): boolean {
    return false;
  }
}

const inSequence = new WeakSet<object>();

/**
 * Every worker sends its own `LISTEN` on the one connection they share, without waiting for the others. pg 8 queues such queries and warns users of it, pg 9 will
 * refuse them; so they are queued here.
 */
function oneAfterAnother(client: {
  query(text: string, values?: readonly unknown[]): Promise<unknown>;
}): void {
  const query = client.query.bind(client) as (...query: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const queued = (...next: unknown[]): Promise<unknown> => {
    const result = last.then(() => query(...next));
    // One that fails does not keep the next from being asked.
    last = result.catch(() => undefined);
    return result;
  };
  Object.assign(client, { query: queued });
}

/** A pool says that it has ended before its connections have. Resolves when the server knows it of every one, or does not answer within a second. */
function allGone(pool: pg.Pool): Promise<void> {
  if (pool.totalCount === 0) return Promise.resolve();
  let left = pool.totalCount;
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 1000);
    pool.on('remove', () => {
      left -= 1;
      if (left > 0) return;
      clearTimeout(late);
      resolve();
    });
  });
}

/**
 * A ring or a job's end that a crash of the server takes back is one that a sweep makes good, or a handler that runs twice: nobody has to wait for the
 * disk. https://www.postgresql.org/docs/current/wal-async-commit.html
 */
const withoutWaiting = '-c synchronous_commit=off';

function connectionOf(url: string): pg.PoolConfig {
  const parsed = new URL(url);
  // A parameter of the URL would win over the pool's own `options`, so the two are joined.
  const given = parsed.searchParams.get('options');
  parsed.searchParams.delete('options');
  const ours = `${withoutWaiting} -c search_path=${schema}`;
  return { connectionString: parsed.href, options: given === null ? ours : `${given} ${ours}` };
}

/** A server that is going down, coming up or out of reach. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const away = /^(57P0[1235]|08\w{3}|53300|E(CONN|PIPE|HOSTUNREACH|NETUNREACH|TIMEDOUT|AI_AGAIN).*)$/;
const awayMessage = /terminated|timeout|not queryable|Client was closed/i;

/**
 * BullMQ waits and tries again where it recognises that the connection failed, and it recognises `ECONNREFUSED` alone. With any other it marks
 * a finished job as failed, or asks again without a pause. So every failure of the connection gets that code.
 */
function tolerant(pool: pg.Pool): ConstructorParameters<typeof PostgresConnection>[0] {
  const translate = (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof Error && (away.test(code) || awayMessage.test(error.message)))
      throw Object.assign(new Error('the queue’s database is away', { cause: error }), {
        code: 'ECONNREFUSED',
      });
    throw error;
  };
  return {
    query: (text: string, parameters?: readonly unknown[]) =>
      pool.query(text, parameters === undefined ? undefined : [...parameters]).catch(translate),
    connect: () => pool.connect().catch(translate),
    end: () => pool.end(),
    on(event: 'error', listener: (error: Error) => void) {
      pool.on(event, listener);
      return this;
    },
    removeAllListeners(event?: string) {
      pool.removeAllListeners(event as 'error');
      return this;
    },
  };
}
