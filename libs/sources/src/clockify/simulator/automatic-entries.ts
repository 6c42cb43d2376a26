import { addDays, weekdayOf, type LocalDate } from '#domain';
import type { Entry, Holiday, Member, TimeOffRequest, User } from './model.js';
import type { Workspace } from './workspace.js';
import { dayAt, startOfLocalDay } from './zones.js';

interface Context {
  readonly workspace: Workspace;
  readonly users: ReadonlyMap<string, User>;
  mint(kind: string): string;
}

/** Makes the HOLIDAY entries of a holiday with automatic entry creation anew: one per person and working day, of the length of their day. */
export function enterHoliday(context: Context, holiday: Holiday): void {
  const { workspace } = context;
  workspace.removeMadeBy(holiday.id);
  if (!holiday.automaticTimeEntryCreation) return;
  for (const member of workspace.members.values()) {
    if (member.status !== 'ACTIVE' || !workspace.concerns(holiday, member.userId)) continue;
    for (const day of daysBetween(holiday.startDate, holiday.endDate)) {
      if (!isWorkingDay(member, day)) continue;
      put(context, member, day, member.capacity, 'HOLIDAY', holiday.name, holiday.projectId, holiday.id);
    }
  }
}

/** Makes the TIME_OFF entries of a request anew: those of an approved one under a policy with automatic entry creation; none otherwise. */
export function enterTimeOff(context: Context, request: TimeOffRequest): void {
  const { workspace } = context;
  workspace.removeMadeBy(request.id);
  const policy = workspace.policies.get(request.policyId);
  const member = workspace.members.get(request.userId);
  if (!policy?.automaticTimeEntryCreation || !member || request.status !== 'APPROVED') return;
  if (policy.timeUnit === 'HOURS') {
    workspace.put({
      ...blank(context, request.userId, 'TIME_OFF', policy.name, policy.projectId, request.id),
      start: request.start,
      end: request.end,
    });
    return;
  }
  const length = request.halfDay ? member.capacity / 2 : member.capacity;
  for (const day of daysBetween(dayAt(request.start, request.zone), dayAt(request.end, request.zone))) {
    if (isWorkingDay(member, day))
      put(context, member, day, length, 'TIME_OFF', policy.name, policy.projectId, request.id);
  }
}

export const isWorkingDay = (member: Member, day: LocalDate): boolean =>
  member.workingDays.includes(weekdayOf(day));

/** Both inclusive. */
export function* daysBetween(first: LocalDate, last: LocalDate): Generator<LocalDate> {
  for (let day = first; day <= last; day = addDays(day, 1)) yield day;
}

function put(
  context: Context,
  member: Member,
  day: LocalDate,
  seconds: number,
  type: 'HOLIDAY' | 'TIME_OFF',
  description: string,
  projectId: string | null,
  madeBy: string,
): void {
  const settings = context.users.get(member.userId)?.settings;
  const [hours = 9, minutes = 0] = (settings?.myStartOfDay ?? '09:00').split(':').map(Number);
  const start = startOfLocalDay(day, settings?.timeZone ?? 'UTC') + (hours * 60 + minutes) * 60_000;
  context.workspace.put({
    ...blank(context, member.userId, type, description, projectId, madeBy),
    start,
    end: start + seconds * 1000,
  });
}

const blank = (
  context: Context,
  userId: string,
  type: 'HOLIDAY' | 'TIME_OFF',
  description: string,
  projectId: string | null,
  madeBy: string,
): Omit<Entry, 'start' | 'end'> => ({
  id: context.mint('entry'),
  userId,
  description,
  type,
  billable: false,
  projectId,
  tagIds: null,
  hourlyRate: null,
  madeBy,
});
