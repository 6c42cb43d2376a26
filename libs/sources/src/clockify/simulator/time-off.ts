import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { ok, paged, type Route, type WorkspaceCall } from './call.js';
import type { Policy, TimeOffRequest } from './model.js';
import { id, page, pageQuery, readBody, readQuery, rfc3339 } from './reading.js';
import { invalid } from './refusal.js';
import { balanceOf, renderRequest } from './time-off-request.js';
import { timeOffWriteRoutes } from './time-off-writes.js';

export const timeOffRoutes: readonly Route[] = [
  { method: 'GET', path: '/time-off/policies', feature: 'time-off', handle: listPolicies },
  { method: 'GET', path: '/time-off/policies/:policyId', feature: 'time-off', handle: onePolicy },
  { method: 'POST', path: '/time-off/requests', feature: 'time-off', handle: listRequests },
  { method: 'GET', path: '/time-off/balance/policy/:policyId', feature: 'time-off', handle: policyBalances },
  { method: 'GET', path: '/time-off/balance/user/:userId', feature: 'time-off', handle: userBalances },
  { method: 'GET', path: '/approval-requests', handle: listApprovals },
  ...timeOffWriteRoutes,
];

function listPolicies(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(200),
    name: z.string().optional(),
    status: z.enum(['ACTIVE', 'ARCHIVED', 'ALL']).default('ACTIVE'),
  });
  const policies = [...call.workspace.policies.values()].filter(
    (policy) =>
      (query.status === 'ALL' || policy.archived === (query.status === 'ARCHIVED')) &&
      (query.name === undefined || policy.name.includes(query.name)),
  );
  return paged(policies, page(query), (policy) => renderPolicy(call, policy));
}

function onePolicy(call: WorkspaceCall): SimulatedResponse {
  readQuery(call.query, {});
  return ok(renderPolicy(call, policyOf(call)));
}

const renderPolicy = (call: WorkspaceCall, policy: Policy) => ({
  id: policy.id,
  workspaceId: call.workspace.id,
  name: policy.name,
  timeUnit: policy.timeUnit,
  archived: policy.archived,
  allowHalfDay: policy.allowHalfDay,
  allowNegativeBalance: policy.allowNegativeBalance,
  negativeBalance: null,
  approve: {
    requiresApproval: policy.requiresApproval,
    specificMembers: false,
    teamManagers: policy.requiresApproval,
    userIds: [],
  },
  automaticAccrual: { amount: policy.allowance, period: 'YEAR', timeUnit: policy.timeUnit },
  automaticTimeEntryCreation: {
    enabled: policy.automaticTimeEntryCreation,
    defaultEntities: { projectId: policy.projectId, taskId: null },
  },
  everyoneIncludingNew: policy.everyoneIncludingNew,
  projectId: policy.projectId,
  userIds: policy.userIds,
  userGroupIds: policy.userGroupIds,
});

/**
 * The list is a POST with an envelope; a GET is 405. `start` and `end` filter on the moment of creation, as the vendor's text says
 * (its own user interface filters on the leave itself).
 */
function listRequests(call: WorkspaceCall): SimulatedResponse {
  const { workspace } = call;
  readQuery(call.query, {});
  const body = readBody(
    call.body,
    z.strictObject({
      start: rfc3339.optional(),
      end: rfc3339.optional(),
      page: z.int().min(1).max(1000).default(1),
      pageSize: z.int().min(1).max(200).default(50),
      statuses: z.array(z.enum(['PENDING', 'APPROVED', 'REJECTED', 'ALL'])).optional(),
      users: z.array(id).optional(),
      userGroups: z.array(id).optional(),
    }),
  );
  const statuses = new Set<string>(body.statuses?.length ? body.statuses : ['ALL']);
  const users = new Set(body.users);
  const inGroups = new Set(body.userGroups?.flatMap((group) => workspace.groups.get(group)?.userIds ?? []));
  const someone = users.size > 0 || (body.userGroups?.length ?? 0) > 0;
  const found = [...workspace.requests.values()]
    .filter(
      (request) =>
        (statuses.has('ALL') || statuses.has(request.status)) &&
        (!someone || users.has(request.userId) || inGroups.has(request.userId)) &&
        request.createdAt >= (body.start ?? -Infinity) &&
        request.createdAt <= (body.end ?? Infinity),
    )
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
  const cut = found.slice((body.page - 1) * body.pageSize, body.page * body.pageSize);
  return ok({ count: found.length, requests: cut.map((request) => renderRequest(call, request)) });
}

function policyBalances(call: WorkspaceCall): SimulatedResponse {
  const policy = policyOf(call);
  return balances(
    call,
    [...call.workspace.members.keys()].map((userId) => ({ userId, policy })),
  );
}

function userBalances(call: WorkspaceCall): SimulatedResponse {
  const userId = call.params['userId'] ?? '';
  if (!call.workspace.members.has(userId)) throw invalid("User doesn't belong to Workspace");
  return balances(
    call,
    [...call.workspace.policies.values()].map((policy) => ({ userId, policy })),
  );
}

function balances(
  call: WorkspaceCall,
  pairs: readonly { userId: string; policy: Policy }[],
): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(200),
    sort: z.enum(['USER', 'POLICY', 'USED', 'BALANCE', 'TOTAL']).optional(),
    'sort-order': z.enum(['ASCENDING', 'DESCENDING']).optional(),
  });
  const rows = pairs.filter(({ userId, policy }) => call.workspace.concerns(policy, userId));
  const answer = paged(rows, page(query), ({ userId, policy }) => {
    const balance = balanceOf(call.workspace, policy, userId);
    return {
      id: userId,
      userId,
      userName: call.users.get(userId)?.name ?? null,
      policyId: policy.id,
      policyName: policy.name,
      policyTimeUnit: policy.timeUnit,
      policyArchived: policy.archived,
      balance,
      used: policy.allowance - balance,
      total: policy.allowance,
      negativeBalanceAmount: 0,
      negativeBalanceLimit: policy.allowNegativeBalance,
      negativeBalanceUsed: Math.max(0, -balance),
      workspaceId: call.workspace.id,
    };
  });
  return { ...answer, body: { balances: answer.body, count: rows.length } };
}

/** No timesheet was ever submitted here. Parameters about users and dates are ignored without a word, as the vendor does. */
function listApprovals(call: WorkspaceCall): SimulatedResponse {
  const known = new URLSearchParams();
  for (const name of ['status', 'page', 'page-size'])
    for (const value of call.query.getAll(name)) known.append(name, value);
  const query = readQuery(known, {
    ...pageQuery(200),
    status: z.enum(['PENDING', 'APPROVED', 'WITHDRAWN_APPROVAL', 'REJECTED']).optional(),
  });
  return paged<TimeOffRequest>([], page(query), (item) => item);
}

function policyOf(call: WorkspaceCall): Policy {
  const policy = call.workspace.policies.get(call.params['policyId'] ?? '');
  if (!policy) throw invalid("Policy doesn't belong to Workspace");
  return policy;
}
