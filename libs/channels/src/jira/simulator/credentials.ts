import { createHash, randomBytes } from 'node:crypto';

/**
 * `classic`: an API token for the site's own address. `scoped`: an API token for the gateway only. `oauth`: a Bearer token of an app, for the
 * gateway only. [D]
 */
export type TokenKind = 'classic' | 'scoped' | 'oauth';

/** What is kept of a token; never the token itself. */
export interface TokenRecord {
  readonly digest: string;
  readonly kind: TokenKind;
  readonly accountId: string;
  /** RFC 3339, UTC. */
  readonly expires: string;
  revoked: boolean;
}

export interface CredentialsState {
  tokens: TokenRecord[];
}

const dayMs = 86_400_000;
/** "1–365 days, chosen at creation". [D] */
const longestDays = 365;

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The tokens of the site's people. */
export class Credentials {
  #state: CredentialsState = { tokens: [] };

  constructor(private readonly now: () => Date) {}

  /** Makes a token of an account, or takes the one given. It is shown this once. */
  issue(
    accountId: string,
    {
      kind = 'classic',
      days = longestDays,
      token = `ATATT3x-sandbox-${randomBytes(24).toString('base64url')}`,
    }: { readonly kind?: TokenKind; readonly days?: number; readonly token?: string } = {},
  ): string {
    if (days < 1 || days > longestDays) throw new Error(`a token lives 1 to ${longestDays} days`);
    const expires = new Date(this.now().getTime() + days * dayMs).toISOString();
    const digest = digestOf(token);
    this.#state.tokens = this.#state.tokens.filter((one) => one.digest !== digest);
    this.#state.tokens.push({ digest, kind, accountId, expires, revoked: false });
    return token;
  }

  revoke(token: string): void {
    const record = this.#find(token);
    if (!record) throw new Error('there is no such token');
    record.revoked = true;
  }

  /** The token's record while it is good. */
  token(token: string): TokenRecord | undefined {
    const record = this.#find(token);
    const good = record && !record.revoked && record.expires > this.now().toISOString();
    return good ? record : undefined;
  }

  save(): CredentialsState {
    return structuredClone(this.#state);
  }

  load(state: CredentialsState): void {
    this.#state = structuredClone(state);
  }

  #find(token: string): TokenRecord | undefined {
    const digest = digestOf(token);
    return this.#state.tokens.find((one) => one.digest === digest);
  }
}
