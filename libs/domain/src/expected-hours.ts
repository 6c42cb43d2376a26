import type { ExpectationStep, ExpectedDay, ExpectedHoursInputs, LeaveRequest } from './calendar.js';
import { calendarDays } from './calendar-days.js';
import type { CalendarDays } from './calendar-days.js';
import { daysWithin, weekdaysOf } from './day-spans.js';
import { nextDay } from './instant.js';
import type { DateRange, LocalDate } from './instant.js';
import type { Person } from './person.js';
import { leaveByDay, leaveOf } from './leave-of-day.js';
import type { Weekday } from './weekday.js';

/**
 * The hours that were due from one person on one day, and why: the only place where this is decided. Each step can only be argued with
 * by changing its input, and where two readings are fair the one that asks for less is taken.
 *
 * 1. **Contract.** `dailyHours` on the person's `workingDays`, else nothing. It needs no calendar: without one the sources' holidays and
 *    leave alone change it.
 * 2. **Joining and leaving.** Nothing is due before `joined` or after `left`.
 * 3. **Working-day override.** The calendar says that work is due although the week or a holiday says otherwise. It makes the day a
 *    whole working day and wins over public holidays, company days and the sources' holidays, but never over leave. It binds a person
 *    whose own week has that weekday anyway, and everybody who works five or more days a week. Who works fewer is not bound on a day off:
 *    the moved day replaces a certain weekday, the calendar does not say which, and perhaps it is one that they never work.
 * 4. **Holidays.** Public holidays, then company days, then the sources' holidays (always whole). Within one kind a day counts once, the
 *    greater share. A public and a company half day make a whole one. The shares never exceed the day, so that a holiday that the
 *    calendar and a source both have counts once.
 * 5. **Leave**, approved only, from what is left of the day; see `leaveOf`. A half-day leave on a half holiday is taken as the other half,
 *    so nothing is due.
 *
 * A day off has no shares: leave and holidays on it count nothing. Only what changes the hours (or, the override, decides about them) is
 * a step; `hours` is what the last one says. The order of the inputs never matters.
 */
export const expectedHours = (inputs: ExpectedHoursInputs, day: LocalDate): ExpectedDay => {
  const [only] = expectedDays(inputs, { from: day, to: nextDay(day) });
  if (!only) throw new RangeError(`not a day: ${day}`);
  return only;
};

/** {@link expectedHours} for each day of the range. Holidays and leave are spread over the days once, so a day costs a few look-ups. */
export const expectedDays = (inputs: ExpectedHoursInputs, range: DateRange): ExpectedDay[] => {
  const prepared: Prepared = {
    person: inputs.person,
    workingDays: new Set(inputs.person.workingDays),
    calendar: calendarDays(inputs.calendar),
    sourceHolidays: firstNameByDay(inputs, range),
    leave: leaveByDay(inputs.leave, range),
  };
  return [...weekdaysOf(range)].map(([day, weekday]) => expectDay(prepared, day, weekday));
};

interface Prepared {
  readonly person: Person;
  readonly workingDays: ReadonlySet<Weekday>;
  readonly calendar: CalendarDays;
  readonly sourceHolidays: ReadonlyMap<LocalDate, string>;
  readonly leave: ReadonlyMap<LocalDate, readonly LeaveRequest[]>;
}

const expectDay = (prepared: Prepared, day: LocalDate, weekday: Weekday): ExpectedDay => {
  const { person, workingDays } = prepared;
  const ownDay = workingDays.has(weekday);
  const steps: ExpectationStep[] = [
    { step: 'contract', hours: ownDay ? person.dailyHours : 0, workingDay: ownDay },
  ];

  const outside = outsideOfContract(person, day);
  if (outside) {
    if (ownDay) steps.push({ step: outside, hours: 0 });
    return dayOff(day, steps);
  }

  const override = ownDay || workingDays.size >= 5 ? prepared.calendar.workingDays.get(day) : undefined;
  if (override) steps.push({ step: 'working-day-override', name: override.name, hours: person.dailyHours });
  if (person.dailyHours <= 0 || (!ownDay && !override)) return dayOff(day, steps);

  const holidayShare = override ? 0 : takeHolidays(prepared, day, steps);
  const leave = leaveOf(prepared.leave.get(day) ?? [], person.dailyHours, 1 - holidayShare);
  steps.push(...leave.steps);
  return {
    day,
    hours: steps.at(-1)?.hours ?? 0,
    contractHours: person.dailyHours,
    holidayShare,
    leaveShare: leave.share,
    steps,
  };
};

const outsideOfContract = (
  person: Person,
  day: LocalDate,
): 'before-joining' | 'after-leaving' | undefined => {
  if (person.joined !== undefined && day < person.joined) return 'before-joining';
  if (person.left !== undefined && day > person.left) return 'after-leaving';
  return undefined;
};

const dayOff = (day: LocalDate, steps: readonly ExpectationStep[]): ExpectedDay => ({
  day,
  hours: 0,
  contractHours: 0,
  holidayShare: 0,
  leaveShare: 0,
  steps,
});

/** Adds a step for each kind of holiday that frees more of the day than those before it; a step's share is what it adds. */
const takeHolidays = (
  { person, calendar, sourceHolidays }: Prepared,
  day: LocalDate,
  steps: ExpectationStep[],
): number => {
  const source = sourceHolidays.get(day);
  const kinds = [
    ['public-holiday', calendar.holidays.get(day)],
    ['company-day', calendar.companyDays.get(day)],
    ['source-holiday', source === undefined ? undefined : { name: source, share: 1 }],
  ] as const;

  let taken = 0;
  for (const [step, holiday] of kinds) {
    const share = Math.min(holiday?.share ?? 0, 1 - taken);
    if (!holiday || share <= 0) continue;
    taken += share;
    steps.push({ step, name: holiday.name, share, hours: person.dailyHours * (1 - taken) });
  }
  return taken;
};

const firstNameByDay = ({ holidays }: ExpectedHoursInputs, range: DateRange): Map<LocalDate, string> => {
  const names = new Map<LocalDate, string>();
  for (const { firstDay, lastDay, name } of holidays)
    for (const day of daysWithin(firstDay, lastDay, range)) {
      const present = names.get(day);
      if (present === undefined || name < present) names.set(day, name);
    }
  return names;
};
