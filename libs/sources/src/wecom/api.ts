import { AccessToken, type HttpClient, type HttpResponse } from '#http';
import type { z } from 'zod';
import { isStaleToken, refusal, unreadable } from './refusals.js';
import { envelope, tokenReply } from './schema.js';
import type { WecomSettings } from './settings.js';
import { sharedToken } from './shared-token.js';

/** What a call is about: `label` names it in errors, where addresses hold the token and answers hold names. */
export interface Call {
  readonly label: string;
  readonly signal: AbortSignal;
}

/** A call as the vendor knows it. Both kinds only read. */
export interface Question {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent by POST; without it the call is a GET. */
  readonly json?: unknown;
}

/** One app of the company, by its secret: each has a token of its own. */
export class WecomApp {
  readonly #token: AccessToken;
  #answeredAt: Date | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly settings: Pick<WecomSettings, 'baseUrl' | 'corpId'>,
    private readonly secret: string,
  ) {
    const { baseUrl, corpId } = settings;
    this.#token = sharedToken(
      http,
      [baseUrl, corpId, secret],
      () =>
        new AccessToken('wecom', async (signal) => {
          const { access_token: token, expires_in: expiresInSeconds } = await this.#ask(
            { path: '/cgi-bin/gettoken', query: { corpid: corpId, corpsecret: this.secret } },
            tokenReply,
            { label: 'access token', signal },
          );
          return { token, expiresInSeconds };
        }),
    );
  }

  /** When the vendor answered last, by its own clock: a source has none. */
  get answeredAt(): Date | undefined {
    return this.#answeredAt;
  }

  /** The answer, in the shape expected. A token that is not accepted is renewed, once. Throws `RemoteError`. */
  async ask<T>(question: Question, shape: z.ZodType<T>, call: Call): Promise<T> {
    const token = await this.#token.get(call.signal);
    try {
      return await this.#ask(withToken(question, token), shape, call);
    } catch (error) {
      if (!isStaleToken(error)) throw error;
    }
    this.#token.drop(token);
    return this.#ask(withToken(question, await this.#token.get(call.signal)), shape, call);
  }

  async #ask<T>({ path, query = {}, json }: Question, shape: z.ZodType<T>, call: Call): Promise<T> {
    const response = await this.http.request({
      url: `${this.settings.baseUrl}${path}?${new URLSearchParams(query).toString()}`,
      ...(json === undefined ? { method: 'GET' } : { method: 'POST', json, reads: true }),
      ...call,
    });
    const date = Date.parse(response.headers['date'] ?? '');
    if (!Number.isNaN(date)) this.#answeredAt = new Date(date);
    return answerOf(response, shape, call.label);
  }
}

const withToken = (question: Question, token: string): Question => ({
  ...question,
  query: { ...question.query, access_token: token },
});

function answerOf<T>(response: HttpResponse, shape: z.ZodType<T>, label: string): T {
  const answer = response.json();
  const { errcode } = shaped(envelope, answer, label);
  if (errcode !== 0) throw refusal(errcode, label);
  return shaped(shape, answer, label);
}

function shaped<T>(shape: z.ZodType<T>, answer: unknown, label: string): T {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw unreadable(`${label}: unexpected answer (${placesOf(parsed.error).join(', ')})`);
}

/** Where something is not as expected: names of fields, never what stands in them. */
export const placesOf = ({ issues }: z.ZodError): readonly string[] =>
  [...new Set(issues.map(({ path }) => path.join('.') || 'the whole'))].slice(0, 5);
