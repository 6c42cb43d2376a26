import { addDays, compareInstants, instant, localDate, windowOfDays, type LocalDate } from '#domain';
import { RemoteError } from '#http';
import { Temporal } from 'temporal-polyfill';
import type { HolidayRow } from '../contract.js';
import { lookAfterWriting, type ClockifyApi } from './api.js';
import {
  policyReply,
  profileReply,
  requestReply,
  requestsReply,
  usersReply,
  type TimeOffRequest,
} from './schema.js';

const pageSize = 200;
/** The vendor takes no page beyond. */
const lastPage = 1000;

/** Finds the request that frees each row's person on its day already, by the row's key. */
export async function findTimeOff(
  api: ClockifyApi,
  policyId: string,
  rows: readonly HolidayRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const users = [...new Set(rows.map(({ values }) => values.externalId))];
  const requests = await readRequests(api, users, signal);
  const found = new Map<string, string>();
  for (const { key, values } of rows) {
    const covering = requests
      .filter(({ userId }) => userId === values.externalId)
      .filter((request) => frees(request, values.day, policyId))
      .map(({ id }) => id)
      .sort();
    if (covering[0] !== undefined) found.set(key, covering[0]);
  }
  return found;
}

/** Asks for time off for whoever has none on the day, and returns the id of each row's request. Looks before and after. */
export async function enterTimeOff(
  api: ClockifyApi,
  policyId: string,
  rows: readonly HolidayRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = await findTimeOff(api, policyId, rows, signal);
  const missing = rows.filter(({ key }) => !found.has(key));
  if (missing.length === 0) return found;
  const label = 'time off policy';
  const { timeUnit } = await api.inWorkspace('GET', `/time-off/policies/${policyId}`, {
    label,
    reply: policyReply,
    signal,
  });
  const periodOf = timeUnit === 'DAYS' ? periodOfDay : await hoursOfDay(api, missing, signal);
  const entered = new Set<string>();
  for (const { values } of missing) {
    const { day, name, externalId } = values;
    // Two rows about the same day of the same person are one day off.
    const once = `${externalId} ${day}`;
    if (entered.has(once)) continue;
    entered.add(once);
    await api.inWorkspace('POST', `/time-off/policies/${policyId}/users/${externalId}/requests`, {
      label: 'enter time off',
      json: { note: name, timeOffPeriod: { period: await periodOf(externalId, day) } },
      reply: requestReply,
      signal,
    });
  }
  const after = await lookAfterWriting(findTimeOff(api, policyId, rows, signal));
  if (rows.every(({ key }) => after.has(key))) return after;
  throw new RemoteError('clockify', 'unavailable', 'unknown', 'time off is not there after it was entered');
}

/**
 * Whether the request, approved or waiting, frees the whole day. Of the same policy any request on the day does: it is what was entered
 * for it, as hours are where the policy counts in hours.
 */
const frees = (request: TimeOffRequest, day: LocalDate, policyId: string): boolean => {
  if (!['APPROVED', 'PENDING'].includes(request.status.statusType)) return false;
  const zone = request.userTimeZone;
  const start = instant(request.timeOffPeriod.period.start);
  const end = instant(request.timeOffPeriod.period.end);
  if (request.timeOffPeriod.halfDay) return false;
  if (request.policyId === policyId)
    return localDate(start, zone) <= day && day <= localDate(end.subtract({ milliseconds: 1 }), zone);
  const whole = windowOfDays({ from: day, to: addDays(day, 1) }, zone);
  return (
    compareInstants(start, whole.from) <= 0 &&
    compareInstants(end, whole.to.subtract({ milliseconds: 1 })) >= 0
  );
};

async function readRequests(
  api: ClockifyApi,
  users: readonly string[],
  signal: AbortSignal,
): Promise<readonly TimeOffRequest[]> {
  const all: TimeOffRequest[] = [];
  for (let page = 1; page <= lastPage; page += 1) {
    const { requests } = await api.inWorkspace('POST', '/time-off/requests', {
      label: 'time off requests',
      json: { page, pageSize, users, statuses: ['PENDING', 'APPROVED'] },
      reply: requestsReply,
      signal,
      reads: true,
    });
    all.push(...requests);
    if (requests.length < pageSize) return all;
  }
  throw new RemoteError('clockify', 'unreadable', 'refused', 'time off requests: the list never ends');
}

type PeriodOf = (userId: string, day: LocalDate) => object | Promise<object>;

/** A policy of days takes the first day and their number; an end is refused. */
const periodOfDay: PeriodOf = (_, day) => ({ start: day, days: 1 });

/** A policy of hours takes instants without a fraction: the person's hours of a working day, from when their day starts. */
async function hoursOfDay(
  api: ClockifyApi,
  rows: readonly HolidayRow[],
  signal: AbortSignal,
): Promise<PeriodOf> {
  const wanted = new Set(rows.map(({ values }) => values.externalId));
  const settings = new Map<string, { readonly zone: string; readonly start: string }>();
  for await (const page of api.pages('/users', { label: 'users', reply: usersReply, signal }))
    for (const { id, settings: own } of page)
      if (wanted.has(id) && own?.timeZone)
        settings.set(id, { zone: own.timeZone, start: own.myStartOfDay ?? '09:00' });
  return async (userId, day) => {
    const own = settings.get(userId);
    if (!own)
      throw new RemoteError(
        'clockify',
        'rejected',
        'refused',
        'enter time off: the zone of the person is unknown',
      );
    const label = 'member profile';
    const { workCapacity } = await api.inWorkspace('GET', `/member-profile/${userId}`, {
      label,
      reply: profileReply,
      signal,
    });
    const start = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: own.zone, plainTime: own.start });
    const end = start.add(workCapacity ?? 'PT8H');
    return { start: second(start), end: second(end) };
  };
}

/** `.000Z` is refused as an invalid date format. */
const second = (at: Temporal.ZonedDateTime): string => at.toInstant().toString({ fractionalSecondDigits: 0 });
