import { inspect } from 'node:util';
import type { HttpClient } from './client.js';
import type { FailureOutcome, FailureReason } from './remote-error.js';
import type { Trouble } from './simulation.js';

/** One way in which any vendor can fail, and what a plugin has to make of it. */
export interface BadReply {
  readonly name: string;
  readonly trouble: Trouble;
  readonly reason: FailureReason;
  /** Of a write; a read is always `refused`. */
  readonly outcome: FailureOutcome;
  readonly retryAfterMs?: number;
}

/**
 * What the conformance suites put every plugin through. `echo` stands in every body, as vendors echo keys and names in their explanations;
 * none of it may come back in an error.
 */
export function badReplies(echo: string): readonly BadReply[] {
  const answer = (
    status: number,
    reason: FailureReason,
    outcome: FailureOutcome,
    retryAfterSeconds?: number,
  ): BadReply => ({
    name: `${status}${retryAfterSeconds === undefined ? '' : ' with Retry-After'}`,
    trouble: {
      kind: 'answer',
      answer: {
        status,
        headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
        body: { error: echo, message: echo, errors: [{ message: echo }], code: echo },
      },
    },
    reason,
    outcome,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1000 }),
  });
  const odd = (name: string, body: unknown): BadReply => ({
    name,
    trouble: { kind: 'answer', answer: { status: 200, body } },
    reason: 'unreadable',
    outcome: 'unknown',
  });
  return [
    answer(400, 'rejected', 'refused'),
    answer(401, 'unauthorized', 'refused'),
    answer(403, 'unauthorized', 'refused'),
    answer(429, 'rate-limited', 'refused'),
    answer(429, 'rate-limited', 'refused', 7),
    answer(500, 'unavailable', 'unknown'),
    answer(502, 'unavailable', 'unknown'),
    odd('200 with HTML', `<html>${echo}</html>`),
    odd('200 with JSON of another kind', { [echo]: { unexpected: echo } }),
    odd('200 with nothing', ''),
    { name: 'cut-before', trouble: { kind: 'cut-before' }, reason: 'unavailable', outcome: 'unknown' },
    { name: 'cut-after', trouble: { kind: 'cut-after' }, reason: 'unavailable', outcome: 'unknown' },
    { name: 'silence', trouble: { kind: 'silence' }, reason: 'timeout', outcome: 'unknown' },
  ];
}

/** Everything of an error that could be logged or stored: message, stack, causes and whatever hangs on them. */
export const everythingSaid = (error: unknown): string =>
  [inspect(error, { depth: 12, showHidden: true, maxStringLength: null }), JSON.stringify(error)].join('\n');

/** The same client with less patience than its caller asks for, so that a spec need not wait for silence. */
export const impatient = (http: HttpClient, timeoutMs: number): HttpClient => ({
  request: (request, accept) =>
    http.request({ ...request, timeoutMs: Math.min(request.timeoutMs ?? timeoutMs, timeoutMs) }, accept),
  fetch: http.fetch,
  get calls() {
    return http.calls;
  },
});
