import type { Fact, TimeWindow } from '#domain';
import type { Rejection } from '../contract.js';
import { readReply, type ClockifyApi } from './api.js';
import type { Directory, Member } from './directory.js';
import { holidayReply, listReply, type HolidayReply } from './schema.js';
import { holidayOf, occurrencesOf, unfit, type Occurrence } from './to-facts.js';

/** Holidays of the workspace that take place in or near the window. */
export interface Holidays {
  readonly taking: readonly { readonly holiday: HolidayReply; readonly occurrences: readonly Occurrence[] }[];
  readonly rejected: readonly Rejection[];
}

/** One call: the list is not paged, and repeats itself for whoever tries. */
export async function readHolidays(
  api: ClockifyApi,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<Holidays> {
  const label = 'holidays';
  const records = readReply(listReply, await api.getInWorkspace('/holidays', {}, { label, signal }), label);
  const rejected: Rejection[] = [];
  const taking = records.flatMap((raw, index) => {
    const parsed = holidayReply.safeParse(raw);
    if (!parsed.success) {
      rejected.push(unfit('holiday', raw, `holiday ${index + 1}`, parsed.error));
      return [];
    }
    const holiday = parsed.data;
    if (holiday.datePeriod.endDate < holiday.datePeriod.startDate) {
      rejected.push({ kind: 'holiday', key: holiday.id, why: 'it ends before it starts' });
      return [];
    }
    const occurrences = occurrencesOf(holiday, window);
    return occurrences.length > 0 ? [{ holiday, occurrences }] : [];
  });
  return { taking, rejected };
}

/** Whose holiday it is: of everybody, of the people it names, and of the members of the groups it names. */
export const membersOf = (holiday: HolidayReply, { members, groups }: Directory): readonly Member[] => {
  if (holiday.everyoneIncludingNew) return members;
  const groupIds = new Set(holiday.userGroupIds);
  const ids = new Set([
    ...(holiday.userIds ?? []),
    ...groups.filter(({ id }) => groupIds.has(id)).flatMap(({ userIds }) => userIds),
  ]);
  return members.filter(({ id }) => ids.has(id));
};

/** The zone of people who never set one. */
const zoneOfNobody = 'UTC';

/** A fact for each person and occurrence. */
export const holidayFacts = (
  { taking }: Holidays,
  directory: Directory,
  window: TimeWindow,
): readonly Fact[] =>
  taking.flatMap(({ holiday, occurrences }) =>
    membersOf(holiday, directory).flatMap(({ id, zone = zoneOfNobody }) =>
      occurrences.flatMap((occurrence) => holidayOf(holiday, occurrence, { id, zone }, window) ?? []),
    ),
  );
