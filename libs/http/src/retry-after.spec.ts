import { retryAfterCeilingMs, retryAfterMs } from './retry-after.js';

const now = Date.parse('2026-11-23T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['no time at all', { 'retry-after': '0' }, 0],
    ['parts of a second', { 'retry-after': '1.5' }, 1500],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 10:01:00 GMT' }, 60_000],
    ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [
      "a date by the vendor's own clock",
      { 'retry-after': 'Mon, 23 Nov 2026 10:01:00 GMT', date: 'Mon, 23 Nov 2026 10:00:50 GMT' },
      10_000,
    ],
    ['a day, cut to the ceiling', { 'retry-after': '86400' }, retryAfterCeilingMs],
    ['nothing', {}, undefined],
    ['an empty value', { 'retry-after': ' ' }, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('reads %s', (_name, headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});
