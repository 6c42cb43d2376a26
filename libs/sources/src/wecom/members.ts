import type { Identity } from '#domain';
import type { WecomApp } from './api.js';
import { departmentsReply, userIdsReply, usersReply } from './schema.js';
import type { WecomSettings } from './settings.js';
import { unreadable } from './refusals.js';

/** A member as the contacts have them. By cursor there are ids alone. */
export interface Member {
  /** As the contacts spell it. */
  readonly userid: string;
  readonly name?: string | null | undefined;
  readonly status?: number | null | undefined;
  readonly direct_leader?: readonly string[] | null | undefined;
  readonly email?: string | null | undefined;
}

/** Ids are the same in any case, and answers differ in it. */
export const folded = (userid: string): string => userid.toLowerCase();

/** The two apps: the self-built one, and where there is one that of contact sync. */
export interface Apps {
  readonly app: WecomApp;
  readonly contacts: WecomApp | undefined;
}

const idsACall = 10_000;

/** Everybody there is, each once, in the order of their ids; ends normally only where all were seen. */
export async function listMembers(
  { app, contacts }: Apps,
  settings: Pick<WecomSettings, 'departments'>,
  signal: AbortSignal,
): Promise<readonly Member[]> {
  const listed = contacts ? byCursor(contacts, signal) : byDepartment(app, settings, signal);
  const members = new Map<string, Member>();
  for await (const some of listed)
    for (const member of some) {
      const id = folded(member.userid);
      if (!members.has(id)) members.set(id, member);
    }
  return [...members].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, member]) => member);
}

/** https://developer.work.weixin.qq.com/document/path/96067 */
async function* byCursor(contacts: WecomApp, signal: AbortSignal): AsyncGenerator<readonly Member[]> {
  const label = 'member ids';
  const seen = new Set<string>();
  let cursor = '';
  do {
    seen.add(cursor);
    const reply = await contacts.ask(
      { path: '/cgi-bin/user/list_id', json: { cursor, limit: idsACall } },
      userIdsReply,
      { label, signal },
    );
    yield reply.dept_user;
    cursor = reply.next_cursor ?? '';
    if (cursor !== '' && seen.has(cursor)) throw unreadable(`${label}: its cursor leads back`);
  } while (cursor !== '');
}

/** Whom the app may see, a call for each department: members of departments below are not listed with it. */
async function* byDepartment(
  app: WecomApp,
  { departments }: Pick<WecomSettings, 'departments'>,
  signal: AbortSignal,
): AsyncGenerator<readonly Member[]> {
  const ids = new Set<number>();
  for (const root of departments ?? [undefined]) {
    const reply = await app.ask(
      {
        path: '/cgi-bin/department/simplelist',
        ...(root === undefined ? {} : { query: { id: String(root) } }),
      },
      departmentsReply,
      { label: 'departments', signal },
    );
    for (const { id } of reply.department_id) ids.add(id);
  }
  for (const id of ids) {
    const { userlist } = await app.ask(
      { path: '/cgi-bin/user/list', query: { department_id: String(id) } },
      usersReply,
      { label: 'members of a department', signal },
    );
    yield userlist;
  }
}

/** Of a member who works there and has taken up the account. By cursor it is not told: whoever left is not listed. */
const ACTIVE = 1;

/** Members as the host knows people. Newer apps are told no addresses: who they are has to be said by Person documents. */
export function identitiesOf(
  members: readonly Member[],
  { timezone }: Pick<WecomSettings, 'timezone'>,
): readonly Identity[] {
  const spelled = new Map(members.map(({ userid }) => [folded(userid), userid]));
  return members.map(({ userid, name, status, direct_leader: leaders, email }) => ({
    externalId: userid,
    active: (status ?? ACTIVE) === ACTIVE,
    zone: timezone,
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(leaders ? { managers: leaders.flatMap((leader) => spelled.get(folded(leader)) ?? []) } : {}),
  }));
}
