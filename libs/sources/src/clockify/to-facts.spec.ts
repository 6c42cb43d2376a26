import { instant, localDate, type TimeWindow } from '#domain';
import fc from 'fast-check';
import { toProfile } from './people.js';
import { holidayReply } from './schema.js';
import {
  holidayOf,
  leaveOf,
  occurrencesOf,
  readReportEntry,
  readUserEntry,
  workOf,
  type Entry,
  type Reading,
} from './to-facts.js';

const week: TimeWindow = { from: instant('2026-03-02T00:00:00Z'), to: instant('2026-03-09T00:00:00Z') };

const factOf = (reading: Reading) => (reading && 'fact' in reading ? reading.fact : undefined);
const entryOf = (reading: ReturnType<typeof readUserEntry>): Entry => {
  if ('rejection' in reading) throw new Error(reading.rejection.why);
  return reading.entry;
};

const userEntry = {
  id: '65c3a1f0e2b7d41a90f1aa01',
  description: 'API review',
  userId: '64a687e29ae1f428e7ebe301',
  billable: true,
  projectId: '65c3a1f0e2b7d41a90f1cc01',
  timeInterval: { start: '2026-03-02T08:00:00Z', end: '2026-03-02T09:30:00Z', duration: 'PT1H30M' },
  type: 'REGULAR',
};
const reportEntry = {
  _id: userEntry.id,
  userId: userEntry.userId,
  billable: true,
  projectId: userEntry.projectId,
  timeInterval: {
    start: '2026-03-02T09:00:00+01:00',
    end: '2026-03-02T10:30:00+01:00',
    duration: 5400,
  },
};

describe('work', () => {
  it('is the same from both hosts, in whole milliseconds, without descriptions', () => {
    const core = workOf(entryOf(readUserEntry(userEntry, '')), week);
    const report = workOf(entryOf(readReportEntry(reportEntry, '')), week);

    expect(report).toEqual(core);
    expect(factOf(core)).toMatchObject({
      key: userEntry.id,
      subject: userEntry.userId,
      amount: 5_400_000,
      attributes: { billable: true, project: userEntry.projectId },
    });
    expect(JSON.stringify(core)).not.toContain('API review');
  });

  it('is nothing while a timer runs', () => {
    const running = {
      ...userEntry,
      timeInterval: { start: '2026-03-02T12:04:11Z', end: null, duration: null },
    };

    expect(workOf(entryOf(readUserEntry(running, '')), week)).toBeUndefined();
  });

  it('belongs whole to the window in which it starts, also across midnight', () => {
    const across = { start: '2026-03-08T23:00:00Z', end: '2026-03-09T02:00:00Z' };
    const before = { start: '2026-03-01T23:00:00Z', end: '2026-03-02T02:00:00Z' };
    const work = (timeInterval: object) =>
      factOf(workOf(entryOf(readUserEntry({ ...userEntry, timeInterval }, '')), week));

    expect(work(across)?.amount).toBe(3 * 3_600_000);
    expect(work(before)).toBeUndefined();
  });

  it.each([
    ['no person', { ...userEntry, userId: undefined }, 'userId'],
    ['no interval', { ...userEntry, timeInterval: undefined }, 'timeInterval'],
    ['no type on the core host', { ...userEntry, type: undefined }, 'type'],
  ])('is rejected with its key where there is %s', (_, raw, field) => {
    expect(readUserEntry(raw, 'somewhere')).toEqual({
      rejection: {
        kind: 'work.hours',
        key: userEntry.id,
        ...(field === 'userId' ? {} : { subject: userEntry.userId }),
        why: `missing or unfit: ${field}`,
      },
    });
  });

  it('is rejected by its place where there is no id', () => {
    expect(readReportEntry({ description: 'secret' }, 'report 1/2, entry 3')).toMatchObject({
      rejection: { key: 'report 1/2, entry 3' },
    });
    expect(readReportEntry(null, 'report 1/2, entry 3')).toMatchObject({
      rejection: { key: 'report 1/2, entry 3', why: 'missing or unfit: the record' },
    });
  });

  it.each([
    ['ends before it starts', { start: '2026-03-02T09:00:00Z', end: '2026-03-02T08:00:00Z' }],
    ['has a start that is no time', { start: 'yesterday', end: '2026-03-02T08:00:00Z' }],
    ['has a start without an offset', { start: '2026-03-02T08:00:00', end: '2026-03-02T09:00:00Z' }],
  ])('is rejected where it %s', (_, timeInterval) => {
    expect(workOf(entryOf(readUserEntry({ ...userEntry, timeInterval }, '')), week)).toMatchObject({
      rejection: { kind: 'work.hours', key: userEntry.id },
    });
  });

  it('sums to the same whole number over any cut of the window', () => {
    const offset = fc.integer({ min: 0, max: 7 * 86_400 - 1 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ start: offset, seconds: fc.integer({ min: 0, max: 200_000 }) }), {
          maxLength: 30,
        }),
        offset,
        (entries, cut) => {
          const middle = week.from.add({ seconds: cut });
          const sum = (window: TimeWindow) =>
            entries
              .map(({ start, seconds }, index) => {
                const from = week.from.add({ seconds: start });
                const raw = {
                  ...userEntry,
                  id: String(index),
                  timeInterval: { start: from.toString(), end: from.add({ seconds }).toString() },
                };
                return factOf(workOf(entryOf(readUserEntry(raw, '')), window))?.amount ?? 0;
              })
              .reduce((total, amount) => total + amount, 0);

          expect(sum({ from: week.from, to: middle }) + sum({ from: middle, to: week.to })).toBe(sum(week));
          expect(sum(week)).toBe(entries.reduce((total, { seconds }) => total + seconds * 1000, 0));
        },
      ),
    );
  });
});

const request = {
  id: '65d0aa11e2b7d41a90f1dd01',
  userId: '64a687e29ae1f428e7ebe301',
  userTimeZone: 'Europe/Berlin',
  policyId: '65d0aa11e2b7d41a90f1ee01',
  timeUnit: 'DAYS',
  createdAt: '2026-03-01T09:12:44.120938123Z',
  note: 'ski',
  status: { statusType: 'APPROVED', changedByUserId: null },
  timeOffPeriod: {
    period: { start: '2026-03-04T23:00:00Z', end: '2026-03-06T22:59:59.999Z' },
    halfDay: false,
    halfDayPeriod: 'NOT_DEFINED',
    halfDayHours: null,
  },
};
const withPeriod = (period: object, more: object = {}, moreOfPeriod: object = {}) => ({
  ...request,
  ...more,
  timeOffPeriod: { ...request.timeOffPeriod, ...moreOfPeriod, period },
});
const leave = (raw: unknown) => factOf(leaveOf(raw, 'request 1', week));

describe('leave', () => {
  it('has the days of its person and never the note', () => {
    const fact = leave(request);

    expect(fact).toMatchObject({
      kind: 'leave',
      key: request.id,
      subject: request.userId,
      amount: 2,
      attributes: {
        firstDay: '2026-03-05',
        lastDay: '2026-03-06',
        status: 'approved',
        part: 'whole',
        hoursOff: null,
      },
    });
    expect(String(fact?.from)).toBe('2026-03-04T23:00:00Z');
    expect(String(fact?.to)).toBe('2026-03-06T23:00:00Z');
    expect(JSON.stringify(fact)).not.toContain('ski');
  });

  it.each([
    ['east of Greenwich', 'Asia/Seoul', '2026-03-03T15:00:00Z', '2026-03-04T14:59:59.999Z'],
    ['west of Greenwich', 'America/Los_Angeles', '2026-03-04T08:00:00Z', '2026-03-05T07:59:59.999Z'],
  ])('is on the same day %s', (_, userTimeZone, start, end) => {
    expect(leave(withPeriod({ start, end }, { userTimeZone }))).toMatchObject({
      amount: 1,
      attributes: { firstDay: '2026-03-04', lastDay: '2026-03-04' },
    });
  });

  it.each([
    ['FIRST_HALF', 'first-half'],
    ['SECOND_HALF', 'second-half'],
  ])('takes half a day for %s', (halfDayPeriod, part) => {
    const period = { start: '2026-03-04T23:00:00Z', end: '2026-03-05T22:59:59.999Z' };

    expect(leave(withPeriod(period, {}, { halfDay: true, halfDayPeriod }))).toMatchObject({
      amount: 0.5,
      attributes: { firstDay: '2026-03-05', lastDay: '2026-03-05', part },
    });
  });

  it.each([
    ['three hours of a day', '2026-03-05T12:00:00Z', '2026-03-05T15:00:00Z', 'hours', 3],
    ['a whole day', '2026-03-04T23:00:00Z', '2026-03-05T22:59:59.999Z', 'whole', null],
    ['hours over two days', '2026-03-05T12:00:00Z', '2026-03-06T10:00:00Z', 'whole', null],
  ])('of a policy of hours takes %s', (_, start, end, part, hoursOff) => {
    expect(leave(withPeriod({ start, end }, { timeUnit: 'HOURS' }))?.attributes).toMatchObject({
      part,
      hoursOff,
    });
  });

  it('is pending while nobody decided, and nothing when it was rejected', () => {
    expect(leave({ ...request, status: { statusType: 'PENDING' } })?.attributes['status']).toBe('pending');
    expect(leaveOf({ ...request, status: { statusType: 'REJECTED' } }, '', week)).toBeUndefined();
  });

  it.each([
    ['of an unknown zone', { ...request, userTimeZone: 'Mars/Olympus' }],
    ['without a period', { ...request, timeOffPeriod: {} }],
    [
      'that ends before it starts',
      withPeriod({ start: '2026-03-06T23:00:00Z', end: '2026-03-04T23:00:00Z' }),
    ],
  ])('%s is rejected with its key', (_, raw) => {
    expect(leaveOf(raw, '', week)).toMatchObject({ rejection: { kind: 'leave', key: request.id } });
  });

  it('outside the window is nothing', () => {
    const period = { start: '2026-03-09T23:00:00Z', end: '2026-03-10T22:59:59.999Z' };

    expect(leaveOf(withPeriod(period), '', week)).toBeUndefined();
  });

  it('keeps its local days in every zone and season', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'UTC',
          'Europe/Kyiv',
          'Asia/Seoul',
          'America/New_York',
          'Pacific/Apia',
          'America/Santiago',
        ),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 30 }),
        (zone, offset, days) => {
          const first = week.from.toZonedDateTimeISO(zone).toPlainDate().add({ days: offset });
          const start = first.toZonedDateTime(zone).toInstant();
          const next = first.add({ days }).toZonedDateTime(zone).toInstant();
          const end = next.subtract({ milliseconds: 1 });

          const fact = factOf(
            leaveOf(
              withPeriod({ start: start.toString(), end: end.toString() }, { userTimeZone: zone }),
              '',
              { from: week.from.subtract({ hours: 48 }), to: week.from.add({ hours: 24 * 2000 }) },
            ),
          );

          expect(fact?.amount).toBe(days);
          expect(fact?.attributes['firstDay']).toBe(localDate(start, zone));
          expect(fact?.to.equals(next)).toBe(true);
        },
      ),
    );
  });
});

describe('a holiday', () => {
  const holiday = (datePeriod: { startDate: string; endDate: string }, more: object = {}) =>
    holidayReply.parse({ id: 'h1', name: "New Year's Day", datePeriod, occursAnnually: true, ...more });
  const newYear = holiday({ startDate: '2020-01-01', endDate: '2020-01-01' });
  const january: TimeWindow = { from: instant('2026-01-01T00:00:00Z'), to: instant('2026-02-01T00:00:00Z') };

  it('that occurs annually takes place in the years of the window, from its first year on', () => {
    const years: TimeWindow = { from: instant('2018-06-01T00:00:00Z'), to: instant('2022-06-01T00:00:00Z') };

    expect(occurrencesOf(newYear, years).map(({ firstDay }) => firstDay)).toEqual([
      '2020-01-01',
      '2021-01-01',
      '2022-01-01',
    ]);
  });

  it('that does not takes place once', () => {
    expect(occurrencesOf(holiday(newYear.datePeriod, { occursAnnually: false }), january)).toEqual([]);
  });

  it('may begin in the year before', () => {
    const turn = holiday({ startDate: '2020-12-30', endDate: '2021-01-02' });

    expect(occurrencesOf(turn, january)).toEqual([
      { year: 2025, firstDay: '2025-12-30', lastDay: '2026-01-02' },
    ]);
  });

  it('on 29 February is in leap years only', () => {
    const leapDay = holiday({ startDate: '2024-02-29', endDate: '2024-02-29' });
    const years: TimeWindow = { from: instant('2024-01-01T00:00:00Z'), to: instant('2029-01-01T00:00:00Z') };

    expect(occurrencesOf(leapDay, years).map(({ year }) => year)).toEqual([2024, 2028]);
  });

  it('is a fact with a key of holiday, year and person, on the days of the person', () => {
    const [occurrence] = occurrencesOf(newYear, january);
    const fact = occurrence && holidayOf(newYear, occurrence, { id: 'u1', zone: 'Asia/Seoul' }, january);

    expect(fact).toMatchObject({
      kind: 'holiday',
      key: 'h1/2026/u1',
      subject: 'u1',
      amount: 1,
      attributes: { firstDay: '2026-01-01', lastDay: '2026-01-01', name: "New Year's Day" },
    });
    expect(String(fact?.from)).toBe('2025-12-31T15:00:00Z');
  });
});

describe('a member profile', () => {
  it.each([
    ['an array', ['MONDAY', 'FRIDAY']],
    ['JSON in a text', '["MONDAY","FRIDAY"]'],
    ['names with commas', 'MONDAY, FRIDAY'],
    ['a list in brackets', '[MONDAY, FRIDAY]'],
  ])('has working days as %s', (_, workingDays) => {
    expect(toProfile({ workCapacity: 'PT7H30M', workingDays })).toEqual({
      dailyHours: 7.5,
      workingDays: ['MONDAY', 'FRIDAY'],
    });
  });

  it.each([
    ['nothing', { workCapacity: null, workingDays: null }, {}],
    ['what nobody understands', { workCapacity: 'seven', workingDays: 'often' }, {}],
    ['no working day at all', { workCapacity: 'PT0S', workingDays: [] }, { dailyHours: 0, workingDays: [] }],
  ])('may say %s', (_, reply, profile) => {
    expect(toProfile(reply)).toEqual(profile);
  });
});
