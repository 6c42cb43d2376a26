import type { SimulatedRequest } from '#http/simulation';
import { ApiError, denied, invalid, notFound } from './api-error.js';
import type { Caller } from './context.js';
import type { Method } from './methods.js';
import { scopes } from './token-endpoint.js';
import type { Credentials } from './credentials.js';
import type { Workspace } from './workspace.js';

const unauthenticated = (message: string): ApiError =>
  new ApiError(
    'UNAUTHENTICATED',
    `${message} Expected OAuth 2 access token, login cookie or other valid authentication credential.`,
  );

/** Who calls, and that they may; throws `UNAUTHENTICATED`, `PERMISSION_DENIED`, or what is heard of a bad webhook. */
export function admit(
  request: SimulatedRequest,
  method: Method,
  space: string | undefined,
  { workspace, credentials }: { readonly workspace: Workspace; readonly credentials: Credentials },
): Caller {
  const authorization = request.headers['authorization'];
  if (authorization !== undefined) return asApp(authorization, method, credentials);
  if (method.webhook && request.query.has('key')) return asWebhook(request.query, space, workspace);
  throw unauthenticated('Request is missing required authentication credential.');
}

function asApp(authorization: string, method: Method, credentials: Credentials): Caller {
  const token = credentials.token(/^Bearer (\S+)$/.exec(authorization)?.[1] ?? '');
  if (!token) throw unauthenticated('Request had invalid authentication credentials.');
  const held = token.scopes.filter((scope) => method.scopes.includes(scope));
  if (held.length === 0)
    throw new ApiError('PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
      },
    ]);
  // `chat.bot` needs nobody's consent, the others an administrator's. [S]
  if (!held.some((scope) => scope === scopes.bot || credentials.isApproved(scope)))
    throw denied('The scopes were not approved by an administrator.');
  return {
    kind: 'app',
    readsAll: held.some((scope) => scope === scopes.readMessages && credentials.isApproved(scope)),
  };
}

/** Which answer a bad webhook gets is from experience. [I] */
function asWebhook(query: URLSearchParams, space = '', workspace: Workspace): Caller {
  const byKey = workspace.webhooks.filter(
    (webhook) => webhook.key === query.get('key') && !webhook.keyRevoked,
  );
  if (byKey.length === 0) throw invalid('API key not valid. Please pass a valid API key.');
  if (!workspace.space(space)) throw notFound();
  const webhook = byKey.find(
    (one) => one.token === query.get('token') && one.space === space && !one.deleted,
  );
  if (!webhook) throw denied('The webhook does not exist, or its token is not valid.');
  return { kind: 'webhook', webhook };
}
