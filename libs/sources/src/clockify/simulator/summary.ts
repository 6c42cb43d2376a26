import type { SimulatedResponse } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { ok, type WorkspaceCall } from './call.js';
import type { Entry } from './model.js';
import { entriesIn, readReport, type Range } from './report-request.js';
import { amount, seconds, totals } from './report-sums.js';
import { dayAt } from './zones.js';

const groups = [
  'USER',
  'PROJECT',
  'CLIENT',
  'TASK',
  'TAG',
  'DATE',
  'WEEK',
  'MONTH',
  'USER_GROUP',
  'TIMEENTRY',
] as const;
type Group = (typeof groups)[number];

const summaryFilter = z.strictObject({
  groups: z.array(z.enum(groups)).min(1).max(3),
  sortColumn: z.enum(['GROUP', 'DURATION', 'AMOUNT']).default('GROUP'),
});

/** Totals by one to three nested groups. */
export function summary(call: WorkspaceCall): SimulatedResponse {
  const { body, range } = readReport(call, { summaryFilter });
  const entries = entriesIn(call, body, range);
  const amounts = body.amountShown !== 'HIDE_AMOUNT';
  const column = body.summaryFilter.sortColumn;
  const sign = body.sortOrder === 'DESCENDING' ? -1 : 1;
  const nest = (members: readonly Entry[], [group, ...rest]: readonly Group[]): Row[] => {
    if (!group) return [];
    const buckets = new Map<string, { name: string; members: Entry[] }>();
    for (const entry of members) {
      for (const { id, name } of keysOf(call, entry, group, range)) {
        const bucket = buckets.get(id);
        if (bucket) bucket.members.push(entry);
        else buckets.set(id, { name, members: [entry] });
      }
    }
    return [...buckets]
      .map(([_id, { name, members: inside }]) => ({
        _id,
        name,
        duration: inside.reduce((sum, entry) => sum + seconds(entry), 0),
        amount: amounts ? inside.reduce((sum, entry) => sum + amount(entry), 0) : 0,
        children: nest(inside, rest),
      }))
      .sort((one, other) => {
        if (column === 'DURATION') return sign * (one.duration - other.duration);
        if (column === 'AMOUNT') return sign * (one.amount - other.amount);
        return sign * (one.name < other.name ? -1 : 1);
      });
  };
  return ok({ totals: [totals(entries, amounts)], groupOne: nest(entries, body.summaryFilter.groups) });
}

interface Row {
  readonly _id: string;
  readonly name: string;
  readonly duration: number;
  readonly amount: number;
  readonly children: readonly Row[];
}

/** In which groups of a kind an entry counts: in none by task, possibly in several by tag or user group. */
function keysOf(
  call: WorkspaceCall,
  entry: Entry,
  group: Group,
  range: Range,
): { id: string; name: string }[] {
  const { workspace } = call;
  const project = entry.projectId === null ? undefined : workspace.projects.get(entry.projectId);
  const date = dayAt(entry.start, range.zone);
  const same = (text: string) => [{ id: text, name: text }];
  switch (group) {
    case 'USER':
      return [{ id: entry.userId, name: call.users.get(entry.userId)?.name ?? '' }];
    case 'PROJECT':
      return [{ id: project?.id ?? '', name: project?.name ?? '(Without project)' }];
    case 'CLIENT':
      return [{ id: project?.clientId ?? '', name: project?.clientName || '(Without client)' }];
    case 'TASK':
      return [{ id: '', name: '(Without task)' }];
    case 'TAG':
      return (entry.tagIds ?? ['']).map((id) => ({
        id,
        name: workspace.tags.get(id)?.name ?? '(Without tag)',
      }));
    case 'USER_GROUP':
      return workspace.groupsOf(entry.userId).map(({ id, name }) => ({ id, name }));
    case 'DATE':
      return same(date);
    case 'MONTH':
      return same(date.slice(0, 7));
    case 'WEEK':
      return same(monday(date));
    case 'TIMEENTRY':
      return [{ id: entry.id, name: entry.description }];
  }
}

function monday(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}
