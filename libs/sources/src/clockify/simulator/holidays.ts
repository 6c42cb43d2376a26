import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { enterHoliday } from './automatic-entries.js';
import { created, ok, type Route, type WorkspaceCall } from './call.js';
import type { Holiday } from './model.js';
import { day, id, ignoredPageQuery, readBody, readQuery, rfc3339 } from './reading.js';
import { invalid } from './refusal.js';
import { startOfLocalDay } from './zones.js';
import { addDays } from '#domain';

export const holidayRoutes: readonly Route[] = [
  { method: 'GET', path: '/holidays', feature: 'time-off', handle: listHolidays },
  { method: 'GET', path: '/holidays/in-period', feature: 'time-off', handle: holidaysInPeriod },
  { method: 'POST', path: '/holidays', feature: 'time-off', handle: createHoliday },
  { method: 'PUT', path: '/holidays/:holidayId', feature: 'time-off', handle: replaceHoliday },
];

/** The whole collection every time, whatever page is asked for; an annual holiday with its original year only. */
function listHolidays(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, { ...ignoredPageQuery, 'assigned-to': id.optional() });
  const user = query['assigned-to'];
  const all = [...call.workspace.holidays.values()];
  const found = user === undefined ? all : all.filter((holiday) => call.workspace.concerns(holiday, user));
  return ok(found.map((holiday) => render(call, holiday)));
}

/** Annual holidays are projected into the period here. The period is compared with the days of the person's zone. */
function holidaysInPeriod(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...ignoredPageQuery,
    'assigned-to': id,
    start: rfc3339,
    end: rfc3339,
  });
  if (query.start > query.end) throw invalid('Start is after end');
  const user = query['assigned-to'];
  const zone = call.users.get(user)?.settings?.timeZone ?? 'UTC';
  const years = [
    new Date(query.start).getUTCFullYear() - 1,
    new Date(query.end).getUTCFullYear() + 1,
  ] as const;
  const found = [...call.workspace.holidays.values()]
    .filter((holiday) => call.workspace.concerns(holiday, user))
    .flatMap((holiday) => occurrences(holiday, years))
    .filter(
      (holiday) =>
        startOfLocalDay(holiday.startDate, zone) <= query.end &&
        startOfLocalDay(addDays(holiday.endDate, 1), zone) > query.start,
    );
  return ok(found.map((holiday) => render(call, holiday)));
}

/** The holiday itself, and an annual one in every year since. 29 February comes in leap years only. */
export function occurrences(holiday: Holiday, [first, last]: readonly [number, number]): Holiday[] {
  if (!holiday.occursAnnually) return [holiday];
  const original = Number(holiday.startDate.slice(0, 4));
  const found: Holiday[] = [];
  for (let year = Math.max(first, original); year <= last; year += 1) {
    const moved = (date: string) => `${Number(date.slice(0, 4)) + year - original}${date.slice(4)}`;
    const [startDate, endDate] = [moved(holiday.startDate), moved(holiday.endDate)];
    if (day.safeParse(startDate).success && day.safeParse(endDate).success)
      found.push({ ...holiday, startDate, endDate });
  }
  return found;
}

/** Writes name people by `contains`, where reads have bare lists of ids. */
const people = z.strictObject({
  contains: z.literal('CONTAINS'),
  ids: z.array(id),
  status: z.literal('ALL'),
});

const holidayBody = z.strictObject({
  name: z.string().min(1).max(250),
  datePeriod: z.strictObject({ startDate: day, endDate: day }),
  occursAnnually: z.boolean().default(false),
  everyoneIncludingNew: z.boolean().default(false),
  users: people.optional(),
  userGroups: people.optional(),
  projectId: id.nullish(),
  taskId: id.nullish(),
  automaticTimeEntryCreation: z.boolean().default(false),
});

function createHoliday(call: WorkspaceCall): SimulatedResponse {
  return created(render(call, store(call, call.mint('holiday'))));
}

/** Replaces the whole object: what is left out is gone. */
function replaceHoliday(call: WorkspaceCall): SimulatedResponse {
  const holidayId = call.params['holidayId'] ?? '';
  if (!call.workspace.holidays.has(holidayId)) throw invalid("Holiday doesn't belong to Workspace");
  return ok(render(call, store(call, holidayId)));
}

function store(call: WorkspaceCall, holidayId: string): Holiday {
  const { workspace } = call;
  readQuery(call.query, {});
  const body = readBody(call.body, holidayBody);
  if (body.datePeriod.startDate > body.datePeriod.endDate) throw invalid('Start date is after end date');
  const userIds = body.users?.ids ?? [];
  const groupIds = body.userGroups?.ids ?? [];
  if (!body.everyoneIncludingNew && userIds.length + groupIds.length === 0)
    throw invalid('Holiday must be assigned to somebody');
  if (userIds.some((user) => !workspace.members.has(user))) throw invalid("User doesn't belong to Workspace");
  if (groupIds.some((group) => !workspace.groups.has(group)))
    throw invalid("User group doesn't belong to Workspace");
  if (body.projectId && !workspace.projects.has(body.projectId))
    throw invalid("Project doesn't belong to Workspace");
  const holiday: Holiday = {
    id: holidayId,
    name: body.name,
    startDate: body.datePeriod.startDate,
    endDate: body.datePeriod.endDate,
    occursAnnually: body.occursAnnually,
    everyoneIncludingNew: body.everyoneIncludingNew,
    userIds,
    userGroupIds: groupIds,
    projectId: body.projectId ?? null,
    automaticTimeEntryCreation: body.automaticTimeEntryCreation,
  };
  workspace.holidays.set(holidayId, holiday);
  workspace.touch();
  enterHoliday(call, holiday);
  return holiday;
}

const render = (call: WorkspaceCall, holiday: Holiday) => ({
  id: holiday.id,
  workspaceId: call.workspace.id,
  name: holiday.name,
  datePeriod: { startDate: holiday.startDate, endDate: holiday.endDate },
  occursAnnually: holiday.occursAnnually,
  everyoneIncludingNew: holiday.everyoneIncludingNew,
  userIds: holiday.userIds,
  userGroupIds: holiday.userGroupIds,
  projectId: holiday.projectId,
  taskId: null,
  automaticTimeEntryCreation: holiday.automaticTimeEntryCreation,
});
