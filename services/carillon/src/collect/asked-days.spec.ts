import type { Company } from '#company';
import { instant } from '#domain';
import { companyOf, personOf } from '../../../rules/src/testing.js';
import { askedDays, readingOf } from './asked-days.js';

const now = instant('2026-11-22T12:00:00Z');

describe('the days that are asked for', () => {
  it.each([
    [
      { from: '2026-10-01', to: '2026-10-31' },
      { from: '2026-10-01', to: '2026-11-01' },
    ],
    [
      { from: '2026-10-01', to: '2026-10-01' },
      { from: '2026-10-01', to: '2026-10-02' },
    ],
    [{ from: '2026-11-01' }, { from: '2026-11-01', to: '2026-11-23' }],
    [
      { from: '2026-11-01', to: '2027-01-21' },
      { from: '2026-11-01', to: '2027-01-22' },
    ],
  ])('%j are both included', (given, days) => {
    expect(askedDays(given, now)).toEqual(days);
  });

  it.each([
    [{ to: '2026-10-31' }, '--to 2026-10-31 needs --from'],
    [{ from: '2026-10-31', to: '2026-10-01' }, '--from 2026-10-31 comes after --to 2026-10-01'],
    [{ from: '2026-12-01' }, '--from 2026-12-01 is yet to come'],
    [{ from: '2026-11-01', to: '2027-01-22' }, 'The last day that can be read is 2027-01-21.'],
  ])('%j are refused with the reason', (given, why) => {
    expect(() => askedDays(given, now)).toThrow(why);
  });
});

describe('what is read for them', () => {
  const documents = (rule: string, schedule = `{ cron: '0 9 * * MON', timezone: person }`): string => `
kind: Source
name: clockify
type: clockify
settings: { workspaceId: '1', apiKey: { secret: key } }
---
kind: Source
name: clockify-us
type: clockify
settings: { workspaceId: '1', apiKey: { secret: key } }
---
kind: Channel
name: slack
type: slack
settings: { token: { secret: token } }
---
kind: Rule
name: low-hours
each: person
audience: managers
needs: { clockify: closed }
when: 'true'
say: low-hours
${rule}
---
kind: Subscription
name: weekly-hours
rules: [low-hours]
schedule: ${schedule}
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person] } }`;
  const companyIn = (zones: readonly string[], text = documents('over: lastWeek')): Company => ({
    ...companyOf(
      text,
      zones.map((zone, index) => personOf(`p${index}`, { zone })),
    ),
    asOf: now,
  });
  const october = { from: '2026-10-01', to: '2026-11-01' };
  const june = { from: '2026-06-01', to: '2026-07-01' };
  const textOf = ({ window }: ReturnType<typeof readingOf>): string =>
    `${window.from.toString()}/${window.to.toString()}`;

  it('is the day of everybody in the own zone', () => {
    const reading = readingOf(companyIn(['Asia/Seoul', 'America/New_York']), 'clockify-us', october);

    expect(textOf(reading)).toBe('2026-09-30T15:00:00Z/2026-11-01T04:00:00Z');
    expect(reading.lookback).toBeUndefined();
  });

  it('is the day in UTC where nobody is known', () => {
    expect(textOf(readingOf(companyIn([]), 'clockify', october))).toBe(
      '2026-10-01T00:00:00Z/2026-11-01T00:00:00Z',
    );
  });

  it.each([
    ['the week before the first Monday, where it begins earlier', october, '2026-09-28'],
    ['the whole week before a first day that is a Monday', june, '2026-05-25'],
  ])('begins with %s', (_, days, first) => {
    const reading = readingOf(companyIn(['UTC']), 'clockify', days);

    expect(reading).toMatchObject({ dates: { from: first, to: days.to }, lookback: 'weekly-hours' });
  });

  it('ends with the week that a run on a day of it looks at', () => {
    const company = companyIn(
      ['UTC'],
      documents('over: thisWeek', `{ cron: '0 17 * * FRI', timezone: person }`),
    );

    expect(readingOf(company, 'clockify', october).dates).toEqual({ from: '2026-09-28', to: '2026-11-02' });
  });

  it('is refused where it is longer ago than hours are expected', () => {
    const days = { from: '2024-11-22', to: '2024-12-22' };

    expect(readingOf(companyIn(['UTC']), 'clockify-us', days).dates).toEqual(days);
    expect(() => readingOf(companyIn(['UTC']), 'clockify', days)).toThrow(
      '--from 2024-11-22 is too long ago: its runs look back to 2024-11-18, and expected hours are kept for 731 days',
    );
    expect(() => readingOf(companyIn(['UTC']), 'clockify-us', { ...days, from: '2024-11-20' })).toThrow(
      'The first day that can be read is 2024-11-22.',
    );
  });
});
