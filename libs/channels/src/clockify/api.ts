import { RemoteError, type FailureReason, type HttpClient, type HttpResponse } from '#http';
import { z } from 'zod';
import type { ClockifySettings } from './settings.js';

/** Statuses that Clockify explains in a body `{ message, code }`. The message may echo names, so only the code is kept. */
const refusals = [400, 401, 402, 403, 404, 405, 409, 422];
/** The vendor's codes are numbers; anything else could be somebody's words. */
const errorReply = z.object({ code: z.number().int() });

const pageSize = 200;
/** A million records; a list that goes on beyond answers the same thing for ever. */
const mostPages = 5_000;

export interface Call<T> {
  /** What the call is, in errors. */
  readonly label: string;
  readonly reply: z.ZodType<T>;
  readonly signal: AbortSignal;
  readonly json?: unknown;
  /** Also a POST may only read: the list of requests for time off is one. */
  readonly reads?: boolean;
}

/** The core host of Clockify. */
export class ClockifyApi {
  readonly #http: HttpClient;

  constructor(
    readonly settings: ClockifySettings,
    http: HttpClient,
  ) {
    this.#http = http;
  }

  /** Below `/v1`. */
  async call<T>(method: 'GET' | 'POST' | 'PUT', path: string, call: Call<T>): Promise<T> {
    return (await this.#send(method, path, call)).reply;
  }

  /** Below the workspace. */
  inWorkspace<T>(method: 'GET' | 'POST' | 'PUT', path: string, call: Call<T>): Promise<T> {
    return this.call(method, this.#below(path), call);
  }

  /** A list that pages and marks its last page; holidays do not. */
  async *pages<T>(path: string, call: Call<readonly T[]>): AsyncGenerator<readonly T[]> {
    for (let page = 1; page <= mostPages; page += 1) {
      const separator = path.includes('?') ? '&' : '?';
      const at = `${this.#below(path)}${separator}page=${page}&page-size=${pageSize}`;
      const { reply, response } = await this.#send('GET', at, call);
      yield reply;
      if (response.headers['last-page'] === 'true' || reply.length < pageSize) return;
    }
    throw new RemoteError('clockify', 'unreadable', 'refused', `${call.label}: the list never ends`);
  }

  #below(path: string): string {
    return `/workspaces/${this.settings.workspaceId}${path}`;
  }

  async #send<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { label, reply, signal, json, reads = method === 'GET' }: Call<T>,
  ): Promise<{ reply: T; response: HttpResponse }> {
    let response: HttpResponse;
    try {
      response = await this.#http.request(
        {
          method,
          url: `${this.settings.baseUrl}/v1${path}`,
          label,
          headers: { 'x-api-key': this.settings.apiKey },
          ...(json === undefined ? {} : { json }),
          signal,
          reads,
        },
        refusals,
      );
    } catch (error) {
      throw scoped(error);
    }
    if (response.status >= 400) throw refusal(response, label);
    const parsed = reply.safeParse(response.json());
    if (parsed.success) return { reply: parsed.data, response };
    // A write that answers 200 and nonsense may well have been done.
    throw new RemoteError(
      'clockify',
      'unreadable',
      reads ? 'refused' : 'unknown',
      `${label}: unexpected answer`,
    );
  }
}

/** A look after a write: whatever it fails with, the write before it may have been done. */
export const lookAfterWriting = async <T>(look: Promise<T>): Promise<T> => {
  try {
    return await look;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { retryAfterMs, scope, code, status } = error;
    throw new RemoteError(error.system, error.reason, 'unknown', error.message, {
      cause: error,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(scope === undefined ? {} : { scope }),
      ...(code === undefined ? {} : { code }),
      ...(status === undefined ? {} : { status }),
    });
  }
};

/** A workspace has one allowance for all its keys and routes, so a throttled call pauses the account. */
const scoped = (error: unknown): unknown => {
  if (!(error instanceof RemoteError) || error.reason !== 'rate-limited') return error;
  const { retryAfterMs } = error;
  return new RemoteError(error.system, error.reason, error.outcome, error.message, {
    scope: 'account',
    cause: error,
    status: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

const refusal = (response: HttpResponse, label: string): RemoteError => {
  const code = codeOf(response);
  const reason: FailureReason = [401, 402, 403].includes(response.status) ? 'unauthorized' : 'rejected';
  const said = `${response.status}${code === undefined ? '' : `, code ${code}`}`;
  return new RemoteError('clockify', reason, 'refused', `${label}: answered ${said}`, {
    status: response.status,
    ...(code === undefined ? {} : { code }),
  });
};

const codeOf = (response: HttpResponse): string | undefined => {
  try {
    const parsed = errorReply.safeParse(response.json());
    return parsed.success ? String(parsed.data.code) : undefined;
  } catch {
    return undefined;
  }
};
