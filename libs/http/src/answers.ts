import type { FailureOutcome, FailureReason } from './remote-error.js';
import { retryAfterMs } from './retry-after.js';

export interface Failure {
  readonly reason: FailureReason;
  readonly outcome: FailureOutcome;
  readonly retryAfterMs?: number;
}

/**
 * What an answer outside 2xx means wherever nobody knows better (RFC 9110, section 15). For a read the outcome is always `refused`.
 *
 * | status | reason | outcome of a write, and why |
 * |---|---|---|
 * | 302, 303 | `rejected` | `unknown`: forms that worked answer so too |
 * | other 3xx | `rejected` | `refused`: what was asked for is elsewhere |
 * | 401, 403 | `unauthorized` | `refused` |
 * | 408 | `timeout` | `refused`: the request did not arrive whole |
 * | 429 | `rate-limited` | `refused` |
 * | other 4xx | `rejected` | `refused` |
 * | 503 with `Retry-After` | `unavailable` | `refused`: it says that it cannot handle requests now and when to come again |
 * | other 5xx | `unavailable` | `unknown`: a gateway answers so, too, for a server that did the work |
 */
export function failureOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  reads: boolean,
): Failure {
  const wait = retryAfterMs(headers);
  const later = wait === undefined ? {} : { retryAfterMs: wait };
  const unlessRead: FailureOutcome = reads ? 'refused' : 'unknown';
  if (status === 302 || status === 303) return { reason: 'rejected', outcome: unlessRead };
  if (status === 401 || status === 403) return { reason: 'unauthorized', outcome: 'refused' };
  if (status === 408) return { reason: 'timeout', outcome: 'refused', ...later };
  if (status === 429) return { reason: 'rate-limited', outcome: 'refused', ...later };
  if (status === 503 && wait !== undefined)
    return { reason: 'unavailable', outcome: 'refused', retryAfterMs: wait };
  if (status >= 500) return { reason: 'unavailable', outcome: unlessRead, ...later };
  return { reason: 'rejected', outcome: 'refused' };
}
