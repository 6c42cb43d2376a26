import { RemoteError } from '#http';
import type { HolidayRow } from '../contract.js';
import { lookAfterWriting, type ClockifyApi } from './api.js';
import { isOf, newHoliday, takesPlaceOn, withPeople } from './holiday-record.js';
import { groupsReply, holidayReply, holidaysReply, type Holiday } from './schema.js';

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
 * two writers may have replaced each other's list of people.
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
  for (const [, group] of Map.groupBy(missing, ({ values: { day, name } }) => `${day} ${name}`)) {
    const [first] = group;
    if (!first) continue;
    const { day, name } = first.values;
    const userIds = [...new Set(group.map(({ values }) => values.externalId))];
    const same = [...current.values()].find((holiday) => holiday.name === name && takesPlaceOn(holiday, day));
    const written = same
      ? await api.inWorkspace('PUT', `/holidays/${same.id}`, {
          label: 'add people to a holiday',
          json: withPeople(same, userIds),
          reply: holidayReply,
          signal,
        })
      : await api.inWorkspace('POST', '/holidays', {
          label: 'enter a holiday',
          json: newHoliday(name, day, userIds),
          reply: holidayReply,
          signal,
        });
    current.set(written.id, written);
  }
  const after = await lookAfterWriting(findHolidays(api, rows, signal));
  if (rows.every(({ key }) => after.found.has(key))) return after.found;
  throw new RemoteError('clockify', 'unavailable', 'unknown', 'a holiday is not there after it was entered');
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
