import { RemoteError, type AccessToken, type Distance, type HttpClient, type HttpRequest } from '#http';
import type { z } from 'zod';
import { readStatuses, refusalError, wasAnswered, type Hints } from './errors.js';

/** For one exchange; the waits for the space's turn and for a token do not count. */
const timeoutMs = 10_000;

/** One call, whoever makes it. */
export interface ChatCall<Answer> {
  /** In words without ids: errors name the call by it. */
  readonly label: string;
  readonly method: HttpRequest['method'];
  readonly url: string;
  readonly json?: unknown;
  readonly answer: z.ZodType<Answer>;
  readonly hints?: Hints;
  readonly apart?: Distance;
  readonly signal: AbortSignal;
}

/** A call and its answer; throws `RemoteError` for whatever is no readable answer. */
export async function chatCall<Answer>(
  http: HttpClient,
  { label, answer, hints = {}, ...request }: ChatCall<Answer>,
  more: Pick<HttpRequest, 'headers' | 'publicOnly'>,
): Promise<Answer> {
  const response = await http.request({ ...request, ...more, label, timeoutMs }, readStatuses);
  if (response.status >= 400) throw refusalError(label, response, hints);
  const parsed = answer.safeParse(response.json());
  if (parsed.success) return parsed.data;
  // It said yes, so a write was done, and we cannot tell what came of it.
  throw new RemoteError(
    'google-chat',
    'unreadable',
    request.method === 'GET' ? 'refused' : 'unknown',
    `${label} was answered with something that is no answer of Chat`,
    { status: response.status },
  );
}

/** The Chat API as the app. */
export interface ChatApi {
  /** `path` begins after the version: `spaces/AAAA/messages`. */
  call<Answer>(
    call: Omit<ChatCall<Answer>, 'url'> & {
      readonly path: string;
      readonly query?: Readonly<Record<string, string>>;
    },
  ): Promise<Answer>;
}

/** https://developers.google.com/workspace/chat/api/reference/rest */
export function chatApi(http: HttpClient, baseUrl: string, accessToken: AccessToken): ChatApi {
  return {
    async call({ path, query = {}, ...call }) {
      const url = new URL(`v1/${path}`, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
      url.search = new URLSearchParams(query).toString();
      const token = await accessToken.get(call.signal);
      try {
        return await chatCall(
          http,
          { ...call, url: url.href },
          { headers: { authorization: `Bearer ${token}` } },
        );
      } catch (error) {
        // Revoked before its time. Whoever tries again gets a new one.
        if (wasAnswered(error, 401)) accessToken.drop(token);
        throw error;
      }
    },
  };
}
