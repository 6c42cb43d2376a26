import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { addDays, instant, localDate, within } from './instant.js';
import type { WindowName } from './rule.js';
import { weekdayOf, weekdays } from './weekday.js';
import { windowOf } from './windows.js';

const hoursOf = ({ from, to }: { from: Temporal.Instant; to: Temporal.Instant }): number =>
  from.until(to).total('hours');

describe('windowOf', () => {
  it.each([
    ['yesterday', '2026-07-07', '2026-07-08'],
    ['thisWeek', '2026-07-06', '2026-07-13'],
    ['lastWeek', '2026-06-29', '2026-07-06'],
    ['thisMonth', '2026-07-01', '2026-08-01'],
    ['lastMonth', '2026-06-01', '2026-07-01'],
    ['latest', '2026-07-08', '2026-07-09'],
  ] as const)('takes %s on a Wednesday as %s to %s', (name, from, to) => {
    const at = instant('2026-07-08T09:00:00+03:00');

    expect(windowOf(name, at, 'Europe/Kyiv', 'MONDAY').dates).toEqual({ from, to });
  });

  it.each([
    ['2026-01-05', 'lastMonth', '2025-12-01', '2026-01-01'],
    ['2026-12-31', 'thisMonth', '2026-12-01', '2027-01-01'],
    ['2024-03-31', 'lastMonth', '2024-02-01', '2024-03-01'],
    ['2026-01-31', 'thisMonth', '2026-01-01', '2026-02-01'],
  ] as const)('on %s takes %s as %s to %s', (day, name, from, to) => {
    expect(windowOf(name, instant(`${day}T12:00Z`), 'UTC', 'MONDAY').dates).toEqual({ from, to });
  });

  it.each([
    ['MONDAY', '2026-06-29'],
    ['SUNDAY', '2026-07-05'],
    ['SATURDAY', '2026-07-04'],
  ] as const)('begins the week of Sunday 2026-07-05 on the workspace’s %s', (weekStart, from) => {
    expect(windowOf('thisWeek', instant('2026-07-05T12:00Z'), 'UTC', weekStart).dates.from).toBe(from);
  });

  it('goes by the local day of the zone, not by that of UTC', () => {
    const at = instant('2026-07-05T20:30Z');

    expect(windowOf('yesterday', at, 'Asia/Kathmandu', 'MONDAY')).toEqual({
      dates: { from: '2026-07-05', to: '2026-07-06' },
      window: { from: instant('2026-07-04T18:15Z'), to: instant('2026-07-05T18:15Z') },
    });
    expect(windowOf('yesterday', at, 'America/Santiago', 'MONDAY').dates.from).toBe('2026-07-04');
  });

  it.each([
    ['Europe/Berlin', '2026-03-30', 23],
    ['Europe/Berlin', '2026-10-26', 25],
    ['Australia/Lord_Howe', '2026-10-05', 23.5],
    ['Australia/Lord_Howe', '2026-04-06', 24.5],
    ['Asia/Kathmandu', '2026-03-30', 24],
    ['Pacific/Apia', '2011-12-31', 0],
  ])('in %s the yesterday of %s has %d hours', (zone, today, hours) => {
    const at = Temporal.PlainDate.from(today).toZonedDateTime({ timeZone: zone, plainTime: '12:00' });

    expect(hoursOf(windowOf('yesterday', at.toInstant(), zone, 'MONDAY').window)).toBe(hours);
  });

  it('begins a day whose midnight is jumped over with the first moment after the jump', () => {
    const { window } = windowOf('yesterday', instant('2026-09-07T12:00Z'), 'America/Santiago', 'MONDAY');

    expect(window.from.toZonedDateTimeISO('America/Santiago').toPlainDateTime().toString()).toBe(
      '2026-09-06T01:00:00',
    );
    expect(hoursOf(window)).toBe(23);
  });

  it('takes latest as the moment itself, which holds no instant', () => {
    const at = instant('2026-07-05T20:30:00.123456Z');
    const { window } = windowOf('latest', at, 'Asia/Seoul', 'MONDAY');

    expect(window).toEqual({ from: at, to: at });
    expect(within(window, at)).toBe(false);
  });

  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const at = fc
    .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2031, 0, 1) })
    .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
  const weekStart = fc.constantFrom(...weekdays);

  it('puts every moment into its own week and month, and after its yesterday, in any zone', () => {
    fc.assert(
      fc.property(at, zone, weekStart, (moment, where, start) => {
        const windowFor = (name: WindowName) => windowOf(name, moment, where, start);

        expect(within(windowFor('thisWeek').window, moment)).toBe(true);
        expect(within(windowFor('thisMonth').window, moment)).toBe(true);
        expect(windowFor('yesterday').dates.to).toBe(localDate(moment, where));
        expect(windowFor('lastWeek').window.to).toEqual(windowFor('thisWeek').window.from);
        expect(windowFor('lastMonth').window.to).toEqual(windowFor('thisMonth').window.from);
        expect(weekdayOf(windowFor('thisWeek').dates.from)).toBe(start);
        expect(addDays(windowFor('lastWeek').dates.from, 7)).toBe(windowFor('lastWeek').dates.to);
      }),
    );
  });
});
