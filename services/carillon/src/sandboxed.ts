import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenConnections } from '#connections';
import { createSecrets, MemorySecrets, type ProcessSettings, type Secrets } from '#settings';
import { Documents } from '#storage';
import { Home } from './home.js';
import { UsageError } from './usage-error.js';

/** The secrets that a command resolves: those of a sandbox that is running here, else those of the user. */
export async function secretsHere(settings: ProcessSettings): Promise<Secrets> {
  const running = await Home.running(settings.storage.home);
  return running?.sandbox ? new MemorySecrets(running.sandbox.secrets) : createSecrets(settings.secrets);
}

/** Throws `UsageError` where what is applied can only be asked in a sandbox, and none is running. */
export async function refuseWithoutSandbox(
  settings: ProcessSettings,
  connections: OpenConnections,
): Promise<void> {
  if ((await ownerOf(join(settings.storage.home, 'sandbox'))) !== (await connections.database.identity()))
    return;
  if ((await Home.running(settings.storage.home))?.sandbox) return;
  const documents = await new Documents(connections.database).current();
  const addresses = documents.map(({ content }) =>
    String((content['settings'] as { baseUrl?: unknown } | undefined)?.baseUrl ?? ''),
  );
  if (addresses.some((address) => address.startsWith('http://127.0.0.1:')))
    throw new UsageError(
      'What is applied are the documents of the sandbox, and the sandbox is not running. Start it with `npm start`, or apply documents of your own.',
    );
}

/** Where a sandbox's folder says with which database it was used. */
export const ownerFile = (directory: string): string => join(directory, 'belongs-to.json');

/** The identity of the database that the sandbox of this folder was used with; undefined where there is none. */
export async function ownerOf(directory: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(ownerFile(directory), 'utf8')) as { database?: string }).database;
  } catch {
    // A sandbox that is not there, or one that no database was used with yet.
    return undefined;
  }
}
