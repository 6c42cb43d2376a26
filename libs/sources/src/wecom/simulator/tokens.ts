import { createHash } from 'node:crypto';
import { type ErrorCode, Refusal } from './refusal.js';

/** How a token ends before its time, in the vendor's codes: it is no longer known, or no longer valid. */
export type TokenEnd = Extract<ErrorCode, 40014 | 42001>;

interface Token {
  readonly secret: string;
  readonly expiresAt: number;
  end?: TokenEnd;
}

/** Access tokens: one for each app's secret at a time, the same one for as long as it is valid (developer.work.weixin.qq.com 91039). */
export class Tokens {
  readonly #tokens = new Map<string, Token>();
  readonly #current = new Map<string, string>();
  readonly #planned: { as: TokenEnd; after: number }[] = [];
  #issued = 0;

  constructor(
    private readonly lifetimeMs: number,
    private readonly now: () => number,
  ) {}

  /** The secret's valid token, or a new one. That `expires_in` of a token given again is what is left of it is inferred. */
  issue(secret: string): { access_token: string; expires_in: number } {
    const now = this.now();
    let name = this.#current.get(secret);
    let token = this.#tokens.get(name ?? '');
    if (name === undefined || !token || token.end !== undefined || token.expiresAt <= now) {
      this.#issued += 1;
      name = fresh(secret, this.#issued, now);
      token = { secret, expiresAt: now + this.lifetimeMs };
      this.#tokens.set(name, token);
      this.#current.set(secret, name);
    }
    return { access_token: name, expires_in: Math.max(1, Math.floor((token.expiresAt - now) / 1000)) };
  }

  /** The secret of the app that the token belongs to. */
  secretOf(name: string): string {
    this.#comePlanned();
    if (name === '') throw new Refusal(41001);
    const token = this.#tokens.get(name);
    if (!token) throw new Refusal(40014);
    if (token.end !== undefined) throw new Refusal(token.end);
    if (token.expiresAt <= this.now()) throw new Refusal(42001);
    return token.secret;
  }

  /** After so many further calls with a token, all that are valid then end. Plans follow one another. */
  planEnd(as: TokenEnd, after: number): void {
    this.#planned.push({ as, after });
  }

  /** Ends the tokens of a secret at once. */
  forget(secret: string): void {
    for (const [name, token] of this.#tokens) if (token.secret === secret) this.#tokens.delete(name);
  }

  clear(): void {
    this.#tokens.clear();
    this.#current.clear();
    this.#planned.length = 0;
  }

  #comePlanned(): void {
    const next = this.#planned[0];
    if (!next) return;
    if (next.after > 0) {
      next.after -= 1;
      return;
    }
    this.#planned.shift();
    for (const token of this.#tokens.values()) token.end ??= next.as;
  }
}

/** As long as real ones are: space for 512 bytes is asked for. */
const fresh = (secret: string, number: number, now: number): string =>
  ['a', 'b', 'c']
    .map((part) => createHash('sha512').update(`${part} ${secret} ${number} ${now}`).digest('base64url'))
    .join('');
