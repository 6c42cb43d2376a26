import { createHash } from 'node:crypto';
import type { AccessToken, HttpClient } from '#http';

/** Connections are made anew for secrets that may have changed; a way out lasts, and so do the tokens that came through it. */
const byWay = new WeakMap<HttpClient, Map<string, AccessToken>>();

/** The one token of an app in this process. `app` is what tells apps apart: where, company and secret. */
export function sharedToken(http: HttpClient, app: readonly string[], make: () => AccessToken): AccessToken {
  const tokens = byWay.get(http) ?? new Map<string, AccessToken>();
  byWay.set(http, tokens);
  const key = createHash('sha256').update(JSON.stringify(app)).digest('base64url');
  const token = tokens.get(key) ?? make();
  tokens.set(key, token);
  return token;
}
