import { RemoteError, retryAfterMs, type FailureReason, type FailureScope, type HttpResponse } from '#http';
import { z } from 'zod';

/** Google's errors, whole or in part: https://cloud.google.com/apis/design/errors#http_mapping. OAuth's have a word where these have an object. */
const body = z.object({
  error: z
    .union([
      z.string(),
      z.object({
        status: z.string().optional(),
        message: z.string().optional(),
        details: z
          .array(
            z.object({
              reason: z.string().optional().catch(undefined),
              metadata: z.record(z.string(), z.string()).optional().catch(undefined),
              fieldViolations: z
                .array(z.object({ field: z.string() }))
                .optional()
                .catch(undefined),
            }),
          )
          .default([])
          .catch([]),
      }),
    ])
    .optional(),
  error_description: z.string().optional(),
});

/** What an error says; nothing where it says it in another form, such as a gateway's HTML. */
export function errorBody(text: string): z.infer<typeof body> {
  try {
    return body.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    // The status says enough.
    return {};
  }
}

/** The statuses whose bodies are read. All are a plain no: nothing was accepted. Others are `libs/http`'s to judge. */
export const readStatuses = [400, 401, 403, 404, 409, 429] as const;

const reasons: Readonly<Record<number, FailureReason>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  429: 'rate-limited',
};

/** What a call can say of a refusal beyond Google's words: whom it is about, by status. */
export type Hints = Readonly<Partial<Record<number, string>>>;

/** The error for an answer with one of {@link readStatuses}. Of Google's own words only constants and names of fields are repeated: the rest echoes what was sent. */
export function refusalError(
  label: string,
  { status, text, headers }: HttpResponse,
  hints: Hints,
): RemoteError {
  const { error } = errorBody(text);
  const { status: name = '', message = '', details = [] } = typeof error === 'object' ? error : {};
  const isBadKey = status === 400 && /^API key (not valid|expired)/.test(message);
  const why = details.map(({ reason = '' }) => reason).find((reason) => constant.test(reason));
  const code = isBadKey ? 'API_KEY_INVALID' : (why ?? (constant.test(name) ? name : undefined));
  const places = details
    .flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field))
    .filter((field) => fieldPath.test(field));
  const wait = status === 429 ? retryAfterMs(headers) : undefined;
  const hint = hints[isBadKey ? 401 : status];
  return new RemoteError(
    'google-chat',
    isBadKey ? 'unauthorized' : (reasons[status] ?? 'rejected'),
    'refused',
    `${label} was answered ${status}${code === undefined ? '' : ` ${code}`}${
      places.length > 0 ? ` at ${places.slice(0, 3).join(', ')}` : ''
    }${hint === undefined ? '' : `: ${hint}`}`,
    {
      status,
      ...(code === undefined ? {} : { code }),
      ...(status === 429 ? { scope: scopeOf(details) } : {}),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    },
  );
}

/**
 * Nearly always it is the space: one write a second, whoever writes. An error that names a limit of the project is the account's.
 * https://developers.google.com/workspace/chat/limits
 */
const scopeOf = (
  details: readonly { readonly metadata?: Readonly<Record<string, string>> | undefined }[],
): FailureScope =>
  details.some(({ metadata }) => /PerProject/.test(metadata?.['quota_limit'] ?? ''))
    ? 'account'
    : 'destination';

const constant = /^[A-Z][A-Z0-9_]{2,62}$/;
const fieldPath = /^[a-zA-Z0-9_.[\]]{1,120}$/;

/** Whether a call was answered so. */
export const wasAnswered = (error: unknown, status: number): error is RemoteError =>
  error instanceof RemoteError && error.status === status;
