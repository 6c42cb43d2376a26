import { RemoteError, type HttpClient, type HttpRequest } from '#http';
import type { z } from 'zod';
import { readStatuses, refusal } from './errors.js';
import type { JiraSettings } from './settings.js';

interface Asked {
  /** In words that hold no ids; errors and measurements name it. */
  readonly label: string;
  readonly method: HttpRequest['method'];
  /** After `/rest/api/3/`. */
  readonly path: string;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

/** For one exchange. */
const timeoutMs = 15_000;

/** REST v3: https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
export class JiraApi {
  readonly #authorization: string;

  constructor(
    private readonly settings: Pick<JiraSettings, 'baseUrl' | 'email' | 'apiToken'>,
    private readonly http: HttpClient,
  ) {
    this.#authorization = `Basic ${Buffer.from(`${settings.email}:${settings.apiToken}`).toString('base64')}`;
  }

  /** A call and its answer. Throws `RemoteError`. `reads` for what is a POST and changes nothing. */
  async ask<Reply>(
    call: Asked & { readonly reply: z.ZodType<Reply>; readonly reads?: true },
  ): Promise<Reply> {
    const response = await this.#exchange(call);
    const parsed = call.reply.safeParse(response.json());
    if (parsed.success) return parsed.data;
    throw this.#unreadable(call);
  }

  /** A call that is answered by a status and nothing that is read: 204 where nothing else is said. Throws `RemoteError`. */
  async tell({ by = [204], ...call }: Asked & { readonly by?: readonly number[] }): Promise<void> {
    const { status } = await this.#exchange(call);
    if (!by.includes(status)) throw this.#unreadable(call);
  }

  async #exchange(call: Asked & { readonly reads?: true }) {
    const { label, method, path, json, signal, reads = method === 'GET' } = call;
    const response = await this.http.request(
      {
        method,
        url: `${this.settings.baseUrl}/rest/api/3/${path}`,
        label,
        headers: {
          accept: 'application/json',
          authorization: this.#authorization,
          // Else a POST by what looks like a browser is refused.
          'x-atlassian-token': 'no-check',
        },
        ...(json === undefined ? {} : { json }),
        signal,
        timeoutMs,
        reads,
      },
      readStatuses,
    );
    if (response.status >= 400) throw refusal(label, response);
    return response;
  }

  /** It said yes, so what was asked for may be done, and nobody can tell what came of it. */
  #unreadable({
    label,
    method,
    reads = method === 'GET',
  }: Asked & { readonly reads?: boolean }): RemoteError {
    return new RemoteError(
      'jira',
      'unreadable',
      reads ? 'refused' : 'unknown',
      `${label} was answered with something that is no answer of Jira`,
    );
  }
}
