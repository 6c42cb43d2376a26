import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { addDays, instant } from './instant.js';

const digits = (count: number) =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((value) => String(value).padStart(count, '0'));

/** Instant or not: what a clock writes, and what none does. */
const text = fc
  .tuple(
    digits(4),
    ...Array.from({ length: 5 }, () => digits(2)),
    fc.constantFrom('', '.5', '.000', '.123456'),
    fc.constantFrom('Z', 'z', '+00:00', '+05:30', '-00:00', ''),
  )
  .map(
    ([year, month, day, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
  );

const real = fc
  .integer({ min: Date.parse('0000-01-01T00:00:00Z') / 1000, max: Date.parse('9999-12-31T23:59:59Z') / 1000 })
  .map((second) => new Date(second * 1000).toISOString().replace('.000Z', 'Z'));

const read = (how: (one: string) => Temporal.Instant, one: string): string => {
  try {
    return how(one).epochNanoseconds.toString();
  } catch (error) {
    return error instanceof RangeError ? 'no instant' : 'another error';
  }
};

describe('an instant', () => {
  it('is what Temporal reads from a text, and is refused where Temporal refuses it', () => {
    fc.assert(
      fc.property(fc.oneof(text, real), (one) => {
        const ours = read(instant, one);

        expect(ours).toBe(read((each) => Temporal.Instant.from(each), one));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['2026-02-30T00:00:00Z', '2026-10-12T24:00:00Z', '2026-10-12', '2026-10-12T07:00:00', ''])(
    'is not what %j says',
    (one) => {
      expect(() => instant(one)).toThrow(RangeError);
    },
  );
});

describe('a day', () => {
  const outcome = (how: () => string): string => {
    try {
      return how();
    } catch (error) {
      return error instanceof RangeError ? 'no day' : 'another error';
    }
  };
  const written = fc
    .tuple(digits(4), digits(2), digits(2))
    .map(([year, month, day]) => `${year}-${month}-${day}`);
  const realDay = real.map((second) => second.slice(0, 10));
  const count = fc.oneof(
    fc.integer({ min: -400, max: 400 }),
    fc.integer({ min: -5_000_000, max: 5_000_000 }),
    fc.constantFrom(0.5, Number.NaN, Infinity),
  );

  it('some days later is the one that Temporal counts to, and none where Temporal knows none', () => {
    fc.assert(
      fc.property(fc.oneof(written, realDay, realDay), count, (day, days) => {
        expect(outcome(() => addDays(day, days))).toBe(
          outcome(() => Temporal.PlainDate.from(day).add({ days }).toString()),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', '2026-02-29', '2026-13-01', 'tomorrow'])('is not what %j says', (day) => {
    expect(() => addDays(day, 1)).toThrow(RangeError);
  });
});
