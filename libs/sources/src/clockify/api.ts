import { RemoteError, type FailureReason, type HttpClient, type HttpResponse } from '#http';
import { z } from 'zod';
import type { ClockifySettings } from './settings.js';

type Query = Readonly<Record<string, string | number | boolean>>;

/** What a call is about: `label` names it in errors, where paths and answers may hold ids and names. */
interface Call {
  readonly label: string;
  readonly signal: AbortSignal;
}

/** Statuses whose body Clockify explains itself in: `{ message, code }`. The message may echo names, so only the code is kept. */
const refusals = [400, 401, 402, 403, 404, 405, 409, 422];
/** The vendor's codes are numbers; anything else could be somebody's words. */
const errorReply = z.object({ code: z.number().int() });

/** Says of the codes what an operator can act upon; https://docs.clockify.me/ models none of them. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['1000', 'it saw no key, or more than one'],
  ['4003', 'the API key does not exist (a workspace on a sub-domain wants a key made there)'],
  ['4017', 'the token is not valid'],
]);

/** The two hosts of Clockify. Everything asked here only reads, also the lists that are asked for by POST. */
export class ClockifyApi {
  readonly #http: HttpClient;
  readonly #core: string;
  readonly #reports: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    readonly settings: ClockifySettings,
    http: HttpClient,
  ) {
    this.#http = http;
    this.#core = `${settings.baseUrl}/v1`;
    this.#reports = `${settings.reportsUrl}/v1/workspaces/${settings.workspaceId}/reports`;
    this.#headers = { 'x-api-key': settings.apiKey };
  }

  /** GET below `/v1`. */
  get(path: string, query: Query, call: Call): Promise<HttpResponse> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return this.#send('GET', `${this.#core}${path}${search.size > 0 ? `?${search}` : ''}`, undefined, call);
  }

  /** GET below the workspace. */
  getInWorkspace(path: string, query: Query, call: Call): Promise<HttpResponse> {
    return this.get(`/workspaces/${this.settings.workspaceId}${path}`, query, call);
  }

  /** The list of requests is asked for by POST; a GET answers 405. */
  postInWorkspace(path: string, json: unknown, call: Call): Promise<HttpResponse> {
    return this.#send('POST', `${this.#core}/workspaces/${this.settings.workspaceId}${path}`, json, call);
  }

  postReport(kind: 'detailed' | 'attendance', json: unknown, call: Call): Promise<HttpResponse> {
    return this.#send('POST', `${this.#reports}/${kind}`, json, call);
  }

  async #send(method: 'GET' | 'POST', url: string, json: unknown, call: Call): Promise<HttpResponse> {
    let response: HttpResponse;
    try {
      response = await this.#http.request(
        {
          method,
          url,
          label: call.label,
          headers: this.#headers,
          ...(json === undefined ? {} : { json }),
          signal: call.signal,
          reads: true,
        },
        refusals,
      );
    } catch (error) {
      throw scoped(error);
    }
    if (response.status >= 400) throw refusal(response, call.label);
    return response;
  }
}

/** The answer in the shape that was expected, or `unreadable`. */
export const readReply = <T>(schema: z.ZodType<T>, response: HttpResponse, label: string): T => {
  const parsed = schema.safeParse(response.json());
  if (parsed.success) return parsed.data;
  const where = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole'))].slice(
    0,
    5,
  );
  throw new RemoteError(
    'clockify',
    'unreadable',
    'refused',
    `${label}: unexpected answer (${where.join(', ')})`,
    {
      status: response.status,
    },
  );
};

/** Records of a list that is read as a whole: one that is unreadable fails them all. */
export const readRecords = <T>(schema: z.ZodType<T>, records: readonly unknown[], label: string): T => {
  const parsed = schema.safeParse(records);
  if (parsed.success) return parsed.data;
  const where = [...new Set(parsed.error.issues.map(({ path }) => path.slice(1).join('.') || 'the whole'))];
  throw new RemoteError(
    'clockify',
    'unreadable',
    'refused',
    `${label}: unexpected record (${where.slice(0, 5).join(', ')})`,
  );
};

/** Whether Clockify said that the plan or the key does not give this: 402 and 403, and 404 where a feature's route is not there. */
export const isWithheld = (error: unknown): boolean =>
  error instanceof RemoteError && (error.status === 402 || error.status === 403 || error.status === 404);

/** Whether Clockify said that this one thing is not there. */
export const isAbsent = (error: unknown): boolean => error instanceof RemoteError && error.status === 404;

/** The list is not what it was when its paging began; the host pulls again. */
export const changedWhilePaging = (label: string): RemoteError =>
  new RemoteError(
    'clockify',
    'unavailable',
    'refused',
    `${label}: changed while it was being paged through`,
    // What the earlier pages showed is no longer to be trusted: the host begins anew.
    { code: 'count-changed' },
  );

export const neverEnds = (label: string): RemoteError =>
  new RemoteError('clockify', 'unreadable', 'refused', `${label}: has more pages than it says`);

/** A workspace has one allowance for all its keys and routes, so a throttled call pauses the account. */
const scoped = (error: unknown): unknown => {
  if (!(error instanceof RemoteError) || error.reason !== 'rate-limited') return error;
  const { retryAfterMs, status } = error;
  return new RemoteError(error.system, error.reason, error.outcome, error.message, {
    scope: 'account',
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
  });
};

const refusal = (response: HttpResponse, label: string): RemoteError => {
  const code = codeOf(response);
  const reason: FailureReason = [401, 402, 403].includes(response.status) ? 'unauthorized' : 'rejected';
  const meaning = meanings.get(code ?? '') ?? (response.status === 402 ? 'the plan lacks this' : undefined);
  return new RemoteError(
    'clockify',
    reason,
    'refused',
    `${label}: answered ${response.status}${code === undefined ? '' : `, code ${code}`}${meaning ? `: ${meaning}` : ''}`,
    { status: response.status, ...(code === undefined ? {} : { code }) },
  );
};

const codeOf = (response: HttpResponse): string | undefined => {
  try {
    const parsed = errorReply.safeParse(response.json());
    return parsed.success ? String(parsed.data.code) : undefined;
  } catch {
    // A refusal is a refusal, also from a proxy that answers in HTML.
    return undefined;
  }
};
