import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { ok, paged, type Route, type WorkspaceCall } from './call.js';
import { isoDuration } from './durations.js';
import type { Entry } from './model.js';
import { flag, id, list, page, pageQuery, readQuery, utcSecond } from './reading.js';
import { badParameter, invalid } from './refusal.js';
import { memberOf } from './roles.js';
import { readWallClock, utcTime } from './zones.js';

const week = 7 * 24 * 3_600_000;

export const entryRoutes: readonly Route[] = [
  { method: 'GET', path: '/user/:userId/time-entries', handle: listEntries },
  { method: 'GET', path: '/time-entries/status/in-progress', handle: listRunning },
  { method: 'GET', path: '/time-entries/:entryId', handle: oneEntry },
];

function listEntries(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(5000),
    start: utcSecond.optional(),
    end: utcSecond.optional(),
    hydrated: flag.optional(),
    'in-progress': flag.optional(),
    description: z.string().optional(),
    project: id.optional(),
    task: id.optional(),
    tags: list(id).optional(),
    'project-required': flag.optional(),
    'task-required': flag.optional(),
    'get-week-before': utcSecond.optional(),
  });
  const { user } = memberOf(call);
  const zone = call.accountZone;
  const before = query['get-week-before'];
  const start = query.start ?? (before === undefined ? undefined : before - week);
  const end = query.end ?? before;
  if (start !== undefined && end !== undefined && start > end) throw badParameter('Start is after end');
  const from = start === undefined ? -Infinity : reread(start, zone);
  const to = end === undefined ? Infinity : reread(end, zone);

  const all = call.workspace.entriesOf(user.id);
  const found: Entry[] = [];
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const entry = all[at];
    if (!entry || entry.start > to) continue;
    if (entry.start < from) break;
    if (query['in-progress'] && entry.end !== null) continue;
    if (query.description !== undefined && !entry.description.includes(query.description)) continue;
    if (query.project !== undefined && entry.projectId !== query.project) continue;
    // No entry of this simulator has a task.
    if (query.task !== undefined || query['task-required']) continue;
    if (query.tags && !query.tags.some((tag) => entry.tagIds?.includes(tag))) continue;
    if (query['project-required'] && entry.projectId === null) continue;
    found.push(entry);
  }
  return paged(found, page(query), (entry) => render(call, entry, query.hydrated === true));
}

function listRunning(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, pageQuery(1000, 10));
  const running = [...call.workspace.entries()]
    .filter((entry) => entry.end === null)
    .sort((one, other) => other.start - one.start);
  return paged(running, page(query), (entry) => render(call, entry, false));
}

function oneEntry(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, { hydrated: flag.optional() });
  const entry = call.workspace.entry(call.params['entryId'] ?? '');
  if (!entry) throw invalid("Time entry doesn't belong to Workspace");
  return ok(render(call, entry, query.hydrated === true));
}

/**
 * The core host parses the instant, takes its UTC wall clock and reads that again in the account's zone: what is asked for in UTC covers a
 * window that lies the zone's offset earlier. There is no way to switch that off.
 */
const reread = (at: number, zone: string): number =>
  readWallClock(new Date(at).toISOString().slice(0, 19), zone);

function render(call: WorkspaceCall, entry: Entry, hydrated: boolean): Record<string, unknown> {
  return {
    id: entry.id,
    description: entry.description,
    ...(hydrated ? {} : { tagIds: entry.tagIds, userId: entry.userId }),
    billable: entry.billable,
    ...(hydrated ? objects(call, entry) : { taskId: null, projectId: entry.projectId }),
    workspaceId: call.workspace.id,
    timeInterval: {
      start: utcTime(entry.start),
      end: entry.end === null ? null : utcTime(entry.end),
      duration: entry.end === null ? null : isoDuration((entry.end - entry.start) / 1000),
    },
    customFieldValues: [],
    type: entry.type,
    kioskId: null,
    hourlyRate: entry.hourlyRate,
    costRate: null,
    isLocked: false,
  };
}

/** Hydrated entries carry objects where the others carry ids. */
function objects(call: WorkspaceCall, entry: Entry): Record<string, unknown> {
  const { workspace } = call;
  const project = entry.projectId === null ? undefined : workspace.projects.get(entry.projectId);
  const user = call.users.get(entry.userId);
  return {
    project: project
      ? { id: project.id, name: project.name, color: project.color, clientName: project.clientName }
      : null,
    task: null,
    tags: (entry.tagIds ?? []).map((tag) => ({ id: tag, name: workspace.tags.get(tag)?.name ?? '' })),
    user: { id: entry.userId, name: user?.name ?? null, status: user?.status ?? 'DELETED' },
  };
}
