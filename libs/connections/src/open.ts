import { join } from 'node:path';
import { AbsentQueueError, examineRedis, Queues } from '#queues';
import { createSecrets, type ProcessSettings, type Secrets } from '#settings';
import { Database, examinePostgres, startEmbeddedPostgres } from '#storage';
import { createLogger } from '#telemetry';
import type { Connections } from './connections.module.js';

/** What a process opened, and the way to end it: after everything that uses it has drained. */
export interface OpenConnections extends Connections {
  /** Whether Postgres is the embedded one of this machine. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Of the process, as the database's and the queue's own tools show it. */
  readonly name: string;
  /** In the place of those that the settings name. */
  readonly secrets?: Secrets;
  readonly poolSize?: number;
  /** A service may begin while the queue is away; a command, which somebody waits for, is refused instead. */
  readonly queueMayBeAway?: boolean;
}

/** The database lacks migrations that this build needs. Services never migrate by themselves. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
  constructor() {
    super('The database schema is older than this build: run `carillon migrate` first.');
  }
}

/**
 * Connects to the database (the embedded one where none is named) and opens the queue, each examined before anything is done with it.
 * Throws `UnusablePostgresError` and `UnusableQueueError`.
 */
export async function openConnections(
  settings: ProcessSettings,
  options: OpenOptions,
): Promise<OpenConnections> {
  const embedded = settings.storage.databaseUrl
    ? undefined
    : await startEmbeddedPostgres({ directory: join(settings.storage.home, 'postgres') });
  const url = settings.storage.databaseUrl?.reveal() ?? embedded?.url ?? '';
  const queueUrl = settings.storage.queueUrl?.reveal() ?? url;
  let database: Database | undefined;
  try {
    if (!embedded) await examinePostgres(url, 'DATABASE_URL');
    if (queueUrl !== url) await examineQueue(queueUrl, options.queueMayBeAway ?? false);
    database = await Database.open(url, {
      name: options.name,
      ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
    });
    const opened = database;
    const queues = new Queues({ url: queueUrl, name: options.name });
    return {
      database: opened,
      queues,
      secrets: options.secrets ?? createSecrets(settings.secrets),
      scheduleGraceMs: settings.collect.graceSeconds * 1000,
      embedded: embedded !== undefined,
      async close() {
        await queues.close();
        await opened.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await database?.close();
    await embedded?.stop();
    throw error;
  }
}

async function examineQueue(url: string, mayBeAway: boolean): Promise<void> {
  if (url.startsWith('postgres')) return examinePostgres(url, 'QUEUE_URL');
  try {
    await examineRedis(url, 'QUEUE_URL');
  } catch (error) {
    if (!mayBeAway || !(error instanceof AbsentQueueError)) throw error;
    createLogger('connections').warn('the queue is away, rows are looked for without it', { error });
  }
}
