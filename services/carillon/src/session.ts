import { channels } from '#channels';
import { openConnections, SchemaBehindError, type OpenConnections } from '#connections';
import { builtInMessages } from '#domain';
import {
  checkDocuments,
  loadPlugins,
  diffDocuments,
  formatProblem,
  hashOf,
  loadDocuments,
  secretReferences,
  type Configuration,
  type DocumentDiff,
  type Problem,
  type RawDocument,
} from '#documents';
import { migrateQueues } from '#queues';
import type { ProcessSettings, Secrets } from '#settings';
import { sources } from '#sources';
import { Documents } from '#storage';
import type { Terminal } from './terminal.js';

/** What the user configured is wrong; every problem is told at once. */
export class BadConfigurationError extends Error {
  override readonly name = 'BadConfigurationError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

export interface CheckedDocuments {
  readonly documents: readonly RawDocument[];
  readonly configuration: Configuration;
}

/** Loads and checks documents; throws with every problem, those of secrets included where `secrets` says where they are. */
export async function loadChecked(
  paths: readonly string[],
  secrets: Secrets | undefined,
  rewrite: (documents: readonly RawDocument[]) => readonly RawDocument[] = (documents) => documents,
): Promise<CheckedDocuments> {
  const loaded = await loadDocuments(paths);
  const documents = rewrite(loaded.documents);
  const plugins = await loadPlugins({ sources, channels }, documents);
  const { problems, configuration } = checkDocuments(documents, plugins, builtInMessages);
  const all = [...loaded.problems, ...problems];
  if (all.length > 0 || !configuration) throw new BadConfigurationError(all);
  const references = secretReferences(configuration);
  const missing = (await secrets?.missing(references.map(({ name }) => name))) ?? [];
  if (missing.length > 0) {
    const places = new Map(missing.map(({ name, lookedIn }) => [name, lookedIn]));
    throw new BadConfigurationError(
      references
        .filter(({ name }) => places.has(name))
        .map(({ name, document, path }) => {
          const at = documents.find((one) => `${one.kind} ${one.name}` === document)?.origin?.valueAt(path);
          return {
            ...(at ? { at } : {}),
            document,
            path,
            message: `there is no secret ${name}`,
            remedy: `put it into one of: ${places.get(name)?.join(', ') ?? ''}`,
          };
        }),
    );
  }
  return { documents, configuration };
}

/** Opens the database and the queue, telling what it does. */
export async function open(
  settings: ProcessSettings,
  terminal: Terminal,
  options: { readonly secrets?: Secrets; readonly name: string },
): Promise<OpenConnections> {
  const began = performance.now();
  terminal.progress(
    settings.storage.databaseUrl ? 'Connecting to Postgres …' : 'Starting the embedded Postgres …',
  );
  const connections = await openConnections(settings, options);
  const where = connections.embedded
    ? `embedded Postgres in ${settings.storage.home}/postgres`
    : 'Postgres at DATABASE_URL';
  terminal.step(`✓ ${where} (${seconds(began)})`);
  return connections;
}

/**
 * Brings the schemas of the product and of the queue up to date. Returns the migrations that ran. A Postgres that others share is not migrated by the way:
 * with `onlyEmbedded` it throws `SchemaBehindError` where that one lacks something.
 */
export async function migrate(
  connections: OpenConnections,
  settings: ProcessSettings,
  terminal: Terminal,
  { onlyEmbedded = false } = {},
): Promise<readonly string[]> {
  if (onlyEmbedded && !connections.embedded) {
    if (await connections.database.pendingMigrations()) throw new SchemaBehindError();
    return [];
  }
  const began = performance.now();
  const done = await connections.database.migrate();
  await migrateQueues(settings.storage.queueUrl?.reveal() ?? connections.database.url);
  if (done.length > 0)
    terminal.step(`✓ ${done.length} migration${done.length === 1 ? '' : 's'} (${seconds(began)})`);
  return done;
}

/** Makes checked documents the whole configuration. All of them or none. */
export async function applyDocuments(
  connections: OpenConnections,
  checked: CheckedDocuments,
): Promise<DocumentDiff & { readonly revision: number }> {
  const documents = new Documents(connections.database);
  const diff = diffDocuments(await documents.current(), checked.documents);
  const { revision } = await documents.apply(
    checked.documents.map((document) => ({
      kind: document.kind,
      name: document.name,
      content: document.content,
      hash: hashOf(document),
    })),
    checked.configuration.hash,
  );
  return { ...diff, revision };
}

/** `0.9 s` since a `performance.now()`. */
export const seconds = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
