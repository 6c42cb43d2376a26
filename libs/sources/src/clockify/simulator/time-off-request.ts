import { addDays, type LocalDate } from '#domain';
import type { WorkspaceCall } from './call.js';
import type { HalfDayPeriod, Policy, TimeOffRequest } from './model.js';
import type { Workspace } from './workspace.js';
import { startOfLocalDay, utcTime } from './zones.js';

/** Whole local days as the vendor stores them: the first midnight and the last millisecond before another, as instants. */
export const periodOfDays = (
  first: LocalDate,
  days: number,
  zone: string,
): { start: number; end: number } => ({
  start: startOfLocalDay(first, zone),
  end: startOfLocalDay(addDays(first, days), zone) - 1,
});

/** What of a policy's allowance is left to a person; approved requests are taken off. */
export function balanceOf(workspace: Workspace, policy: Policy, userId: string): number {
  let left = policy.allowance;
  for (const request of workspace.requestsOf(userId)) {
    if (request.policyId === policy.id && request.status === 'APPROVED') left -= request.amount;
  }
  return left;
}

export function renderRequest(call: Pick<WorkspaceCall, 'workspace' | 'users'>, request: TimeOffRequest) {
  const { workspace, users } = call;
  const policy = workspace.policies.get(request.policyId);
  const user = users.get(request.userId);
  const decided = request.changedAt !== null;
  return {
    id: request.id,
    workspaceId: workspace.id,
    userId: request.userId,
    userName: user?.name ?? null,
    userEmail: user?.email ?? null,
    userTimeZone: request.zone,
    requesterUserId: request.requesterId,
    requesterUserName: users.get(request.requesterId)?.name ?? null,
    policyId: request.policyId,
    policyName: policy?.name ?? null,
    timeUnit: policy?.timeUnit ?? 'DAYS',
    balance: policy ? balanceOf(workspace, policy, request.userId) : 0,
    balanceDiff: request.amount,
    createdAt: nanoseconds(request),
    note: request.note,
    status: {
      statusType: request.status,
      changedByUserId: request.changedBy,
      changedByUserName: request.changedBy === null ? null : (users.get(request.changedBy)?.name ?? null),
      changedForUserName: decided ? (user?.name ?? null) : null,
      changedAt: request.changedAt === null ? null : utcTime(request.changedAt),
      note: request.decisionNote,
    },
    timeOffPeriod: {
      period: { start: utcTime(request.start), end: utcTime(request.end) },
      halfDay: request.halfDay,
      halfDayPeriod: request.halfDayPeriod,
      halfDayHours: halfDayHours(request.halfDayPeriod),
    },
  };
}

const halfDayHours = (half: HalfDayPeriod): { start: string; end: string } | null =>
  half === 'FIRST_HALF'
    ? { start: '09:00', end: '13:00' }
    : half === 'SECOND_HALF'
      ? { start: '13:00', end: '17:00' }
      : null;

/** The moment of creation has nine digits after the point; those that a clock of milliseconds lacks are made from the id. */
const nanoseconds = (request: TimeOffRequest): string =>
  `${new Date(request.createdAt).toISOString().slice(0, -1)}${String((Number.parseInt(request.id.slice(-6), 16) * 7919 + 120_938) % 1_000_000).padStart(6, '0')}Z`;
