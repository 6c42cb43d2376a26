import { instant, type Schedule } from '#domain';
import { isStillPlanned, plannedSince } from './plan.js';
import { companyOf } from './testing.js';

const weekly: Schedule = { cron: '0 9 * * MON', timezone: 'person' };
const now = instant('2026-10-12T10:00:00Z');
const known = instant('2026-03-01T00:00:00Z');

describe('from when on a schedule is planned', () => {
  /** Nominal from, and due from. */
  const since = (over: Partial<Parameters<typeof plannedSince>[0]>): readonly string[] => {
    const { from, due } = plannedSince({ known, last: undefined, now, schedule: weekly, ...over });
    return [from.toString(), due.toString()];
  };

  it('where it has been planned before, since then', () => {
    const last = '2026-10-05T09:00:00Z';

    expect(since({ last: instant(last) })).toEqual([last, last]);
    expect(since({ last: now.add({ hours: 40 }) })).toEqual([now.toString(), now.toString()]);
  });

  it('for a zone into which somebody has come, what can still be caught up', () => {
    expect(since({})).toEqual(['2026-10-11T22:00:00Z', '2026-10-11T22:00:00Z']);
  });

  it('where days are shifted, also what was put off until today', () => {
    const schedule = { ...weekly, shift: 'nextWorkingDay' } as const;

    expect(since({ schedule })).toEqual(['2026-09-20T22:00:00Z', '2026-10-11T22:00:00Z']);
  });

  it('never before it was made, or came back', () => {
    const late = now.subtract({ hours: 1 });

    expect(since({ known: late })[0]).toBe(late.toString());
    expect(since({ known: late, last: instant('2026-09-07T09:00:00Z') })[0]).toBe(late.toString());
  });
});

describe('an occurrence of a schedule that was changed', () => {
  const company = (schedule: string) =>
    companyOf(`
kind: Calendar
name: ua
for: { default: true }
---
kind: Subscription
name: weekly-hours
rules: [low-hours]
schedule: ${schedule}
to: { channel: slack }`);
  const planned = {
    subscription: 'weekly-hours',
    zone: 'Europe/Kyiv',
    calendar: '',
    nominal_at: instant('2026-10-12T06:00:00Z'),
  };

  it.each([
    ['the same', `{ cron: '0 9 * * MON', timezone: person }`, '', true],
    ['other words for the same instant', `{ cron: '0 9 * * 1-3', timezone: Europe/Kyiv }`, '', true],
    ['another hour', `{ cron: '0 10 * * MON', timezone: person }`, '', false],
    ['another day', `{ cron: '0 9 * * TUE', timezone: person }`, '', false],
    ['another zone', `{ cron: '0 9 * * MON', timezone: Europe/Berlin }`, '', false],
    ['no longer shifted', `{ cron: '0 9 * * MON', timezone: person }`, 'ua', false],
    ['shifted by now', `{ cron: '0 9 * * MON', timezone: Europe/Kyiv, shift: nextWorkingDay }`, '', false],
    [
      'shifted as before',
      `{ cron: '0 9 * * MON', timezone: Europe/Kyiv, shift: nextWorkingDay }`,
      'ua',
      true,
    ],
  ])('is looked at by the present one: %s', (_, schedule, calendar, expected) => {
    expect(isStillPlanned(company(schedule), { ...planned, calendar })).toBe(expected);
  });

  it('is none where the subscription only hears of troubles by now', () => {
    const without = companyOf('kind: Subscription\nname: weekly-hours\nto: { channel: slack }');

    expect(isStillPlanned(without, planned)).toBe(false);
  });
});
