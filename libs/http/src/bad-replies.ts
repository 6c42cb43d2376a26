import type { Follow } from './apart.js';
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
  /** How long a spec waits for an answer: not long for silence, and as long as a busy machine may need for anything else. */
  readonly patienceMs: number;
}

/** What a spec waits for an answer that will come. */
export const patienceMs = 10_000;
/** A bad reply at every single request takes a while. */
const specMs = 60_000;

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
    patienceMs,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1000 }),
  });
  const odd = (name: string, body: unknown): BadReply => ({
    name,
    trouble: { kind: 'answer', answer: { status: 200, body } },
    reason: 'unreadable',
    outcome: 'unknown',
    patienceMs,
  });
  const lost = (kind: 'cut-before' | 'cut-after'): BadReply => ({
    name: kind,
    trouble: { kind },
    reason: 'unavailable',
    outcome: 'unknown',
    patienceMs,
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
    lost('cut-before'),
    lost('cut-after'),
    {
      name: 'silence',
      trouble: { kind: 'silence' },
      reason: 'timeout',
      outcome: 'unknown',
      patienceMs: 250,
    },
  ];
}

/**
 * Declares a Jest test for each bad reply, with its name for the `%s` of the title. `hidden` says, once the test began, what the bodies echo.
 */
export function itMeetsEachBadReply(
  title: string,
  hidden: () => readonly string[],
  test: (reply: BadReply) => Promise<void>,
): void {
  const named = badReplies('').map(({ name }, index) => [name, index] as const);
  it.each(named)(
    title,
    async (_, index) => {
      const reply = badReplies(hidden().join(' '))[index];
      if (reply) await test(reply);
    },
    specMs,
  );
}

/** Fails the test where any of it stands in what could be logged or stored of the error. */
export function expectToHide(hidden: readonly string[], error: unknown): void {
  const said = everythingSaid(error);
  for (const secret of hidden) expect(said).not.toContain(secret);
}

/** Everything of an error that could be logged or stored: message, stack, causes and whatever hangs on them. */
export const everythingSaid = (error: unknown): string =>
  [inspect(error, { depth: 12, showHidden: true, maxStringLength: null }), JSON.stringify(error)].join('\n');

/** For `createHttpClient` where the vendor keeps no limits: nobody waits because of the call before. */
export const atOnce: Follow = () => Promise.resolve(() => undefined);

/** The same client with less patience than its caller asks for, so that a spec need not wait for silence. */
export const impatient = (http: HttpClient, timeoutMs: number): HttpClient => ({
  request: (request, accept) =>
    http.request({ ...request, timeoutMs: Math.min(request.timeoutMs ?? timeoutMs, timeoutMs) }, accept),
  fetch: http.fetch,
  get calls() {
    return http.calls;
  },
});
