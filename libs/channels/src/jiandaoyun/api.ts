import { RemoteError, type HttpClient, type HttpResponse, type NamedLimit } from '#http';
import type { z } from 'zod';
import { refusal } from './errors.js';
import { errorReply } from './schema.js';
import type { JiandaoyunSettings } from './settings.js';

export interface Call<T> {
  /** In words that hold no ids; errors and measurements name it. */
  readonly label: string;
  readonly limit: NamedLimit;
  readonly json: Readonly<Record<string, unknown>>;
  readonly reply: z.ZodType<T>;
  readonly signal: AbortSignal;
  /** Everything is a POST; this says which of them only read. */
  readonly reads: boolean;
}

/** The open API, v5. Its refusals are answers with status 400 and a code. */
export class JiandaoyunApi {
  constructor(
    private readonly settings: JiandaoyunSettings,
    private readonly http: HttpClient,
  ) {}

  /** Throws `RemoteError`. */
  async post<T>(path: string, { label, limit, json, reply, signal, reads }: Call<T>): Promise<T> {
    const response = await this.http.request(
      {
        method: 'POST',
        url: `${this.settings.baseUrl}/api/v5/${path}`,
        label,
        limit,
        headers: { authorization: `Bearer ${this.settings.apiKey}` },
        json,
        signal,
        reads,
      },
      [400],
    );
    if (response.status === 400) throw refused(response, label);
    const parsed = reply.safeParse(response.json());
    if (parsed.success) return parsed.data;
    // A write that answers 200 and nonsense may well have been done.
    throw new RemoteError(
      'jiandaoyun',
      'unreadable',
      reads ? 'refused' : 'unknown',
      `${label}: unexpected answer`,
    );
  }
}

function refused(response: HttpResponse, label: string): RemoteError {
  const parsed = errorReply.safeParse(bodyOf(response));
  return parsed.success
    ? refusal(parsed.data.code, label)
    : new RemoteError('jiandaoyun', 'rejected', 'refused', `${label}: answered 400`, { status: 400 });
}

/** A refusal that is no JSON is one all the same. */
function bodyOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch (error) {
    if (error instanceof RemoteError) return undefined;
    throw error;
  }
}
