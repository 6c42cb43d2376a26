import {
  RemoteError,
  retryAfterCeilingMs,
  retryAfterMs,
  type FailureReason,
  type FailureScope,
  type HttpResponse,
} from '#http';
import { z } from 'zod';

interface Meaning {
  readonly reason: FailureReason;
  readonly words: string;
}

/**
 * What Jira's statuses mean to the host; all are a plain no. What is not right in the project or in the document is `unauthorized`, as credentials are:
 * nothing is wrong with what is to be said, and it is said as soon as somebody has mended it.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes
 */
const meanings: Readonly<Record<number, Meaning>> = {
  400: { reason: 'rejected', words: 'Jira does not accept it' },
  401: {
    reason: 'unauthorized',
    words: 'Jira does not accept the API token: it is wrong, revoked or expired',
  },
  403: { reason: 'unauthorized', words: 'the account may not do this' },
  /** Jira says the same of what is not there and of what may not be seen. */
  404: { reason: 'rejected', words: 'it is not there, or the account may not see it' },
  409: { reason: 'unavailable', words: 'somebody else is changing it' },
  410: { reason: 'rejected', words: 'Jira has this call no longer' },
  413: { reason: 'rejected', words: 'the issue has as much as Jira lets it have' },
  422: { reason: 'unauthorized', words: 'the project is not set up for it' },
  429: { reason: 'rate-limited', words: 'too many calls' },
};

/** The statuses whose bodies are read; `libs/http` judges the others. */
export const readStatuses: readonly number[] = Object.keys(meanings).map(Number);

/**
 * What each kind of 429 is about: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/. A reason that is not here and not
 * documented (`jira-cost-based`, `jira-max-concurrent-threads-…`) is taken for the account's.
 */
const scopes: Readonly<Record<string, FailureScope>> = {
  /** Of one call, for everybody at the site. */
  'jira-burst-based': 'method',
  'jira-per-issue-on-write': 'destination',
  'jira-quota-global-based': 'account',
  'jira-quota-tenant-based': 'account',
};

/** Jira's errors. Gateways answer in other forms, and then the status says enough. */
const body = z.object({
  errorMessages: z.array(z.string()).default([]).catch([]),
  errors: z.record(z.string(), z.string()).default({}).catch({}),
});

/** Names of fields are repeated, and nothing else of Jira's words: they echo what was sent. */
const fieldName = /^(customfield_\d{1,12}|[a-z]{2,30})$/i;

/** What Jira says of a field, in our words. */
const fieldTroubles: readonly (readonly [RegExp, string])[] = [
  [/cannot be set|appropriate screen|unknown/i, 'is not on the screen of the issue type'],
  [/is required/i, 'is required, and the document does not fill it'],
  [/cannot be assigned/i, 'names somebody who may not be assigned issues there'],
  [/Atlassian Document/i, 'takes a text of several lines, as an Atlassian Document'],
];

/** A refusal for what fields hold. */
export class FieldsRefused extends RemoteError {
  constructor(
    label: string,
    /** By the field's id, what is wrong with it. */
    readonly fields: ReadonlyMap<string, string>,
  ) {
    super(
      'jira',
      // Summary and description are ours; everything else comes from the document or the project.
      [...fields.keys()].some((field) => field === 'summary' || field === 'description')
        ? 'rejected'
        : 'unauthorized',
      'refused',
      `${label}: ${[...fields].map(([field, trouble]) => `\`${field}\` ${trouble}`).join(', ')}`,
      { status: 400, code: 'fields' },
    );
  }
}

/** The error for an answer with one of {@link readStatuses}. */
export function refusal(label: string, response: HttpResponse): RemoteError {
  const { status, headers } = response;
  const { errors } = bodyOf(response.text);
  const fields = Object.entries(errors).filter(([field]) => fieldName.test(field));
  if (status === 400 && fields.length > 0)
    return new FieldsRefused(label, new Map(fields.map(([field, words]) => [field, troubleOf(words)])));
  const { reason, words } = meanings[status] ?? { reason: 'rejected', words: 'refused' };
  const wait = status === 429 ? (retryAfterMs(headers) ?? untilReset(headers)) : undefined;
  return new RemoteError('jira', reason, 'refused', `${label}: ${words} (${status})`, {
    status,
    ...(status === 429 ? { scope: scopeOf(headers) } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** What is set up otherwise than the document says; it waits until somebody has mended it. */
export const misconfigured = (code: string, message: string): RemoteError =>
  new RemoteError('jira', 'unauthorized', 'refused', message, { code });

/** Whether a call was answered so. */
export const wasAnswered = (error: unknown, status: number): error is RemoteError =>
  error instanceof RemoteError && error.status === status;

function bodyOf(text: string): z.infer<typeof body> {
  try {
    return body.safeParse(JSON.parse(text)).data ?? { errorMessages: [], errors: {} };
  } catch {
    // A gateway's HTML: the status says enough.
    return { errorMessages: [], errors: {} };
  }
}

const troubleOf = (words: string): string =>
  fieldTroubles.find(([pattern]) => pattern.test(words))?.[1] ?? 'has a value that the project does not know';

function scopeOf(headers: Readonly<Record<string, string>>): FailureScope {
  const reason = headers['ratelimit-reason'];
  return reason === undefined ? 'method' : (scopes[reason] ?? 'account');
}

/** A gateway's 429 may have no `Retry-After` but the moment, in ISO 8601 and sometimes without seconds. */
function untilReset(headers: Readonly<Record<string, string>>): number | undefined {
  const reset = Date.parse(headers['x-ratelimit-reset'] ?? '');
  if (Number.isNaN(reset)) return undefined;
  const sent = Date.parse(headers['date'] ?? '');
  return Math.min(Math.max(reset - (Number.isNaN(sent) ? Date.now() : sent), 0), retryAfterCeilingMs);
}
