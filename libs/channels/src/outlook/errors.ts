import {
  RemoteError,
  retryAfterMs,
  type FailureOutcome,
  type FailureReason,
  type FailureScope,
  type HttpResponse,
} from '#http';
import { z } from 'zod';

/** Graph's errors, whole or in part: https://learn.microsoft.com/graph/errors. */
const graphBody = z.object({ error: z.object({ code: z.string() }) });

/** Entra's: a word, and numbers of which the first says more. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const tokenBody = z.object({
  error: z.string().optional(),
  error_codes: z.array(z.number().int()).optional().catch(undefined),
});

interface Meaning {
  readonly reason: FailureReason;
  /** What to look at, in our words: Graph's own echo what was sent. */
  readonly hint?: string;
}

/**
 * What an answer of Graph means, by its code where that says more than the status; anything else is read by {@link byStatus}.
 * https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
 */
const byCode: Readonly<Record<string, Meaning>> = {
  ErrorInvalidRecipients: { reason: 'rejected', hint: 'a recipient is no address that Exchange takes' },
  // What is wrong with our own mailbox is wrong with nothing that is to be said: it is said as soon as somebody has mended it.
  ErrorInvalidUser: { reason: 'unauthorized', hint: 'there is no such mailbox' },
  ResourceNotFound: { reason: 'unauthorized', hint: 'there is no such mailbox' },
  Request_ResourceNotFound: { reason: 'unauthorized', hint: 'there is no such mailbox' },
  MailboxNotEnabledForRESTAPI: {
    reason: 'unauthorized',
    hint: 'the mailbox is inactive, or still kept on premises',
  },
  ErrorQuotaExceeded: { reason: 'unauthorized', hint: 'the mailbox is full' },
  ErrorAccessDenied: { reason: 'unauthorized', hint: 'the app may not do this in this mailbox' },
  Authorization_RequestDenied: { reason: 'unauthorized', hint: 'the app has not been granted this' },
  ErrorSendAsDenied: { reason: 'unauthorized', hint: 'the app may not send as this mailbox' },
  ErrorMessageSubmissionBlocked: { reason: 'unauthorized', hint: 'Exchange lets this mailbox send nothing' },
  InvalidAuthenticationToken: { reason: 'unauthorized' },
  // Somebody changed the same thing at the same moment: read anew, tried again.
  ErrorIrresolvableConflict: { reason: 'unavailable' },
};

const byStatus: Readonly<Record<number, FailureReason>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  408: 'timeout',
  409: 'unavailable',
  412: 'unavailable',
  429: 'rate-limited',
};

/** The statuses that are read here; others are `libs/http`'s to judge. */
export const readStatuses = [
  400, 401, 403, 404, 408, 409, 412, 413, 429, 500, 502, 503, 504, 507, 509,
] as const;

/**
 * The error for an answer of Graph of 400 and above. Below 500 it is a plain no, so it was refused; of 5xx nobody knows for a call that
 * says something, also where the answer says when to come again: Exchange may have taken it.
 *
 * @param says whether the call, had it been accepted, would have told people something
 */
export function refusalError(
  label: string,
  { status, text, headers }: HttpResponse,
  says: boolean,
): RemoteError {
  const said = read(graphBody, text)?.error.code ?? '';
  const meaning = byCode[said];
  const isServers = status >= 500 && meaning === undefined;
  const reason = meaning?.reason ?? byStatus[status] ?? (isServers ? 'unavailable' : 'rejected');
  const outcome: FailureOutcome = isServers && says ? 'unknown' : 'refused';
  const wait = retryAfterMs(headers);
  // A code is named only where it is one that Microsoft documents: whatever else stands there may be an echo.
  const named = meaning === undefined && !known.has(said) ? undefined : said;
  return new RemoteError(
    'outlook',
    reason,
    outcome,
    `${label} was answered ${status}${named === undefined ? '' : ` ${named}`}${meaning?.hint === undefined ? '' : `: ${meaning.hint}`}`,
    {
      status,
      ...(named === undefined ? {} : { code: named }),
      ...(reason === 'rate-limited' ? { scope: scopeOf(said) } : {}),
      ...(wait === undefined || (status !== 429 && status !== 503) ? {} : { retryAfterMs: wait }),
    },
  );
}

/** Outlook's limits are of an app in a mailbox, and the mailbox is the lane of all who write from it; one is of the app, wherever it writes. */
const scopeOf = (code: string): FailureScope => (code === 'activityLimitReached' ? 'account' : 'destination');

/** Codes that say no more than their status, and are named all the same. */
const known: ReadonlySet<string> = new Set([
  'ApplicationThrottled',
  'BadRequest',
  'ErrorInvalidRequest',
  'ErrorItemNotFound',
  'MailboxStoreUnavailable',
  'RequestBodyRead',
  'ServiceUnavailable',
  'TooManyRequests',
  'activityLimitReached',
]);

/** Words for credentials that are not good (any more), or that nobody consented to. */
const tokenRefusals: ReadonlySet<string> = new Set([
  'access_denied',
  'consent_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
]);

/** The error for a token that was not given: nothing was sent to anybody. All but an odd 400 are for an administrator to mend. */
export function tokenError(label: string, { status, text }: HttpResponse): RemoteError {
  const { error = '', error_codes: [number] = [] } = read(tokenBody, text) ?? {};
  const word = tokenRefusals.has(error) ? error : undefined;
  const numbered = number === undefined ? undefined : `AADSTS${number}`;
  const named = word === undefined ? undefined : (numbered ?? word);
  return new RemoteError(
    'outlook',
    word !== undefined || status !== 400 ? 'unauthorized' : 'rejected',
    'refused',
    `${label} was answered ${status}${word === undefined ? '' : ` ${[word, numbered].filter(Boolean).join(' ')}`}`,
    { status, ...(named === undefined ? {} : { code: named }) },
  );
}

function read<Body>(schema: z.ZodType<Body>, text: string): Body | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    // A gateway's HTML: the status says enough.
    return undefined;
  }
}

/** Whether a call was answered so. */
export const wasAnswered = (error: unknown, ...statuses: readonly number[]): error is RemoteError =>
  error instanceof RemoteError && error.status !== undefined && statuses.includes(error.status);
