import type { FailureOutcome, FailureReason, FailureScope } from '#http';

/** What of a `RemoteError` decides. */
export interface Failure {
  readonly reason: FailureReason;
  readonly outcome: FailureOutcome;
  readonly retryAfterMs?: number | undefined;
  readonly scope?: FailureScope | undefined;
}

/**
 * `retry`: again after `delayMs`. `pause`: everything in `scope`, and nothing wider, rests for `delayMs`, then again. `ask`: after `delayMs` the vendor is asked
 * whether it arrived, before anything else. `fail`: it is over.
 */
export interface Verdict {
  readonly next: 'retry' | 'ask' | 'fail' | 'pause';
  readonly delayMs?: number;
  readonly scope?: FailureScope;
  /** Whether the owner of the source or channel has something to mend. */
  readonly tellOwner: boolean;
  /** Whether this try counts against `maxAttempts`. */
  readonly spendsAttempt: boolean;
}

/** With the delays below an outage of some two hours is outlived. */
export const maxAttempts = 12;
/** A longer Retry-After is honoured in pieces: asking once too often tells us sooner when a quota was raised. */
export const longestPauseMs = 15 * 60_000;
export const longestBackoffMs = 30 * 60_000;
const firstBackoffMs = 5000;
/** Where a vendor says "too many" without saying how long. */
const unstatedPauseMs = 30_000;

/** What the host does about each reason, where the failure was surely a refusal. */
const table: Readonly<Record<FailureReason, 'pause' | 'back-off' | 'give-up' | 'give-up-and-tell'>> = {
  'rate-limited': 'pause',
  unavailable: 'back-off',
  timeout: 'back-off',
  unauthorized: 'give-up-and-tell',
  rejected: 'give-up',
  unreadable: 'give-up-and-tell',
};

/**
 * What to do after a call failed. A failure whose outcome is `unknown` always leads to `ask`, whatever its reason and however often: repeating might say it
 * twice, and `fail` might be untrue.
 *
 * @param attempts tries that were spent so far, this one included; at least 1
 * @param random uniform in [0, 1), for the jitter that keeps replicas from coming back all at once
 */
export function afterFailure(
  failure: Failure,
  attempts: number,
  random: () => number = Math.random,
): Verdict {
  const action = table[failure.reason];
  if (failure.outcome === 'unknown') {
    const delayMs = action === 'pause' ? pauseMs(failure, random) : backoffMs(attempts, random);
    return {
      next: 'ask',
      delayMs,
      ...(action === 'pause' ? { scope: scopeOf(failure) } : {}),
      tellOwner: action === 'give-up-and-tell' || attempts >= maxAttempts,
      spendsAttempt: true,
    };
  }
  switch (action) {
    case 'pause':
      return {
        next: 'pause',
        delayMs: pauseMs(failure, random),
        scope: scopeOf(failure),
        tellOwner: false,
        spendsAttempt: false,
      };
    case 'back-off':
      return attempts >= maxAttempts
        ? { next: 'fail', tellOwner: true, spendsAttempt: true }
        : { next: 'retry', delayMs: backoffMs(attempts, random), tellOwner: false, spendsAttempt: true };
    case 'give-up':
      return { next: 'fail', tellOwner: false, spendsAttempt: true };
    case 'give-up-and-tell':
      return { next: 'fail', tellOwner: true, spendsAttempt: true };
  }
}

/** A limit that does not say what it is about is the account's: that is what vendors' plain 429 means. */
const scopeOf = (failure: Failure): FailureScope => failure.scope ?? 'account';

/** Never shorter than the vendor asked for, up to the ceiling; up to a tenth longer. */
function pauseMs(failure: Failure, random: () => number): number {
  const stated = Math.max(failure.retryAfterMs ?? unstatedPauseMs, 1000);
  return Math.round(Math.min(stated * (1 + random() / 10), longestPauseMs));
}

/** Doubles with every attempt up to the ceiling; the second half of it is random. */
function backoffMs(attempts: number, random: () => number): number {
  const full = Math.min(firstBackoffMs * 2 ** Math.max(attempts - 1, 0), longestBackoffMs);
  return Math.round(full * (0.5 + random() / 2));
}
