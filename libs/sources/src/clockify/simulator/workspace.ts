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

/** One workspace in memory. Entries are kept per user in the order of their starts, so that pages are cut and not searched for. */
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
  readonly requests = new Map<string, TimeOffRequest>();
  readonly #entries = new Map<string, Entry>();
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
    for (const request of state.requests) workspace.requests.set(request.id, request);
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
      requests: [...this.requests.values()],
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

  /** Adds the entry, or takes the place of the one with the same id. */
  put(entry: Entry): void {
    this.remove(entry.id);
    this.#entries.set(entry.id, entry);
    const entries = this.#byUser.get(entry.userId);
    if (entries) entries.push(entry);
    else this.#byUser.set(entry.userId, [entry]);
    this.#unsorted.add(entry.userId);
    this.touch();
  }

  remove(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    const entries = this.#byUser.get(entry.userId) ?? [];
    entries.splice(entries.indexOf(entry), 1);
    this.touch();
    return true;
  }

  /** Removes what a holiday or a time-off request had made. */
  removeMadeBy(id: string): void {
    for (const entry of [...this.#entries.values()]) if (entry.madeBy === id) this.remove(entry.id);
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

const byStart = (one: Entry, other: Entry): number =>
  one.start - other.start || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
