import type { Handler } from './context.js';
import type { Permission } from './entra.js';
import { getFolder, getUser, listFolders } from './folders.js';
import {
  createMessage,
  deleteMessage,
  getMessage,
  listMessages,
  moveMessage,
  updateMessage,
} from './messages.js';
import { createReply, replyTo, sendDraft, sendMail } from './sending.js';

/** What there is to say of a method before it is called. */
export interface Method {
  readonly http: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/v1.0`; `{…}` stands for an id. */
  readonly path: string;
  /** Options that its query may have. */
  readonly query: readonly string[];
  /** Any one of them suffices. https://learn.microsoft.com/graph/permissions-reference#mail-permissions [D] */
  readonly permissions: readonly Permission[];
  /** What is asked of the directory, and works for users without a mailbox too. */
  readonly ofDirectory?: true;
  readonly handler: Handler;
}

const message = '/users/{user}/messages/{message}';
const lists = ['$select', '$filter', '$orderby', '$top', '$skip', '$expand', '$count'];
const read: readonly Permission[] = ['Mail.Read', 'Mail.ReadWrite'];
const write: readonly Permission[] = ['Mail.ReadWrite'];
const send: readonly Permission[] = ['Mail.Send'];

const post = (path: string, permissions: readonly Permission[], handler: Handler): Method => ({
  http: 'POST',
  path,
  query: [],
  permissions,
  handler,
});
const get = (path: string, query: readonly string[], handler: Handler): Method => ({
  http: 'GET',
  path,
  query,
  permissions: read,
  handler,
});

/** Every method served here, with `$batch`. https://learn.microsoft.com/graph/api/resources/mail-api-overview */
const methods: readonly Method[] = [
  post('/users/{user}/sendMail', send, sendMail),
  post('/users/{user}/messages', write, createMessage),
  post('/users/{user}/mailFolders/{folder}/messages', write, createMessage),
  post(`${message}/send`, send, sendDraft),
  post(`${message}/reply`, send, replyTo(false)),
  post(`${message}/replyAll`, send, replyTo(true)),
  post(`${message}/createReply`, write, createReply(false)),
  post(`${message}/createReplyAll`, write, createReply(true)),
  post(`${message}/move`, write, moveMessage),
  get('/users/{user}/messages', lists, listMessages),
  get('/users/{user}/mailFolders/{folder}/messages', lists, listMessages),
  get(message, ['$select', '$expand'], getMessage),
  get('/users/{user}/mailFolders', ['$select'], listFolders),
  get('/users/{user}/mailFolders/{folder}', ['$select'], getFolder),
  { http: 'PATCH', path: message, query: [], permissions: write, handler: updateMessage },
  { http: 'DELETE', path: message, query: [], permissions: write, handler: deleteMessage },
  {
    http: 'GET',
    path: '/users/{user}',
    query: ['$select'],
    permissions: ['User.Read.All'],
    ofDirectory: true,
    handler: getUser,
  },
];

const split = (path: string): readonly string[] => path.split('/').slice(1);
const patterns = methods.map((method) => ({ method, segments: split(method.path) }));

/**
 * The method that a request calls, and the ids in its path. `mailFolders('inbox')` and `mailFolders/inbox` are the same. Where only the HTTP
 * method is another, `wrongHttp`.
 */
export function methodOf(
  http: string,
  path: string,
): { readonly method: Method; readonly ids: readonly string[] } | 'wrongHttp' | undefined {
  const segments = split(path.replace(/\('((?:[^']|'')*)'\)(?=\/|$)/g, '/$1'));
  const fitting = patterns.filter(
    (one) =>
      one.segments.length === segments.length &&
      one.segments.every((segment, index) => segment.startsWith('{') || segment === segments[index]),
  );
  const found = fitting.find(({ method }) => method.http === http);
  if (!found) return fitting.length > 0 ? 'wrongHttp' : undefined;
  const ids = segments.filter((_, index) => found.segments[index]?.startsWith('{'));
  return { method: found.method, ids: ids.map(decodeSegment) };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
