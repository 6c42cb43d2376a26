import type { Weekday } from '#domain';
import type {
  Entry,
  Group,
  Holiday,
  Member,
  Policy,
  Project,
  Tag,
  TimeOffRequest,
  WorkspaceState,
} from './model.js';

/**
 * One workspace in memory. Entries are kept per user in the order of their starts, so that pages are cut and not searched for; requests per
 * user as well, because balances and reports ask for those of one person at a time.
 */
export class Workspace {
  readonly id: string;
  name: string;
  weekStart: Weekday;
  workingDays: Weekday[];
  readonly members = new Map<string, Member>();
  readonly groups = new Map<string, Group>();
  readonly projects = new Map<string, Project>();
  readonly tags = new Map<string, Tag>();
  readonly holidays = new Map<string, Holiday>();
  readonly policies = new Map<string, Policy>();
  readonly #requests = new Map<string, TimeOffRequest>();
  readonly #requestsByUser = new Map<string, Set<TimeOffRequest>>();
  readonly #entries = new Map<string, Entry>();
  readonly #madeBy = new Map<string, Set<string>>();
  readonly #byUser = new Map<string, Entry[]>();
  readonly #unsorted = new Set<string>();
  #version = 0;

  constructor(state: Pick<WorkspaceState, 'id' | 'name' | 'weekStart' | 'workingDays'>) {
    this.id = state.id;
    this.name = state.name;
    this.weekStart = state.weekStart;
    this.workingDays = [...state.workingDays];
  }

  static load(state: WorkspaceState): Workspace {
    const workspace = new Workspace(state);
    for (const member of state.members) workspace.members.set(member.userId, member);
    for (const group of state.groups) workspace.groups.set(group.id, group);
    for (const project of state.projects) workspace.projects.set(project.id, project);
    for (const tag of state.tags) workspace.tags.set(tag.id, tag);
    for (const holiday of state.holidays) workspace.holidays.set(holiday.id, holiday);
    for (const policy of state.policies) workspace.policies.set(policy.id, policy);
    for (const request of state.requests) workspace.putRequest(request);
    for (const entry of state.entries) workspace.put(entry);
    return workspace;
  }

  save(): WorkspaceState {
    return {
      id: this.id,
      name: this.name,
      weekStart: this.weekStart,
      workingDays: this.workingDays,
      members: [...this.members.values()],
      groups: [...this.groups.values()],
      projects: [...this.projects.values()],
      tags: [...this.tags.values()],
      entries: [...this.#entries.values()],
      holidays: [...this.holidays.values()],
      policies: [...this.policies.values()],
      requests: [...this.#requests.values()],
    };
  }

  /** Grows with every change; what was computed for an older one is stale. */
  get version(): number {
    return this.#version;
  }

  touch(): void {
    this.#version += 1;
  }

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** Oldest start first. */
  entriesOf(userId: string): readonly Entry[] {
    const entries = this.#byUser.get(userId) ?? [];
    if (this.#unsorted.delete(userId)) entries.sort(byStart);
    return entries;
  }

  get requests(): ReadonlyMap<string, TimeOffRequest> {
    return this.#requests;
  }

  requestsOf(userId: string): Iterable<TimeOffRequest> {
    return this.#requestsByUser.get(userId) ?? [];
  }

  putRequest(request: TimeOffRequest): void {
    this.#requests.set(request.id, request);
    within(this.#requestsByUser, request.userId).add(request);
  }

  removeRequest(id: string): void {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    this.#requestsByUser.get(request.userId)?.delete(request);
  }

  /** Adds the entry, or takes the place of the one with the same id. */
  put(entry: Entry): void {
    this.remove(entry.id);
    this.#entries.set(entry.id, entry);
    const entries = this.#byUser.get(entry.userId);
    if (entries) entries.push(entry);
    else this.#byUser.set(entry.userId, [entry]);
    this.#unsorted.add(entry.userId);
    if (entry.madeBy !== undefined) within(this.#madeBy, entry.madeBy).add(entry.id);
    this.touch();
  }

  remove(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    const entries = this.#byUser.get(entry.userId) ?? [];
    entries.splice(entries.indexOf(entry), 1);
    if (entry.madeBy !== undefined) this.#madeBy.get(entry.madeBy)?.delete(id);
    this.touch();
    return true;
  }

  /** Removes what a holiday or a time-off request had made. */
  removeMadeBy(id: string): void {
    for (const entryId of [...(this.#madeBy.get(id) ?? [])]) this.remove(entryId);
    this.#madeBy.delete(id);
  }

  groupsOf(userId: string): Group[] {
    return [...this.groups.values()].filter((group) => group.userIds.includes(userId));
  }

  /** Whether a holiday or policy is this user's. */
  concerns(
    thing: Pick<Holiday, 'everyoneIncludingNew' | 'userIds' | 'userGroupIds'>,
    userId: string,
  ): boolean {
    return (
      thing.everyoneIncludingNew ||
      thing.userIds.includes(userId) ||
      thing.userGroupIds.some((id) => this.groups.get(id)?.userIds.includes(userId))
    );
  }

  /** Direct managers and those of the user's groups. */
  managersOf(userId: string): string[] {
    const direct = this.members.get(userId)?.managers ?? [];
    const ofGroups = this.groupsOf(userId).flatMap((group) => group.managers);
    return [...new Set([...direct, ...ofGroups])].filter((id) => id !== userId);
  }
}

/** The set of a key, made where there is none yet. */
function within<Value>(sets: Map<string, Set<Value>>, key: string): Set<Value> {
  const found = sets.get(key) ?? new Set<Value>();
  sets.set(key, found);
  return found;
}

const byStart = (one: Entry, other: Entry): number =>
  one.start - other.start || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
