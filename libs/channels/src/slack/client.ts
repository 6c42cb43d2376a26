import {
  WebAPIPlatformError,
  WebAPIRequestError,
  WebClient,
  type Logger,
  type LogLevel,
} from '@slack/web-api';
import { z } from 'zod';
import { RemoteError, type HttpClient } from '#http';
import { refusalError, scopeOf } from './errors.js';
import type { SlackSettings } from './settings.js';

/** The methods that are called here and change something. All others read, so nothing can have happened when they fail. */
const writes: ReadonlySet<string> = new Set([
  'chat.postMessage',
  'chat.update',
  'conversations.create',
  'conversations.setPurpose',
  'conversations.unarchive',
  'conversations.invite',
  'conversations.kick',
]);

/** For one exchange; the wait for the limit does not count. */
const timeoutMs = 10_000;

/** Slack's Web API for one operation of ours, and its signal. */
export interface SlackClient {
  /** Throws `RemoteError` for whatever is no readable `ok: true`. */
  call<Answer>(
    method: string,
    args: Readonly<Record<string, unknown>>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer>;
  readonly signal: AbortSignal;
}

/**
 * The SDK with our own way out under it. It encodes and names the methods; retries, pacing and time-outs are not its business: by default
 * it would repeat a timed-out post, which posts twice, and a 429 would stop every call of the workspace.
 * A client is made for each operation (some 60 µs) because the SDK takes no signal per call.
 */
export function slackClient(settings: SlackSettings, http: HttpClient, signal: AbortSignal): SlackClient {
  const client = new WebClient(settings.token, {
    slackApiUrl: settings.baseUrl,
    fetch: wayOut(http, signal),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });
  return {
    signal,
    async call(method, args, answer) {
      const reads = !writes.has(method);
      const said = await client.apiCall(method, { ...args }).catch((error: unknown) => {
        throw remoteError(method, reads, error);
      });
      const parsed = answer.safeParse(said);
      if (parsed.success) return parsed.data;
      // It said ok, so a write was done, and we cannot tell what came of it.
      throw unreadable(method, reads, 200);
    },
  };
}

/** What the SDK takes for `fetch`: our client's `request`, because that one knows reads from writes. */
function wayOut(http: HttpClient, signal: AbortSignal): typeof globalThis.fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = url.slice(url.lastIndexOf('/') + 1);
    const reads = !writes.has(method);
    const answer = await http.request({
      method: 'POST',
      url,
      label: method,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: String(init?.body ?? ''),
      reads,
      signal,
      timeoutMs,
    });
    // The SDK would take any text for the code of a refusal.
    if (!saysWhetherOk(answer.json())) throw unreadable(method, reads, answer.status);
    return new Response(answer.text, { status: 200, headers: answer.headers });
  };
}

const saysWhetherOk = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'ok' in body && typeof body.ok === 'boolean';

const unreadable = (method: string, reads: boolean, status: number): RemoteError =>
  new RemoteError(
    'slack',
    'unreadable',
    reads ? 'refused' : 'unknown',
    `${method} answered what is no Slack answer`,
    {
      status,
    },
  );

const refusal = z.object({
  error: z.string().default(''),
  needed: z.string().optional(),
  response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
  errors: z.array(z.unknown()).optional(),
});

/** A refusal that says of each user of an invitation whether they came in. */
export class InvitationRefused extends Error {
  constructor(
    override readonly cause: RemoteError,
    readonly answers: readonly unknown[],
  ) {
    super(cause.message, { cause });
    this.name = 'InvitationRefused';
  }
}

function remoteError(method: string, reads: boolean, error: unknown): unknown {
  if (error instanceof WebAPIRequestError) {
    const { original } = error;
    if (!(original instanceof RemoteError)) return original;
    if (original.reason !== 'rate-limited') return original;
    const { retryAfterMs, status } = original;
    return new RemoteError('slack', 'rate-limited', 'refused', original.message, {
      scope: scopeOf(method),
      code: 'ratelimited',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(status === undefined ? {} : { status }),
    });
  }
  if (!(error instanceof WebAPIPlatformError)) return error;
  const { data } = refusal.safeParse(error.data);
  const failure = refusalError(
    method,
    { error: data?.error ?? '', needed: data?.needed, remarks: data?.response_metadata?.messages },
    { reads },
  );
  return method === 'conversations.invite' && data?.errors
    ? new InvitationRefused(failure, data.errors)
    : failure;
}

const ignore = (): void => undefined;

/** The SDK's log would hold arguments, and with them what people are told. */
const silent: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => 'error' as LogLevel,
  setName: ignore,
};
