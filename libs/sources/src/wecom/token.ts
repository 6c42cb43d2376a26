import { createHash } from 'node:crypto';
import { RemoteError, type HttpClient } from '#http';

interface Granted {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** Asks the vendor for a token. */
export type Grant = (signal: AbortSignal) => Promise<Granted>;

/** A token is given up so long before it ends; the vendor asks for two minutes at least. */
const marginSeconds = 300;

interface Asking {
  readonly token: Promise<string>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * The access token of one app. It is asked for once, however many wait for it, and kept until shortly before it ends. It is a secret: it lives
 * in this process, and in no table.
 */
export class AccessToken {
  #kept: { readonly token: string; readonly until: number } | undefined;
  #asking: Asking | undefined;

  /** @param clock monotonic, in ms */
  constructor(
    private readonly grant: Grant,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** The one that is kept, or a new one. */
  async get(signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw givenUp(signal);
    if (this.#kept && this.#kept.until > this.clock()) return this.#kept.token;
    const asking = (this.#asking ??= this.#ask());
    asking.waiting += 1;
    try {
      return await unlessAborted(asking.token, signal);
    } finally {
      asking.waiting -= 1;
      // Whoever is stopped stops nobody else; the last one ends the call.
      if (asking.waiting === 0) asking.stop.abort();
    }
  }

  /** It is not accepted any more. Another one that somebody has asked for meanwhile stays. */
  drop(token: string): void {
    if (this.#kept?.token === token) this.#kept = undefined;
  }

  #ask(): Asking {
    const stop = new AbortController();
    const token = this.#renewed(stop.signal).finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    token.catch(() => undefined);
    const asking: Asking = { token, stop, waiting: 0 };
    return asking;
  }

  async #renewed(signal: AbortSignal): Promise<string> {
    const { token, expiresInSeconds } = await this.grant(signal);
    const seconds = Math.max(expiresInSeconds - marginSeconds, expiresInSeconds / 2);
    this.#kept = { token, until: this.clock() + seconds * 1000 };
    return token;
  }
}

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

const givenUp = (signal: AbortSignal): RemoteError =>
  new RemoteError('wecom', 'unavailable', 'refused', 'access token: was given up', { cause: signal.reason });

async function unlessAborted(token: Promise<string>, signal: AbortSignal): Promise<string> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(givenUp(signal));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([token, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
