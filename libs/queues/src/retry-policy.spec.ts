import fc from 'fast-check';
import { failureReasons, type FailureOutcome, type FailureReason, type FailureScope } from '#http';
import { afterFailure, longestBackoffMs, longestPauseMs, maxAttempts, type Verdict } from './retry-policy.js';

const middle = (): number => 0.5;

describe('the table', () => {
  it.each<[FailureReason, FailureOutcome, number, Partial<Verdict>]>([
    [
      'rate-limited',
      'refused',
      1,
      { next: 'pause', scope: 'account', spendsAttempt: false, tellOwner: false },
    ],
    ['rate-limited', 'refused', maxAttempts + 5, { next: 'pause' }],
    ['rate-limited', 'unknown', 1, { next: 'ask', scope: 'account', spendsAttempt: true }],
    ['unavailable', 'refused', 1, { next: 'retry', delayMs: 3750, spendsAttempt: true, tellOwner: false }],
    ['unavailable', 'refused', 4, { next: 'retry', delayMs: 30_000 }],
    ['unavailable', 'refused', maxAttempts, { next: 'fail', tellOwner: true }],
    ['unavailable', 'unknown', 1, { next: 'ask', delayMs: 3750, spendsAttempt: true, tellOwner: false }],
    ['unavailable', 'unknown', maxAttempts, { next: 'ask' }],
    ['timeout', 'refused', 1, { next: 'retry' }],
    ['timeout', 'unknown', 1, { next: 'ask' }],
    ['unauthorized', 'refused', 1, { next: 'fail', tellOwner: true }],
    ['rejected', 'refused', 1, { next: 'fail', tellOwner: false }],
    ['unreadable', 'refused', 1, { next: 'fail', tellOwner: true }],
    ['unreadable', 'unknown', 1, { next: 'ask', tellOwner: true }],
  ])('%s, %s, attempt %i', (reason, outcome, attempts, verdict) => {
    expect(afterFailure({ reason, outcome }, attempts, middle)).toMatchObject(verdict);
  });

  it('pauses as long as the vendor says, in the scope that it names', () => {
    const failure = {
      reason: 'rate-limited',
      outcome: 'refused',
      retryAfterMs: 60_000,
      scope: 'destination',
    } as const;

    expect(afterFailure(failure, 3, () => 0)).toMatchObject({ delayMs: 60_000, scope: 'destination' });
  });

  it('does not take "after 0 seconds" at its word', () => {
    const failure = { reason: 'rate-limited', outcome: 'refused', retryAfterMs: 0 } as const;

    expect(afterFailure(failure, 1, () => 0).delayMs).toBe(1000);
  });
});

describe('always', () => {
  const failures = fc.record({
    reason: fc.constantFrom(...failureReasons),
    outcome: fc.constantFrom<FailureOutcome>('refused', 'unknown'),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
    scope: fc.option(fc.constantFrom<FailureScope>('destination', 'method', 'account'), { nil: undefined }),
  });
  const attempts = fc.integer({ min: 1, max: 100 });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const everyVerdict = (
    check: (verdict: Verdict, failure: Parameters<typeof afterFailure>[0]) => void,
  ): void =>
    fc.assert(
      fc.property(failures, attempts, chance, (failure, spent, value) =>
        check(
          afterFailure(failure, spent, () => value),
          failure,
        ),
      ),
    );

  it('asks exactly where the outcome is unknown', () => {
    everyVerdict((verdict, failure) => expect(verdict.next === 'ask').toBe(failure.outcome === 'unknown'));
  });

  it('waits between half a second and the ceilings wherever it goes on, and nowhere else', () => {
    everyVerdict((verdict) => {
      if (verdict.next === 'fail') expect(verdict.delayMs).toBeUndefined();
      else {
        expect(verdict.delayMs).toBeGreaterThanOrEqual(500);
        expect(verdict.delayMs).toBeLessThanOrEqual(Math.max(longestBackoffMs, longestPauseMs));
      }
    });
  });

  it('never comes back before the vendor allowed it, but for the ceiling', () => {
    everyVerdict((verdict, failure) => {
      if (failure.reason !== 'rate-limited') return;
      expect(verdict.delayMs).toBeGreaterThanOrEqual(Math.min(failure.retryAfterMs ?? 0, longestPauseMs));
    });
  });

  it('names a scope exactly where something is paused, and never a wider one than the vendor named', () => {
    everyVerdict((verdict, failure) => {
      expect(verdict.scope).toBe(
        failure.reason === 'rate-limited' ? (failure.scope ?? 'account') : undefined,
      );
    });
  });

  it('waits longer with every attempt until the ceiling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxAttempts - 2 }), chance, (spent, value) => {
        const delay = (count: number): number =>
          afterFailure({ reason: 'timeout', outcome: 'refused' }, count, () => value).delayMs ?? 0;
        expect(delay(spent + 1)).toBeGreaterThanOrEqual(delay(spent));
      }),
    );
  });

  it('ends after a bounded number of refused attempts', () => {
    for (const reason of ['unavailable', 'timeout'] as const)
      expect(afterFailure({ reason, outcome: 'refused' }, maxAttempts).next).toBe('fail');
  });
});
