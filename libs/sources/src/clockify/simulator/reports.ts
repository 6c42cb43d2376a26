import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { attendance } from './attendance.js';
import { ok, type Route, type WorkspaceCall } from './call.js';
import type { Entry, Project } from './model.js';
import { entriesIn, readReport, wallSpan } from './report-request.js';
import { amount, groupBy, seconds, sum, totals } from './report-sums.js';
import { invalid } from './refusal.js';
import { dayAt, localTime } from './zones.js';
import { summary } from './summary.js';

export const reportRoutes: readonly Route[] = [
  { method: 'POST', path: '/reports/detailed', feature: 'reports', handle: detailed },
  { method: 'POST', path: '/reports/summary', feature: 'reports', handle: summary },
  { method: 'POST', path: '/reports/weekly', feature: 'reports', handle: weekly },
  { method: 'POST', path: '/reports/attendance', feature: 'attendance', handle: attendance },
];

const detailedFilter = z.strictObject({
  page: z.int().min(1).default(1),
  pageSize: z.int().min(1).max(1000).default(50),
  sortColumn: z
    .enum(['ID', 'DESCRIPTION', 'USER', 'DURATION', 'DATE', 'ZONED_DATE', 'NATURAL', 'USER_DATE'])
    .default('DATE'),
  options: z.strictObject({ totals: z.enum(['CALCULATE', 'EXCLUDE']).default('CALCULATE') }).optional(),
  auditFilter: z.unknown().optional(),
});

/** The last result, because a client asks for it page after page. */
const lastResult = new WeakMap<
  object,
  { key: string; entries: Entry[]; totals: ReturnType<typeof totals> }
>();

/** Every entry with times at the report zone's offset and durations in whole seconds; ids are `_id` here. */
function detailed(call: WorkspaceCall): SimulatedResponse {
  const { body, range } = readReport(call, { detailedFilter });
  const { page, pageSize, sortColumn, options } = body.detailedFilter;
  const amounts = body.amountShown !== 'HIDE_AMOUNT';
  const key = JSON.stringify([
    call.workspace.version,
    call.reports,
    { ...body, detailedFilter: sortColumn },
    range,
  ]);
  let result = lastResult.get(call.workspace);
  if (result?.key !== key) {
    const entries = sorted(call, entriesIn(call, body, range), sortColumn, body.sortOrder);
    result = { key, entries, totals: totals(entries, amounts) };
    lastResult.set(call.workspace, result);
  }
  return ok({
    totals: options?.totals === 'EXCLUDE' ? [] : [result.totals],
    timeentries: result.entries
      .slice((page - 1) * pageSize, page * pageSize)
      .map((entry) => render(call, entry, range.zone, amounts)),
  });
}

/** The window has to be exactly seven days. */
function weekly(call: WorkspaceCall): SimulatedResponse {
  const { body, range } = readReport(call, {
    weeklyFilter: z.strictObject({
      group: z.enum(['USER', 'PROJECT']).default('USER'),
      subgroup: z.literal('TIME').default('TIME'),
    }),
  });
  const days = Math.ceil(wallSpan(body) / 86_400_000);
  if (days !== 7) throw invalid('Date range must be exactly 7 days');
  const entries = entriesIn(call, body, range);
  const groups = groupBy(entries, (entry) =>
    body.weeklyFilter.group === 'USER' ? entry.userId : (entry.projectId ?? ''),
  );
  return ok({
    totals: [totals(entries, false)],
    groupOne: [...groups].map(([groupId, members]) => ({
      _id: groupId,
      name: call.users.get(groupId)?.name ?? call.workspace.projects.get(groupId)?.name ?? '',
      duration: sum(members),
      days: [...groupBy(members, (entry) => dayAt(entry.start, range.zone))].map(([date, ofDay]) => ({
        date,
        duration: sum(ofDay),
      })),
    })),
  });
}

function render(call: WorkspaceCall, entry: Entry, zone: string, amounts: boolean): Record<string, unknown> {
  const { workspace } = call;
  const user = call.users.get(entry.userId);
  const project: Project | undefined =
    entry.projectId === null ? undefined : workspace.projects.get(entry.projectId);
  return {
    _id: entry.id,
    description: entry.description,
    userId: entry.userId,
    timeInterval: {
      start: localTime(entry.start, zone),
      end: entry.end === null ? null : localTime(entry.end, zone),
      duration: entry.end === null ? null : seconds(entry),
    },
    billable: entry.billable,
    projectId: entry.projectId,
    taskId: null,
    tagIds: entry.tagIds,
    approvalRequestId: null,
    isLocked: false,
    amount: amounts ? amount(entry) : 0,
    rate: amounts ? (entry.hourlyRate?.amount ?? 0) : 0,
    userName: user?.name ?? null,
    userEmail: user?.email ?? null,
    projectName: project?.name ?? '',
    projectColor: project?.color ?? '',
    clientName: project?.clientName ?? '',
    clientId: project?.clientId ?? '',
    tags: (entry.tagIds ?? []).map((tag) => ({ _id: tag, name: workspace.tags.get(tag)?.name ?? '' })),
    customFields: [],
    ...(call.reports.showType ? { type: entry.type } : {}),
  };
}

function sorted(
  call: WorkspaceCall,
  entries: Entry[],
  column: z.output<typeof detailedFilter>['sortColumn'],
  order: 'ASCENDING' | 'DESCENDING',
): Entry[] {
  const name = (entry: Entry): string => call.users.get(entry.userId)?.name ?? '';
  const text = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  const compare: Record<typeof column, (one: Entry, other: Entry) => number> = {
    ID: () => 0,
    NATURAL: () => 0,
    DESCRIPTION: (one, other) => text(one.description, other.description),
    USER: (one, other) => text(name(one), name(other)),
    DURATION: (one, other) => seconds(one) - seconds(other),
    DATE: (one, other) => one.start - other.start,
    ZONED_DATE: (one, other) => one.start - other.start,
    USER_DATE: (one, other) => text(name(one), name(other)) || one.start - other.start,
  };
  const sign = order === 'ASCENDING' ? 1 : -1;
  return entries.sort((one, other) => sign * (compare[column](one, other) || text(one.id, other.id)));
}
