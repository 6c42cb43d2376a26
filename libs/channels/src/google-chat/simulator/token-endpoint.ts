import type { SimulatedRequest, SimulatedResponse } from '#http/simulation';
import { verify } from 'node:crypto';
import { z } from 'zod';
import type { Credentials, TrustedKey } from './credentials.js';

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest [D] */
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const prefix = 'https://www.googleapis.com/auth/';
/** Scopes of Chat that are known here. The `chat.app` ones need an administrator's approval. [S] */
export const scopes = {
  bot: `${prefix}chat.bot`,
  readMessages: `${prefix}chat.app.messages.readonly`,
  createSpaces: `${prefix}chat.app.spaces.create`,
  memberships: `${prefix}chat.app.memberships`,
  asUser: [`${prefix}chat.messages.create`, `${prefix}chat.spaces`, `${prefix}chat.spaces.create`],
} as const;
const known = new Set<string>([
  scopes.bot,
  scopes.readMessages,
  scopes.createSpaces,
  scopes.memberships,
  ...scopes.asUser,
]);

const longestSeconds = 3600;
/** How far ahead the caller's clock may be. [I] */
const skewSeconds = 60;
/** [D] */
const tokenSeconds = 3599;

const headerShape = z.looseObject({ alg: z.string(), kid: z.string().optional() });
const claimsShape = z.looseObject({
  iss: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  scope: z.string().optional(),
  sub: z.string().optional(),
});
type Claims = z.infer<typeof claimsShape>;

/** OAuth's no. The codes are Google's [D]; its sentences are from experience [I]. */
class OAuthError extends Error {
  constructor(
    readonly error: string,
    readonly description: string,
    readonly status = 400,
  ) {
    super(description);
    this.name = 'OAuthError';
  }
}

const badGrant = (description: string): OAuthError => new OAuthError('invalid_grant', description);

/** `POST /token`: an access token for a service account's signed assertion. */
export function issueToken(
  request: SimulatedRequest,
  { credentials, audience, now }: { credentials: Credentials; audience: string; now: Date },
): SimulatedResponse {
  try {
    const claims = readAssertion(request, credentials);
    checkClaims(claims, audience, Math.floor(now.getTime() / 1000));
    const { token } = credentials.grant(claims.iss, scopesOf(claims), now.getTime() + tokenSeconds * 1000);
    return {
      status: 200,
      body: { access_token: token, expires_in: tokenSeconds, token_type: 'Bearer' },
    };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { status: error.status, body: { error: error.error, error_description: error.description } };
  }
}

/** The claims of the assertion, its signature verified. */
function readAssertion(request: SimulatedRequest, credentials: Credentials): Claims {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded')
    throw new OAuthError('invalid_request', 'The request is not form encoded.');
  const form = new URLSearchParams(request.body);
  const grant = form.get('grant_type');
  if (grant !== grantType)
    throw new OAuthError('unsupported_grant_type', `Invalid grant_type: ${grant ?? ''}`);
  const assertion = form.get('assertion');
  if (!assertion) throw new OAuthError('invalid_request', 'Missing required parameter: assertion');
  const [head = '', payload = '', signature = '', ...more] = assertion.split('.');
  const header = decoded(head, headerShape);
  const claims = decoded(payload, claimsShape);
  if (more.length > 0 || !header || !claims) throw badGrant('Not a valid JWT.');
  const keys = credentials.keysOf(claims.iss);
  if (!keys) throw badGrant('Invalid grant: account not found');
  // Without `kid` any key of the account will do. [I]
  const candidates = header.kid === undefined ? keys : keys.filter(({ keyId }) => keyId === header.kid);
  const isSignedBy = ({ publicKey }: TrustedKey): boolean =>
    verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
  if (header.alg !== 'RS256' || !candidates.some(isSignedBy)) throw badGrant('Invalid JWT Signature.');
  return claims;
}

const scopesOf = ({ scope = '' }: Claims): readonly string[] => scope.split(' ').filter((one) => one !== '');

function decoded<Shape extends z.ZodType>(part: string, shape: Shape): z.infer<Shape> | undefined {
  try {
    return shape.safeParse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function checkClaims(claims: Claims, audience: string, seconds: number): void {
  if (claims.aud !== audience)
    throw badGrant(`Invalid JWT: Failed audience check. The right audience is ${audience}`);
  const lasts = claims.exp - claims.iat;
  if (claims.iat > seconds + skewSeconds || claims.exp <= seconds || lasts <= 0 || lasts > longestSeconds)
    throw badGrant(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  const asked = scopesOf(claims);
  if (asked.length === 0) throw new OAuthError('invalid_scope', 'Empty or missing scope not allowed.');
  const strange = asked.filter((scope) => !known.has(scope));
  if (strange.length > 0)
    throw new OAuthError('invalid_scope', `${strange.join(', ')} is not a valid scope string.`);
  // Acting as a user wants domain-wide delegation, which nobody granted here.
  if (claims.sub !== undefined && claims.sub !== claims.iss)
    throw new OAuthError(
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      401,
    );
}
