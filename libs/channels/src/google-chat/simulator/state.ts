import type { Card } from './cards.js';

/** What the simulated Google Workspace holds. Everything is JSON, so that a sandbox can keep it over a restart. */
export interface WorkspaceState {
  people: SpacePerson[];
  spaces: SimulatedSpace[];
  threads: SpaceThread[];
  messages: SpaceMessage[];
  webhooks: SpaceWebhook[];
  /** Counts everything that got an id, so that no id comes twice. */
  ids: number;
  /** The last instant given out, in microseconds since the epoch. */
  lastMicros: number;
}

/** A human. Chat's ids are not e-mail addresses, and an app is never told the address. */
export interface SpacePerson {
  /** `users/1145…` */
  readonly name: string;
  readonly displayName: string;
  readonly email?: string;
}

export type SpaceType = 'SPACE' | 'GROUP_CHAT' | 'DIRECT_MESSAGE';
export type ThreadingState = 'THREADED_MESSAGES' | 'GROUPED_MESSAGES' | 'UNTHREADED_MESSAGES';

export interface SimulatedSpace {
  /** `spaces/AAAA…` */
  readonly name: string;
  readonly spaceType: SpaceType;
  /** Empty for direct messages and group chats. */
  readonly displayName: string;
  readonly threadingState: ThreadingState;
  /** The direct messages of one person with the app. */
  readonly singleUserBotDm: boolean;
  /** RFC 3339. */
  readonly createTime: string;
  /** Whether the app is in it. */
  app: boolean;
  /** Names of people, in the order in which they came. */
  members: string[];
  /** A deleted space is gone for the API, and kept for those who look. */
  deleted: boolean;
  /** With which request the app made it. */
  readonly requestId?: string;
}

export interface SpaceThread {
  /** `spaces/…/threads/…` */
  readonly name: string;
  readonly space: string;
  /** The key that its maker gave it. */
  readonly key?: string;
  /** Whose key that is: keys are private to the app or webhook that set them. */
  readonly owner: string;
}

export interface MessageSender {
  readonly kind: 'app' | 'webhook' | 'person';
  /** `users/…`; webhooks have one too. */
  readonly name: string;
  readonly displayName: string;
}

export interface MessageCard {
  readonly cardId?: string;
  readonly card: Card;
}

/** What a message shows. */
export interface MessageContent {
  readonly text?: string;
  readonly cardsV2?: readonly MessageCard[];
  readonly accessoryWidgets?: readonly unknown[];
  readonly quotedMessageMetadata?: Readonly<Record<string, unknown>>;
}

/** What a message showed before an edit. */
export interface EarlierContent {
  readonly content: MessageContent;
  /** When it was replaced, RFC 3339. */
  readonly until: string;
}

export interface SpaceMessage {
  /** Chat's own name of it: `spaces/…/messages/…`. */
  readonly name: string;
  readonly space: string;
  readonly thread: string;
  /** Whether it answers in a thread that was there. */
  readonly isReply: boolean;
  readonly sender: MessageSender;
  content: MessageContent;
  readonly fallbackText?: string;
  /** `client-…`, if the sender gave one. */
  readonly clientId?: string;
  readonly requestId?: string;
  /** The only one who sees it: `users/…`. */
  readonly privateTo?: string;
  /** RFC 3339 in microseconds, UTC, like every time here. */
  readonly createTime: string;
  lastUpdateTime?: string;
  deleteTime?: string;
  /** What it showed before, oldest first. */
  versions: EarlierContent[];
  /** What Chat did with it without a word: sections that it dropped, tags that it does not know. A careful sender has none. */
  remarks: readonly string[];
}

export interface SpaceWebhook {
  readonly id: string;
  readonly space: string;
  readonly displayName: string;
  readonly key: string;
  readonly token: string;
  deleted: boolean;
  keyRevoked: boolean;
}

/** The app as people meet it in Chat. */
export const chatApp: MessageSender = {
  kind: 'app',
  name: 'users/114500000000000000001',
  displayName: 'Carillon',
};
