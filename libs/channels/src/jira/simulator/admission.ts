import type { SimulatedRequest } from '#http/simulation';
import type { Credentials, TokenKind } from './credentials.js';
import { JiraError } from './jira-error.js';
import type { Site } from './site.js';
import type { JiraPerson } from './state.js';

/** Which of the two doors a request came in by. */
export type Door = 'site' | 'gateway';

export interface Admitted {
  readonly person: JiraPerson;
  readonly kind: TokenKind;
}

/** Whoever Jira does not know. */
export interface Stranger {
  /** What is said of credentials that are no good; nothing of none. [I] */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who calls: by e-mail address and API token, or by an app's token. Throws 403 for an account that may not use Jira. */
export function admit(
  request: SimulatedRequest,
  door: Door,
  { site, credentials }: { readonly site: Site; readonly credentials: Credentials },
): Admitted | Stranger {
  const authorization = request.headers['authorization'];
  if (authorization === undefined) return { headers: {} };
  const record = credentials.token(tokenIn(authorization)?.token ?? '');
  const person = record && site.person(record.accountId);
  const email = tokenIn(authorization)?.email;
  const isRight =
    record &&
    person?.active &&
    (record.kind === 'oauth'
      ? email === undefined
      : email?.toLowerCase() === person.emailAddress.toLowerCase()) &&
    (record.kind === 'classic') === (door === 'site');
  if (!isRight) return { headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } };
  if (!person.hasAccess) throw new JiraError(403, ['You do not have access to Jira on this site.']);
  return { person, kind: record.kind };
}

function tokenIn(authorization: string): { readonly email?: string; readonly token: string } | undefined {
  const bearer = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (bearer !== undefined) return { token: bearer };
  const basic = /^Basic ([\w+/]+=*)$/.exec(authorization)?.[1];
  if (basic === undefined) return undefined;
  const [email = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { email, token: rest.join(':') };
}
