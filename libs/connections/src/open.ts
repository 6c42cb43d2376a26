import { join } from 'node:path';
import { Queues } from '#queues';
import { createSecrets, type ProcessSettings, type Secrets } from '#settings';
import { Database, startEmbeddedPostgres } from '#storage';
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
}

/** The database lacks migrations that this build needs. Services never migrate by themselves. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
  constructor() {
    super('The database schema is older than this build: run `carillon migrate` first.');
  }
}

/** Connects to the database (the embedded one where none is named) and opens the queue. */
export async function openConnections(
  settings: ProcessSettings,
  options: OpenOptions,
): Promise<OpenConnections> {
  const embedded = settings.storage.databaseUrl
    ? undefined
    : await startEmbeddedPostgres({ directory: join(settings.storage.home, 'postgres') });
  const url = settings.storage.databaseUrl?.reveal() ?? embedded?.url ?? '';
  let database: Database | undefined;
  try {
    database = await Database.open(url, {
      name: options.name,
      ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
    });
    const opened = database;
    const queues = new Queues({ url: settings.storage.queueUrl?.reveal() ?? url, name: options.name });
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
