import {
  identity,
  slackbot,
  type ChannelKind,
  type ChannelText,
  type SimulatedChannel,
  type SimulatedMessage,
  type SimulatedUser,
  type WorkspaceState,
} from './state.js';

/** A person or program to put into the workspace. */
export interface UserSpec {
  readonly id?: string;
  readonly email?: string;
  readonly name: string;
  /** IANA name; none where Slack would not say. */
  readonly zone?: string;
  /** As Slack writes it, such as `en-US`; that by default. */
  readonly locale?: string;
  readonly deleted?: boolean;
  readonly restricted?: boolean | 'single-channel';
  readonly bot?: boolean;
}

/** A channel to put into the workspace, as if somebody had made it by hand. */
export interface ChannelSpec {
  readonly id?: string;
  readonly name: string;
  readonly private?: boolean;
  readonly archived?: boolean;
  readonly general?: boolean;
  /** Ids of users; nobody by default, so that a private channel is one that the bot cannot see. Name `bot` ids too. */
  readonly members?: readonly string[];
  readonly topic?: string;
  readonly purpose?: string;
  readonly creator?: string;
}

const noText: ChannelText = { value: '', creator: '', last_set: 0 };

const empty = (): WorkspaceState => ({
  version: 1,
  users: [],
  channels: [],
  messages: [],
  ids: 0,
  lastTs: 0,
});

/** The workspace in memory: who and what there is, and how it changes. It knows nothing of HTTP, tokens or permissions. */
export class Workspace {
  #state = empty();
  // A large workspace is searched all the time: by id, and channel by channel.
  readonly #users = new Map<string, SimulatedUser>();
  readonly #channels = new Map<string, SimulatedChannel>();
  readonly #messages = new Map<string, SimulatedMessage[]>();
  /** Goes up with every change. */
  revision = 0;

  constructor(private readonly now: () => Date) {
    this.addUser({ id: slackbot, name: 'Slackbot' });
    this.addUser({ id: identity.user, name: 'Carillon', bot: true, zone: 'Etc/UTC' });
  }

  get users(): readonly SimulatedUser[] {
    return this.#state.users;
  }

  get channels(): readonly SimulatedChannel[] {
    return this.#state.channels;
  }

  save(): WorkspaceState {
    return structuredClone(this.#state);
  }

  load(state: WorkspaceState): void {
    this.#state = structuredClone(state);
    for (const index of [this.#users, this.#channels, this.#messages]) index.clear();
    for (const user of this.#state.users) this.#users.set(user.id, user);
    for (const channel of this.#state.channels) this.#channels.set(channel.id, channel);
    for (const message of this.#state.messages) this.#own(message.channel).push(message);
    this.revision += 1;
  }

  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  /** The next `ts`: now in microseconds, and always after the last one. */
  nextTs(): string {
    const micros = Math.max(this.now().getTime() * 1000, this.#state.lastTs + 1);
    this.#state.lastTs = micros;
    this.revision += 1;
    return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
  }

  user(id: string): SimulatedUser | undefined {
    return this.#users.get(id);
  }

  addUser(spec: UserSpec): SimulatedUser {
    const handle = this.#freeHandle(spec);
    const user: SimulatedUser = {
      id: spec.id ?? this.#nextId('U'),
      handle,
      name: spec.name,
      ...(spec.email === undefined ? {} : { email: spec.email }),
      ...(spec.zone === undefined ? {} : { zone: spec.zone }),
      locale: spec.locale ?? 'en-US',
      deleted: spec.deleted ?? false,
      restricted: spec.restricted ?? false,
      bot: spec.bot ?? false,
      updated: this.seconds(),
    };
    if (this.user(user.id)) throw new Error(`there is a user ${user.id} already`);
    this.#state.users.push(user);
    this.#users.set(user.id, user);
    this.revision += 1;
    return user;
  }

  channel(id: string): SimulatedChannel | undefined {
    return this.#channels.get(id);
  }

  named(name: string): SimulatedChannel | undefined {
    return this.#state.channels.find((channel) => channel.name !== '' && channel.name === name);
  }

  addChannel(spec: ChannelSpec): SimulatedChannel {
    if (this.named(spec.name)) throw new Error(`there is a channel ${spec.name} already`);
    const creator = spec.creator ?? spec.members?.[0] ?? slackbot;
    const text = (value: string | undefined): ChannelText =>
      value === undefined ? noText : { value, creator, last_set: this.seconds() };
    return this.#push({
      id: spec.id ?? this.#nextId('C'),
      kind: spec.private ? 'private_channel' : 'public_channel',
      name: spec.name,
      creator,
      created: this.seconds(),
      general: spec.general ?? false,
      archived: spec.archived ?? false,
      topic: text(spec.topic),
      purpose: text(spec.purpose),
      members: [...new Set(spec.members ?? [])],
    });
  }

  /** The conversation with exactly these people, made if it is not there. */
  direct(members: readonly string[]): { readonly channel: SimulatedChannel; readonly made: boolean } {
    const kind: ChannelKind = members.length > 2 ? 'mpim' : 'im';
    const wanted = [...members].sort().join();
    const there = this.#state.channels.find(
      (channel) => channel.kind === kind && [...channel.members].sort().join() === wanted,
    );
    if (there) return { channel: there, made: false };
    const channel = this.#push({
      id: this.#nextId(kind === 'im' ? 'D' : 'G'),
      kind,
      name: kind === 'im' ? '' : `mpdm-${members.map((id) => this.user(id)?.handle ?? id).join('--')}-1`,
      creator: identity.user,
      created: this.seconds(),
      general: false,
      archived: false,
      topic: noText,
      purpose: noText,
      members: [...members],
    });
    return { channel, made: true };
  }

  /** Adds a member and notes it down in the channel, as Slack does. */
  join(channel: SimulatedChannel, user: string): void {
    if (channel.members.includes(user)) return;
    channel.members.push(user);
    this.noteDown(channel, user, 'channel_join', `<@${user}> has joined the channel`);
  }

  leave(channel: SimulatedChannel, user: string): void {
    if (!channel.members.includes(user)) return;
    channel.members = channel.members.filter((member) => member !== user);
    this.noteDown(channel, user, 'channel_leave', `<@${user}> has left the channel`);
  }

  /** A line of Slack's own in the channel: it comes back in the history beside the messages. */
  noteDown(channel: SimulatedChannel, user: string, subtype: string, text: string): void {
    this.post({ channel: channel.id, user, subtype, text });
  }

  post(message: Omit<SimulatedMessage, 'ts' | 'versions'>): SimulatedMessage {
    const posted: SimulatedMessage = { ...message, ts: this.nextTs(), versions: [] };
    this.#state.messages.push(posted);
    this.#own(posted.channel).push(posted);
    return posted;
  }

  /** What the channel holds for the API, oldest first; replies included. */
  messages(channel: string): readonly SimulatedMessage[] {
    return this.timeline(channel).filter((one) => one.deleted === undefined);
  }

  /** Everything that ever was in the channel, deleted messages included, oldest first. */
  timeline(channel: string): readonly SimulatedMessage[] {
    return this.#messages.get(channel) ?? [];
  }

  message(channel: string, ts: string): SimulatedMessage | undefined {
    return this.timeline(channel).find((one) => one.ts === ts && one.deleted === undefined);
  }

  replies(parent: SimulatedMessage): readonly SimulatedMessage[] {
    return this.messages(parent.channel).filter((one) => one.threadTs === parent.ts && one.ts !== parent.ts);
  }

  #own(channel: string): SimulatedMessage[] {
    const messages = this.#messages.get(channel) ?? [];
    this.#messages.set(channel, messages);
    return messages;
  }

  #push(channel: SimulatedChannel): SimulatedChannel {
    this.#state.channels.push(channel);
    this.#channels.set(channel.id, channel);
    this.revision += 1;
    return channel;
  }

  #nextId(prefix: string): string {
    this.#state.ids += 1;
    return `${prefix}0${(this.#state.ids * 7919).toString(36).toUpperCase().padStart(8, '0')}`;
  }

  #freeHandle(spec: UserSpec): string {
    const wanted =
      (spec.email?.split('@')[0] ?? spec.name).toLowerCase().replace(/[^a-z0-9._-]+/g, '') || 'user';
    const taken = new Set(this.#state.users.map((user) => user.handle));
    for (let number = 1; ; number += 1) {
      const handle = number === 1 ? wanted : `${wanted}${number}`;
      if (!taken.has(handle)) return handle;
    }
  }
}
