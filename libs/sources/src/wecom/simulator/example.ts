import { weekdayOf, type LocalDate } from '#domain';
import type { NewDay } from './additions.js';
import type { Corp } from './corp.js';
import { draw } from './draw.js';
import { exampleDepartments, examplePeople, type ExamplePerson } from './example-people.js';
import type { Item } from './model.js';
import { daysOfMonth } from './spread.js';

const hour = 3600;
const dayOfWork = 8 * hour;
const start = 9 * hour;

export interface ExampleMonth {
  /** `2026-03`. */
  readonly month: string;
  /** The first day of which nothing is known yet; by default the whole month is. */
  readonly until?: LocalDate;
  /** Public holidays, on which nobody in the office works. */
  readonly holidays?: readonly LocalDate[];
  /** Saturdays and Sundays that are worked for them. */
  readonly movedWorkdays?: readonly LocalDate[];
}

/** Secrets of the example's apps: one self-built and listed for check-in, one for contacts. */
export const exampleSecrets = { app: 'sandbox-wecom-app', contacts: 'sandbox-wecom-contacts' } as const;

/**
 * A company of thirty with a month of attendance: late arrivals, absences, missing punches, overtime, leave, trips. Nothing but the month
 * decides what happens in it. People who are there stay as they are; the month is written anew.
 */
export function fillExample(corp: Corp, example: ExampleMonth): void {
  addFoundations(corp);
  for (const person of examplePeople) {
    if (!corp.directory.user(person.id)) {
      const { work: _, from: _from, to: _to, ...user } = person;
      corp.addUser(user);
    }
    corp.clearMonth(person.id, example.month);
    for (const day of daysOfMonth(example.month)) {
      const date = Number(day.slice(-2));
      if (date < person.from || date > person.to || !person.rule || day >= (example.until ?? '9')) continue;
      corp.setDay(person.id, day, dayOf(person, day, example));
    }
    if (person.to < 31) corp.editUser(person.id, { status: 5 });
  }
}

function addFoundations(corp: Corp): void {
  if (!corp.app(exampleSecrets.app)) corp.addApp({ secret: exampleSecrets.app });
  if (!corp.app(exampleSecrets.contacts))
    corp.addApp({ secret: exampleSecrets.contacts, kind: 'contact-sync' });
  for (const department of exampleDepartments)
    if (!corp.directory.department(department.id)) corp.addDepartment(department);
}

function dayOf(person: ExamplePerson, day: LocalDate, example: ExampleMonth): NewDay {
  if (!isDue(person, day, example)) return restDay(person, day);
  const leave = leaveOn(person, day);
  if (leave) return leave;
  const lot = draw(person.id, day, 'mishap');
  if (lot < 0.01) return absent();
  if (lot < 0.03) return missingPunch(lot < 0.02);
  const late = lot < 0.09 ? minutes(1, 40, person.id, day, 'late') : 0;
  const early = lot >= 0.09 && lot < 0.11 ? minutes(5, 60, person.id, day, 'early') : 0;
  const extra = draw(person.id, day, 'overtime') < 0.15 ? minutes(60, 180, person.id, day, 'extra') : 0;
  const items = person.work === 'sales' ? visits(person, day) : [];
  return {
    type: 'work',
    workedSeconds: dayOfWork - late - early,
    standardSeconds: dayOfWork,
    checkIns: 2,
    earliest: start + late,
    latest: start + 9 * hour - early + extra,
    exceptions: [
      ...(late > 0 ? [{ exception: 1 as const, count: 1, duration: late }] : []),
      ...(early > 0 ? [{ exception: 2 as const, count: 1, duration: early }] : []),
    ],
    items,
    overtime: extra > 0 ? [{ on: 'workday', seconds: extra, as: 'money' }] : [],
  };
}

/** The office works Mondays to Fridays; in support everybody has two days off in a row, each other ones. */
function isDue(person: ExamplePerson, day: LocalDate, { holidays, movedWorkdays }: ExampleMonth): boolean {
  if (person.work === 'shifts') {
    const turn = Number(person.id.slice(-3));
    return (Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000) + turn) % 7 < 5;
  }
  if (holidays?.includes(day)) return false;
  return movedWorkdays?.includes(day) === true || !['SATURDAY', 'SUNDAY'].includes(weekdayOf(day));
}

function restDay(person: ExamplePerson, day: LocalDate): NewDay {
  if (draw(person.id, day, 'rest') >= 0.04) return { type: 'rest' };
  const seconds = minutes(120, 300, person.id, day, 'rest');
  return {
    type: 'rest',
    checkIns: 2,
    earliest: 10 * hour,
    latest: 10 * hour + seconds,
    overtime: [{ on: 'restday', seconds, as: 'vacation' }],
  };
}

/** Every third person is away for one to three days, once a month. */
function leaveOn(person: ExamplePerson, day: LocalDate): NewDay | undefined {
  const month = day.slice(0, 7);
  const date = Number(day.slice(-2));
  if (draw(person.id, month, 'leave') >= 1 / 3) return undefined;
  const first = 2 + Math.floor(draw(person.id, month, 'leave from') * 24);
  if (date < first || date > first + Math.floor(draw(person.id, month, 'leave for') * 3)) return undefined;
  const [name, vacationId] = draw(person.id, month, 'leave of') < 0.7 ? ['年假', 1] : ['病假', 2];
  return {
    type: 'work',
    standardSeconds: dayOfWork,
    items: [
      {
        type: 1,
        name: String(name),
        vacationId: Number(vacationId),
        count: 1,
        duration: 86_400,
        unit: 'days',
      },
    ],
    approvals: [
      { number: `${day.replaceAll('-', '')}${person.id.slice(-3)}`, title: String(name), description: day },
    ],
  };
}

const absent = (): NewDay => ({
  type: 'work',
  standardSeconds: dayOfWork,
  exceptions: [{ exception: 4, count: 1, duration: dayOfWork }],
});

/** Some are made up for: then the day is normal. */
const missingPunch = (madeUp: boolean): NewDay => ({
  type: 'work',
  workedSeconds: madeUp ? dayOfWork : 0,
  standardSeconds: dayOfWork,
  checkIns: madeUp ? 2 : 1,
  earliest: start,
  latest: madeUp ? start + 9 * hour : start,
  exceptions: madeUp ? [] : [{ exception: 3, count: 1, duration: 0 }],
  items: madeUp ? [item(2, '补卡次数', 0)] : [],
});

function visits(person: ExamplePerson, day: LocalDate): readonly Item[] {
  const lot = draw(person.id, day, 'visit');
  if (lot < 0.05) return [item(3, '出差', 86_400)];
  if (lot < 0.12) return [{ ...item(4, '外出', 2 * hour), unit: 'hours' }];
  return lot < 0.3 ? [item(100, '外勤次数', 0)] : [];
}

const item = (type: number, name: string, duration: number): Item => ({
  type,
  name,
  vacationId: 0,
  count: 1,
  duration,
  unit: 'days',
});

/** Whole minutes, in seconds. */
const minutes = (from: number, to: number, ...what: readonly string[]): number =>
  60 * (from + Math.floor(draw(...what, 'minutes') * (to - from)));
