import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { OpenConnections } from '#connections';
import type { RawDocument } from '#documents';
import type { ProcessSettings } from '#settings';
import { Documents } from '#storage';
import { company } from '../../sandbox/src/company.js';
import { Sandbox } from '../../sandbox/src/sandbox.js';
import { ownerFile, ownerOf } from './sandboxed.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/**
 * Starts the sandbox that belongs to this database. The one remembers what was said and the other where it was said, so they only make sense together: a sandbox
 * whose database is new begins anew; a database that remembers another world than this sandbox is refused.
 */
export async function startSandbox(
  settings: ProcessSettings,
  connections: OpenConnections,
  terminal: Terminal,
): Promise<Sandbox> {
  const directory = join(settings.storage.home, 'sandbox');
  const identity = await connections.database.identity();
  const remembers = (await new Documents(connections.database).revision()) !== undefined;
  const isThere = existsSync(join(directory, 'sandbox.json'));
  const belongsTo = await ownerOf(directory);
  if (remembers && belongsTo !== identity)
    throw new UsageError(
      'The database remembers another world than this sandbox: ' +
        (belongsTo === undefined
          ? 'documents of your own were applied to it, or the sandbox it was used with is gone. '
          : 'the sandbox was used with another database. ') +
        (connections.embedded
          ? `To begin anew delete ${settings.storage.home}; to keep it, give the sandbox a folder of its own: CARILLON_HOME=.carillon-sandbox.`
          : 'Give the sandbox a database of its own: without DATABASE_URL it gets one.'),
    );
  if (!remembers && isThere) {
    await rm(directory, { recursive: true });
    terminal.step('  The database is new: the sandbox begins anew as well.');
  }
  const sandbox = await Sandbox.start({ directory });
  await writeFile(ownerFile(directory), JSON.stringify({ database: identity }));
  return sandbox;
}

/** The documents in the sandbox's world: its vendors, and what its HR department knows. */
export const inSandbox =
  (sandbox: Sandbox) =>
  (documents: readonly RawDocument[]): readonly RawDocument[] => [
    ...documents.map((document) => pointedAt(sandbox, document)),
    ...peopleOfSandbox(Temporal.Now.plainDateISO('UTC').toString()),
  ];

/** Joining and leaving dates, which no vendor of these stories has: in a real company they come from an HR system or from Git. */
const peopleOfSandbox = (today: string): readonly RawDocument[] =>
  company(today)
    .filter(({ joined, left }) => joined !== undefined || left !== undefined)
    .map(({ email, joined, left }) => ({
      kind: 'Person',
      name: email,
      content: {
        email,
        ...(joined === undefined ? {} : { joined }),
        ...(left === undefined ? {} : { left }),
      },
    }));

/** The same document, with the addresses of the simulated vendors in the place of the real ones. */
function pointedAt(sandbox: Sandbox, document: RawDocument): RawDocument {
  const to = destinationFor(sandbox, document);
  if (to) return { ...document, content: { ...document.content, to } };
  const settings = settingsFor(sandbox, `${document.kind} ${String(document.content['type'])}`);
  if (!settings) return document;
  return {
    ...document,
    content: {
      ...document.content,
      settings: { ...(document.content['settings'] as object), ...settings },
    },
  };
}

/** The form of the sandbox in the place of the one that a Forward names. */
function destinationFor(sandbox: Sandbox, { kind, content }: RawDocument): object | undefined {
  const to = content['to'];
  if (kind !== 'Forward' || typeof to !== 'object' || to === null || !('form' in to)) return undefined;
  return { ...to, ...sandbox.jiandaoyunForm };
}

function settingsFor(sandbox: Sandbox, plugin: string): Readonly<Record<string, string>> | undefined {
  const { endpoints, clockifyWorkspaceId: workspaceId } = sandbox;
  switch (plugin) {
    case 'Source clockify':
      return { workspaceId, baseUrl: endpoints.clockify, reportsUrl: endpoints.clockifyReports };
    case 'Source vtiger':
      return { baseUrl: endpoints.vtiger, recordUrl: sandbox.vtigerRecordUrl };
    case 'Source wecom':
      return { corpId: sandbox.wecomCorpId, baseUrl: endpoints.wecom };
    case 'Channel clockify':
      return { workspaceId, baseUrl: endpoints.clockify };
    case 'Channel google-chat':
      return { baseUrl: endpoints.googleChat, tokenUrl: endpoints.googleChatToken };
    case 'Channel outlook':
      return { ...sandbox.outlookApp, baseUrl: endpoints.outlook, authority: endpoints.outlookSignIn };
    case 'Channel jiandaoyun':
      return { baseUrl: endpoints.jiandaoyun };
    case 'Channel jira':
      return { baseUrl: endpoints.jira, siteUrl: sandbox.url };
    case 'Channel slack':
      return { baseUrl: endpoints.slack };
    default:
      return undefined;
  }
}
