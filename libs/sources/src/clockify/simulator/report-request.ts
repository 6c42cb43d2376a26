import { weekdays } from '#domain';
import { z } from 'zod';
import type { WorkspaceCall } from './call.js';
import type { Entry, Project } from './model.js';
import { id, readBody, readQuery, wallClock, zone } from './reading.js';
import { invalid } from './refusal.js';
import { readWallClock } from './zones.js';

const filter = z.strictObject({
  ids: z.array(id).default([]),
  contains: z.enum(['CONTAINS', 'DOES_NOT_CONTAIN', 'CONTAINS_ONLY']).default('CONTAINS'),
  status: z.enum(['ALL', 'ACTIVE', 'ACTIVE_WITH_PENDING', 'PENDING', 'INACTIVE']).default('ALL'),
});
type Filter = z.output<typeof filter>;

const common = {
  dateRangeStart: wallClock,
  dateRangeEnd: wallClock,
  timeZone: zone.optional(),
  dateRangeType: z.literal('ABSOLUTE').optional(),
  exportType: z.enum(['JSON', 'JSON_V1']).default('JSON'),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
  weekStart: z.enum(weekdays).optional(),
  zoomLevel: z.enum(['WEEK', 'MONTH', 'YEAR']).optional(),
  amountShown: z.enum(['HIDE_AMOUNT', 'EARNED', 'COST', 'PROFIT']).default('HIDE_AMOUNT'),
  amounts: z.array(z.string()).optional(),
  rounding: z.boolean().optional(),
  billable: z.boolean().nullish(),
  approvalState: z.enum(['APPROVED', 'UNAPPROVED', 'ALL']).default('ALL'),
  invoicingState: z.enum(['INVOICED', 'UNINVOICED', 'ALL']).default('ALL'),
  description: z.string().optional(),
  withoutDescription: z.boolean().optional(),
  customFields: z.array(z.unknown()).max(0).optional(),
  users: filter.optional(),
  userGroups: filter.optional(),
  clients: filter.optional(),
  projects: filter.optional(),
  tasks: filter.optional(),
  tags: filter.optional(),
};
type Common = z.output<z.ZodObject<typeof common>>;

const freeInterval = 31 * 24 * 3_600_000;

/** A report's range as instants, both inclusive, and the zone in which it is read and answered. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}

/** Reads a report's body: the common part, and what this report has beyond it. */
export function readReport<T extends z.ZodRawShape>(call: WorkspaceCall, own: T) {
  readQuery(call.query, {});
  const body = readBody(call.body, z.strictObject({ ...common, ...own }));
  return { body, range: rangeOf(call, body as Common) };
}

function rangeOf(call: WorkspaceCall, body: Common): Range {
  const reportZone = body.timeZone ?? call.accountZone;
  const range = {
    from: readWallClock(body.dateRangeStart, reportZone),
    to: readWallClock(body.dateRangeEnd, reportZone),
    zone: reportZone,
  };
  if (range.from > range.to) throw invalid('Date range start is after its end');
  if (call.plan === 'FREE' && wallSpan(body) > freeInterval)
    throw invalid('Reports on the FREE plan cover at most 31 days');
  return range;
}

/** What the range covers by its own clock: no DST change makes it longer. */
export const wallSpan = (body: { dateRangeStart: string; dateRangeEnd: string }): number =>
  Date.parse(`${body.dateRangeEnd}Z`) - Date.parse(`${body.dateRangeStart}Z`);

/** Whether a user's entries are asked for. */
export function wantsUser(
  call: WorkspaceCall,
  body: Pick<Common, 'users' | 'userGroups'>,
  userId: string,
): boolean {
  const groups = call.workspace.groupsOf(userId).map((group) => group.id);
  return (
    admits(body.users, [userId]) &&
    admits(body.userGroups, groups) &&
    hasStatus(body.users?.status ?? 'ALL', call.workspace.members.get(userId)?.status)
  );
}

/** Every entry that starts in the range and passes the filters, oldest first within each person. */
export function entriesIn(call: WorkspaceCall, body: Common, range: Range): Entry[] {
  const { workspace } = call;
  if (body.approvalState === 'APPROVED' || body.invoicingState === 'INVOICED') return [];
  const found: Entry[] = [];
  for (const userId of workspace.members.keys()) {
    if (!wantsUser(call, body, userId)) continue;
    for (const entry of workspace.entriesOf(userId)) {
      if (entry.start < range.from) continue;
      if (entry.start > range.to) break;
      if (entry.end === null && !call.reports.showRunning) continue;
      if (passes(body, entry, entry.projectId === null ? undefined : workspace.projects.get(entry.projectId)))
        found.push(entry);
    }
  }
  return found;
}

function passes(body: Common, entry: Entry, project: Project | undefined): boolean {
  return (
    (body.billable === undefined || body.billable === null || body.billable === entry.billable) &&
    (body.description === undefined || entry.description.includes(body.description)) &&
    (!body.withoutDescription || entry.description === '') &&
    admits(body.projects, entry.projectId === null ? [] : [entry.projectId]) &&
    admits(body.clients, project?.clientId ? [project.clientId] : []) &&
    admits(body.tasks, []) &&
    admits(body.tags, entry.tagIds ?? [])
  );
}

/** A filter without ids admits everything. */
function admits(wanted: Filter | undefined, ids: readonly string[]): boolean {
  if (!wanted || wanted.ids.length === 0) return true;
  const shared = ids.some((each) => wanted.ids.includes(each));
  if (wanted.contains === 'DOES_NOT_CONTAIN') return !shared;
  return shared && (wanted.contains === 'CONTAINS' || ids.every((each) => wanted.ids.includes(each)));
}

function hasStatus(wanted: Filter['status'], status: string | undefined): boolean {
  if (wanted === 'ALL') return true;
  if (wanted === 'ACTIVE_WITH_PENDING') return status === 'ACTIVE' || status === 'PENDING';
  return wanted === status;
}
