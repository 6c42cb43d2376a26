import { generateKeyPairSync } from 'node:crypto';
import { Ids } from './ids.js';

/** The public half of a service account's key. */
export interface TrustedKey {
  readonly keyId: string;
  readonly email: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
}

export interface AccessToken {
  readonly token: string;
  readonly email: string;
  readonly scopes: readonly string[];
  /** Unix milliseconds. */
  readonly expires: number;
}

export interface CredentialsState {
  keys: TrustedKey[];
  tokens: AccessToken[];
  /** Scopes that an administrator approved. */
  approved: string[];
  ids: number;
}

/** A service account's key file, as Google Cloud hands it out once. */
export interface ServiceAccountKey {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  /** PEM, PKCS 8. */
  readonly private_key: string;
  readonly client_email: string;
  readonly token_uri: string;
}

const project = 'acme-carillon';
const botAccount = `bot@${project}.iam.gserviceaccount.com`;
/** Where tokens are asked for, and what assertions are addressed to. https://developers.google.com/identity/protocols/oauth2/service-account [D] */
export const tokenUri = 'https://oauth2.googleapis.com/token';

/** The same for every key of this process: making one takes a while. What tells keys apart is whether they are trusted, by their ids. */
let pair: { readonly privateKey: string; readonly publicKey: string } | undefined;

/** The service accounts of the Chat app's project, their keys and tokens, and what an administrator allowed them. */
export class Credentials {
  #state: CredentialsState = { keys: [], tokens: [], approved: [], ids: 0 };
  readonly #ids = new Ids('credential');
  readonly #tokens = new Map<string, AccessToken>();

  constructor(private readonly now: () => Date) {}

  /** Makes a key for the app's service account (or another one) and trusts it. Like Google, it keeps the public half only. */
  issueKey(email = botAccount): ServiceAccountKey {
    pair ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return {
      type: 'service_account',
      project_id: project,
      private_key_id: this.trustKey(pair.publicKey, email).keyId,
      private_key: pair.privateKey,
      client_email: email,
      token_uri: tokenUri,
    };
  }

  /** Trusts a key that was made elsewhere: PEM, SPKI. */
  trustKey(publicKey: string, email = botAccount, keyId = this.#ids.hex().slice(0, 40)): TrustedKey {
    const key = { email, publicKey, keyId };
    this.#state.keys = [...this.#state.keys.filter((one) => one.keyId !== keyId), key];
    return key;
  }

  /** Deletes one key: nothing that it signs is taken any more. Tokens that were given out live on. */
  revokeKey(keyId: string): void {
    this.#state.keys = this.#state.keys.filter((key) => key.keyId !== keyId);
  }

  /** Deletes a service account, and with it its tokens. */
  deleteAccount(email = botAccount): void {
    this.#state.keys = this.#state.keys.filter((key) => key.email !== email);
    this.#forget((token) => token.email === email);
  }

  /** Every access token that was given out is worth nothing any more. */
  expireTokens(): void {
    this.#forget(() => true);
  }

  /** An administrator approves scopes, such as `https://www.googleapis.com/auth/chat.app.memberships`. */
  approve(...scopes: readonly string[]): void {
    this.#state.approved = [...new Set([...this.#state.approved, ...scopes])];
  }

  isApproved(scope: string): boolean {
    return this.#state.approved.includes(scope);
  }

  /** The account's keys; `undefined` where there is no such account. */
  keysOf(email: string): readonly TrustedKey[] | undefined {
    const keys = this.#state.keys.filter((key) => key.email === email);
    return keys.length === 0 ? undefined : keys;
  }

  /** Gives out a token. `expires`: Unix milliseconds. */
  grant(email: string, scopes: readonly string[], expires: number): AccessToken {
    this.#forget((token) => token.expires <= this.now().getTime());
    const token = { token: `ya29.${this.#ids.letters(40)}`, email, scopes, expires };
    this.#state.tokens.push(token);
    this.#tokens.set(token.token, token);
    return token;
  }

  /** The token's meaning, while it lasts. */
  token(token: string): AccessToken | undefined {
    const found = this.#tokens.get(token);
    return found && found.expires > this.now().getTime() ? found : undefined;
  }

  save(): CredentialsState {
    return structuredClone({ ...this.#state, ids: this.#ids.count });
  }

  load(state: CredentialsState): void {
    this.#state = structuredClone(state);
    this.#ids.count = state.ids;
    this.#tokens.clear();
    for (const token of this.#state.tokens) this.#tokens.set(token.token, token);
  }

  #forget(isOver: (token: AccessToken) => boolean): void {
    for (const token of this.#state.tokens.filter(isOver)) this.#tokens.delete(token.token);
    this.#state.tokens = this.#state.tokens.filter((token) => !isOver(token));
  }
}
