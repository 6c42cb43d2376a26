import { RemoteError, type Finding } from '#http';
import type { VtigerApis } from './open-api.js';
import { openIssues } from './issues.js';
import { findOwners } from './owners.js';
import { countOf } from './query.js';
import { describe } from './describe.js';
import { beginning, whereOf } from './walk.js';

/** Do key and permissions suffice, and is everything there that the document names? It reads, and changes nothing. */
export async function probe(apis: VtigerApis, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const look = async <T>(about: string, remedy: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      findings.push({ level: 'problem', about, message: error.message, remedy });
      return undefined;
    }
  };
  const described = await look(
    'module',
    'Check baseUrl, username and accessKey (My Preferences), and that the user may see the module and its fields.',
    () => describe(apis, { label: 'module', signal }),
  );
  if (!described) return findings;
  const { api, name, issues } = described;
  findings.push({
    level: 'ok',
    about: 'module',
    message: `${issues.module.elementType} can be read by the ${name === 'rest' ? 'REST API' : 'classic web service'}.`,
  });
  findings.push({
    level: 'ok',
    about: 'priorities',
    message: `Rules may name ${issues.priorities.join(', ') || 'no priority: the field is no picklist'}.`,
  });
  const owners = await look(
    'teams',
    'Correct the name in the document, or name the owner by its id; to list users the key’s user needs the permission to see them.',
    () => findOwners(api, apis.way.settings, signal),
  );
  if (!owners) return findings;
  const selection = openIssues(issues, owners);
  const count = await look('open issues', 'Let the user see the records of these teams.', () =>
    countOf(api, `SELECT COUNT(*) FROM ${selection.module}${whereOf(selection, beginning.after)};`, {
      label: 'open issues',
      signal,
    }),
  );
  if (count !== undefined)
    findings.push({
      level: 'ok',
      about: 'open issues',
      message: `${Object.keys(apis.way.settings.teams).length} teams have ${count} open issues, those that the user may not see included.`,
    });
  return findings;
}
