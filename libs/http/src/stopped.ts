import { RemoteError, type FailureOutcome } from './remote-error.js';
import { textOf } from './thrown.js';

/** The error of whoever was stopped, by the cause that the signal gave. */
export function givenUp(system: string, what: string, outcome: FailureOutcome, cause: unknown): RemoteError {
  const late = textOf(cause, 'name') === 'TimeoutError';
  return new RemoteError(system, late ? 'timeout' : 'unavailable', outcome, `${what} was given up`, {
    cause,
  });
}

/**
 * What is waited for before anything leaves us, unless the signal comes first; then throws `RemoteError`, `refused`. What was waited for goes
 * on, for others who wait for it.
 */
export async function unlessStopped<Value>(
  awaited: Promise<Value>,
  { system, what }: { readonly system: string; readonly what: string },
  signal: AbortSignal,
): Promise<Value> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(givenUp(system, what, 'refused', signal.reason));
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([stopped, awaited]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
