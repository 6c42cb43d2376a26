import type { ChannelKind } from './state.js';

/** Calls per minute that Slack lets through for good. https://docs.slack.dev/apis/web-api/rate-limits */
export const tiers = { 2: 20, 3: 50, 4: 100 } as const;

export interface MethodFacts {
  /** Reads take a query or a form, never a JSON body; writes take a form or JSON. */
  readonly access: 'read' | 'write';
  /** `posting`: one message a second and channel. `special`: high, not limited here. */
  readonly limit: keyof typeof tiers | 'posting' | 'special';
  /** Any one of them suffices; none needed where empty. */
  readonly scopes: readonly string[];
  readonly required: readonly string[];
}

const prefixes: Readonly<Record<ChannelKind, string>> = {
  public_channel: 'channels',
  private_channel: 'groups',
  im: 'im',
  mpim: 'mpim',
};

/** The scope that covers an act on a kind of conversation: `channels:read`, `groups:history`, …. */
export const scopeFor = (kind: ChannelKind, act: 'read' | 'history'): string => `${prefixes[kind]}:${act}`;

const reading = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
const managing = ['channels:manage', 'groups:write'];

/** Every method served here, with what Slack's reference says of it: https://docs.slack.dev/reference/methods */
export const methods = {
  'auth.test': { access: 'write', limit: 'special', scopes: [], required: [] },
  'chat.postMessage': {
    access: 'write',
    limit: 'posting',
    scopes: ['chat:write'],
    required: ['channel'],
  },
  'chat.update': { access: 'write', limit: 3, scopes: ['chat:write'], required: ['channel', 'ts'] },
  'chat.delete': { access: 'write', limit: 3, scopes: ['chat:write'], required: ['channel', 'ts'] },
  'chat.getPermalink': {
    access: 'read',
    limit: 'special',
    scopes: [],
    required: ['channel', 'message_ts'],
  },
  'conversations.create': {
    access: 'write',
    limit: 2,
    scopes: [...managing, 'im:write', 'mpim:write'],
    required: ['name'],
  },
  'conversations.invite': {
    access: 'write',
    limit: 3,
    scopes: [...managing, 'channels:write.invites', 'groups:write.invites'],
    required: ['channel', 'users'],
  },
  'conversations.kick': { access: 'write', limit: 3, scopes: managing, required: ['channel', 'user'] },
  'conversations.list': { access: 'read', limit: 2, scopes: reading, required: [] },
  'conversations.info': { access: 'read', limit: 3, scopes: reading, required: ['channel'] },
  'conversations.members': { access: 'read', limit: 4, scopes: reading, required: ['channel'] },
  'conversations.history': { access: 'read', limit: 3, scopes: history, required: ['channel'] },
  'conversations.replies': { access: 'read', limit: 3, scopes: history, required: ['channel', 'ts'] },
  'conversations.open': { access: 'write', limit: 3, scopes: ['im:write', 'mpim:write'], required: [] },
  'conversations.join': { access: 'write', limit: 3, scopes: ['channels:join'], required: ['channel'] },
  'conversations.archive': { access: 'write', limit: 2, scopes: managing, required: ['channel'] },
  'conversations.unarchive': { access: 'write', limit: 2, scopes: managing, required: ['channel'] },
  'conversations.setTopic': {
    access: 'write',
    limit: 2,
    scopes: [...managing, 'channels:write.topic', 'groups:write.topic'],
    required: ['channel', 'topic'],
  },
  'conversations.setPurpose': {
    access: 'write',
    limit: 2,
    scopes: [...managing, 'channels:write.topic', 'groups:write.topic'],
    required: ['channel', 'purpose'],
  },
  'users.list': { access: 'read', limit: 2, scopes: ['users:read'], required: [] },
  'users.info': { access: 'read', limit: 4, scopes: ['users:read'], required: ['user'] },
  'users.lookupByEmail': {
    access: 'read',
    limit: 3,
    scopes: ['users:read.email'],
    required: ['email'],
  },
  'users.conversations': { access: 'read', limit: 3, scopes: reading, required: [] },
} as const satisfies Readonly<Record<string, MethodFacts>>;

export type MethodName = keyof typeof methods;

export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** What an app that posts, keeps rooms and looks up people asks for when it is installed. */
export const usualScopes: readonly string[] = [
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'chat:write.public',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'users:read',
  'users:read.email',
];
