/** Why a call to another system failed; also the metric's label. What the host does about each is one table in `libs/queues`. */
export const failureReasons = [
  /** Too many calls: wait for `retryAfterMs` in the named scope. */
  'rate-limited',
  /** The system is down, overloaded or unreachable. */
  'unavailable',
  /** No answer in time. */
  'timeout',
  /** Credentials or permissions do not suffice; trying again changes nothing. */
  'unauthorized',
  /** The system understood and said no. */
  'rejected',
  /** The answer makes no sense to us. */
  'unreadable',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** `refused`: surely not accepted. `unknown`: it may have been. */
export type FailureOutcome = 'refused' | 'unknown';

/** What a limit is about; a pause never goes wider. */
export type FailureScope = 'destination' | 'method' | 'account';

export interface RemoteErrorDetails {
  readonly retryAfterMs?: number;
  readonly scope?: FailureScope;
  /** The vendor's own code, such as `channel_not_found` or `4003`. */
  readonly code?: string;
  readonly status?: number;
  readonly cause?: unknown;
}

/** The one error that leaves `libs/http` and plugins. Its message never holds a secret nor what a vendor echoes of people's data. */
export class RemoteError extends Error {
  readonly retryAfterMs: number | undefined;
  readonly scope: FailureScope | undefined;
  readonly code: string | undefined;
  readonly status: number | undefined;

  constructor(
    /** Which system: the id of the plugin, such as `slack`. */
    readonly system: string,
    readonly reason: FailureReason,
    readonly outcome: FailureOutcome,
    message: string,
    details: RemoteErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RemoteError';
    this.retryAfterMs = details.retryAfterMs;
    this.scope = details.scope;
    this.code = details.code;
    this.status = details.status;
  }
}
