import { givenUp, RemoteError, unlessStopped, type HttpClient } from '#http';
import { tokenError } from './errors.js';
import { tokenAnswer } from './schema.js';
import type { OutlookSettings } from './settings.js';

/** A token is renewed so long before it expires, so that none expires on its way. */
const earlySeconds = 300;
const timeoutMs = 10_000;
const tokenLabel = 'asking for an access token';

interface Held {
  readonly token: string;
  /** By the clock that never jumps, in ms. */
  readonly renewAt: number;
}

/**
 * The access tokens of one app in one tenant: one at a time, asked for once however many need it, and renewed before it expires.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export class AccessTokens {
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  constructor(
    private readonly settings: OutlookSettings,
    private readonly http: HttpClient,
  ) {}

  /** A token that is good for some minutes more, as far as anybody knows. Throws `RemoteError`; nothing was sent to anybody then. */
  async current(signal: AbortSignal): Promise<string> {
    if (this.#held && performance.now() < this.#held.renewAt) return this.#held.token;
    if (signal.aborted) throw givenUp('outlook', tokenLabel, 'refused', signal.reason);
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return (await unlessStopped(this.#asking, { system: 'outlook', what: tokenLabel }, signal)).token;
  }

  /** Graph does not take it any more. */
  forget(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #ask(): Promise<Held> {
    const { authority, tenant, clientId, clientSecret } = this.settings;
    const answer = await this.http.request(
      {
        method: 'POST',
        url: new URL(`${tenant}/oauth2/v2.0/token`, withSlash(authority)).href,
        label: tokenLabel,
        form: {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: 'https://graph.microsoft.com/.default',
        },
        // Nobody is told anything by it.
        reads: true,
        timeoutMs,
      },
      [400, 401, 403],
    );
    if (answer.status >= 400) throw tokenError(tokenLabel, answer);
    const { data } = tokenAnswer.safeParse(answer.json());
    if (!data)
      throw new RemoteError('outlook', 'unreadable', 'refused', `${tokenLabel} was answered with no token`, {
        status: answer.status,
      });
    this.#held = {
      token: data.access_token,
      renewAt: performance.now() + (data.expires_in - earlySeconds) * 1000,
    };
    return this.#held;
  }
}

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
