import { RemoteError } from '#http';
import type { HolidayRow } from '../contract.js';
import { lookAfterWriting, type ClockifyApi } from './api.js';
import { isOf, newHoliday, takesPlaceOn, withPeople } from './holiday-record.js';
import { groupsReply, holidayReply, holidaysReply, usersReply, type Holiday } from './schema.js';

/** Finds the holiday that each row is about already, by its key. */
export async function findHolidays(
  api: ClockifyApi,
  rows: readonly HolidayRow[],
  signal: AbortSignal,
): Promise<{ readonly holidays: readonly Holiday[]; readonly found: ReadonlyMap<string, string> }> {
  const holidays = await api.inWorkspace('GET', '/holidays', {
    label: 'holidays',
    reply: holidaysReply,
    signal,
  });
  const near = holidays.filter((holiday) => rows.some(({ values }) => takesPlaceOn(holiday, values.day)));
  const groupsOf = near.some(({ userGroupIds }) => userGroupIds?.length)
    ? await readGroups(api, signal)
    : () => new Set<string>();
  const found = new Map<string, string>();
  for (const { key, values } of rows) {
    const covering = near
      .filter(
        (holiday) =>
          takesPlaceOn(holiday, values.day) && isOf(holiday, values.externalId, groupsOf(values.externalId)),
      )
      .map(({ id }) => id)
      // The oldest: whoever looks, and whoever raced whom, gives the same receipt.
      .sort();
    if (covering[0] !== undefined) found.set(key, covering[0]);
  }
  return { holidays, found };
}

/**
 * Enters what is missing and returns the id of each row's holiday. Looks before, so that nothing is entered twice, and after, because
 * two writers may have replaced each other's list of people. However many rows: two looks, and one write for each day and name. Throws
 * `rejected` for those whom the workspace does not have, once all others have their holiday.
 */
export async function enterHolidays(
  api: ClockifyApi,
  rows: readonly HolidayRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { holidays, found } = await findHolidays(api, rows, signal);
  const missing = rows.filter(({ key }) => !found.has(key));
  if (missing.length === 0) return found;
  // As they are after each write: the next one to the same holiday must not undo it.
  const current = new Map(holidays.map((holiday) => [holiday.id, holiday]));
  const strangers = new Set<string>();
  for (const [, group] of Map.groupBy(missing, ({ values: { day, name } }) => `${day} ${name}`)) {
    for (const id of await enterGroup(api, group, current, signal)) strangers.add(id);
  }
  const after = await lookAfterWriting(findHolidays(api, rows, signal));
  const lacking = rows.filter(({ key }) => !after.found.has(key));
  if (lacking.length === 0) return after.found;
  if (lacking.every(({ values }) => strangers.has(values.externalId)))
    throw new RemoteError(
      'clockify',
      'rejected',
      'refused',
      `${lacking.length} of ${rows.length} people are not in the workspace: ${lacking.map(({ key }) => key).join(', ')}`,
    );
  throw new RemoteError('clockify', 'unavailable', 'unknown', 'a holiday is not there after it was entered');
}

/** Gives the people of rows of one day and name their holiday. Returns those whom the workspace does not have: one of them has the whole list refused. */
async function enterGroup(
  api: ClockifyApi,
  group: readonly HolidayRow[],
  current: Map<string, Holiday>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const userIds = [...new Set(group.map(({ values }) => values.externalId))];
  try {
    await enterFor(userIds);
    return [];
  } catch (error) {
    if (!(error instanceof RemoteError) || error.reason !== 'rejected' || userIds.length === 1) throw error;
    const members = await readMembers(api, signal);
    const known = userIds.filter((id) => members.has(id));
    if (known.length === userIds.length || known.length === 0) throw error;
    await enterFor(known);
    return userIds.filter((id) => !members.has(id));
  }

  async function enterFor(ids: readonly string[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    const { day, name } = first.values;
    const same = [...current.values()].find((holiday) => holiday.name === name && takesPlaceOn(holiday, day));
    const written = same
      ? await api.inWorkspace('PUT', `/holidays/${same.id}`, {
          label: 'add people to a holiday',
          json: withPeople(same, ids),
          reply: holidayReply,
          signal,
        })
      : await api.inWorkspace('POST', '/holidays', {
          label: 'enter a holiday',
          json: newHoliday(name, day, ids),
          reply: holidayReply,
          signal,
        });
    current.set(written.id, written);
  }
}

async function readMembers(api: ClockifyApi, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const members = new Set<string>();
  for await (const page of api.pages('/users', { label: 'users', reply: usersReply, signal }))
    for (const { id } of page) members.add(id);
  return members;
}

async function readGroups(
  api: ClockifyApi,
  signal: AbortSignal,
): Promise<(userId: string) => ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for await (const page of api.pages('/user-groups', { label: 'user groups', reply: groupsReply, signal }))
    for (const { id, userIds } of page)
      for (const userId of userIds ?? []) groups.set(userId, (groups.get(userId) ?? new Set()).add(id));
  return (userId) => groups.get(userId) ?? new Set();
}
