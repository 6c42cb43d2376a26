import {
  RemoteError,
  type AccessToken,
  type ConcurrencyLimit,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from '#http';
import type { z } from 'zod';
import { readStatuses, refusalError, wasAnswered } from './errors.js';

/** For one exchange; the waits for the mailbox's turn and for a token do not count. */
const timeoutMs = 15_000;
/** "4 concurrent requests" of an app in a mailbox. */
const atATime = (mailbox: string): ConcurrencyLimit => ({
  name: mailbox,
  atATime: 4,
  link: 'https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits',
});

/** One call about one mailbox. */
interface GraphCall {
  /** In words without ids: errors name the call by it. */
  readonly label: string;
  readonly method: HttpRequest['method'];
  /** What follows the mailbox: `messages/AAMk…/send`; or a whole URL that Graph gave, to go on from. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Whether people are told something by it. A draft tells nobody: whatever becomes of it, nothing was said. */
  readonly says?: boolean;
  readonly mailbox: string;
  readonly signal: AbortSignal;
}

/** Mail of Microsoft Graph, for an app: there is no `/me`, each call names its mailbox. https://learn.microsoft.com/graph/api/resources/mail-api-overview */
export class GraphMail {
  readonly #base: string;

  constructor(
    private readonly http: HttpClient,
    baseUrl: string,
    readonly accessToken: AccessToken,
  ) {
    this.#base = withSlash(baseUrl);
  }

  /** A call and what is read of its answer; throws `RemoteError` for whatever is no readable answer. */
  async ask<Answer>(call: GraphCall, answer: z.ZodType<Answer>): Promise<Answer> {
    const response = await this.#exchange(call);
    const parsed = answer.safeParse(response.json());
    if (parsed.success) return parsed.data;
    throw unreadable(call, response);
  }

  /** A call that is answered 202 and nothing else: taken, to be done. */
  async tell(call: GraphCall): Promise<void> {
    const response = await this.#exchange(call);
    if (response.status !== 202) throw unreadable(call, response);
  }

  async #exchange(call: GraphCall): Promise<HttpResponse> {
    const { label, method, json, says = false, mailbox, signal } = call;
    const url = this.#urlOf(call);
    const token = await this.accessToken.get(signal);
    const response = await this.http.request(
      {
        method,
        url,
        label,
        timeoutMs,
        signal,
        reads: !says,
        atATime: atATime(mailbox),
        ...(json === undefined ? {} : { json }),
        headers: {
          authorization: `Bearer ${token}`,
          // Without it the id of a draft is another one as soon as it is sent. https://learn.microsoft.com/graph/outlook-immutable-id
          prefer: 'IdType="ImmutableId"',
        },
      },
      readStatuses,
    );
    if (response.status < 400) return response;
    // Revoked before its time, or of before a permission was granted. Whoever tries again gets a new one.
    if (response.status === 401 || response.status === 403) this.accessToken.drop(token);
    throw refusalError(label, response, says);
  }

  #urlOf({ label, mailbox, path, query = {} }: GraphCall): string {
    if (/^https?:/.test(path)) {
      // The token goes nowhere else, whatever an answer says.
      if (path.startsWith(this.#base)) return path;
      throw new RemoteError('outlook', 'unreadable', 'refused', `${label} led to another place than Graph`);
    }
    const url = new URL(`users/${encodeURIComponent(mailbox)}/${path}`, this.#base);
    // OData's own names begin with a dollar, and a plus is no space to everybody.
    url.search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    return url.href;
  }
}

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

const unreadable = ({ label, says = false }: GraphCall, { status }: HttpResponse): RemoteError =>
  new RemoteError(
    'outlook',
    'unreadable',
    // It did not say no, so it may have been done.
    says ? 'unknown' : 'refused',
    `${label} was answered with something that is no answer of Graph`,
    { status },
  );

/** What a look for something found; undefined where it is not there. */
export async function unlessGone<Value>(looking: Promise<Value>): Promise<Value | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (wasAnswered(error, 404)) return undefined;
    throw error;
  }
}
