import {
  addedResponseTimes,
  compareInstants,
  localDate,
  responseTimeOf,
  type ConnectionCallsAttributes,
  type Fact,
  type FactKind,
  type FreshnessAttributes,
  type Instant,
  type LocalDate,
  type TimeWindow,
} from '#domain';
import { Temporal } from 'temporal-polyfill';
import type { ConnectionNotes } from '../contract.js';

/** A day, and up to when it is told: its end, or now where it is not over. */
export interface NotedDay {
  readonly day: LocalDate;
  readonly window: TimeWindow;
  readonly now: Instant;
  readonly zone: string;
}

/** A vendor that asks to wait has not failed: what comes of it is a quota that is used up. */
const ASKED_TO_WAIT = 'rate-limited';

/** What is known of one connection and day: a fact of each kind of which something is known. */
export function toFacts(notes: ConnectionNotes, on: NotedDay): readonly Fact[] {
  const { day, window, now, zone } = on;
  const { connection, calls, reading, quotaUsed, holdsUntil } = notes;
  const fact = (kind: FactKind, amount: number, attributes: Fact['attributes']): Fact => ({
    kind,
    key: `${connection} ${day}`,
    subject: connection,
    ...window,
    amount,
    attributes: { day, ...attributes },
  });
  const called = calls.reduce((sum, one) => sum + one.calls, 0);
  return [
    ...(called > 0 ? [fact('connection.calls', called, { ...callsOf(calls, day) })] : []),
    ...(reading && compareInstants(reading.knownSince, window.to) < 0
      ? [freshnessOf(reading, on, fact), fact('connection.runs', reading.missing, {})]
      : []),
    ...(quotaUsed === undefined ? [] : [fact('connection.quota', Math.floor(quotaUsed * 100), {})]),
    ...(holdsUntil ? [tokenOf(holdsUntil, day, zone, fact)] : []),
  ];

  function freshnessOf(
    { lastRead, knownSince, intervalMs }: NonNullable<ConnectionNotes['reading']>,
    { window: { to } }: NotedDay,
    make: typeof fact,
  ): Fact {
    const end = compareInstants(now, to) < 0 ? now : to;
    const since = lastRead ?? knownSince;
    const attributes: FreshnessAttributes = {
      day,
      age: Math.max(0, Math.floor(end.since(since).total('seconds'))),
      interval: Math.round(intervalMs / 1000),
      lastRead: lastRead?.toString() ?? null,
    };
    return make('connection.freshness', attributes.age, { ...attributes });
  }
}

function callsOf(calls: ConnectionNotes['calls'], day: LocalDate): ConnectionCallsAttributes {
  const failed = calls.filter(({ outcome }) => outcome !== 'ok');
  const times = calls.reduce<readonly number[]>((sum, one) => addedResponseTimes(sum, one.times), []);
  return {
    day,
    calls: calls.reduce((sum, one) => sum + one.calls, 0),
    errors: failed.reduce((sum, one) => sum + (one.outcome === ASKED_TO_WAIT ? 0 : one.calls), 0),
    reasons: Object.fromEntries(failed.map((one) => [one.outcome, one.calls])),
    p50: responseTimeOf(times, 0.5),
    p95: responseTimeOf(times, 0.95),
  };
}

/** Whole days: on its last day a token has 0 left, after it less. */
function tokenOf(
  holdsUntil: NonNullable<ConnectionNotes['holdsUntil']>,
  day: LocalDate,
  zone: string,
  fact: (kind: FactKind, amount: number, attributes: Fact['attributes']) => Fact,
): Fact {
  const last = 'day' in holdsUntil ? holdsUntil.day : localDate(holdsUntil.at, zone);
  const left = Temporal.PlainDate.from(day).until(last, { largestUnit: 'day' }).days;
  return fact('connection.token', left, { expiresOn: last });
}
