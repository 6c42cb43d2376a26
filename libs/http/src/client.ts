import type { FailureScope } from './remote-error.js';

/** A published limit, as data: at most `requests` in `perSeconds`. */
export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
  /** The vendor's page that says so. */
  readonly link: string;
}

/** A limit of some calls, beside the one of all; by its name calls that share it are told. */
export interface NamedLimit extends RateLimit {
  readonly name: string;
}

/** A limit of how many calls may be on their way at the same time; calls that share it are told by its name. */
export interface ConcurrencyLimit {
  readonly name: string;
  readonly atATime: number;
  /** The vendor's page that says so. */
  readonly link: string;
}

/** Calls to one place are no closer together than so; by the place those that it is about are told. */
export interface Distance {
  readonly place: string;
  /**
   * From the answer of the one before to the next one's leaving: what held a call up on its way brings the next one no nearer to it.
   */
  readonly ms: number;
  /** The vendor's page that says so. */
  readonly link: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /**
   * What the call is, in words that hold no ids: `time entry report`. Errors and measurements name it instead of the path.
   * Give one wherever the path itself is a secret, as that of an incoming webhook is.
   */
  readonly label?: string;
  /** Counts against this limit, too. */
  readonly limit?: NamedLimit;
  /** Leaves only when fewer are on their way, wherever they were begun. Such a call ends within a minute. */
  readonly atATime?: ConcurrencyLimit;
  /** Leaves so long after the one before it to the same place was answered, within this client. */
  readonly apart?: Distance;
  /** What a 429 to this request is about, where that is known: whoever is told pauses it, and nothing wider. */
  readonly limitScope?: FailureScope;
  /** Refuse to talk to addresses inside the network; for URLs that users give. Decided when the connection is made, on the address that is used. */
  readonly publicOnly?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is; the caller sets the content type. */
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For the whole exchange, the body included; the client's own default otherwise. */
  readonly timeoutMs?: number;
  /**
   * Whether the call only reads. A failure of a read is always `refused`: nothing can have happened. A failure of a write after the
   * request left us is `unknown`. Defaults to true for GET, false for everything else.
   */
  readonly reads?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; throws `RemoteError` `unreadable` where it is not JSON. */
  json(): unknown;
}

/**
 * The only way out. Paces to the plugin's limit, times out, redacts, traces. It never retries and never follows a redirect: both belong to
 * whoever knows what a second call would do.
 * Throws `RemoteError` where no answer came (`unavailable`, `timeout`), and for the statuses that mean the same everywhere; the table is in
 * `answers.ts`. Where a caller's `signal` ends the exchange the error is `unavailable` (`timeout` for a `TimeoutError`), with the signal's
 * reason as its cause and an outcome as honest as any other.
 * A vendor that reads its own errors passes those statuses in `accept`.
 */
export interface HttpClient {
  request(request: HttpRequest, accept?: readonly number[]): Promise<HttpResponse>;
  /** `fetch` on the same way out, for vendors' SDKs that take one. It returns every answer, also errors, and throws `RemoteError` only where none came. */
  readonly fetch: typeof globalThis.fetch;
  /** How many requests have left through this client; prices a run. */
  readonly calls: number;
}
