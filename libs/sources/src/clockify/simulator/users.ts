import { weekdays } from '#domain';
import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { ok, paged, type Call, type Route, type WorkspaceCall } from './call.js';
import { isoDuration, readIsoDuration } from './durations.js';
import { accountStatuses, membershipStatuses, type Member, type User } from './model.js';
import { flag, id, list, page, pageQuery, readBody, readQuery } from './reading.js';
import { badParameter } from './refusal.js';
import { giveRole, memberOf, rolesOf, takeRole } from './roles.js';
import type { Workspace } from './workspace.js';

const memberships = z.enum(['ALL', 'NONE', 'WORKSPACE', 'PROJECT', 'USERGROUP']);
const membershipStatus = z.enum([...membershipStatuses, 'ALL']);
const sortColumn = z.enum(['ID', 'EMAIL', 'NAME', 'NAME_LOWERCASE', 'ACCESS', 'HOURLYRATE', 'COSTRATE']);
const sortOrder = z.enum(['ASCENDING', 'DESCENDING']);
/** LIMITED and DELETED accounts have to be asked for. */
const usualAccounts = ['ACTIVE', 'PENDING_EMAIL_VERIFICATION', 'NOT_REGISTERED'];

interface UserSearch {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly projectId?: string | undefined;
  readonly status?: z.output<typeof membershipStatus> | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly memberships?: z.output<typeof memberships> | undefined;
  readonly roles?: boolean | undefined;
  readonly sort?: z.output<typeof sortColumn> | undefined;
  readonly order?: z.output<typeof sortOrder> | undefined;
}

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/users', handle: listUsers },
  { method: 'POST', path: '/users/info', handle: usersInfo },
  { method: 'GET', path: '/member-profile/:userId', handle: (call) => ok(profile(call, memberOf(call))) },
  { method: 'PATCH', path: '/member-profile/:userId', handle: changeProfile },
  { method: 'GET', path: '/users/:userId/managers', handle: listManagers },
  { method: 'POST', path: '/users/:userId/roles', handle: giveRole },
  { method: 'DELETE', path: '/users/:userId/roles', handle: takeRole },
  { method: 'GET', path: '/user-groups', handle: listGroups },
];

/** `GET /v1/user`: whose key it is. */
export function whoAmI(call: Call): SimulatedResponse {
  const query = readQuery(call.query, { 'include-memberships': flag.optional() });
  const workspace = call.workspaces.get(call.caller.workspaceId);
  const withMemberships = query['include-memberships'] === true && workspace;
  return ok(renderUser(call.caller, withMemberships ? membershipsOf(workspace, call.caller) : []));
}

/** `GET /v1/workspaces`: never paged. */
export function listWorkspaces(call: Call): SimulatedResponse {
  readQuery(call.query, {
    roles: z.string().optional(),
    page: z.string().optional(),
    'page-size': z.string().optional(),
  });
  const mine = [...call.workspaces.values()].filter((workspace) => workspace.members.has(call.caller.id));
  return ok(
    mine.map((workspace) => ({
      id: workspace.id,
      name: workspace.name,
      cakeOrganizationId: null,
      imageUrl: '',
      currencies: [{ id: workspace.id, code: 'EUR', isDefault: true }],
      featureSubscriptionType: call.plan,
      features: call.plan === 'PRO' ? ['TIME_OFF', 'ATTENDANCE_REPORT'] : [],
      memberships: [...workspace.members.values()].map((member) => membership(workspace, member)),
      subdomain: { enabled: false, name: null },
      workspaceSettings: {
        workingDays: workspace.workingDays,
        timeTrackingMode: 'DEFAULT',
        lockTimeEntries: null,
        lockTimeZone: null,
        automaticLock: null,
        durationFormat: 'FULL',
        round: { minutes: '15', round: 'Round to nearest' },
        forceProjects: false,
      },
    })),
  );
}

function listUsers(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(5000),
    email: z.string().optional(),
    name: z.string().optional(),
    'project-id': id.optional(),
    status: membershipStatus.optional(),
    'account-statuses': list(z.enum(accountStatuses)).optional(),
    memberships: memberships.optional(),
    'include-roles': flag.optional(),
    'sort-column': sortColumn.optional(),
    'sort-order': sortOrder.optional(),
  });
  return findUsers(call, page(query), {
    email: query.email,
    name: query.name,
    projectId: query['project-id'],
    status: query.status,
    accounts: query['account-statuses'],
    memberships: query.memberships,
    roles: query['include-roles'],
    sort: query['sort-column'],
    order: query['sort-order'],
  });
}

function usersInfo(call: WorkspaceCall): SimulatedResponse {
  const body = readBody(
    call.body,
    z.strictObject({
      page: z.int().min(1).default(1),
      pageSize: z.int().min(1).max(5000).default(50),
      email: z.string().optional(),
      name: z.string().optional(),
      projectId: id.optional(),
      status: membershipStatus.optional(),
      accountStatuses: z.array(z.enum(accountStatuses)).min(1).optional(),
      memberships: memberships.optional(),
      includeRoles: z.boolean().optional(),
      roles: z.array(z.string()).optional(),
      sortColumn: sortColumn.optional(),
      sortOrder: sortOrder.optional(),
      userGroups: z.array(id).optional(),
    }),
  );
  return findUsers(
    call,
    { page: body.page, size: body.pageSize },
    {
      ...body,
      accounts: body.accountStatuses,
      roles: body.includeRoles,
      sort: body.sortColumn,
      order: body.sortOrder,
    },
    body.userGroups,
  );
}

function findUsers(
  call: WorkspaceCall,
  cut: { page: number; size: number },
  search: UserSearch,
  groups: readonly string[] = [],
): SimulatedResponse {
  const { workspace } = call;
  const accounts = search.accounts ?? usualAccounts;
  const column = search.sort ?? 'EMAIL';
  const sign = search.order === 'DESCENDING' ? -1 : 1;
  const sortKey = (user: User): string => {
    if (column === 'ID') return user.id;
    if (column === 'NAME') return user.name ?? '';
    if (column === 'NAME_LOWERCASE') return (user.name ?? '').toLowerCase();
    return user.email;
  };
  const found = [...workspace.members.values()]
    .flatMap((member) => {
      const user = call.users.get(member.userId);
      return user ? [{ user, member }] : [];
    })
    .filter(
      ({ user, member }) =>
        accounts.includes(user.status) &&
        (search.status === undefined || search.status === 'ALL' || search.status === member.status) &&
        (search.email === undefined || user.email.includes(search.email)) &&
        (search.name === undefined || (user.name ?? '').includes(search.name)) &&
        (search.projectId === undefined || workspace.projects.has(search.projectId)) &&
        (groups.length === 0 ||
          groups.some((group) => workspace.groups.get(group)?.userIds.includes(user.id))),
    )
    .sort((one, other) => {
      const a = sortKey(one.user);
      const b = sortKey(other.user);
      if (a !== b) return a < b ? -sign : sign;
      return one.user.id < other.user.id ? -1 : 1;
    });
  return paged(found, cut, ({ user }) => ({
    ...renderUser(user, listedMemberships(workspace, user, search.memberships ?? 'NONE')),
    ...(search.roles ? { roles: rolesOf(call, user) } : {}),
  }));
}

/** A user as every list shows them; `settings` is there and null for those who never finished signing up. */
function renderUser(user: User, shown: readonly unknown[] = []): Record<string, unknown> {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    profilePicture: user.profilePicture,
    activeWorkspace: user.workspaceId,
    defaultWorkspace: user.workspaceId,
    status: user.status,
    memberships: shown,
    customFields: [],
    settings: user.settings && { ...user.settings },
  };
}

const membership = (workspace: Workspace, member: Member) => ({
  userId: member.userId,
  targetId: workspace.id,
  membershipType: 'WORKSPACE',
  membershipStatus: member.status,
  hourlyRate: member.hourlyRate,
  costRate: null,
});

function membershipsOf(workspace: Workspace, user: User): unknown[] {
  const member = workspace.members.get(user.id);
  return member ? [membership(workspace, member)] : [];
}

function listedMemberships(workspace: Workspace, user: User, which: z.output<typeof memberships>): unknown[] {
  const ofGroups = workspace.groupsOf(user.id).map((group) => ({
    userId: user.id,
    targetId: group.id,
    membershipType: 'USERGROUP',
    membershipStatus: 'ACTIVE',
    hourlyRate: null,
    costRate: null,
  }));
  return [
    ...(which === 'ALL' || which === 'WORKSPACE' ? membershipsOf(workspace, user) : []),
    ...(which === 'ALL' || which === 'USERGROUP' ? ofGroups : []),
  ];
}

function profile(call: WorkspaceCall, { user, member }: { user: User; member: Member }) {
  if (call.query.size > 0) throw badParameter('No such parameter');
  return {
    email: user.email,
    name: user.name,
    imageUrl: user.profilePicture,
    weekStart: member.weekStart,
    workCapacity: isoDuration(member.capacity),
    workingDays: member.workingDays,
    workspaceNumber: [...call.workspaces.values()].filter((each) => each.members.has(user.id)).length,
    userCustomFieldValues: [],
    hasPassword: true,
    hasPendingApprovalRequest: false,
  };
}

function changeProfile(call: WorkspaceCall): SimulatedResponse {
  const found = memberOf(call);
  const body = readBody(
    call.body,
    z.strictObject({
      name: z.string().min(1).optional(),
      imageUrl: z.string().optional(),
      weekStart: z.enum(weekdays).optional(),
      workCapacity: z
        .string()
        .refine((text) => readIsoDuration(text) !== undefined, 'must be an ISO 8601 duration')
        .optional(),
      workingDays: z.array(z.enum(weekdays)).optional(),
    }),
  );
  if (body.name !== undefined) found.user.name = body.name;
  if (body.imageUrl !== undefined) found.user.profilePicture = body.imageUrl;
  if (body.weekStart) found.member.weekStart = body.weekStart;
  if (body.workingDays) found.member.workingDays = body.workingDays;
  if (body.workCapacity) found.member.capacity = readIsoDuration(body.workCapacity) ?? found.member.capacity;
  call.workspace.touch();
  return ok(profile(call, found));
}

function listManagers(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(5000),
    'sort-column': sortColumn.optional(),
    'sort-order': sortOrder.optional(),
  });
  const { user } = memberOf(call);
  const managers = call.workspace.managersOf(user.id).flatMap((each) => call.users.get(each) ?? []);
  return paged(managers, page(query), (manager) => renderUser(manager));
}

function listGroups(call: WorkspaceCall): SimulatedResponse {
  const query = readQuery(call.query, {
    ...pageQuery(5000),
    name: z.string().optional(),
    'project-id': id.optional(),
    'sort-column': z.enum(['ID', 'NAME']).optional(),
    'sort-order': sortOrder.optional(),
    includeTeamManagers: flag.optional(),
  });
  const column = query['sort-column'] === 'ID' ? 'id' : 'name';
  const sign = query['sort-order'] === 'DESCENDING' ? -1 : 1;
  const groups = [...call.workspace.groups.values()]
    .filter((group) => query.name === undefined || group.name.includes(query.name))
    .sort((one, other) => (one[column] < other[column] ? -sign : sign));
  return paged(groups, page(query), (group) => ({
    id: group.id,
    name: group.name,
    workspaceId: call.workspace.id,
    userIds: group.userIds,
    ...(query.includeTeamManagers
      ? {
          teamManagers: group.managers.map((each) => ({
            id: each,
            name: call.users.get(each)?.name ?? null,
          })),
        }
      : {}),
  }));
}
