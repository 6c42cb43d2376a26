import { weekdays, type Identity, type Weekday } from '#domain';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { PullRun } from '../contract.js';
import { isAbsent, isWithheld, readRecords, readReply, type ClockifyApi } from './api.js';
import { readDirectory, type Directory, type Member } from './directory.js';
import { listOf } from './paging.js';
import { batches, readThroughCache } from './rolling-cache.js';
import { managersReply, profileReply } from './schema.js';

/**
 * Profiles cost a call each and change when a contract does. Three a run, four runs a day, renew 1,000 people in twelve weeks and keep a
 * run of 1,000 people and 40,000 entries below 60 calls.
 */
export const profilesRefreshed = 3;

/** Only where neither roles nor groups name managers; as dear as profiles, and as seldom different. */
const managersRefreshed = 3;

const identitiesAPage = 200;

const profile = z.object({
  dailyHours: z.number().optional(),
  workingDays: z.array(z.enum(weekdays)).optional(),
});
type Profile = z.infer<typeof profile>;

/** Everybody in the workspace with contract and managers. */
export async function* readPeople(api: ClockifyApi, run: PullRun): AsyncGenerator<readonly Identity[]> {
  const directory = await readDirectory(api, run);
  // Nothing is due from who left, so their profile is not worth a call.
  const active = directory.members.filter((member) => member.active).map(({ id }) => id);
  const profiles = await readProfiles(api, run, active);
  const managers = managersByRoles(directory) ?? (await readManagers(api, run, directory, active));
  for (const page of batches(directory.members, identitiesAPage))
    yield page.map((member) => toIdentity(member, profiles.get(member.id), managers?.get(member.id)));
}

const toIdentity = (
  { id, email, name, active, zone, locale, weekStart }: Member,
  contract: Profile | undefined,
  managers: ReadonlySet<string> | undefined,
): Identity => {
  const start = weekdays.find((day) => day === weekStart);
  return {
    externalId: id,
    active,
    ...(email ? { email } : {}),
    ...(name ? { name } : {}),
    ...(zone ? { zone } : {}),
    ...(locale ? { locale } : {}),
    ...(start ? { weekStart: start } : {}),
    ...(contract?.workingDays ? { workingDays: contract.workingDays } : {}),
    ...(contract?.dailyHours === undefined ? {} : { dailyHours: contract.dailyHours }),
    ...(managers ? { managers: [...managers].filter((manager) => manager !== id).sort() } : {}),
  };
};

/** Capacity and working days stand in the member profile alone. A key that may not read profiles leaves them out for everybody. */
async function readProfiles(
  api: ClockifyApi,
  run: PullRun,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Profile>> {
  const call = { label: 'member profile', signal: run.signal };
  try {
    return await readThroughCache(
      {
        memory: run.memory,
        key: 'profiles',
        value: profile,
        now: run.now,
        refreshed: profilesRefreshed,
        read: async (id) => {
          try {
            const response = await api.getInWorkspace(`/member-profile/${id}`, {}, call);
            return toProfile(readReply(profileReply, response, call.label));
          } catch (error) {
            // Somebody who left since the list was read; the others still have theirs.
            if (isAbsent(error)) return {};
            throw error;
          }
        },
      },
      ids,
    );
  } catch (error) {
    if (isWithheld(error)) return new Map();
    throw error;
  }
}

/** Capacity and working days as the vendor writes them. */
export const toProfile = (reply: z.infer<typeof profileReply>): Profile => {
  const dailyHours = hoursOf(reply.workCapacity);
  const workingDays = daysOf(reply.workingDays);
  return {
    ...(dailyHours === undefined ? {} : { dailyHours }),
    ...(workingDays === undefined ? {} : { workingDays }),
  };
};

const hoursOf = (capacity: string | null | undefined): number | undefined => {
  if (!capacity) return undefined;
  try {
    return Temporal.Duration.from(capacity).total('hours');
  } catch {
    return undefined;
  }
};

/** An array, a JSON array in a text, or names with commas between: the names are looked for, whatever stands around them. */
const daysOf = (days: readonly string[] | string | null | undefined): Weekday[] | undefined => {
  if (days === null || days === undefined) return undefined;
  const text = String(days).toUpperCase();
  const named = weekdays.filter((day) => text.includes(day));
  // No name found in some text is a form that is not known; no name in an empty list is nobody's working day.
  return named.length === 0 && text.replaceAll(/[\s[\]]/g, '') !== '' ? undefined : named;
};

/**
 * Managers by the roles in the list of users (TEAM_MANAGER of a person, or of a group and so of its members) and by the groups' own
 * managers: always fresh, and without a call of its own. Undefined where the list has no roles.
 */
const managersByRoles = ({
  members,
  groups,
}: Directory): ReadonlyMap<string, ReadonlySet<string>> | undefined => {
  if (!members.some(({ manages }) => manages !== undefined)) return undefined;
  const managers = new Map(members.map(({ id }) => [id, new Set<string>()]));
  const groupMembers = new Map(groups.map(({ id, userIds }) => [id, userIds]));
  for (const { id, manages } of members)
    for (const managed of manages ?? [])
      for (const person of groupMembers.get(managed) ?? [managed]) managers.get(person)?.add(id);
  addGroupManagers(groups, managers);
  return managers;
};

const addGroupManagers = (groups: Directory['groups'], managers: ReadonlyMap<string, Set<string>>): void => {
  for (const { userIds, managerIds } of groups)
    for (const person of userIds) for (const manager of managerIds) managers.get(person)?.add(manager);
};

/** A call for each person, kept; undefined where the key may not know. */
async function readManagers(
  api: ClockifyApi,
  run: PullRun,
  { members, groups }: Directory,
  active: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const call = { label: 'managers', signal: run.signal };
  try {
    const asked = await readThroughCache(
      {
        memory: run.memory,
        key: 'managers',
        value: z.array(z.string()),
        now: run.now,
        refreshed: managersRefreshed,
        read: async (id) => {
          const records = await listOf(api, `/users/${id}/managers`, {}, call);
          return readRecords(managersReply, records, call.label).map((manager) => manager.id);
        },
      },
      active,
    );
    const managers = new Map(members.map(({ id }) => [id, new Set(asked.get(id))]));
    addGroupManagers(groups, managers);
    return managers;
  } catch (error) {
    if (isWithheld(error)) return undefined;
    throw error;
  }
}
