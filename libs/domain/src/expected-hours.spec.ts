import fc from 'fast-check';
import type { Calendar, CalendarDay, ExpectedDay, ExpectedHoursInputs, LeaveRequest } from './calendar.js';
import { expectedDays, expectedHours } from './expected-hours.js';
import type { HolidayAttributes, LeaveAttributes } from './fact.js';
import { addDays, daysOf } from './instant.js';
import type { LocalDate } from './instant.js';
import type { Person } from './person.js';
import { weekdays } from './weekday.js';

const olena: Person = {
  id: 'p1',
  slug: 'olena-kovalenko',
  name: 'Olena Kovalenko',
  zone: 'Europe/Kyiv',
  locale: 'uk',
  calendar: 'office',
  weekStart: 'MONDAY',
  workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  dailyHours: 8,
  active: true,
  managers: [],
  teams: [],
  identities: {},
};
const noCalendar: Calendar = { name: 'office', holidays: [], companyDays: [], workingDays: [] };
const wednesday = '2026-07-08';
const saturday = '2026-07-11';

interface Given {
  readonly person?: Partial<Person>;
  readonly calendar?: Partial<Calendar>;
  readonly holidays?: readonly HolidayAttributes[];
  readonly leave?: readonly LeaveRequest[];
}
const given = ({ person, calendar, holidays = [], leave = [] }: Given): ExpectedHoursInputs => ({
  person: { ...olena, ...person },
  calendar: { ...noCalendar, ...calendar },
  holidays,
  leave,
});
const free = (share: number, name = 'free', day: LocalDate = wednesday): CalendarDay => ({
  day,
  name,
  share,
});
const sourceHoliday = (name = 'as Clockify has it'): HolidayAttributes => ({
  firstDay: wednesday,
  lastDay: wednesday,
  name,
});
const off = (
  part: LeaveAttributes['part'],
  hoursOff: number | null = null,
  of: { readonly source?: string; readonly key?: string } = {},
): LeaveRequest => ({
  source: 'clockify',
  key: `${part} ${hoursOff ?? ''}`,
  ...of,
  firstDay: '2026-07-07',
  lastDay: saturday,
  status: 'approved',
  part,
  hoursOff,
});
const elsewhere = { source: 'clockify-us' };
const pending = (leave: LeaveRequest): LeaveRequest => ({ ...leave, status: 'pending' });
const stepsOf = (day: ExpectedDay): string[] => day.steps.map(({ step, hours }) => `${step} ${hours}`);

describe('expectedHours', () => {
  it.each<[string, Given, LocalDate, number, number, number]>([
    ['an ordinary day', {}, wednesday, 8, 0, 0],
    ['a day off', {}, saturday, 0, 0, 0],
    ['part time', { person: { dailyHours: 4.5 } }, wednesday, 4.5, 0, 0],
    ['the day before joining', { person: { joined: '2026-07-09' } }, wednesday, 0, 0, 0],
    ['the day of joining', { person: { joined: wednesday } }, wednesday, 8, 0, 0],
    ['the last day', { person: { left: wednesday } }, wednesday, 8, 0, 0],
    ['the day after leaving', { person: { left: '2026-07-07' } }, wednesday, 0, 0, 0],
    ['a public holiday', { calendar: { holidays: [free(1)] } }, wednesday, 0, 1, 0],
    ['a half public holiday', { calendar: { holidays: [free(0.5)] } }, wednesday, 4, 0.5, 0],
    ['the same half twice', { calendar: { holidays: [free(0.5), free(0.5, 'b')] } }, wednesday, 4, 0.5, 0],
    [
      'two halves of two kinds',
      { calendar: { holidays: [free(0.5)], companyDays: [free(0.5)] } },
      wednesday,
      0,
      1,
      0,
    ],
    [
      'a whole and a half',
      { calendar: { holidays: [free(1)], companyDays: [free(0.5)] } },
      wednesday,
      0,
      1,
      0,
    ],
    ['a company day', { calendar: { companyDays: [free(1)] } }, wednesday, 0, 1, 0],
    ['a holiday of a source', { holidays: [sourceHoliday()] }, wednesday, 0, 1, 0],
    [
      'one that calendar and source have',
      { calendar: { holidays: [free(1)] }, holidays: [sourceHoliday()] },
      wednesday,
      0,
      1,
      0,
    ],
    ['a holiday on a day off', { calendar: { holidays: [free(1, 'x', saturday)] } }, saturday, 0, 0, 0],
    ['leave', { leave: [off('whole')] }, wednesday, 0, 0, 1],
    ['leave on a day off', { leave: [off('whole')] }, saturday, 0, 0, 0],
    ['leave on a holiday', { calendar: { holidays: [free(1)] }, leave: [off('whole')] }, wednesday, 0, 1, 0],
    [
      'leave on half a holiday',
      { calendar: { holidays: [free(0.5)] }, leave: [off('whole')] },
      wednesday,
      0,
      0.5,
      0.5,
    ],
    [
      'half a leave on half a holiday',
      { calendar: { holidays: [free(0.5)] }, leave: [off('first-half')] },
      wednesday,
      0,
      0.5,
      0.5,
    ],
    ['half a leave', { leave: [off('second-half')] }, wednesday, 4, 0, 0.5],
    ['both halves', { leave: [off('first-half'), off('second-half')] }, wednesday, 0, 0, 1],
    ['the same half twice', { leave: [off('first-half'), off('first-half')] }, wednesday, 4, 0, 0.5],
    ['a half within a whole', { leave: [off('first-half'), off('whole')] }, wednesday, 0, 0, 1],
    ['some hours', { leave: [off('hours', 2)] }, wednesday, 6, 0, 0.25],
    ['hours and other hours', { leave: [off('hours', 2), off('hours', 3)] }, wednesday, 3, 0, 0.625],
    [
      'the same number of hours twice',
      { leave: [off('hours', 2), off('hours', 2, { key: 'another' })] },
      wednesday,
      4,
      0,
      0.5,
    ],
    ['the same request twice', { leave: [off('hours', 2), off('hours', 2)] }, wednesday, 6, 0, 0.25],
    ['hours that are the day together', { leave: [off('hours', 5), off('hours', 6)] }, wednesday, 0, 0, 1],
    ['hours within a whole', { leave: [off('hours', 2), off('whole')] }, wednesday, 0, 0, 1],
    ['hours and a half', { leave: [off('hours', 2), off('first-half')] }, wednesday, 2, 0, 0.75],
    [
      'the same hours from two systems',
      { leave: [off('hours', 2), off('hours', 2, elsewhere)] },
      wednesday,
      6,
      0,
      0.25,
    ],
    [
      'hours of two systems, of which one knows of more',
      { leave: [off('hours', 1), off('hours', 2), off('hours', 2.5, elsewhere)] },
      wednesday,
      5,
      0,
      0.375,
    ],
    [
      'hours beside a longer half of another system',
      { leave: [off('hours', 2), off('first-half', null, elsewhere)] },
      wednesday,
      4,
      0,
      0.5,
    ],
    [
      'hours beside a shorter half of another system',
      { leave: [off('hours', 6), off('first-half', null, elsewhere)] },
      wednesday,
      2,
      0,
      0.75,
    ],
    [
      'the two halves of two systems',
      { leave: [off('first-half'), off('second-half', null, elsewhere)] },
      wednesday,
      0,
      0,
      1,
    ],
    ['more hours than there are', { leave: [off('hours', 12)] }, wednesday, 0, 0, 1],
    [
      'hours of half a holiday',
      { calendar: { holidays: [free(0.5)] }, leave: [off('hours', 3)] },
      wednesday,
      1,
      0.5,
      0.375,
    ],
    ['hours that nobody gave', { leave: [off('hours')] }, wednesday, 8, 0, 0],
    [
      'hours that are no round share',
      { person: { dailyHours: 7.6 }, leave: [off('hours', 2.3)] },
      wednesday,
      7.6 - 2.3,
      0,
      2.3 / 7.6,
    ],
    ['leave that is not approved yet', { leave: [pending(off('whole'))] }, wednesday, 8, 0, 0],
    ['leave of another week', { leave: [off('whole')] }, '2026-07-06', 8, 0, 0],
  ])('of %s', (_what, inputs, day, hours, holidayShare, leaveShare) => {
    expect(expectedHours(given(inputs), day)).toMatchObject({ hours, holidayShare, leaveShare });
  });

  it('needs no calendar: contract, the sources’ holidays and leave decide', () => {
    const inputs = { ...given({ holidays: [sourceHoliday()] }), calendar: undefined };

    expect(expectedHours(inputs, '2026-07-07').hours).toBe(8);
    expect(expectedHours(inputs, wednesday).hours).toBe(0);
  });

  it('says why, in the order in which it was applied', () => {
    const inputs = given({
      calendar: { holidays: [free(0.5, 'half a holiday')] },
      leave: [off('hours', 1)],
    });

    expect(expectedHours(inputs, wednesday)).toEqual({
      day: wednesday,
      hours: 3,
      contractHours: 8,
      holidayShare: 0.5,
      leaveShare: 0.125,
      steps: [
        { step: 'contract', hours: 8, workingDay: true },
        { step: 'public-holiday', name: 'half a holiday', share: 0.5, hours: 4 },
        { step: 'leave', part: 'hours', hours: 3 },
      ],
    });
  });

  it('says of a half and of hours what each of them takes', () => {
    const found = expectedHours(
      given({ leave: [off('hours', 1), off('second-half'), off('hours', 2)] }),
      wednesday,
    );

    expect(stepsOf(found)).toEqual(['contract 8', 'leave 4', 'leave 1']);
  });

  it('gives no step to what changes nothing', () => {
    const holiday = given({
      calendar: { holidays: [free(1)], companyDays: [free(1)] },
      holidays: [sourceHoliday()],
      leave: [off('whole')],
    });

    expect(stepsOf(expectedHours(holiday, wednesday))).toEqual(['contract 8', 'public-holiday 0']);
    expect(stepsOf(expectedHours(holiday, saturday))).toEqual(['contract 0']);
    expect(stepsOf(expectedHours(given({ person: { joined: '2027-01-01' } }), saturday))).toEqual([
      'contract 0',
    ]);
  });

  it('refuses what is no day', () => {
    expect(() => expectedHours(given({}), 'tomorrow')).toThrow(RangeError);
  });
});

describe('a working-day override', () => {
  const moved = { workingDays: [{ day: saturday, name: 'moved from Monday' }] };
  const onWednesday = { workingDays: [{ day: wednesday, name: 'we work' }] };

  it('makes a day off a whole working day', () => {
    expect(expectedHours(given({ calendar: moved }), saturday)).toEqual({
      day: saturday,
      hours: 8,
      contractHours: 8,
      holidayShare: 0,
      leaveShare: 0,
      steps: [
        { step: 'contract', hours: 0, workingDay: false },
        { step: 'working-day-override', name: 'moved from Monday', hours: 8 },
      ],
    });
  });

  it('wins over holidays of every kind', () => {
    const calendar = { ...onWednesday, holidays: [free(1)], companyDays: [free(1)] };
    const found = expectedHours(given({ calendar, holidays: [sourceHoliday()] }), wednesday);

    expect(stepsOf(found)).toEqual(['contract 8', 'working-day-override 8']);
    expect(found.holidayShare).toBe(0);
  });

  it('does not win over leave', () => {
    expect(expectedHours(given({ calendar: moved, leave: [off('whole')] }), saturday)).toMatchObject({
      hours: 0,
      leaveShare: 1,
    });
  });

  it.each<[string, Partial<Person>, number]>([
    ['Monday to Friday', {}, 8],
    ['Sunday to Thursday', { workingDays: ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY'] }, 8],
    ['Monday to Thursday', { workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY'] }, 0],
    [
      'Monday to Thursday, one of them twice',
      { workingDays: ['MONDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY'] },
      0,
    ],
    ['Friday and Saturday', { workingDays: ['FRIDAY', 'SATURDAY'] }, 8],
    ['half days, Monday to Friday', { dailyHours: 4 }, 4],
    ['nothing yet: joins later', { joined: '2026-07-13' }, 0],
  ])('on a Saturday, for who works %s', (_week, person, hours) => {
    expect(expectedHours(given({ person, calendar: moved }), saturday).hours).toBe(hours);
  });

  it('confirms an ordinary day of a part-timer against a holiday', () => {
    const person: Partial<Person> = { workingDays: ['WEDNESDAY'] };

    expect(
      expectedHours(given({ person, calendar: { ...onWednesday, holidays: [free(1)] } }), wednesday).hours,
    ).toBe(8);
  });
});

describe('expectedHours of anybody', () => {
  const first = '2026-07-01';
  const range = { from: first, to: addDays(first, 21) };
  const day = fc.integer({ min: -5, max: 26 }).map((days) => addDays(first, days));
  const name = fc.constantFrom('a', 'b', 'c');
  const person = fc
    .record({
      workingDays: fc.subarray([...weekdays]),
      dailyHours: fc.constantFrom(0, 1, 4, 7.6, 8, 24),
      joined: fc.option(day, { nil: undefined }),
      left: fc.option(day, { nil: undefined }),
    })
    .map(({ joined, left, ...rest }): Person => ({
      ...olena,
      ...rest,
      ...(joined && { joined }),
      ...(left && { left }),
    }));
  const calendarDay = fc.record({ day, name, share: fc.constantFrom(0, 0.3, 0.5, 0.7, 1) });
  const sourceHolidays = fc.record({ firstDay: day, lastDay: day, name });
  const leave = fc.record<LeaveRequest>({
    source: fc.constantFrom('clockify', 'clockify-us'),
    // As a source has them, one key is one request.
    key: fc.uuid(),
    firstDay: day,
    lastDay: day,
    status: fc.constantFrom('approved', 'pending'),
    part: fc.constantFrom('whole', 'first-half', 'second-half', 'hours'),
    hoursOff: fc.constantFrom(null, 0, 1, 2.3, 9),
  });
  const calendar = fc.record<Calendar>({
    name: fc.constant('office'),
    holidays: fc.array(calendarDay, { maxLength: 8 }),
    companyDays: fc.array(calendarDay, { maxLength: 4 }),
    workingDays: fc.array(fc.record({ day, name }), { maxLength: 4 }),
  });
  const inputs = fc.record<ExpectedHoursInputs>({
    person,
    calendar: fc.option(calendar, { nil: undefined }),
    holidays: fc.array(sourceHolidays, { maxLength: 3 }),
    leave: fc.array(leave, { maxLength: 6 }),
  });

  it('lies between nothing and the contract, is what the last step says, and shares never exceed the day', () => {
    fc.assert(
      fc.property(inputs, (all) => {
        for (const found of expectedDays(all, range)) {
          expect(found.hours).toBeGreaterThanOrEqual(0);
          expect(found.hours).toBeLessThanOrEqual(found.contractHours);
          expect([0, all.person.dailyHours]).toContain(found.contractHours);
          expect(found.hours).toBe(found.steps.at(-1)?.hours);
          expect(found.holidayShare + found.leaveShare).toBeLessThanOrEqual(1);
          expect(found.contractHours * (1 - found.holidayShare - found.leaveShare)).toBeCloseTo(
            found.hours,
            9,
          );
          const shares = found.steps.flatMap((step) => ('share' in step ? [step.share] : []));
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(found.holidayShare);
        }
      }),
    );
  });

  it('is never raised by more leave or another holiday', () => {
    fc.assert(
      fc.property(inputs, leave, sourceHolidays, calendarDay, (all, request, holiday, free) => {
        const withCalendar = (more: Partial<Calendar>): ExpectedHoursInputs => ({
          ...all,
          calendar: { ...(all.calendar ?? noCalendar), ...more },
        });
        const before = hoursOf(all);

        for (const after of [
          { ...all, leave: [...all.leave, request] },
          { ...all, holidays: [...all.holidays, holiday] },
          withCalendar({ holidays: [...(all.calendar?.holidays ?? []), free] }),
          withCalendar({ companyDays: [...(all.calendar?.companyDays ?? []), free] }),
        ])
          // Shares such as 0.3 are no exact doubles, so a step in another order may differ in the last digit.
          hoursOf(after).forEach((hours, index) =>
            expect(hours).toBeLessThanOrEqual((before[index] ?? 0) + 1e-9),
          );
      }),
    );
  });

  it('takes the sum of all hours off from what was due on the day, and never more', () => {
    const minutes = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 8 });
    const share = fc.constantFrom(0, 0.5, 1);
    const daily = fc.constantFrom(4, 7.6, 8);

    fc.assert(
      fc.property(minutes, share, daily, (all, holiday, dailyHours) => {
        const leave = all.map((some, index) => off('hours', some / 60, { key: String(index) }));
        const without = given({
          person: { dailyHours },
          calendar: { holidays: holiday > 0 ? [free(holiday)] : [] },
        });

        const before = expectedHours(without, wednesday);
        const after = expectedHours({ ...without, leave }, wednesday);

        const asked = all.reduce((sum, some) => sum + some, 0) / 60;
        expect(before.hours - after.hours).toBeCloseTo(Math.min(asked, before.hours), 9);
        expect(after.holidayShare).toBe(before.holidayShare);
        expect(after.leaveShare).toBeLessThanOrEqual(1 - holiday);
      }),
    );
  });

  it('is not below what was due by the noise of adding up hours off', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([6, 12, 18, 42, 66, 78]), (tenths) => {
        const leave = tenths.map((some) => off('hours', some / 60, { key: String(some) }));
        const minutes = 8 * 60 - tenths.reduce((sum, some) => sum + some, 0);

        expect(expectedHours(given({ leave }), wednesday).hours).toBe(minutes / 60);
      }),
    );
  });

  it('is changed by pending leave in nothing', () => {
    fc.assert(
      fc.property(inputs, leave, (all, request) => {
        expect(expectedDays({ ...all, leave: [...all.leave, pending(request)] }, range)).toEqual(
          expectedDays(all, range),
        );
      }),
    );
  });

  it('does not depend on the order of its inputs, nor on saying the same twice', () => {
    fc.assert(
      fc.property(inputs, (all) => {
        const turned: ExpectedHoursInputs = {
          person: { ...all.person, workingDays: all.person.workingDays.toReversed() },
          calendar: all.calendar && {
            name: all.calendar.name,
            holidays: twice(all.calendar.holidays),
            companyDays: twice(all.calendar.companyDays),
            workingDays: twice(all.calendar.workingDays),
          },
          holidays: twice(all.holidays),
          leave: twice(all.leave),
        };

        expect(expectedDays(turned, range)).toEqual(expectedDays(all, range));
      }),
    );
  });

  it('is the same asked for day by day or over a range', () => {
    fc.assert(
      fc.property(inputs, (all) => {
        const oneByOne = [...daysOf(range)].map((each) => expectedHours(all, each));

        expect(expectedDays(all, range)).toEqual(oneByOne);
      }),
      { numRuns: 50 },
    );
  });

  it('follows the override against every holiday, for all whom it binds', () => {
    fc.assert(
      fc.property(inputs, day, (all, moved) => {
        const office = all.calendar ?? noCalendar;
        const overridden = { ...office, workingDays: [{ day: moved, name: 'moved' }] };
        const undisturbed = { ...noCalendar, workingDays: overridden.workingDays };
        const withHolidays = expectedHours({ ...all, calendar: overridden }, moved);

        if (withHolidays.steps.some(({ step }) => step === 'working-day-override'))
          expect(withHolidays).toEqual(expectedHours({ ...all, holidays: [], calendar: undisturbed }, moved));
        else expect(withHolidays.contractHours).toBe(0);
      }),
    );
  });

  const hoursOf = (all: ExpectedHoursInputs): number[] => expectedDays(all, range).map(({ hours }) => hours);
  const twice = <T>(list: readonly T[]): T[] => [...list, ...list].toReversed();
});
