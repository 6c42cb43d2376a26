import { RemoteError, type Grant, type HttpClient } from '#http';
import { errorBody } from './errors.js';
import { tokenAnswer } from './schema.js';
import { assertionOf, type ServiceAccount } from './service-account.js';

const timeoutMs = 10_000;
const label = 'asking for an access token';

/** Google's words for credentials that are not good (any more). https://developers.google.com/identity/protocols/oauth2/service-account#error-codes */
const refusals: ReadonlySet<string> = new Set([
  'access_denied',
  'admin_policy_enforced',
  'deleted_client',
  'disabled_client',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'org_internal',
  'unauthorized_client',
]);

/** How Google is asked for a token of a service account. https://developers.google.com/identity/protocols/oauth2/service-account */
export const serviceAccountGrant =
  (account: ServiceAccount, tokenUrl: string, http: HttpClient): Grant =>
  async (signal) => {
    const answer = await http.request(
      {
        method: 'POST',
        url: tokenUrl,
        label,
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          // The one thing here that needs the time of day.
          assertion: assertionOf(account, Date.now()),
        },
        // Nobody is told anything by it.
        reads: true,
        timeoutMs,
        signal,
      },
      [400, 401, 403],
    );
    if (answer.status >= 400) throw refused(answer.status, answer.text);
    const { data } = tokenAnswer.safeParse(answer.json());
    if (!data)
      throw new RemoteError('google-chat', 'unreadable', 'refused', `${label} was answered with no token`, {
        status: answer.status,
      });
    return { token: data.access_token, expiresInSeconds: data.expires_in };
  };

function refused(status: number, body: string): RemoteError {
  const { error, error_description: description = '' } = errorBody(body);
  const code = typeof error === 'string' && refusals.has(error) ? error : undefined;
  return new RemoteError(
    'google-chat',
    code !== undefined || status !== 400 ? 'unauthorized' : 'rejected',
    'refused',
    `${label} was answered ${status}${code === undefined ? '' : ` ${code}`}${
      // Google's own words, and the only ones of them that are repeated.
      description.includes('reasonable timeframe') ? ': is the clock of this machine right?' : ''
    }`,
    { status, ...(code === undefined ? {} : { code }) },
  );
}
