import { Ids } from './ids.js';
import type {
  MessageContent,
  SimulatedSpace,
  SpaceMessage,
  SpacePerson,
  SpaceThread,
  SpaceType,
  SpaceWebhook,
  ThreadingState,
  WorkspaceState,
} from './state.js';

/** A person to put into the workspace. */
export interface PersonSpec {
  /** Digits; made up where absent. */
  readonly id?: string;
  readonly displayName: string;
  readonly email?: string;
}

/** A space to put into the workspace, as if somebody had made it by hand. */
export interface SpaceSpec {
  readonly id?: string;
  /** For spaces only; other conversations have no name. */
  readonly displayName?: string;
  readonly spaceType?: SpaceType;
  readonly threadingState?: ThreadingState;
  /** Names of people: `users/…`. */
  readonly members?: readonly string[];
  /** Whether the app was added; it is by default. */
  readonly app?: boolean;
  readonly requestId?: string;
}

const empty = (): WorkspaceState => ({
  people: [],
  spaces: [],
  threads: [],
  messages: [],
  webhooks: [],
  ids: 0,
  lastMicros: 0,
});

/** The workspace in memory: who and what there is, and how it changes. It knows nothing of HTTP and permissions. */
export class Workspace {
  #state = empty();
  readonly #ids = new Ids('workspace');
  readonly #spaces = new Map<string, SimulatedSpace>();
  readonly #threads = new Map<string, SpaceThread>();
  /** By owner, space and key. */
  readonly #keyed = new Map<string, SpaceThread>();
  readonly #messages = new Map<string, SpaceMessage>();
  readonly #timelines = new Map<string, SpaceMessage[]>();
  /** By sender, space and the sender's own id. */
  readonly #byClientId = new Map<string, SpaceMessage>();
  readonly #byRequestId = new Map<string, SpaceMessage>();
  /** Goes up with every change. */
  revision = 0;

  constructor(private readonly now: () => Date) {}

  get people(): readonly SpacePerson[] {
    return this.#state.people;
  }

  /** Deleted ones too. */
  get spaces(): readonly SimulatedSpace[] {
    return this.#state.spaces;
  }

  get threads(): readonly SpaceThread[] {
    return this.#state.threads;
  }

  get webhooks(): readonly SpaceWebhook[] {
    return this.#state.webhooks;
  }

  save(): WorkspaceState {
    return structuredClone({ ...this.#state, ids: this.#ids.count });
  }

  load(state: WorkspaceState): void {
    this.#state = structuredClone(state);
    for (const index of [this.#spaces, this.#threads, this.#keyed, this.#messages]) index.clear();
    for (const index of [this.#timelines, this.#byClientId, this.#byRequestId]) index.clear();
    this.#ids.count = state.ids;
    for (const space of this.#state.spaces) this.#spaces.set(space.name, space);
    for (const thread of this.#state.threads) this.#indexThread(thread);
    for (const message of this.#state.messages) this.#index(message);
    this.revision += 1;
  }

  /** Now as RFC 3339 in microseconds, and always after the last one. */
  nextTime(): string {
    const micros = Math.max(this.now().getTime() * 1000, this.#state.lastMicros + 1);
    this.#state.lastMicros = micros;
    this.revision += 1;
    const seconds = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
    return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
  }

  /** By `users/…` with the id or the e-mail address. */
  person(name: string): SpacePerson | undefined {
    const alias = name.slice('users/'.length).toLowerCase();
    return this.#state.people.find((one) => one.name === name || one.email?.toLowerCase() === alias);
  }

  addPerson({ id, displayName, email }: PersonSpec): SpacePerson {
    const name = `users/${id ?? this.#ids.digits()}`;
    if (this.person(name)) throw new Error(`there is a person ${name} already`);
    const person = { name, displayName, ...(email === undefined ? {} : { email }) };
    this.#state.people.push(person);
    this.revision += 1;
    return person;
  }

  /** The space, unless it was deleted. */
  space(name: string): SimulatedSpace | undefined {
    const space = this.#spaces.get(name);
    return space?.deleted ? undefined : space;
  }

  addSpace(spec: SpaceSpec): SimulatedSpace {
    const spaceType = spec.spaceType ?? 'SPACE';
    const name = `spaces/${spec.id ?? `AAAA${this.#ids.letters(7)}`}`;
    if (this.#spaces.has(name)) throw new Error(`there is a space ${name} already`);
    const members = [...(spec.members ?? [])];
    const stranger = members.find((one) => this.person(one)?.name !== one);
    if (stranger !== undefined) throw new Error(`there is no person ${stranger}`);
    const app = spec.app ?? true;
    const space: SimulatedSpace = {
      name,
      spaceType,
      displayName: spaceType === 'SPACE' ? (spec.displayName ?? 'Untitled') : '',
      threadingState:
        spec.threadingState ?? (spaceType === 'SPACE' ? 'THREADED_MESSAGES' : 'UNTHREADED_MESSAGES'),
      singleUserBotDm: spaceType === 'DIRECT_MESSAGE' && app && members.length === 1,
      createTime: this.nextTime(),
      app,
      members,
      deleted: false,
      ...(spec.requestId === undefined ? {} : { requestId: spec.requestId }),
    };
    this.#state.spaces.push(space);
    this.#spaces.set(name, space);
    return space;
  }

  setApp(space: SimulatedSpace, app: boolean): void {
    space.app = app;
    this.revision += 1;
  }

  join(space: SimulatedSpace, person: string): void {
    if (!space.members.includes(person)) space.members.push(person);
    this.revision += 1;
  }

  leave(space: SimulatedSpace, person: string): void {
    space.members = space.members.filter((member) => member !== person);
    this.revision += 1;
  }

  deleteSpace(space: SimulatedSpace): void {
    space.deleted = true;
    this.revision += 1;
  }

  /** The direct messages of a person with the app, if there are any. */
  directWith(person: string): SimulatedSpace | undefined {
    return this.#state.spaces.find(
      (space) => space.singleUserBotDm && !space.deleted && space.members[0] === person,
    );
  }

  addThread(space: string, owner: string, key?: string): SpaceThread {
    const thread: SpaceThread = {
      name: `${space}/threads/${this.#ids.letters(11)}`,
      space,
      owner,
      ...(key === undefined ? {} : { key }),
    };
    this.#state.threads.push(thread);
    this.#indexThread(thread);
    return thread;
  }

  thread(name: string): SpaceThread | undefined {
    return this.#threads.get(name);
  }

  keyedThread(space: string, owner: string, key: string): SpaceThread | undefined {
    return this.#keyed.get(`${owner} ${space} ${key}`);
  }

  post(message: Omit<SpaceMessage, 'name' | 'createTime' | 'versions'>): SpaceMessage {
    // The message that began a thread carries the thread's own id twice.
    const thread = message.thread.split('/').at(-1) ?? '';
    const posted: SpaceMessage = {
      ...message,
      name: `${message.space}/messages/${thread}.${message.isReply ? this.#ids.letters(11) : thread}`,
      createTime: this.nextTime(),
      versions: [],
    };
    this.#state.messages.push(posted);
    this.#index(posted);
    return posted;
  }

  edit(message: SpaceMessage, content: MessageContent, remarks: readonly string[]): void {
    const at = this.nextTime();
    message.versions.push({ content: message.content, until: at });
    message.content = content;
    message.remarks = remarks;
    message.lastUpdateTime = at;
  }

  delete(message: SpaceMessage): void {
    message.deleteTime = this.nextTime();
  }

  /** By Chat's own name; deleted ones too. */
  message(name: string): SpaceMessage | undefined {
    return this.#messages.get(name);
  }

  byClientId(sender: string, space: string, clientId: string): SpaceMessage | undefined {
    return this.#byClientId.get(`${sender} ${space} ${clientId}`);
  }

  byRequestId(sender: string, space: string, requestId: string): SpaceMessage | undefined {
    return this.#byRequestId.get(`${sender} ${space} ${requestId}`);
  }

  /** Everything that ever was in the space, oldest first. */
  timeline(space: string): readonly SpaceMessage[] {
    return this.#timelines.get(space) ?? [];
  }

  addWebhook(space: string, displayName: string): SpaceWebhook {
    const webhook: SpaceWebhook = {
      id: this.#ids.digits(),
      space,
      displayName,
      key: `AIza${this.#ids.letters(35)}`,
      // Real ones end like this too, so that whoever takes a URL apart has to put it together again properly.
      token: `${this.#ids.letters(42)}=`,
      deleted: false,
      keyRevoked: false,
    };
    this.#state.webhooks.push(webhook);
    this.revision += 1;
    return webhook;
  }

  changeWebhook(id: string, change: Partial<Pick<SpaceWebhook, 'deleted' | 'keyRevoked'>>): void {
    const webhook = this.#state.webhooks.find((one) => one.id === id);
    if (!webhook) throw new Error(`there is no webhook ${id}`);
    Object.assign(webhook, change);
    this.revision += 1;
  }

  #indexThread(thread: SpaceThread): void {
    const { owner, space, key } = thread;
    this.#threads.set(thread.name, thread);
    if (key !== undefined) this.#keyed.set(`${owner} ${space} ${key}`, thread);
  }

  #index(message: SpaceMessage): void {
    const { space, sender, clientId, requestId } = message;
    const timeline = this.#timelines.get(space);
    if (timeline) timeline.push(message);
    else this.#timelines.set(space, [message]);
    this.#messages.set(message.name, message);
    if (clientId !== undefined) this.#byClientId.set(`${sender.name} ${space} ${clientId}`, message);
    if (requestId !== undefined) this.#byRequestId.set(`${sender.name} ${space} ${requestId}`, message);
  }
}
