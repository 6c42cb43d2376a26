import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { Calendar } from './calendar.js';
import { calendarWorkingDay } from './calendar-working-day.js';
import { compareInstants, instant } from './instant.js';
import type { Instant } from './instant.js';
import { occurrencesOver, plannedInstants, ScheduleError, standsFor } from './planning.js';
import type { Schedule } from './schedule.js';

const at = (cron: string): Schedule => ({ cron, timezone: 'person' });
const shifted = (cron: string): Schedule => ({ ...at(cron), shift: 'nextWorkingDay' });
const local = (moment: Instant, zone: string): string =>
  moment.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });
const localTimesOn = (cron: string, zone: string, day: string): string[] =>
  occurrencesOver(at(cron), { from: day, to: Temporal.PlainDate.from(day).add({ days: 1 }).toString() }, zone)
    .map(({ nominal }) => local(nominal, zone))
    .map((time) => time.slice(11));

describe('plannedInstants', () => {
  it('takes its beginning in and leaves its end out', () => {
    const monday = instant('2026-07-06T09:00:00+03:00');
    const nextMonday = instant('2026-07-13T09:00:00+03:00');

    expect(plannedInstants(at('0 9 * * MON'), 'Europe/Kyiv', monday, nextMonday)).toEqual([
      { nominal: monday, due: monday },
    ]);
  });

  it('keeps the local time when the offset changes', () => {
    const found = occurrencesOver(
      at('0 9 * * MON'),
      { from: '2026-03-23', to: '2026-04-06' },
      'Europe/Berlin',
    );

    expect(found.map(({ nominal }) => nominal.toString())).toEqual([
      '2026-03-23T08:00:00Z',
      '2026-03-30T07:00:00Z',
    ]);
  });

  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29', ['03:30'], 'later by the jump'],
    ['30 2,3 * * *', 'Europe/Berlin', '2026-03-29', ['03:30'], 'one instant where both fall together'],
    ['0 * * * *', 'Europe/Berlin', '2026-03-29', hours(23, [2]), 'hourly has 23'],
    ['0 0 * * *', 'America/Santiago', '2026-09-06', ['01:00'], 'midnight that does not exist'],
    ['10 2 * * *', 'Australia/Lord_Howe', '2026-10-04', ['02:40'], 'a jump of half an hour'],
    ['30 23 * * *', 'America/Nuuk', '2026-03-28', [], 'the hour before midnight is skipped'],
    ['30 23 * * *', 'America/Nuuk', '2026-03-29', ['00:30', '23:30'], 'so it is after midnight'],
    ['0 9 * * *', 'Pacific/Apia', '2011-12-30', [], 'a day that does not exist'],
    ['0 9 * * *', 'Pacific/Apia', '2011-12-31', ['09:00'], 'the day after it, once'],
  ])('%s in %s on %s, where times are skipped, happens at %j: %s', (cron, zone, day, times) => {
    expect(localTimesOn(cron, zone, day)).toEqual(times);
  });

  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25', '2026-10-25T00:30:00Z'],
    ['30 23 * * *', 'America/Santiago', '2026-04-04', '2026-04-05T02:30:00Z'],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-05', '2026-04-04T14:45:00Z'],
  ])('%s in %s on %s, where it is shown twice, happens at the first showing', (cron, zone, day, nominal) => {
    const to = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
    const found = occurrencesOver(at(cron), { from: day, to }, zone);

    expect(found.map((planned) => planned.nominal.toString())).toEqual([nominal]);
  });

  it('pauses an hourly cron for the repeated hour', () => {
    expect(localTimesOn('0 * * * *', 'Europe/Berlin', '2026-10-25')).toEqual(hours(24, []));
  });

  it('orders a skipped time by when it really happens', () => {
    expect(localTimesOn('50,10 2,3 * * *', 'Europe/Berlin', '2026-03-29')).toEqual(['03:10', '03:50']);
    expect(localTimesOn('50 2 29 * *', 'Europe/Berlin', '2026-03-29')).toEqual(['03:50']);
  });

  it('finds none for a date that never comes', () => {
    expect(occurrencesOver(at('0 0 30 2 *'), { from: '2024-01-01', to: '2031-01-01' }, 'UTC')).toEqual([]);
  });

  it.each([
    ['0 9 * *', 'it has 4 fields'],
    ['0 0 9 * * MON', 'it has 6 fields'],
    ['@daily', 'it has 1 fields'],
    ['', 'it has no fields'],
    ['61 9 * * *', 'Invalid value for minute: 61'],
    ['0 9 * * FUNDAY', 'FUNDAY'],
  ])('refuses the cron "%s" in plain words', (cron, words) => {
    const plan = (): unknown =>
      plannedInstants(at(cron), 'UTC', instant('2026-01-01T00:00Z'), instant('2026-01-02T00:00Z'));

    expect(plan).toThrow(ScheduleError);
    expect(plan).toThrow(words);
    expect(plan).toThrow('such as "0 9 * * MON"');
  });

  it('refuses a zone that does not exist', () => {
    expect(() => standsFor(at('0 9 * * *'), 'person', instant('2026-01-01T00:00Z'))).toThrow(ScheduleError);
    expect(() =>
      occurrencesOver(at('0 9 * * *'), { from: '2026-01-01', to: '2026-01-02' }, 'Mars/Phobos'),
    ).toThrow(/Mars\/Phobos.*IANA name/u);
  });
});

describe('a schedule that shifts to the next working day', () => {
  const easter: Calendar = {
    name: 'Germany',
    holidays: [
      { day: '2026-04-03', name: 'Good Friday', share: 1 },
      { day: '2026-04-06', name: 'Easter Monday', share: 1 },
    ],
    companyDays: [],
    workingDays: [],
  };
  const dueOf = (schedule: Schedule, from: string, to: string, works?: (day: string) => boolean): string[] =>
    occurrencesOver(schedule, { from, to }, 'Europe/Berlin', works).map(({ due }) =>
      local(due, 'Europe/Berlin'),
    );

  it('moves a holiday’s to the day after at the same local time, and leaves others', () => {
    const works = (day: string): boolean => calendarWorkingDay(easter, day);

    expect(dueOf(shifted('0 9 * * MON'), '2026-03-30', '2026-04-14', works)).toEqual([
      '2026-03-30T09:00',
      '2026-04-07T09:00',
      '2026-04-13T09:00',
    ]);
  });

  it('takes Monday to Friday where it is told nothing, and keeps each nominal', () => {
    expect(dueOf(shifted('0 9 * * *'), '2026-07-03', '2026-07-07')).toEqual([
      '2026-07-03T09:00',
      '2026-07-06T09:00',
      '2026-07-06T09:00',
      '2026-07-06T09:00',
    ]);
  });

  it('keeps the cron’s local time across a jump', () => {
    expect(dueOf(shifted('30 2 * * SUN'), '2026-03-29', '2026-03-30')).toEqual(['2026-03-30T02:30']);
  });

  it('stays where it is after sixty days without work', () => {
    expect(dueOf(shifted('0 9 * * MON'), '2026-07-06', '2026-07-07', () => false)).toEqual([
      '2026-07-06T09:00',
    ]);
    expect(dueOf(shifted('0 9 * * MON'), '2026-07-06', '2026-07-07', (day) => day === '2026-09-04')).toEqual([
      '2026-09-04T09:00',
    ]);
  });
});

describe('standsFor', () => {
  it.each([
    ['0 9 * * MON', '2026-07-08T12:00Z', '2026-07-06T06:00:00Z'],
    ['0 9 * * MON', '2026-07-06T06:00:00Z', '2026-07-06T06:00:00Z'],
    ['0 9 * * MON', '2026-07-06T05:59:59.999999Z', '2026-06-29T06:00:00Z'],
    ['0 9 1 1 *', '2026-12-31T12:00Z', '2026-01-01T07:00:00Z'],
  ])('takes the latest of %s at %s: %s', (cron, now, nominal) => {
    expect(standsFor(at(cron), 'Europe/Kyiv', instant(now))?.nominal.toString()).toBe(nominal);
  });

  it('takes one whose due is yet to come', () => {
    const found = standsFor(shifted('0 9 * * SAT'), 'UTC', instant('2026-07-05T12:00Z'));

    expect(found?.due.toString()).toBe('2026-07-06T09:00:00Z');
  });

  it('finds none where 400 days had none', () => {
    expect(standsFor(at('0 9 29 2 *'), 'UTC', instant('2026-07-01T00:00Z'))).toBeUndefined();
  });
});

describe('plannedInstants in any zone and year', () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const schedule = fc
    .tuple(
      fc.constantFrom('0', '30', '*/20', '5,50'),
      fc.constantFrom('*', '0', '2', '1-3', '23', '*/6'),
      fc.constantFrom('*', 'MON', 'SAT,SUN', 'MON-FRI'),
      fc.constantFrom<Pick<Schedule, 'shift'>>({}, { shift: 'nextWorkingDay' }),
    )
    .map(([minute, hour, weekday, shift]): Schedule => ({
      ...at(`${minute} ${hour} * * ${weekday}`),
      ...shift,
    }));
  // Half of the windows lie around a jump of the zone, where anything that can go wrong does.
  const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 11, 1) });
  const window = fc
    .tuple(zone, moment, fc.boolean(), fc.nat(36), fc.nat(72), fc.nat(72))
    .map(([name, ms, nearJump, before, first, second]) => {
      const start = Temporal.Instant.fromEpochMilliseconds(ms);
      const jump = nearJump
        ? start.toZonedDateTimeISO(name).getTimeZoneTransition('next')?.toInstant()
        : undefined;
      const from = (jump ?? start).subtract({ hours: before });
      const middle = from.add({ hours: first });
      return { zone: name, from, middle, to: middle.add({ hours: second }) };
    });

  it('are ascending, none twice, all inside, due no earlier, and no local time is repeated', () => {
    fc.assert(
      fc.property(schedule, window, (planned, { zone: name, from, to }) => {
        const found = plannedInstants(planned, name, from, to);

        found.forEach(({ nominal, due }, index) => {
          const previous = found[index - 1];
          if (previous) expect(compareInstants(previous.nominal, nominal)).toBe(-1);
          expect(compareInstants(from, nominal) <= 0 && compareInstants(nominal, to) < 0).toBe(true);
          expect(compareInstants(nominal, due)).toBeLessThanOrEqual(0);
        });
        const localTimes = found.map(({ nominal }) => local(nominal, name));
        expect(new Set(localTimes).size).toBe(localTimes.length);
      }),
      { numRuns: 150 },
    );
  });

  it('are the same asked for at once or in two halves', () => {
    fc.assert(
      fc.property(schedule, window, (planned, { zone: name, from, middle, to }) => {
        const halves = [
          ...plannedInstants(planned, name, from, middle),
          ...plannedInstants(planned, name, middle, to),
        ];

        expect(texts(halves)).toEqual(texts(plannedInstants(planned, name, from, to)));
      }),
      { numRuns: 100 },
    );
  });

  it('lose no day: daily at any minute happens once from each noon to the next', () => {
    const dailyAt = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(dailyAt, window, (minute, { zone: name, from }) => {
        const daily = at(`${minute % 60} ${Math.floor(minute / 60)} * * *`);
        const first = from.toZonedDateTimeISO(name).toPlainDate();
        const noon = (days: number): Instant =>
          first.add({ days }).toZonedDateTime({ timeZone: name, plainTime: '12:00' }).toInstant();

        const counts = [0, 1, 2].map((day) => plannedInstants(daily, name, noon(day), noon(day + 1)).length);

        expect(counts).toEqual([1, 1, 1]);
      }),
      { numRuns: 150 },
    );
  });

  it('stand for the latest of those that are planned', () => {
    fc.assert(
      fc.property(schedule, window, (planned, { zone: name, to }) => {
        const all = plannedInstants(
          planned,
          name,
          to.subtract({ hours: 24 * 8 }),
          to.add({ nanoseconds: 1 }),
        );
        const stands = standsFor(planned, name, to);

        expect(texts(stands ? [stands] : [])).toEqual(texts(all.slice(-1)));
      }),
      { numRuns: 40 },
    );
  });
});

const texts = (planned: readonly { nominal: Instant; due: Instant }[]): string[] =>
  planned.map(({ nominal, due }) => `${nominal.toString()} ${due.toString()}`);

/** `HH:00` of a day that has so many of them, those skipped left out. */
function hours(count: number, skipped: readonly number[]): string[] {
  return Array.from({ length: count + skipped.length }, (_, hour) => hour)
    .filter((hour) => !skipped.includes(hour))
    .map((hour) => `${String(hour).padStart(2, '0')}:00`);
}
