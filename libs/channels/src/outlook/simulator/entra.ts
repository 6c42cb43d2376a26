import { createHash } from 'node:crypto';
import { Ids } from './ids.js';

/** Application permissions known here. https://learn.microsoft.com/graph/permissions-reference [D] */
const permissions = ['Mail.Send', 'Mail.ReadWrite', 'Mail.Read', 'User.Read.All'] as const;
export type Permission = (typeof permissions)[number];

/** A secret of the app, of which Entra keeps no more than it needs to know it again. */
interface KeptSecret {
  readonly digest: string;
  /** Unix milliseconds. */
  readonly expires?: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly roles: readonly Permission[];
  /** Unix milliseconds. */
  readonly expires: number;
}

export interface EntraState {
  secrets: KeptSecret[];
  tokens: IssuedToken[];
  granted: Permission[];
  /** Whether the tenant knows the app. */
  present: boolean;
  /** Principal names of the mailboxes that the app may use; all while absent. */
  allowed?: string[];
  ids: number;
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The tenant's directory: the one app that it knows, the app's secrets and tokens, and what administrators allowed it. */
export class Entra {
  readonly tenantId = '84bd8158-6d4d-4958-8b9f-9d6445542f95';
  readonly clientId = '0f1c2b3a-7d5e-4c69-9a8b-1e2d3c4b5a60';
  /** The secret that the app has from the beginning. */
  readonly clientSecret = 'sandbox~carillon';

  readonly #ids = new Ids('entra');
  readonly #tokens = new Map<string, IssuedToken>();
  #state: EntraState = {
    secrets: [{ digest: digestOf(this.clientSecret) }],
    tokens: [],
    granted: [...permissions],
    present: true,
    ids: 0,
  };

  constructor(
    /** The tenant's own domain. */
    readonly domain: string,
    private readonly now: () => Date,
  ) {}

  /** Another secret of the app, which is shown this once. */
  issueSecret(expires?: Date): string {
    const secret = `${this.#ids.letters(3)}8Q~${this.#ids.letters(34)}`;
    this.#state.secrets.push({
      digest: digestOf(secret),
      ...(expires === undefined ? {} : { expires: expires.getTime() }),
    });
    return secret;
  }

  /** No token is given for it any more; those that were given stay good. */
  revokeSecret(secret: string): void {
    const digest = digestOf(secret);
    this.#state.secrets = this.#state.secrets.filter((kept) => kept.digest !== digest);
  }

  secret(secret: string): 'good' | 'expired' | 'unknown' {
    const found = this.#state.secrets.find(({ digest }) => digest === digestOf(secret));
    if (!found) return 'unknown';
    return found.expires !== undefined && found.expires <= this.now().getTime() ? 'expired' : 'good';
  }

  /** Whether the tenant knows the app. */
  get present(): boolean {
    return this.#state.present;
  }

  /** An administrator throws the app out of the tenant: it gets no tokens, and those that it has are good for nothing. */
  removeApp(): void {
    this.#state.present = false;
  }

  /** It is back, with what was granted before. */
  restoreApp(): void {
    this.#state.present = true;
  }

  /** An administrator grants permissions; tokens given before do not have them. */
  grant(...granted: readonly Permission[]): void {
    this.#state.granted = permissions.filter(
      (one) => this.#state.granted.includes(one) || granted.includes(one),
    );
  }

  /** Takes permissions back; tokens lose them at once. */
  withdraw(...withdrawn: readonly Permission[]): void {
    this.#state.granted = this.#state.granted.filter((one) => !withdrawn.includes(one));
  }

  /** Takes all permissions back. */
  revokeConsent(): void {
    this.withdraw(...permissions);
  }

  /** An application access policy: the app may use these mailboxes alone, by principal name; all again without an argument. */
  restrictTo(mailboxes?: readonly string[]): void {
    if (mailboxes === undefined) delete this.#state.allowed;
    else this.#state.allowed = mailboxes.map((name) => name.toLowerCase());
  }

  mayUse(userPrincipalName: string): boolean {
    return this.#state.allowed?.includes(userPrincipalName.toLowerCase()) ?? true;
  }

  /** A token for the app that lasts for so many seconds. */
  issueToken(seconds: number): IssuedToken {
    const at = this.now().getTime();
    const issued = {
      token: `eyJ0${this.#ids.letters(40)}.${this.#ids.letters(43)}.${this.#ids.letters(43)}`,
      roles: [...this.#state.granted],
      expires: at + seconds * 1000,
    };
    this.#state.tokens = [...this.#state.tokens.filter(({ expires }) => expires > at), issued];
    this.#tokens.set(issued.token, issued);
    return issued;
  }

  /** Every token that was given out is good for nothing. */
  expireTokens(): void {
    this.#state.tokens = [];
    this.#tokens.clear();
  }

  /** What a token lets do, or `undefined` where it is none or over. */
  rolesOf(token: string): readonly Permission[] | undefined {
    const found = this.#tokens.get(token);
    if (!found || found.expires <= this.now().getTime()) return undefined;
    return this.present ? found.roles.filter((role) => this.#state.granted.includes(role)) : [];
  }

  save(): EntraState {
    return structuredClone({ ...this.#state, ids: this.#ids.count });
  }

  load(state: EntraState): void {
    this.#state = structuredClone(state);
    this.#ids.count = state.ids;
    this.#tokens.clear();
    for (const token of this.#state.tokens) this.#tokens.set(token.token, token);
  }
}
