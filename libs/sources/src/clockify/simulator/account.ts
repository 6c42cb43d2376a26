import type { Weekday } from '#domain';
import type {
  Added,
  NewEntry,
  NewHoliday,
  NewPolicy,
  NewTimeOff,
  NewUser,
  NewWorkspace,
  UserChanges,
} from './additions.js';
import { enterHoliday, enterTimeOff } from './automatic-entries.js';
import type {
  Entry,
  Group,
  Holiday,
  Project,
  SimulatorState,
  Tag,
  TimeOffRequest,
  TimeOffStatus,
  User,
} from './model.js';
import { isId } from './reading.js';
import { periodOfDays } from './time-off-request.js';
import { settle } from './time-off-writes.js';
import { Workspace } from './workspace.js';
import { isZone } from './zones.js';

const usualDays: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];

/** What a Clockify account holds, and the ways in which a test or the sandbox changes it behind the API's back. Mistakes throw `RangeError`. */
export class Account {
  readonly accountUsers = new Map<string, User>();
  readonly accountKeys = new Map<string, string>();
  readonly accountWorkspaces = new Map<string, Workspace>();
  #minted = 0;

  constructor(protected readonly now: () => Date) {}

  addWorkspace(workspace: NewWorkspace): string {
    const id = this.#idFor('workspace', workspace.id);
    this.accountWorkspaces.set(
      id,
      new Workspace({
        id,
        name: workspace.name,
        weekStart: workspace.weekStart ?? 'MONDAY',
        workingDays: [...(workspace.workingDays ?? usualDays)],
      }),
    );
    return id;
  }

  addUser(user: NewUser): string {
    const workspace = this.workspaceFor(user.workspaceId);
    const id = this.#idFor('user', user.id);
    const zone = user.zone ?? 'UTC';
    if (!isZone(zone)) throw new RangeError(`unknown zone ${zone}`);
    const signedUp = user.signedUp ?? true;
    this.accountUsers.set(id, {
      id,
      email: user.email,
      name: signedUp ? (user.name ?? user.email) : null,
      profilePicture: user.profilePicture ?? '',
      status: user.status ?? (signedUp ? 'ACTIVE' : 'NOT_REGISTERED'),
      settings: signedUp
        ? {
            weekStart: user.weekStart ?? workspace.weekStart,
            timeZone: zone,
            timeFormat: 'HOUR24',
            dateFormat: 'DD/MM/YYYY',
            myStartOfDay: '09:00',
            lang: user.lang ?? 'EN',
            theme: 'DEFAULT',
          }
        : null,
      workspaceId: workspace.id,
    });
    workspace.members.set(id, {
      userId: id,
      status: user.membershipStatus ?? (signedUp ? 'ACTIVE' : 'PENDING'),
      role: user.role ?? null,
      weekStart: user.weekStart ?? workspace.weekStart,
      workingDays: [...(user.workingDays ?? workspace.workingDays)],
      capacity: Math.round((user.capacity ?? 8) * 3600),
      managers: [...(user.managers ?? [])],
      hourlyRate: user.hourlyRate ?? null,
    });
    workspace.touch();
    return id;
  }

  /** Changes what the account and its membership say of a person. */
  editUser(id: string, changes: UserChanges): void {
    const user = this.accountUsers.get(id);
    if (!user) throw new RangeError(`no user ${id}`);
    if (changes.email !== undefined) user.email = changes.email;
    if (changes.name !== undefined) user.name = changes.name;
    if (changes.status) user.status = changes.status;
    if (changes.zone && user.settings) user.settings.timeZone = changes.zone;
    for (const workspace of this.accountWorkspaces.values()) {
      const member = workspace.members.get(id);
      if (!member) continue;
      if (changes.capacity !== undefined) member.capacity = Math.round(changes.capacity * 3600);
      if (changes.workingDays) member.workingDays = [...changes.workingDays];
      if (changes.managers) member.managers = [...changes.managers];
      if (changes.membershipStatus) member.status = changes.membershipStatus;
      workspace.touch();
    }
  }

  /** The account is closed: only who asks for DELETED accounts still sees it. What it logged stays. */
  deleteUser(id: string): void {
    this.editUser(id, { status: 'DELETED', membershipStatus: 'INACTIVE' });
  }

  /** The account lives on, its membership of the workspace does not. */
  deactivateUser(id: string): void {
    this.editUser(id, { membershipStatus: 'INACTIVE' });
  }

  /** The key acts as this user. */
  addKey(key: string, userId: string): void {
    if (!this.accountUsers.has(userId)) throw new RangeError(`no user ${userId}`);
    this.accountKeys.set(key, userId);
  }

  removeKey(key: string): void {
    this.accountKeys.delete(key);
  }

  addGroup(
    group: Added & { name: string; userIds: readonly string[]; managers?: readonly string[] },
  ): string {
    const id = this.#idFor('group', group.id);
    const made: Group = {
      id,
      name: group.name,
      userIds: [...group.userIds],
      managers: [...(group.managers ?? [])],
    };
    this.workspaceFor(group.workspaceId).groups.set(id, made);
    return id;
  }

  addProject(project: Added & { name: string; color?: string; client?: string }): string {
    const id = this.#idFor('project', project.id);
    const made: Project = {
      id,
      name: project.name,
      color: project.color ?? '#03A9F4',
      clientId: project.client ? this.mint('client') : '',
      clientName: project.client ?? '',
    };
    this.workspaceFor(project.workspaceId).projects.set(id, made);
    return id;
  }

  addTag(tag: Added & { name: string }): string {
    const id = this.#idFor('tag', tag.id);
    const made: Tag = { id, name: tag.name };
    this.workspaceFor(tag.workspaceId).tags.set(id, made);
    return id;
  }

  addEntry(entry: NewEntry): string {
    const workspace = this.workspaceFor(entry.workspaceId);
    if (!workspace.members.has(entry.userId)) throw new RangeError(`no member ${entry.userId}`);
    const id = this.#idFor('entry', entry.id);
    workspace.put(
      sound({
        id,
        userId: entry.userId,
        description: entry.description ?? '',
        start: at(entry.start),
        end: entry.end === null ? null : at(entry.end),
        type: entry.type ?? 'REGULAR',
        billable: entry.billable ?? false,
        projectId: entry.projectId ?? null,
        tagIds: entry.tagIds?.length ? [...entry.tagIds] : null,
        hourlyRate: entry.hourlyRate ?? null,
      }),
    );
    return id;
  }

  editEntry(id: string, changes: Partial<Omit<NewEntry, 'id' | 'workspaceId' | 'userId'>>): void {
    const { workspace, entry } = this.#entry(id);
    workspace.put(
      sound({
        ...entry,
        description: changes.description ?? entry.description,
        start: changes.start === undefined ? entry.start : at(changes.start),
        end: changes.end === undefined ? entry.end : changes.end === null ? null : at(changes.end),
        type: changes.type ?? entry.type,
        billable: changes.billable ?? entry.billable,
        projectId: changes.projectId === undefined ? entry.projectId : changes.projectId,
        tagIds: changes.tagIds === undefined ? entry.tagIds : changes.tagIds && [...changes.tagIds],
      }),
    );
  }

  deleteEntry(id: string): void {
    this.#entry(id).workspace.remove(id);
  }

  /** Starts a timer, now or at `start`. One that runs already is stopped there, as the vendor does. */
  startTimer(timer: Omit<NewEntry, 'start' | 'end'> & { readonly start?: string }): string {
    const start = timer.start ?? wholeSecond(this.now());
    for (const entry of this.workspaceFor(timer.workspaceId).entriesOf(timer.userId).slice())
      if (entry.end === null) this.editEntry(entry.id, { end: start });
    return this.addEntry({ ...timer, start, end: null });
  }

  addHoliday(holiday: NewHoliday): string {
    const workspace = this.workspaceFor(holiday.workspaceId);
    const made: Holiday = {
      id: this.#idFor('holiday', holiday.id),
      name: holiday.name,
      startDate: holiday.startDate,
      endDate: holiday.endDate ?? holiday.startDate,
      occursAnnually: holiday.occursAnnually ?? false,
      everyoneIncludingNew: holiday.everyoneIncludingNew ?? false,
      userIds: [...(holiday.userIds ?? [])],
      userGroupIds: [...(holiday.userGroupIds ?? [])],
      projectId: null,
      automaticTimeEntryCreation: holiday.automaticTimeEntryCreation ?? false,
    };
    workspace.holidays.set(made.id, made);
    workspace.touch();
    enterHoliday(this.#context(workspace), made);
    return made.id;
  }

  /** With the entries it made. */
  deleteHoliday(id: string): void {
    for (const workspace of this.accountWorkspaces.values()) {
      if (workspace.holidays.delete(id)) workspace.removeMadeBy(id);
      workspace.touch();
    }
  }

  addPolicy(policy: NewPolicy): string {
    const id = this.#idFor('policy', policy.id);
    this.workspaceFor(policy.workspaceId).policies.set(id, {
      id,
      name: policy.name,
      timeUnit: policy.timeUnit ?? 'DAYS',
      archived: policy.archived ?? false,
      allowHalfDay: policy.allowHalfDay ?? true,
      allowNegativeBalance: policy.allowNegativeBalance ?? false,
      requiresApproval: policy.requiresApproval ?? true,
      allowance: policy.allowance ?? 20,
      automaticTimeEntryCreation: policy.automaticTimeEntryCreation ?? false,
      everyoneIncludingNew: policy.everyoneIncludingNew ?? policy.userIds === undefined,
      userIds: [...(policy.userIds ?? [])],
      userGroupIds: [...(policy.userGroupIds ?? [])],
      projectId: policy.projectId ?? null,
    });
    return id;
  }

  requestTimeOff(request: NewTimeOff): string {
    const workspace = this.workspaceFor(request.workspaceId);
    const policy = workspace.policies.get(request.policyId);
    const user = this.accountUsers.get(request.userId);
    if (!policy || !user) throw new RangeError('no such policy or user');
    const zone = user.settings?.timeZone ?? 'UTC';
    const inDays = 'firstDay' in request;
    if (inDays !== (policy.timeUnit === 'DAYS'))
      throw new RangeError(`${policy.name} is a policy of ${policy.timeUnit}`);
    const half = inDays ? request.half : undefined;
    const days = inDays ? (request.days ?? 1) : 0;
    const period = inDays
      ? periodOfDays(request.firstDay, days, zone)
      : { start: at(request.from), end: at(request.to) };
    const made: TimeOffRequest = {
      id: this.#idFor('request', request.id),
      userId: user.id,
      requesterId: user.id,
      policyId: policy.id,
      zone,
      createdAt: request.createdAt === undefined ? this.now().getTime() : Date.parse(request.createdAt),
      note: request.note ?? null,
      ...period,
      halfDay: half !== undefined,
      halfDayPeriod: half === undefined ? 'NOT_DEFINED' : half === 'first' ? 'FIRST_HALF' : 'SECOND_HALF',
      amount: half ? 0.5 : inDays ? days : (period.end - period.start) / 3_600_000,
      status: 'PENDING',
      changedBy: null,
      changedAt: null,
      decisionNote: null,
    };
    workspace.putRequest(made);
    this.decideTimeOff(made.id, request.status ?? 'PENDING', request.decidedBy, request.decidedAt);
    return made.id;
  }

  /** From any status to any other, as a person in the vendor's own interface can. */
  decideTimeOff(id: string, status: TimeOffStatus, by?: string, decidedAt?: string): void {
    const { workspace, request } = this.#request(id);
    const decider = by ?? [...this.accountKeys.values()][0] ?? request.userId;
    const when = decidedAt === undefined ? this.now().getTime() : Date.parse(decidedAt);
    settle(request, status, decider, Math.max(request.createdAt, when), null);
    workspace.touch();
    enterTimeOff(this.#context(workspace), request);
  }

  /** The request is gone, with the entries it made. */
  withdrawTimeOff(id: string): void {
    const { workspace } = this.#request(id);
    workspace.removeRequest(id);
    workspace.removeMadeBy(id);
    workspace.touch();
  }

  /** Whether anything of this id is there: an entry, a holiday, a request, a user. */
  has(id: string): boolean {
    return (
      this.accountUsers.has(id) ||
      [...this.accountWorkspaces.values()].some(
        (each) =>
          each.entry(id) ??
          each.holidays.get(id) ??
          each.requests.get(id) ??
          each.policies.get(id) ??
          each.projects.get(id) ??
          each.tags.get(id),
      )
    );
  }

  save(): SimulatorState {
    return structuredClone({
      minted: this.#minted,
      keys: [...this.accountKeys].map(([key, userId]) => ({ key, userId })),
      users: [...this.accountUsers.values()],
      workspaces: [...this.accountWorkspaces.values()].map((workspace) => workspace.save()),
    });
  }

  /** Takes back what `save` gave; what is held now is forgotten. */
  load(state: unknown): void {
    const saved = structuredClone(state) as SimulatorState;
    this.#minted = saved.minted;
    for (const held of [this.accountKeys, this.accountUsers, this.accountWorkspaces]) held.clear();
    for (const { key, userId } of saved.keys) this.accountKeys.set(key, userId);
    for (const user of saved.users) this.accountUsers.set(user.id, user);
    for (const workspace of saved.workspaces)
      this.accountWorkspaces.set(workspace.id, Workspace.load(workspace));
  }

  workspaceFor(id?: string): Workspace {
    const found =
      id === undefined ? this.accountWorkspaces.values().next().value : this.accountWorkspaces.get(id);
    if (!found) throw new RangeError(id === undefined ? 'no workspace yet' : `no workspace ${id}`);
    return found;
  }

  /** The next id of a kind: the same sequence in every run. */
  protected mint(kind: string): string {
    this.#minted += 1;
    let tag = 7;
    for (const letter of kind) tag = (tag * 31 + letter.charCodeAt(0)) % 0xffff;
    return `65c3a1f0e2b7d4${tag.toString(16).padStart(4, '0')}${this.#minted.toString(16).padStart(6, '0')}`;
  }

  #idFor(kind: string, given: string | undefined): string {
    if (given !== undefined && !isId(given)) throw new RangeError(`${given} is not 24 hexadecimal digits`);
    return given ?? this.mint(kind);
  }

  #context(workspace: Workspace) {
    return { workspace, users: this.accountUsers, mint: (kind: string) => this.mint(kind) };
  }

  #entry(id: string): { workspace: Workspace; entry: Entry } {
    for (const workspace of this.accountWorkspaces.values()) {
      const entry = workspace.entry(id);
      if (entry) return { workspace, entry };
    }
    throw new RangeError(`no entry ${id}`);
  }

  #request(id: string): { workspace: Workspace; request: TimeOffRequest } {
    for (const workspace of this.accountWorkspaces.values()) {
      const request = workspace.requests.get(id);
      if (request) return { workspace, request };
    }
    throw new RangeError(`no request ${id}`);
  }
}

function at(text: string): number {
  const instant = Date.parse(text);
  if (!Number.isFinite(instant) || !/(?:Z|[+-]\d\d:?\d\d)$/.test(text))
    throw new RangeError(`no instant: ${text}`);
  return instant;
}

function sound(entry: Entry): Entry {
  if (entry.start % 1000 !== 0 || (entry.end ?? 0) % 1000 !== 0)
    throw new RangeError('entries are in whole seconds');
  if (entry.end !== null && entry.end < entry.start) throw new RangeError('an entry ends before it starts');
  return entry;
}

const wholeSecond = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
