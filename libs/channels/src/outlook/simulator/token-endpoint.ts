import type { SimulatedRequest, SimulatedResponse } from '#http/simulation';
import type { Entra } from './entra.js';
import type { RequestIds } from './graph-error.js';

/** [D] */
const tokenSeconds = 3599;
const scope = 'https://graph.microsoft.com/.default';
/** Endpoints for many tenants, which do not work without a user. [D] */
const manyTenants = ['common', 'organizations', 'consumers'];

/** Entra's no. Which numbers go with a wrong form or scope is from experience [I], the others are documented [D]. */
class TokenRefusal extends Error {
  constructor(
    readonly error: string,
    readonly number: number,
    readonly sentence: string,
    readonly status = 400,
  ) {
    super(sentence);
    this.name = 'TokenRefusal';
  }
}

const knownFields = new Set(['client_id', 'client_secret', 'grant_type', 'scope']);

/**
 * `POST /{tenant}/oauth2/v2.0/token`: a token for the app itself. With a secret only; certificates are not simulated.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow [D]
 */
export function answerTokenRequest(
  request: SimulatedRequest,
  tenant: string,
  entra: Entra,
  ids: RequestIds,
): SimulatedResponse {
  try {
    check(request, tenant, entra);
    const { token } = entra.issueToken(tokenSeconds);
    return {
      status: 200,
      headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
      body: {
        token_type: 'Bearer',
        expires_in: tokenSeconds,
        ext_expires_in: tokenSeconds,
        access_token: token,
      },
    };
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    const timestamp = `${ids.at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
    return {
      status: error.status,
      body: {
        error: error.error,
        error_description: `AADSTS${error.number}: ${error.sentence} Trace ID: ${ids.requestId} Correlation ID: ${ids.clientRequestId} Timestamp: ${timestamp}`,
        error_codes: [error.number],
        timestamp,
        trace_id: ids.requestId,
        correlation_id: ids.clientRequestId,
      },
    };
  }
}

function check(request: SimulatedRequest, tenant: string, entra: Entra): void {
  const form = formOf(request);
  const field = (name: string): string => {
    const value = form.get(name);
    if (!value)
      throw new TokenRefusal(
        'invalid_request',
        900144,
        `The request body must contain the following parameter: '${name}'.`,
      );
    return value;
  };
  if (field('grant_type') !== 'client_credentials')
    throw new TokenRefusal('unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  const clientId = field('client_id');
  const asked = field('scope');
  const named = tenant.toLowerCase();
  if (manyTenants.includes(named))
    throw new TokenRefusal(
      'invalid_request',
      50059,
      'No tenant-identifying information found in the request.',
    );
  if (named !== entra.tenantId && named !== entra.domain)
    throw new TokenRefusal('invalid_request', 90002, `Tenant '${tenant}' not found.`);
  if (clientId !== entra.clientId || !entra.present)
    throw new TokenRefusal(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${entra.domain}'.`,
    );
  if (!asked.endsWith('/.default'))
    throw new TokenRefusal(
      'invalid_scope',
      1002012,
      `The provided value for scope ${asked} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`,
    );
  if (asked !== scope)
    throw new TokenRefusal(
      'invalid_scope',
      70011,
      `The provided value for the input parameter 'scope' is not valid.`,
    );
  checkSecret(form.get('client_secret') ?? '', clientId, entra);
}

function formOf(request: SimulatedRequest): URLSearchParams {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded')
    throw new TokenRefusal('invalid_request', 900144, 'The request body is not form encoded.');
  const form = new URLSearchParams(request.body);
  // Entra ignores what it does not know; refusing shows the mistake.
  const odd = [...form.keys()].find((name) => !knownFields.has(name) || form.getAll(name).length > 1);
  if (odd !== undefined)
    throw new TokenRefusal('invalid_request', 90023, `The parameter '${odd}' is unknown or given twice.`);
  return form;
}

function checkSecret(secret: string, clientId: string, entra: Entra): void {
  if (secret === '')
    throw new TokenRefusal(
      'invalid_client',
      7000218,
      `The request body must contain the following parameter: 'client_assertion' or 'client_secret'.`,
      401,
    );
  const state = entra.secret(secret);
  if (state === 'expired')
    throw new TokenRefusal(
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired.`,
      401,
    );
  if (state === 'unknown')
    throw new TokenRefusal(
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
      401,
    );
}
