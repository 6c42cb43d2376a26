import { RemoteError } from '#http';

/** The error of whoever was stopped before anything of theirs left us, as `libs/http` has it. */
export function givenUp(what: string, signal: AbortSignal): RemoteError {
  const cause: unknown = signal.reason;
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  return new RemoteError('outlook', isLate ? 'timeout' : 'unavailable', 'refused', `${what} was given up`, {
    cause,
  });
}

/** What is waited for, unless the signal comes first; then throws `RemoteError`. What was waited for goes on, for others who wait for it. */
export async function unlessStopped<Value>(
  awaited: Promise<Value>,
  what: string,
  signal: AbortSignal,
): Promise<Value> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(givenUp(what, signal));
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([stopped, awaited]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
