import type { Instant } from '#domain';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { PullRun } from '../contract.js';
import { readRecords, type ClockifyApi } from './api.js';
import { listOf } from './paging.js';
import { groupsReply, usersReply, type UserReply } from './schema.js';
import { isZone } from './to-facts.js';

const member = z.object({
  id: z.string(),
  email: z.string().optional(),
  name: z.string().optional(),
  active: z.boolean(),
  zone: z.string().optional(),
  locale: z.string().optional(),
  weekStart: z.string().optional(),
  /** Ids of the people and groups whose manager this person is; absent where the vendor does not say. */
  manages: z.array(z.string()).optional(),
});
/** A user of the workspace. */
export type Member = z.infer<typeof member>;

const group = z.object({ id: z.string(), userIds: z.array(z.string()), managerIds: z.array(z.string()) });

const directory = z.object({ at: z.string(), members: z.array(member), groups: z.array(group) });
/** Everybody in the workspace, by id, and its groups. */
export type Directory = z.infer<typeof directory>;

const memoryKey = 'directory';

/**
 * How old a directory may be that another part of the same run asked for: `people` and `pull` follow upon one another, and asking twice
 * would cost a tenth of the run. Somebody who joined in between is seen by the next run.
 */
const freshFor = { minutes: 15 };

/** Asks for the people and groups, and remembers them for what follows in this run. */
export async function readDirectory(api: ClockifyApi, run: PullRun): Promise<Directory> {
  const users = await listOf(
    api,
    '/users',
    {
      // The membership may have ended although the account lives, so everybody is asked for and the membership is read.
      status: 'ALL',
      'account-statuses': 'ACTIVE,PENDING_EMAIL_VERIFICATION,NOT_REGISTERED,LIMITED',
      memberships: 'WORKSPACE',
      'include-roles': true,
      'sort-column': 'ID',
      'sort-order': 'ASCENDING',
    },
    { label: 'users', signal: run.signal },
  );
  const groups = await listOf(
    api,
    '/user-groups',
    { includeTeamManagers: true, 'sort-column': 'ID', 'sort-order': 'ASCENDING' },
    { label: 'user groups', signal: run.signal },
  );
  const found: Directory = {
    at: run.now.toString(),
    // Somebody left out here would be somebody who left, so an unreadable record fails them all.
    members: readRecords(usersReply, users, 'users')
      .map((user) => toMember(user, api.settings.workspaceId))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
    groups: readRecords(groupsReply, groups, 'user groups').map(({ id, userIds, teamManagers }) => ({
      id,
      userIds: userIds ?? [],
      managerIds: (teamManagers ?? []).map((manager) => manager.id),
    })),
  };
  await run.memory.set(memoryKey, found);
  return found;
}

/** The directory of this run, asked for where nobody did so a moment ago. */
export async function recentDirectory(api: ClockifyApi, run: PullRun): Promise<Directory> {
  const kept = directory.safeParse(await run.memory.get(memoryKey));
  return kept.success && isFresh(kept.data.at, run.now) ? kept.data : readDirectory(api, run);
}

const isFresh = (at: string, now: Instant): boolean => {
  const age = now.since(Temporal.Instant.from(at));
  return age.sign >= 0 && Temporal.Duration.compare(age, freshFor) < 0;
};

/** LIMITED are people without an account of their own, such as those of a kiosk; they work like everybody else. */
const livingAccounts = new Set(['ACTIVE', 'LIMITED']);

const toMember = (user: UserReply, workspaceId: string): Member => {
  const membership = user.memberships?.find(
    ({ targetId, membershipType }) => membershipType === 'WORKSPACE' && targetId === workspaceId,
  );
  const { timeZone, weekStart, lang } = user.settings ?? {};
  return {
    id: user.id,
    ...(user.email ? { email: user.email } : {}),
    ...(user.name ? { name: user.name } : {}),
    active:
      livingAccounts.has(user.status ?? 'ACTIVE') && (membership?.membershipStatus ?? 'ACTIVE') === 'ACTIVE',
    ...(timeZone && isZone(timeZone) ? { zone: timeZone } : {}),
    ...(lang ? { locale: lang.toLowerCase() } : {}),
    ...(weekStart ? { weekStart } : {}),
    ...(user.roles
      ? {
          manages: user.roles
            .filter(({ role }) => role === 'TEAM_MANAGER')
            .flatMap(({ entities }) => (entities ?? []).map(({ id }) => id)),
        }
      : {}),
  };
};
