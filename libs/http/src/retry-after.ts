/** No vendor is waited for longer than this in one go, whatever it asks: an hour later it is asked again. */
export const retryAfterCeilingMs = 3_600_000;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3), never negative and never above
 * {@link retryAfterCeilingMs}. Undefined where the header is absent or says neither. A date counts from the answer's own `Date` where there
 * is one, because the two clocks need not agree.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number = Date.now(),
): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - orElse(Date.parse(headers['date'] ?? ''), now);
  if (Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(Math.ceil(wait), 0), retryAfterCeilingMs);
}

const orElse = (value: number, fallback: number): number => (Number.isNaN(value) ? fallback : value);
