import { givenUp, RemoteError, unlessStopped, type HttpClient } from '#http';
import { errorBody } from './errors.js';
import { tokenAnswer } from './schema.js';
import { assertionOf, type ServiceAccount } from './service-account.js';

/** A token is renewed so long before it expires, so that none expires on its way. */
const earlySeconds = 300;
const timeoutMs = 10_000;
const label = 'asking for an access token';

/** Google's words for credentials that are not good (any more). https://developers.google.com/identity/protocols/oauth2/service-account#error-codes */
const refusals: ReadonlySet<string> = new Set([
  'access_denied',
  'admin_policy_enforced',
  'deleted_client',
  'disabled_client',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'org_internal',
  'unauthorized_client',
]);

interface Held {
  readonly token: string;
  /** By the clock that never jumps, in ms. */
  readonly renewAt: number;
}

/** The access tokens of one service account: one at a time, asked for once however many need it, and renewed before it expires. */
export class AccessTokens {
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  constructor(
    private readonly account: ServiceAccount,
    private readonly tokenUrl: string,
    private readonly http: HttpClient,
  ) {}

  /** A token that is good for some minutes more, as far as anybody knows. Throws `RemoteError`; nothing was sent to anybody then. */
  async current(signal: AbortSignal): Promise<string> {
    if (this.#held && performance.now() < this.#held.renewAt) return this.#held.token;
    if (signal.aborted) throw givenUp('google-chat', label, 'refused', signal.reason);
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return (await unlessStopped(this.#asking, { system: 'google-chat', what: label }, signal)).token;
  }

  /** Google does not take it any more. */
  forget(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #ask(): Promise<Held> {
    const answer = await this.http.request(
      {
        method: 'POST',
        url: this.tokenUrl,
        label,
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          // The one thing here that needs the time of day.
          assertion: assertionOf(this.account, Date.now()),
        },
        // Nobody is told anything by it.
        reads: true,
        timeoutMs,
      },
      [400, 401, 403],
    );
    if (answer.status >= 400) throw refused(answer.status, answer.text);
    const { data } = tokenAnswer.safeParse(answer.json());
    if (!data)
      throw new RemoteError('google-chat', 'unreadable', 'refused', `${label} was answered with no token`, {
        status: answer.status,
      });
    this.#held = {
      token: data.access_token,
      renewAt: performance.now() + (data.expires_in - earlySeconds) * 1000,
    };
    return this.#held;
  }
}

function refused(status: number, body: string): RemoteError {
  const { error, error_description: description = '' } = errorBody(body);
  const code = typeof error === 'string' && refusals.has(error) ? error : undefined;
  return new RemoteError(
    'google-chat',
    code !== undefined || status !== 400 ? 'unauthorized' : 'rejected',
    'refused',
    `${label} was answered ${status}${code === undefined ? '' : ` ${code}`}${
      // Google's own words, and the only ones of them that are repeated.
      description.includes('reasonable timeframe') ? ': is the clock of this machine right?' : ''
    }`,
    { status, ...(code === undefined ? {} : { code }) },
  );
}
