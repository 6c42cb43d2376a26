import { weekdayOf } from '#domain';
import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { daysBetween, enterTimeOff } from './automatic-entries.js';
import { created, ok, type Route, type WorkspaceCall } from './call.js';
import type { HalfDayPeriod, Policy, TimeOffRequest, User } from './model.js';
import { day, readBody, readQuery, rfc3339 } from './reading.js';
import { invalid } from './refusal.js';
import { balanceOf, periodOfDays, renderRequest } from './time-off-request.js';

const requests = '/time-off/policies/:policyId/requests';

export const timeOffWriteRoutes: readonly Route[] = [
  { method: 'POST', path: requests, feature: 'time-off', handle: (call) => ask(call, call.caller) },
  {
    method: 'POST',
    path: '/time-off/policies/:policyId/users/:userId/requests',
    feature: 'time-off',
    handle: (call) => ask(call, call.users.get(call.params['userId'] ?? '')),
  },
  { method: 'PATCH', path: `${requests}/:requestId`, feature: 'time-off', handle: decide },
  { method: 'DELETE', path: `${requests}/:requestId`, feature: 'time-off', handle: remove },
];

const requestBody = z.strictObject({
  note: z.string().nullish(),
  timeOffPeriod: z.strictObject({
    isHalfDay: z.boolean().default(false),
    halfDayPeriod: z.enum(['NOT_DEFINED', 'FIRST_HALF', 'SECOND_HALF']).default('NOT_DEFINED'),
    period: z.record(z.string(), z.unknown()),
  }),
});

const daysPeriod = z.strictObject({ start: day, days: z.int().min(1).max(999) });
const hoursPeriod = z.strictObject({ start: rfc3339, end: rfc3339 });

/** Creates a request for a person. Policies of days want `start` and `days`; those of hours `start` and `end`; neither takes the other's. */
function ask(call: WorkspaceCall, user: User | undefined): SimulatedResponse {
  const { workspace } = call;
  readQuery(call.query, {});
  const policy = workspace.policies.get(call.params['policyId'] ?? '');
  if (!policy || policy.archived) throw invalid("Policy doesn't belong to Workspace");
  const member = user && workspace.members.get(user.id);
  if (!user || !member || member.status !== 'ACTIVE') throw invalid("User doesn't belong to Workspace");
  if (!workspace.concerns(policy, user.id)) throw invalid('User is not assigned to this policy');
  const body = readBody(call.body, requestBody);
  const { isHalfDay, halfDayPeriod, period } = body.timeOffPeriod;
  const zone = user.settings?.timeZone ?? 'UTC';
  const span = policy.timeUnit === 'DAYS' ? readDays(period, zone) : readHours(period);
  checkHalf(policy, isHalfDay, halfDayPeriod, span.amount);
  const amount = isHalfDay ? 0.5 : span.amount;
  if (!policy.allowNegativeBalance && balanceOf(workspace, policy, user.id) < amount)
    throw invalid('Insufficient balance');
  const request: TimeOffRequest = {
    id: call.mint('request'),
    userId: user.id,
    requesterId: call.caller.id,
    policyId: policy.id,
    zone,
    createdAt: call.now,
    note: body.note ?? null,
    start: span.start,
    end: span.end,
    halfDay: isHalfDay,
    halfDayPeriod,
    amount,
    status: policy.requiresApproval ? 'PENDING' : 'APPROVED',
    changedBy: policy.requiresApproval ? null : call.caller.id,
    changedAt: policy.requiresApproval ? null : call.now,
    decisionNote: null,
  };
  workspace.putRequest(request);
  enterTimeOff(call, request);
  return created(renderRequest(call, request));
}

function readDays(period: Record<string, unknown>, zone: string) {
  if ('end' in period) throw invalid('Value for number of days is not allowed');
  const { start, days } = readBody(JSON.stringify(period), daysPeriod);
  return { ...periodOfDays(start, days, zone), amount: days };
}

function readHours(period: Record<string, unknown>) {
  if ('days' in period) throw invalid('Value for number of days is not allowed');
  const { start, end } = readBody(JSON.stringify(period), hoursPeriod);
  if (start >= end) throw invalid('Start is after end');
  return { start, end, amount: (end - start) / 3_600_000 };
}

function checkHalf(policy: Policy, isHalfDay: boolean, half: HalfDayPeriod, days: number): void {
  if (!isHalfDay) {
    if (half !== 'NOT_DEFINED') throw invalid('Half day period is not allowed');
    return;
  }
  if (policy.timeUnit !== 'DAYS' || !policy.allowHalfDay) throw invalid('Half day is not allowed');
  if (half === 'NOT_DEFINED') throw invalid('Half day period is not defined');
  if (days !== 1) throw invalid('Half day is one day');
}

function decide(call: WorkspaceCall): SimulatedResponse {
  readQuery(call.query, {});
  const request = requestOf(call);
  const body = readBody(
    call.body,
    z.strictObject({ status: z.enum(['APPROVED', 'REJECTED']), note: z.string().nullish() }),
  );
  if (request.status !== 'PENDING') throw invalid('Request is not pending');
  settle(request, body.status, call.caller.id, call.now, body.note ?? null);
  enterTimeOff(call, request);
  return ok(renderRequest(call, request));
}

/** Sets the status and who did it. A request that goes back to pending has nobody who did. */
export function settle(
  request: TimeOffRequest,
  status: TimeOffRequest['status'],
  by: string,
  at: number,
  note: string | null,
): void {
  const decided = status !== 'PENDING';
  request.status = status;
  request.changedBy = decided ? by : null;
  request.changedAt = decided ? at : null;
  request.decisionNote = decided ? note : null;
}

/** Only while it is pending. */
function remove(call: WorkspaceCall): SimulatedResponse {
  readQuery(call.query, {});
  const request = requestOf(call);
  if (request.status !== 'PENDING') throw invalid('Only pending requests can be deleted');
  call.workspace.removeRequest(request.id);
  return ok(renderRequest(call, request));
}

function requestOf(call: WorkspaceCall): TimeOffRequest {
  const request = call.workspace.requests.get(call.params['requestId'] ?? '');
  if (!request || request.policyId !== call.params['policyId'])
    throw invalid("Request doesn't belong to Policy");
  return request;
}

/** Seconds of leave that a request takes from a local day of its person, of `capacity` seconds. */
export function secondsOff(
  request: TimeOffRequest,
  policy: Policy,
  workingDays: readonly string[],
  capacity: number,
  localDay: string,
  days: { first: string; last: string },
): number {
  if (localDay < days.first || localDay > days.last || !workingDays.includes(weekdayOf(localDay))) return 0;
  if (policy.timeUnit === 'HOURS') {
    const count = [...daysBetween(days.first, days.last)].length;
    return Math.min(capacity, (request.end - request.start) / 1000 / count);
  }
  return request.halfDay ? capacity / 2 : capacity;
}
