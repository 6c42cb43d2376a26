import type { SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { created, type WorkspaceCall } from './call.js';
import type { Member, User } from './model.js';
import { id, readBody } from './reading.js';
import { invalid } from './refusal.js';

/** The member that the path names. */
export function memberOf(call: WorkspaceCall): { user: User; member: Member } {
  const userId = call.params['userId'] ?? '';
  const user = call.users.get(userId);
  const member = call.workspace.members.get(userId);
  if (!user || !member) throw invalid("User doesn't belong to Workspace");
  return { user, member };
}

/** The roles as `include-roles` shows them; the wire's word for an owner is `WORKSPACE_OWN`. */
export function rolesOf(call: WorkspaceCall, user: User): unknown[] {
  const { workspace } = call;
  const role = workspace.members.get(user.id)?.role;
  const entity = (of: { id: string; name: string | null }, source: unknown = null) => ({
    id: of.id,
    name: of.name,
    source,
    membershipStatus: 'ACTIVE',
  });
  const managed = [...workspace.members.values()]
    .filter((member) => member.managers.includes(user.id))
    .flatMap((member) => call.users.get(member.userId) ?? []);
  const groups = [...workspace.groups.values()].filter((group) => group.managers.includes(user.id));
  return [
    ...(role
      ? [
          {
            role,
            formatterRoleName: role === 'WORKSPACE_OWN' ? 'Owner' : 'Admin',
            entities: [entity(workspace)],
          },
        ]
      : []),
    ...(managed.length + groups.length > 0
      ? [
          {
            role: 'TEAM_MANAGER',
            formatterRoleName: 'Team manager',
            entities: [
              ...managed.map((of) => entity(of)),
              ...groups.map((group) => entity(group, { type: 'USER_GROUP', id: group.id })),
            ],
          },
        ]
      : []),
  ];
}

const roleBody = z.strictObject({
  entityId: id,
  role: z.enum(['WORKSPACE_ADMIN', 'PROJECT_MANAGER', 'TEAM_MANAGER']),
  sourceType: z.literal('USER_GROUP').optional(),
});

export function giveRole(call: WorkspaceCall): SimulatedResponse {
  const { user } = memberOf(call);
  const { give } = roleAt(call);
  give();
  call.workspace.touch();
  return created(rolesOf(call, user));
}

export function takeRole(call: WorkspaceCall): SimulatedResponse {
  const { take } = roleAt(call);
  take();
  call.workspace.touch();
  return { status: 204 };
}

/** What the role is about, and how to give and take it. */
function roleAt(call: WorkspaceCall): { give: () => void; take: () => void } {
  const { user, member } = memberOf(call);
  const { entityId, role, sourceType } = readBody(call.body, roleBody);
  if (role === 'WORKSPACE_ADMIN') {
    if (entityId !== call.workspace.id) throw invalid('Entity is not the workspace');
    return { give: () => (member.role ??= 'WORKSPACE_ADMIN'), take: () => (member.role = null) };
  }
  if (role === 'PROJECT_MANAGER') {
    if (!call.workspace.projects.has(entityId)) throw invalid("Project doesn't belong to Workspace");
    return { give: () => undefined, take: () => undefined };
  }
  const managed = sourceType ? call.workspace.groups.get(entityId) : call.workspace.members.get(entityId);
  if (!managed) throw invalid("Entity doesn't belong to Workspace");
  return {
    give: () => {
      if (!managed.managers.includes(user.id)) managed.managers.push(user.id);
    },
    take: () => {
      managed.managers = managed.managers.filter((each) => each !== user.id);
    },
  };
}
