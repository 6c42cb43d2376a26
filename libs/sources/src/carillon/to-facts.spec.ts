import { instant, windowOfDays, type Fact, type Instant } from '#domain';
import type { ConnectionNotes } from '../contract.js';
import { toFacts } from './to-facts.js';

const day = '2026-03-02';
const zone = 'Europe/Kyiv';
const window = windowOfDays({ from: day, to: '2026-03-03' }, zone);
const noon = instant('2026-03-02T10:00:00Z');

const factsOf = (notes: Partial<ConnectionNotes>, now: Instant = noon): Readonly<Record<string, Fact>> =>
  Object.fromEntries(
    toFacts({ connection: 'clockify', calls: [], ...notes }, { day, window, now, zone }).map((fact) => [
      fact.kind,
      fact,
    ]),
  );

describe('what is noted of a connection', () => {
  it('is nothing where nothing is known: no zero, no empty record', () => {
    expect(factsOf({})).toEqual({});
  });

  it('is one record of the day, by the name of the document', () => {
    const { 'connection.quota': quota } = factsOf({ quotaUsed: 0.929 });

    expect(quota).toEqual({
      kind: 'connection.quota',
      key: 'clockify 2026-03-02',
      subject: 'clockify',
      from: window.from,
      to: window.to,
      amount: 92,
      attributes: { day },
    });
  });

  it('counts calls by why they failed; a vendor that asks to wait has not failed', () => {
    const { 'connection.calls': calls } = factsOf({
      calls: [
        { outcome: 'ok', calls: 94, times: [90, 4] },
        { outcome: 'rate-limited', calls: 3, times: [3] },
        { outcome: 'timeout', calls: 3, times: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3] },
      ],
    });

    expect(calls?.amount).toBe(100);
    expect(calls?.attributes).toEqual({
      day,
      calls: 100,
      errors: 3,
      reasons: { 'rate-limited': 3, timeout: 3 },
      p50: 50,
      p95: 100,
    });
  });

  const reading = { knownSince: instant('2026-01-01T00:00:00Z'), intervalMs: 21_600_000, missing: 2 };
  const lastRead = instant('2026-03-02T04:00:00Z');

  it.each([
    ['up to now, where the day is not over', { ...reading, lastRead }, noon, 6 * 3600],
    ['up to its end, where it is', { ...reading, lastRead }, instant('2026-03-09T00:00:00Z'), 18 * 3600],
    [
      'since its document came, where it was never read',
      { ...reading, knownSince: instant('2026-03-02T09:00:00Z'), lastRead: undefined },
      noon,
      3600,
    ],
  ])('has an age %s', (_, notes, now, seconds) => {
    const { 'connection.freshness': freshness, 'connection.runs': runs } = factsOf({ reading: notes }, now);

    expect(freshness?.attributes).toMatchObject({ age: seconds, interval: 21_600 });
    expect(runs?.amount).toBe(2);
  });

  it('has no age on a day before its document came', () => {
    const knownSince = instant('2026-03-05T00:00:00Z');

    expect(factsOf({ reading: { ...reading, knownSince, lastRead: undefined } })).toEqual({});
  });

  it.each([
    [{ day: '2026-03-07' }, 5],
    [{ day: '2026-03-02' }, 0],
    [{ day: '2026-02-28' }, -2],
    // Half past eleven at night in UTC is tomorrow in Kyiv.
    [{ at: instant('2026-03-06T23:30:00Z') }, 5],
  ])('tells the whole days that a token still holds: %j', (holdsUntil, left) => {
    expect(factsOf({ holdsUntil })['connection.token']?.amount).toBe(left);
  });
});
