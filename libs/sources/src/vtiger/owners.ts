import { notThere, shaped, type Call, type VtigerApi } from './api.js';
import { groupsReply, usersReply, type Row } from './schema.js';
import type { VtigerSettings } from './settings.js';
import { beginning, walk, type Selection } from './walk.js';

/** Which team an owner's issues belong to, by the owner's id. */
export interface Owners {
  readonly groups: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, string>;
}

type OwnerKind = keyof Owners;

interface Known {
  readonly id: string;
  /** What a document may call it, in lower case. */
  readonly names: readonly string[];
}

/**
 * Finds the groups and users that the document names, by as few calls as that takes: ids need none. A name that Vtiger does not have fails the pull,
 * else its team would be counted without the issues of a whole group, and nobody would see it.
 */
export async function findOwners(
  api: VtigerApi,
  { teams }: Pick<VtigerSettings, 'teams'>,
  signal: AbortSignal,
): Promise<Owners> {
  return {
    groups: await resolved(teams, 'groups', () => readGroups(api, { label: 'groups', signal })),
    users: await resolved(teams, 'users', () => readUsers(api, { label: 'users', signal })),
  };
}

async function resolved(
  teams: VtigerSettings['teams'],
  kind: OwnerKind,
  read: () => Promise<readonly Known[]>,
): Promise<ReadonlyMap<string, string>> {
  const named = Object.entries(teams).flatMap(([team, owners]) =>
    owners[kind].map((name, index) => ({ team, name, place: `teams.${team}.${kind}[${index}]` })),
  );
  const known = named.some(({ name }) => !isId(name)) ? await read() : [];
  return new Map(named.map(({ team, name, place }) => [idOf(name, place, kind, known), team]));
}

/** The error says where in the document the name stands, since errors hold no names of people. */
function idOf(name: string, place: string, kind: OwnerKind, known: readonly Known[]): string {
  if (isId(name)) return name;
  const [found, another] = known.filter(({ names }) => names.includes(name.toLowerCase()));
  const one = kind === 'groups' ? 'group' : 'user';
  if (!found) throw notThere(`${place}: there is no such ${one}, or the user of the key may not see it`);
  if (another) throw notThere(`${place}: there is more than one such ${one}; name it by its id`);
  return found.id;
}

const isId = (name: string): boolean => /^\d+x\d+$/.test(name);

async function readGroups(api: VtigerApi, call: Call): Promise<readonly Known[]> {
  const rows = await everything(api, { columns: ['groupname'], module: 'Groups', where: [] }, call);
  return shaped(groupsReply, rows, call.label).map(({ id, groupname }) => ({
    id,
    names: [groupname.toLowerCase()],
  }));
}

async function readUsers(api: VtigerApi, call: Call): Promise<readonly Known[]> {
  const rows = await everything(api, { columns: ['user_name', 'email1'], module: 'Users', where: [] }, call);
  return shaped(usersReply, rows, call.label).map(({ id, user_name: name, email1: email }) => ({
    id,
    names: [name, email ?? ''].map((one) => one.toLowerCase()),
  }));
}

async function everything(api: VtigerApi, selection: Selection, call: Call): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const stretch of walk(api, selection, beginning, call)) rows.push(...stretch.rows);
  return rows;
}
