import type { SimulatedResponse } from '#http/simulation';

/** Messages by field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Jira's no. */
export class JiraError extends Error {
  constructor(
    readonly status: number,
    readonly messages: readonly string[],
    readonly errors: FieldErrors = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super([...messages, ...Object.values(errors)].join(' '));
    this.name = 'JiraError';
  }
}

export const invalid = (message: string): JiraError => new JiraError(400, [message]);

export const invalidFields = (errors: FieldErrors): JiraError => new JiraError(400, [], errors);

/** For a body or a parameter that is not as the reference has it. [I] */
export const invalidRequest = (where: string): JiraError =>
  invalid(`Invalid request payload. Refer to the REST API documentation and try again. (${where})`);

export const denied = (message: string): JiraError => new JiraError(403, [message]);

/** Said of what is not there and of what one may not see, alike. [S] */
export const issueNotFound = (): JiraError =>
  new JiraError(404, ['Issue does not exist or you do not have permission to see it.']);

export const notFound = (message: string): JiraError => new JiraError(404, [message]);

/** An answer with errors in Jira's form, for a trouble that a test plans too. */
export const jiraError = (
  status: number,
  messages: readonly string[] = [],
  errors: FieldErrors = {},
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse => ({ status, headers, body: { errorMessages: messages, errors } });

/** Why Jira says 429, in the word of its `RateLimit-Reason`. */
export type ThrottleReason =
  'jira-burst-based' | 'jira-per-issue-on-write' | 'jira-quota-global-based' | 'jira-quota-tenant-based';

export interface Throttle {
  readonly reason: ThrottleReason;
  readonly limit: number;
  /** When it is over. */
  readonly until: Date;
  readonly waitSeconds: number;
  /** Without `Retry-After`, as a gateway answered in April 2026. */
  readonly withoutRetryAfter?: boolean;
}

/** The answer to whoever calls too often. The wording of its body is not fixed. [I] */
export const throttled = (throttle: Throttle): JiraError =>
  new JiraError(
    429,
    ['Rate limit exceeded.'],
    {},
    {
      ...(throttle.withoutRetryAfter ? {} : { 'retry-after': String(throttle.waitSeconds) }),
      'x-ratelimit-limit': String(throttle.limit),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': resetTime(throttle),
      'ratelimit-reason': throttle.reason,
    },
  );

/** ISO 8601; that of an hourly quota lacks the seconds. */
const resetTime = ({ reason, until }: Throttle): string =>
  reason.startsWith('jira-quota')
    ? `${until.toISOString().slice(0, 16)}Z`
    : `${until.toISOString().slice(0, 19)}Z`;

/** A 429 as an answer, for a trouble that a test plans. */
export function jiraThrottled(throttle: Throttle): SimulatedResponse {
  const { status, messages, errors, headers } = throttled(throttle);
  return jiraError(status, messages, errors, headers);
}
