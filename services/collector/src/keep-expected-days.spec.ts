import { instant } from '#domain';
import { datesFrom } from './keep-expected-days.js';

const now = instant('2026-11-22T12:00:00Z');

describe('the days for which expected hours are kept', () => {
  it.each([
    ['what is usual', undefined, '2026-07-25'],
    ['what is usual, where less was read', '2026-10-01T00:00:00Z', '2026-07-25'],
    ['what was read, in the zones where it was a day earlier too', '2026-01-01T00:00:00Z', '2025-12-31'],
    ['two years at most', '2020-01-01T00:00:00Z', '2024-11-21'],
  ])('begin with %s', (_, read, from) => {
    expect(datesFrom(now, read === undefined ? undefined : instant(read))).toEqual({
      from,
      to: '2027-01-21',
    });
  });
});
