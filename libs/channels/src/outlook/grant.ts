import { RemoteError, type Grant, type HttpClient } from '#http';
import { withSlash } from './api.js';
import { tokenError } from './errors.js';
import { tokenAnswer } from './schema.js';
import type { OutlookSettings } from './settings.js';

const timeoutMs = 10_000;
const label = 'asking for an access token';

/** How Microsoft is asked for a token of an app in its tenant. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
export const clientCredentialsGrant =
  (
    {
      authority,
      tenant,
      clientId,
      clientSecret,
    }: Pick<OutlookSettings, 'authority' | 'tenant' | 'clientId' | 'clientSecret'>,
    http: HttpClient,
  ): Grant =>
  async (signal) => {
    const answer = await http.request(
      {
        method: 'POST',
        url: new URL(`${tenant}/oauth2/v2.0/token`, withSlash(authority)).href,
        label,
        form: {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: 'https://graph.microsoft.com/.default',
        },
        // Nobody is told anything by it.
        reads: true,
        timeoutMs,
        signal,
      },
      [400, 401, 403],
    );
    if (answer.status >= 400) throw tokenError(label, answer);
    const { data } = tokenAnswer.safeParse(answer.json());
    if (!data)
      throw new RemoteError('outlook', 'unreadable', 'refused', `${label} was answered with no token`, {
        status: answer.status,
      });
    return { token: data.access_token, expiresInSeconds: data.expires_in };
  };
