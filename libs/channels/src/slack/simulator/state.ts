/** What the simulated workspace holds. Everything is JSON, so that a sandbox can keep it over a restart. */
export interface WorkspaceState {
  readonly version: 1;
  users: SimulatedUser[];
  channels: SimulatedChannel[];
  messages: SimulatedMessage[];
  /** Counts everything that got an id, so that no id comes twice. */
  ids: number;
  /** The last `ts` given out, in microseconds since the epoch. */
  lastTs: number;
}

export interface SimulatedUser {
  readonly id: string;
  /** The handle, without `@`. */
  readonly handle: string;
  readonly name: string;
  readonly email?: string;
  /** IANA name; Slack leaves it out for some guests and for people who left. */
  readonly zone?: string;
  readonly locale: string;
  deleted: boolean;
  /** `single-channel`: a guest who may be in one channel only. */
  readonly restricted: boolean | 'single-channel';
  readonly bot: boolean;
  /** Unix seconds. */
  readonly updated: number;
}

export interface ChannelText {
  readonly value: string;
  readonly creator: string;
  /** Unix seconds, 0 for never. */
  readonly last_set: number;
}

export type ChannelKind = 'public_channel' | 'private_channel' | 'im' | 'mpim';

export interface SimulatedChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  /** Empty for direct messages. */
  readonly name: string;
  readonly creator: string;
  /** Unix seconds. */
  readonly created: number;
  /** The workspace's general channel: nobody is removed from it and it cannot be archived. */
  readonly general: boolean;
  archived: boolean;
  topic: ChannelText;
  purpose: ChannelText;
  /** Ids of users, in the order in which they came. */
  members: string[];
}

/** What a message said before an edit. */
export interface MessageVersion {
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly unknown[];
  /** The `ts` of the edit that replaced it. */
  readonly until: string;
}

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export interface SimulatedMessage {
  readonly channel: string;
  /** The message's key within its channel: seconds, a point, microseconds. */
  readonly ts: string;
  readonly user: string;
  /** Only on what a bot posted. */
  readonly bot?: string;
  /** What Slack itself notes down: `channel_join`, `channel_topic`, …. */
  readonly subtype?: string;
  text: string;
  blocks?: readonly unknown[];
  attachments?: readonly unknown[];
  metadata?: MessageMetadata;
  readonly threadTs?: string;
  /** A reply that is also shown in the channel. */
  broadcast?: boolean;
  readonly username?: string;
  readonly icon?: string;
  edited?: { readonly user: string; readonly ts: string };
  /** Earlier texts, oldest first. */
  versions: MessageVersion[];
  /** The `ts` of the deletion; the message is then gone for the API, and kept for those who look at the sandbox. */
  deleted?: string;
}

/** The app and workspace that the token belongs to. */
export const identity = {
  team: 'T0ACME0001',
  teamName: 'Acme',
  domain: 'acme',
  app: 'A0CARILLON',
  bot: 'B0CARILLON',
  user: 'U0CARILLON',
  handle: 'carillon',
} as const;

/** Slack's own user is in every workspace, and `is_bot` is false on it. */
export const slackbot = 'USLACKBOT';
