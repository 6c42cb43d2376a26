import type { SimulatedResponse } from '#http/simulation';

/** Google's words for what went wrong, and the HTTP status that goes with each. https://cloud.google.com/apis/design/errors#handling_errors [D] */
const codes = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type GoogleStatus = keyof typeof codes;

/** One field of a request that is not right. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** Google's no. */
export class ApiError extends Error {
  constructor(
    readonly status: GoogleStatus,
    message: string,
    readonly details: readonly Readonly<Record<string, unknown>>[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const invalid = (message: string): ApiError => new ApiError('INVALID_ARGUMENT', message);

/** `INVALID_ARGUMENT` with a line for each field, and the fields once more as details. */
export const badRequest = (violations: readonly FieldViolation[]): ApiError =>
  new ApiError('INVALID_ARGUMENT', violations.map(({ description }) => description).join('\n'), [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations },
  ]);

export const notFound = (what = 'Requested entity was not found.'): ApiError =>
  new ApiError('NOT_FOUND', what);

export const denied = (message: string): ApiError => new ApiError('PERMISSION_DENIED', message);

/** No `Retry-After` goes with it: Google promises none. https://developers.google.com/workspace/chat/limits [D] */
export const exhausted = (): ApiError =>
  new ApiError('RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).');

/** An answer with an error in Google's form, for a trouble that a test plans too. */
export const googleError = (
  status: GoogleStatus,
  message: string = status,
  details: readonly Readonly<Record<string, unknown>>[] = [],
): SimulatedResponse => ({
  status: codes[status],
  body: { error: { code: codes[status], message, status, ...(details.length === 0 ? {} : { details }) } },
});
