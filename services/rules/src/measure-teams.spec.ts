import fc from 'fast-check';
import { addDays, instant, localDate, startOfDay } from '#domain';
import { daysSince } from './measure-teams.js';

describe('how old something is', () => {
  it.each([
    ['2026-03-28T21:59:59Z', '2026-03-29', 'Europe/Kyiv', 1, 'over a day of 23 hours'],
    ['2026-03-28T22:00:00Z', '2026-03-29', 'Europe/Kyiv', 0, 'on that day'],
    ['2026-10-24T20:30:00Z', '2026-10-26', 'Europe/Kyiv', 2, 'over a day of 25 hours'],
    ['2026-09-05T12:00:00Z', '2026-09-06', 'America/Santiago', 1, 'where the day has no midnight'],
    ['2011-12-29T12:00:00Z', '2011-12-31', 'Pacific/Apia', 2, 'where a day was left out'],
    ['2026-11-20T12:00:00Z', '2026-11-19', 'UTC', 0, 'before it began'],
  ])('from %s to %s in %s is %d days: %s', (began, today, zone, days) => {
    expect(daysSince(instant(began), today, zone)).toBe(days);
  });

  it('is the number of days on the calendar, at whatever time of the day it began', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Kyiv', 'America/Santiago', 'Asia/Seoul', 'Australia/Lord_Howe', 'UTC'),
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: 0, max: 23 * 60 - 1 }),
        fc.integer({ min: 0, max: 4000 }),
        (zone, day, minutes, age) => {
          const first = addDays('2020-01-01', day);
          const began = startOfDay(first, zone).add({ minutes });

          expect(localDate(began, zone)).toBe(first);
          expect(daysSince(began, addDays(first, age), zone)).toBe(age);
        },
      ),
    );
  });
});
