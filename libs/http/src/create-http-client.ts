import { Agent } from 'undici';
import { PrivateAddressError, publicConnector } from './addresses.js';
import { failureOf } from './answers.js';
import { keepApart, type Follow } from './apart.js';
import { AtATime } from './at-a-time.js';
import type {
  ConcurrencyLimit,
  HttpClient,
  HttpRequest,
  HttpResponse,
  NamedLimit,
  RateLimit,
} from './client.js';
import { exchange, ExchangeError, type Answer } from './exchange.js';
import { createPace, type Pace } from './pace.js';
import { describe } from './redaction.js';
import { RemoteError, type FailureOutcome, type FailureReason } from './remote-error.js';
import { givenUp } from './stopped.js';
import { textOf } from './thrown.js';

/** One call, as metrics and logs may know it: nothing that differs from person to person. */
export interface HttpCall {
  readonly system: string;
  readonly method: string;
  readonly host: string;
  /** The request's own {@link HttpRequest.label}. */
  readonly label?: string;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Absent where the call succeeded. */
  readonly reason?: FailureReason;
  /** Without the wait for the limit. */
  readonly durationMs: number;
  /** The share of the vendor's quota that is used up, as the answer told it: 0 is nothing, 1 is all. */
  readonly quotaUsed?: number;
}

export interface HttpClientOptions {
  /** The id of the plugin; what errors name. */
  readonly system: string;
  /** Kept by waiting before each call. */
  readonly limit?: RateLimit;
  /**
   * Waits for a call's turn under a limit of its own ({@link HttpRequest.limit}), as `limit` does for all; rejects with the signal's reason.
   * Within this client by default; a host with replicas lets them share.
   */
  readonly turn?: (limit: NamedLimit, signal?: AbortSignal) => Promise<void>;
  /**
   * Waits for a place among the calls that are on their way under a limit ({@link HttpRequest.atATime}), and returns how it is given back; rejects with the
   * signal's reason. Within this client always; a host with replicas lets them share.
   */
  readonly enter?: (limit: ConcurrencyLimit, signal?: AbortSignal) => Promise<() => void>;
  /** Waits until a call may follow the one before it to the same place ({@link HttpRequest.apart}). Within this client by default. */
  readonly follow?: Follow;
  /** For one exchange from connecting to the last byte, where the request does not say; the wait for the limit does not count. */
  readonly timeoutMs?: number;
  /** False refuses addresses inside the network for every request, as `publicOnly` does for one. True by default: vendors are also hosted in-house. */
  readonly allowPrivateAddresses?: boolean;
  /** The longest answer that is taken, in bytes. */
  readonly maxBytes?: number;
  readonly onCall?: (call: HttpCall) => void;
  /** Reads from an answer's headers (lower-cased names) what share of the quota is used up; undefined where they do not tell. */
  readonly quotaUsed?: (headers: Readonly<Record<string, string>>) => number | undefined;
}

/** No vendor's page is this long; an answer that is would only fill the memory. */
const defaultMaxBytes = 64 * 1024 * 1024;
const connectTimeoutMs = 10_000;
/** Enough for any published limit at usual latencies; a queue of our own, not the vendor's, takes the rest. */
const connectionsPerOrigin = 64;

/** A client with its own pools of kept-alive connections, one per origin. Idle connections keep no process alive. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { system, timeoutMs = 30_000, allowPrivateAddresses = true, maxBytes = defaultMaxBytes } = options;
  const pace = createPace(options.limit);
  const turn = options.turn ?? turnsHere();
  const here = new AtATime(system);
  const follow = options.follow ?? keepApart(system);
  const ours = { connections: connectionsPerOrigin, headersTimeout: 0, bodyTimeout: 0 };
  const anywhere = new Agent({ ...ours, connect: { timeout: connectTimeoutMs } });
  // A pool of its own: a connection that was made without the check is never reused where the check is asked for.
  const publicOnly = new Agent({ ...ours, connect: publicConnector({ timeout: connectTimeoutMs }) });
  let calls = 0;

  /** A place in this process first, so that no more than may go ask for one among all. */
  const enter = async ({ atATime, signal }: HttpRequest): Promise<() => void> => {
    if (!atATime) return () => undefined;
    const leaveHere = await here.enter(atATime, signal);
    try {
      const leave = await options.enter?.(atATime, signal);
      return () => {
        leave?.();
        leaveHere();
      };
    } catch (error) {
      leaveHere();
      throw error;
    }
  };

  /** Any answer at all; throws `RemoteError` where none came. */
  const exchangeOnce = async (
    request: HttpRequest & { readonly method: string },
    url: URL,
    accepts: (answer: Answer) => RemoteError | undefined,
  ): Promise<Answer> => {
    const ready = pace(request.signal)
      .then(() => (request.limit ? turn(request.limit, request.signal) : undefined))
      .then(() => (request.apart ? follow(request.apart, request.signal) : undefined))
      .then(async (answered) => {
        const leave = await enter(request);
        return () => {
          leave();
          answered?.();
        };
      });
    const leave = await ready.catch((cause: unknown) => {
      throw givenUp(system, describe(request, url), 'refused', request.signal?.reason ?? cause);
    });
    const began = performance.now();
    const told = (outcome: { status?: number; reason?: FailureReason; quotaUsed?: number }): void =>
      options.onCall?.({
        system,
        method: request.method,
        host: url.host,
        ...(request.label === undefined ? {} : { label: request.label }),
        ...outcome,
        durationMs: performance.now() - began,
      });
    try {
      const answer = await exchange(request.publicOnly || !allowPrivateAddresses ? publicOnly : anywhere, {
        method: request.method,
        url,
        ...payload(request),
        timeoutMs: request.timeoutMs ?? timeoutMs,
        maxBytes,
        ...(request.signal ? { signal: request.signal } : {}),
        onLeft: () => (calls += 1),
      });
      const failure = accepts(answer);
      const quotaUsed = options.quotaUsed?.(answer.headers);
      told({
        status: answer.status,
        ...(failure ? { reason: failure.reason } : {}),
        ...(quotaUsed === undefined ? {} : { quotaUsed }),
      });
      if (failure) throw failure;
      return answer;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const failure = withoutAnswer(system, describe(request, url), error, isRead(request));
      told({ reason: failure.reason });
      throw failure;
    } finally {
      leave();
    }
  };

  return {
    get calls() {
      return calls;
    },

    async request(request, accept = []) {
      const url = parseUrl(request.url);
      const reads = isRead(request);
      const answer = await exchangeOnce(request, url, ({ status, headers }) => {
        if ((status >= 200 && status < 300) || accept.includes(status)) return undefined;
        const { reason, outcome, ...later } = failureOf(status, headers, reads);
        return new RemoteError(system, reason, outcome, `${describe(request, url)} answered ${status}`, {
          status,
          ...later,
          ...(reason === 'rate-limited' && request.limitScope ? { scope: request.limitScope } : {}),
        });
      });
      return response(system, () => describe(request, url), answer, reads);
    },

    async fetch(input, init) {
      // The standard's own errors would repeat the URL, with its credentials.
      parseUrl(input instanceof Request ? input.url : String(input));
      const request = new Request(input, init);
      const body = request.body === null ? {} : { body: new Uint8Array(await request.arrayBuffer()) };
      const {
        status,
        headers,
        body: bytes,
      } = await exchangeOnce(
        {
          method: request.method as HttpRequest['method'],
          url: request.url,
          headers: Object.fromEntries(request.headers),
          ...body,
          reads: request.method === 'GET' || request.method === 'HEAD',
          signal: request.signal,
        },
        parseUrl(request.url),
        () => undefined,
      );
      // The standard allows these no body at all, not even an empty one.
      const bodiless = status === 204 || status === 205 || status === 304;
      return new Response(bodiless ? null : Buffer.from(bytes), { status, headers });
    },
  };
}

/** Each named limit by itself. */
function turnsHere(): NonNullable<HttpClientOptions['turn']> {
  const paces = new Map<string, Pace>();
  return (limit, signal) => {
    const pace = paces.get(limit.name) ?? createPace(limit);
    paces.set(limit.name, pace);
    return pace(signal);
  };
}

const decoder = new TextDecoder();

const isRead = (request: HttpRequest): boolean => request.reads ?? request.method === 'GET';

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new TypeError('not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('not an http(s) URL');
  // They would be dropped in silence, or end up in somebody's log.
  if (url.username || url.password) throw new TypeError('credentials go into headers, not into the URL');
  return url;
}

function payload(request: HttpRequest): {
  headers: Record<string, string>;
  body: string | Uint8Array | null;
} {
  const [type, body] =
    request.json !== undefined
      ? ['application/json; charset=utf-8', JSON.stringify(request.json)]
      : request.form
        ? ['application/x-www-form-urlencoded', new URLSearchParams(request.form).toString()]
        : [undefined, request.body ?? null];
  return {
    headers: {
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'carillon',
      ...(type ? { 'content-type': type } : {}),
      ...lowerCased(request.headers ?? {}),
    },
    body,
  };
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Why there is no answer, in the words of the host. Whatever had not left when it ended was surely not accepted. */
function withoutAnswer(system: string, what: string, error: ExchangeError, reads: boolean): RemoteError {
  const outcome: FailureOutcome = error.left && !reads ? 'unknown' : 'refused';
  const { cause } = error;
  const code = textOf(cause, 'code');
  if (error.kind === 'aborted') return givenUp(system, what, outcome, cause);
  if (error.kind === 'timeout' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return new RemoteError(system, 'timeout', outcome, `${what} did not answer in time`, { cause });
  if (error.kind === 'too-large')
    return new RemoteError(system, 'unreadable', outcome, `${what} answered far too much`, { cause });
  if (cause instanceof PrivateAddressError)
    return new RemoteError(system, 'rejected', outcome, `${what}: ${cause.message}`, { cause });
  // A header or method that HTTP does not allow: our own mistake, not the vendor's.
  if (code === 'UND_ERR_INVALID_ARG') throw new TypeError(`${what}: ${textOf(cause, 'message')}`);
  // The parser's error carries what it could not read, so it is no cause of ours.
  if (textOf(cause, 'name') === 'HTTPParserError')
    return new RemoteError(system, 'unreadable', outcome, `${what} does not speak HTTP`);
  return new RemoteError(
    system,
    'unavailable',
    outcome,
    error.left ? `${what} broke off` : `${what} cannot be reached`,
    { cause, ...(code ? { code } : {}) },
  );
}

function response(system: string, what: () => string, answer: Answer, reads: boolean): HttpResponse {
  // Not kept: a page of half a megabyte would live as long as anybody who still holds its answer.
  const read = (): string => decoder.decode(answer.body);
  return {
    status: answer.status,
    headers: answer.headers,
    get text() {
      return read();
    },
    json: () => {
      try {
        return JSON.parse(read()) as unknown;
      } catch {
        // The parser's own error quotes the body, so it is no cause of ours.
        const outcome = reads || (answer.status >= 400 && answer.status < 500) ? 'refused' : 'unknown';
        throw new RemoteError(system, 'unreadable', outcome, `${what()} answered something that is no JSON`, {
          status: answer.status,
        });
      }
    },
  };
}
