import type { Handler } from './context.js';
import { createMessage, deleteMessage, getMessage, listMessages, updateMessage } from './messages.js';
import type { ProjectQuotas } from './quotas.js';
import {
  createMember,
  createSpace,
  findDirectMessage,
  getSpace,
  listMembers,
  listSpaces,
  setUpSpace,
} from './spaces.js';
import { scopes } from './token-endpoint.js';

/** What there is to say of a method before it is called. */
export interface Method {
  readonly http: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `*` stands for an id. */
  readonly path: string;
  /** Parameters that its query may have. */
  readonly query: readonly string[];
  /** Any one of them suffices. */
  readonly scopes: readonly string[];
  readonly quota: keyof ProjectQuotas;
  /** How it counts towards the quota of the space that its path names. */
  readonly ofSpace?: 'read' | 'write';
  /** Whether a webhook's key and token open it. */
  readonly webhook?: true;
  readonly handler: Handler;
}

const message = '/v1/spaces/*/messages/*';
const updates = ['updateMask', 'allowMissing'];
const write = { scopes: [scopes.bot], quota: 'messageWrites', ofSpace: 'write' } as const;

/** Every method served here. https://developers.google.com/workspace/chat/api/reference/rest [S] */
const methods: readonly Method[] = [
  {
    http: 'POST',
    path: '/v1/spaces/*/messages',
    query: ['messageId', 'requestId', 'messageReplyOption', 'threadKey'],
    ...write,
    webhook: true,
    handler: createMessage,
  },
  { http: 'PATCH', path: message, query: updates, ...write, handler: updateMessage },
  { http: 'PUT', path: message, query: updates, ...write, handler: updateMessage },
  { http: 'DELETE', path: message, query: ['force'], ...write, handler: deleteMessage },
  {
    http: 'GET',
    path: message,
    query: [],
    scopes: [scopes.bot, scopes.readMessages],
    quota: 'messageReads',
    ofSpace: 'read',
    handler: getMessage,
  },
  {
    http: 'GET',
    path: '/v1/spaces/*/messages',
    query: ['pageSize', 'pageToken', 'filter', 'orderBy'],
    scopes: [scopes.readMessages],
    quota: 'messageReads',
    ofSpace: 'read',
    handler: listMessages,
  },
  {
    http: 'GET',
    path: '/v1/spaces',
    query: ['pageSize', 'pageToken', 'filter'],
    scopes: [scopes.bot],
    quota: 'spaceReads',
    handler: listSpaces,
  },
  {
    http: 'POST',
    path: '/v1/spaces',
    query: ['requestId'],
    scopes: [scopes.createSpaces],
    quota: 'spaceWrites',
    handler: createSpace,
  },
  {
    http: 'POST',
    path: '/v1/spaces:setup',
    query: [],
    scopes: [],
    quota: 'spaceWrites',
    handler: setUpSpace,
  },
  {
    http: 'GET',
    path: '/v1/spaces:findDirectMessage',
    query: ['name'],
    scopes: [scopes.bot],
    quota: 'spaceReads',
    handler: findDirectMessage,
  },
  {
    http: 'GET',
    path: '/v1/spaces/*',
    query: [],
    scopes: [scopes.bot],
    quota: 'spaceReads',
    ofSpace: 'read',
    handler: getSpace,
  },
  {
    http: 'GET',
    path: '/v1/spaces/*/members',
    query: ['pageSize', 'pageToken'],
    scopes: [scopes.bot, scopes.memberships],
    quota: 'membershipReads',
    ofSpace: 'read',
    handler: listMembers,
  },
  {
    http: 'POST',
    path: '/v1/spaces/*/members',
    query: [],
    scopes: [scopes.memberships],
    quota: 'membershipWrites',
    ofSpace: 'write',
    handler: createMember,
  },
];

const patterns = methods.map((method) => ({
  method,
  pattern: new RegExp(`^${method.path.replaceAll('*', '([\\w.-]+)')}$`),
}));

/** The method that a request calls, and the ids in its path. */
export function methodOf(
  http: string,
  path: string,
): { readonly method: Method; readonly ids: readonly string[] } | undefined {
  for (const { method, pattern } of patterns) {
    const match = method.http === http ? pattern.exec(path) : null;
    if (match) return { method, ids: match.slice(1) };
  }
  return undefined;
}
