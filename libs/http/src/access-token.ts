import { givenUp, unlessStopped } from './stopped.js';

/** What a vendor gave out. */
interface Granted {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** How a vendor is asked for a token. Throws `RemoteError`, `refused`: whatever becomes of it, nobody was told anything. */
export type Grant = (signal: AbortSignal) => Promise<Granted>;

/** A token is renewed so long before it ends, so that none ends on its way. */
const earlySeconds = 300;
const what = 'asking for an access token';

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

  /**
   * @param system the id of the plugin, for the errors of those who are stopped
   * @param clock one that never jumps, in ms
   */
  constructor(
    private readonly system: string,
    private readonly grant: Grant,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /**
   * The one that is kept, or a new one: good for some minutes more, as far as anybody knows. Throws what the grant throws, and `RemoteError`,
   * `refused`, where the signal comes first.
   */
  async get(signal: AbortSignal): Promise<string> {
    if (this.#kept && this.clock() < this.#kept.until) return this.#kept.token;
    if (signal.aborted) throw givenUp(this.system, what, 'refused', signal.reason);
    const asking = (this.#asking ??= this.#ask());
    asking.waiting += 1;
    try {
      return await unlessStopped(asking.token, { system: this.system, what }, signal);
    } finally {
      asking.waiting -= 1;
      // Whoever is stopped stops nobody else; the last one ends the call, and whoever comes then begins another.
      if (asking.waiting === 0) {
        this.#over(asking);
        asking.stop.abort();
      }
    }
  }

  /** It is not accepted any more. Another one that somebody has asked for meanwhile stays. */
  drop(token: string): void {
    if (this.#kept?.token === token) this.#kept = undefined;
  }

  #ask(): Asking {
    const stop = new AbortController();
    const token = this.#renewed(stop.signal).finally(() => this.#over(asking));
    // Where nobody waits any more, nobody needs to hear of it.
    token.catch(() => undefined);
    const asking: Asking = { token, stop, waiting: 0 };
    return asking;
  }

  #over(asking: Asking): void {
    if (this.#asking === asking) this.#asking = undefined;
  }

  async #renewed(signal: AbortSignal): Promise<string> {
    const { token, expiresInSeconds } = await this.grant(signal);
    // One of a short life is kept for half of it.
    const seconds = Math.max(expiresInSeconds - earlySeconds, expiresInSeconds / 2);
    this.#kept = { token, until: this.clock() + seconds * 1000 };
    return token;
  }
}
