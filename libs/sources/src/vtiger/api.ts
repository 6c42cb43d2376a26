import { RemoteError, retryAfterMs, type FailureReason, type HttpClient, type HttpResponse } from '#http';
import { z } from 'zod';
import type { VtigerSettings } from './settings.js';

/** The operations that are used; all of them only read. */
export type Operation = 'describe' | 'query';

/** What a call is about: `label` names it in errors, where queries and answers may hold ids and names. */
export interface Call {
  readonly label: string;
  readonly signal: AbortSignal;
}

/** Either of Vtiger's two APIs. Both have the same operations, the same query language and the same records. */
export interface VtigerApi {
  /** The result of an operation; throws `RemoteError`. */
  ask(operation: Operation, parameters: Readonly<Record<string, string>>, call: Call): Promise<unknown>;
}

export interface Way {
  readonly settings: VtigerSettings;
  readonly http: HttpClient;
}

const envelope = z.union([
  z.object({ success: z.literal(true), result: z.unknown() }),
  z.object({ success: z.literal(false), error: z.object({ code: z.string() }) }),
]);

/** Statuses in whose body the REST API explains itself, often and not always. 429 is read for its headers. */
export const refusals = [400, 401, 402, 403, 404, 405, 409, 422, 429];

/** A session that has ended: after a new login the same call goes well. */
export const sessionEnded: ReadonlySet<string> = new Set([
  'SESSION_EXPIRED',
  'SESSION_LEFT_IDLE',
  'INVALID_SESSIONID',
  'AUTHENTICATION_REQUIRED',
]);

const unauthorized: ReadonlySet<string> = new Set([
  ...sessionEnded,
  'INVALID_USER_CREDENTIALS',
  'INVALID_AUTH_TOKEN',
  'ACCESSKEY_UNDEFINED',
  'AUTHENTICATION_FAILURE',
  'ACCESS_DENIED',
]);
const unavailable: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'DATABASE_QUERY_ERROR']);

/** Says of the codes what an operator can act upon. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['INVALID_USER_CREDENTIALS', 'the user name or the access key is wrong'],
  ['ACCESSKEY_UNDEFINED', 'the user has no access key'],
  ['ACCESS_DENIED', 'the user may not read this'],
]);

/** What an answer holds; throws what it says went wrong. Messages are translated and may echo names, so only the code is kept. */
export function resultOf(response: HttpResponse, label: string): unknown {
  if (response.status === 429) throw throttled(response, label);
  const read = envelopeIn(response);
  if (read?.success && response.status < 400) return read.result;
  if (read && !read.success) throw refusal(read.error.code, response.status, label);
  if (response.status < 400)
    throw new RemoteError('vtiger', 'unreadable', 'refused', `${label}: unexpected answer (the whole)`, {
      status: response.status,
    });
  const reason: FailureReason = [401, 402, 403].includes(response.status) ? 'unauthorized' : 'rejected';
  throw new RemoteError('vtiger', reason, 'refused', `${label}: answered ${response.status}`, {
    status: response.status,
  });
}

function envelopeIn(response: HttpResponse): z.infer<typeof envelope> | undefined {
  try {
    const parsed = envelope.safeParse(response.json());
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    // A refusal is a refusal, also without a body or from a proxy that answers in HTML.
    if (response.status >= 400) return undefined;
    throw error;
  }
}

function refusal(code: string, status: number, label: string): RemoteError {
  // Anything but the vendor's own form could be somebody's words.
  const known = /^[A-Z_]{1,60}$/.test(code) ? code : undefined;
  const reason: FailureReason =
    unauthorized.has(code) || status === 401 || status === 403
      ? 'unauthorized'
      : unavailable.has(code)
        ? 'unavailable'
        : 'rejected';
  const meaning = meanings.get(code);
  return new RemoteError(
    'vtiger',
    reason,
    'refused',
    `${label}: refused${known ? `, ${known}` : ''}${meaning ? `: ${meaning}` : ''}`,
    { status, ...(known ? { code: known } : {}) },
  );
}

/** The allowance of a day is a rolling one: it is asked again after an hour. */
const dayUsedUpMs = 3_600_000;

/** No Retry-After is promised; the allowance of a minute says by a header of its own when it is renewed. */
function throttled({ headers }: HttpResponse, label: string): RemoteError {
  const dayIsUsedUp = headers['x-ratelimit-remaining'] === '0';
  const wait = dayIsUsedUp ? dayUsedUpMs : (retryAfterMs(headers) ?? untilReset(headers));
  return new RemoteError(
    'vtiger',
    'rate-limited',
    'refused',
    `${label}: ${dayIsUsedUp ? "the day's calls are used up" : 'too many calls in a minute'}`,
    { status: 429, scope: 'account', ...(wait === undefined ? {} : { retryAfterMs: wait }) },
  );
}

/** By the server's own clock, since the two need not agree. */
function untilReset(headers: Readonly<Record<string, string>>): number | undefined {
  const wait = Number(headers['x-floodcontrol-reset']) * 1000 - Date.parse(headers['date'] ?? '');
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 1000), dayUsedUpMs) : undefined;
}

/** The result in the shape that was expected, or `unreadable`. */
export function shaped<T>(schema: z.ZodType<T>, result: unknown, label: string): T {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  const where = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole'))].slice(
    0,
    5,
  );
  throw new RemoteError(
    'vtiger',
    'unreadable',
    'refused',
    `${label}: unexpected answer (${where.join(', ')})`,
  );
}

/** What the document names and Vtiger does not have: nothing is read on half of what was meant. */
export const notThere = (message: string): RemoteError =>
  new RemoteError('vtiger', 'rejected', 'refused', message);
