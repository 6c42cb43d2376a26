import { RemoteError, type FailureReason, type FailureScope } from '#http';

interface Meaning {
  readonly reason: FailureReason;
  /** Whether a write may have been done nevertheless. */
  readonly mayHaveHappened?: true;
  readonly scope?: FailureScope;
}

const unauthorized: Meaning = { reason: 'unauthorized' };
/** Slack asks to come again, and did nothing. */
const later: Meaning = { reason: 'unavailable' };
const brokeOff: Meaning = { reason: 'unavailable', mayHaveHappened: true };

/**
 * What Slack's codes mean to the host. A code that is not here is a plain no (`rejected`): what was asked for does not exist, is not
 * allowed there, or is not well-formed. https://docs.slack.dev/reference/methods lists them with each method.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  not_authed: unauthorized,
  invalid_auth: unauthorized,
  account_inactive: unauthorized,
  token_revoked: unauthorized,
  token_expired: unauthorized,
  no_permission: unauthorized,
  missing_scope: unauthorized,
  not_allowed_token_type: unauthorized,
  org_login_required: unauthorized,
  ekm_access_denied: unauthorized,
  enterprise_is_restricted: unauthorized,
  team_access_not_granted: unauthorized,
  two_factor_setup_required: unauthorized,
  accesslimited: unauthorized,
  access_denied: unauthorized,
  app_access_restricted: unauthorized,

  /** The method's tier in this workspace; comes with HTTP 429. */
  ratelimited: { reason: 'rate-limited', scope: 'method' },
  /** chat.postMessage's own: one message a second and channel. */
  rate_limited: { reason: 'rate-limited', scope: 'destination' },

  service_unavailable: later,
  /** While a workspace or a shared channel moves to another organisation. */
  team_added_to_org: later,
  external_channel_migrating: later,
  fetch_members_failed: later,

  /** "Some aspect of the operation may have succeeded": https://docs.slack.dev/reference/methods/chat.postMessage#errors */
  internal_error: brokeOff,
  fatal_error: brokeOff,
  update_failed: brokeOff,
  request_timeout: { reason: 'timeout', mayHaveHappened: true },
};

/** Codes look like this. Anything else is the body of an answer that was no JSON, and is repeated nowhere. */
const codePattern = /^[a-z][a-z0-9_]{1,79}$/;
const scopesPattern = /^[a-z:._,-]{1,200}$/;

/** How the SDK hands over `ok: false`. */
interface Refusal {
  readonly error: string;
  readonly needed?: string | undefined;
  /** Slack's remarks; only the places that they point to are repeated, not what stood there. */
  readonly remarks?: readonly string[] | undefined;
}

/** The error for an answer with `ok: false`. */
export function refusalError(
  method: string,
  refusal: Refusal,
  options: { readonly reads: boolean },
): RemoteError {
  if (!codePattern.test(refusal.error))
    return new RemoteError(
      'slack',
      'unreadable',
      options.reads ? 'refused' : 'unknown',
      `${method} answered what is no Slack answer`,
    );
  const { reason, mayHaveHappened, scope } = meanings[refusal.error] ?? { reason: 'rejected' };
  return new RemoteError(
    'slack',
    reason,
    mayHaveHappened && !options.reads ? 'unknown' : 'refused',
    `${method} was answered ${refusal.error}${hint(refusal)}`,
    { code: refusal.error, ...(scope ? { scope } : {}) },
  );
}

/**
 * The error for HTTP 429. A method's tier is the workspace's; what chat.postMessage counts is the channel.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export const scopeOf = (method: string): FailureScope =>
  method === 'chat.postMessage' ? 'destination' : 'method';

/** Whether an error is one of these refusals of Slack. */
export const hasCode = (error: unknown, ...codes: readonly string[]): error is RemoteError =>
  error instanceof RemoteError && error.code !== undefined && codes.includes(error.code);

function hint({ error, needed, remarks }: Refusal): string {
  if (error === 'missing_scope' && needed && scopesPattern.test(needed)) return `: add the scope ${needed}`;
  const places = (remarks ?? []).flatMap(
    (remark) => /json-pointer:(\/[a-z0-9_/]{1,80})\]/.exec(remark)?.[1] ?? [],
  );
  return places.length > 0 ? ` at ${places.slice(0, 3).join(', ')}` : '';
}
