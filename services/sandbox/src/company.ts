import { addDays, daysOf, startOfDay, weekdayOf, type LocalDate } from '#domain';
import type { ClockifySimulator } from '#sources/simulators';
import { entriesOf, forgetsTheTimer, projects } from './company-entries.js';
import { publicHolidays } from './company-holidays.js';
import { interns, mondayOf, staff, type CompanyPerson, type Country } from './company-people.js';
import { weekStory, workdays, type Leave } from './company-week.js';
import { clockifyId } from './draw.js';

export type { CompanyPerson } from './company-people.js';

const workspaceId = clockifyId('workspace');
const apiKey = 'sandbox-clockify-key';
const policies = {
  vacation: clockifyId('policy', 'vacation'),
  sick: clockifyId('policy', 'sick'),
  errand: clockifyId('policy', 'errand'),
};
/** These are in no group of their country, so that the public holidays of the others are not entered for them. */
const forgottenByHolidays = new Set(['seoyeon', 'casey']);
/** Where Clockify enters public holidays as time by itself. */
const entersHolidays: ReadonlySet<Country> = new Set(['DE', 'PL']);
const countries: Readonly<Record<Country, string>> = {
  UA: 'Україна',
  DE: 'Deutschland',
  PL: 'Polska',
  KR: '대한민국',
  CN: '中国',
  US: 'United States',
};

/** Everybody at Acme on a day: the staff, this month's interns, and the intern who left last. */
export const company = (today: LocalDate): readonly CompanyPerson[] => [...staff, ...interns(today)];

/** The id in Clockify of somebody of the company. */
export const clockifyUser = (person: string): string => clockifyId('user', person);

/**
 * Fills Clockify with the company and so many whole weeks before this one, and this week's days before today.
 * Doing it again changes nothing.
 */
export function fillClockify(
  simulator: ClockifySimulator,
  people: readonly CompanyPerson[],
  today: LocalDate,
  weeks: number,
): { workspaceId: string; apiKey: string } {
  extendClockify(simulator, people, addDays(mondayOf(today), -7 * weeks), today);
  return { workspaceId, apiKey };
}

/**
 * Adds the days `[from, to)`: who joined, who left, what was logged, taken and entered; and the leave of the week after. One timer is left
 * running on the last working day before `to`; that of the last time is stopped. Days that are there already stay as they are.
 */
export function extendClockify(
  simulator: ClockifySimulator,
  people: readonly CompanyPerson[],
  from: LocalDate,
  to: LocalDate,
): void {
  const members = people.filter((person) => person.inClockify);
  addFoundations(simulator);
  addPeople(simulator, members, to);
  addHolidays(simulator, members, from, to);
  for (let monday = mondayOf(from); monday <= addDays(to, 7); monday = addDays(monday, 7)) {
    for (const leave of weekStory(monday).leave) {
      if (members.some((person) => person.key === leave.person)) addLeave(simulator, members, leave, to);
    }
  }
  for (const person of members) for (const day of daysOf({ from, to })) addDay(simulator, person, day);
  leaveTimerRunning(simulator, members, to);
}

function addFoundations(simulator: ClockifySimulator): void {
  if (simulator.accountWorkspaces.has(workspaceId)) return;
  simulator.addWorkspace({ id: workspaceId, name: 'Acme' });
  for (const { name, color, client } of projects)
    simulator.addProject({
      id: clockifyId('project', name),
      workspaceId,
      name,
      color,
      ...(client === undefined ? {} : { client }),
    });
  const usual = { workspaceId, allowNegativeBalance: true, allowance: 25 };
  simulator.addPolicy({ ...usual, id: policies.vacation, name: 'Vacation' });
  simulator.addPolicy({ ...usual, id: policies.sick, name: 'Sick leave', automaticTimeEntryCreation: true });
  simulator.addPolicy({ ...usual, id: policies.errand, name: 'Errand', timeUnit: 'HOURS', allowance: 40 });
  // Everybody's, every year; the country lists leave it out.
  simulator.addHoliday({
    id: clockifyId('holiday', 'new-year'),
    workspaceId,
    name: "New Year's Day",
    startDate: '2020-01-01',
    occursAnnually: true,
    everyoneIncludingNew: true,
  });
  simulator.addUser({
    id: clockifyUser('invited'),
    workspaceId,
    email: 'invited@acme.example',
    signedUp: false,
  });
}

function addPeople(simulator: ClockifySimulator, members: readonly CompanyPerson[], to: LocalDate): void {
  for (const person of members) {
    const id = clockifyUser(person.key);
    if (!simulator.has(id))
      simulator.addUser({
        id,
        workspaceId,
        email: person.email,
        name: person.name,
        zone: person.zone,
        capacity: person.capacityHours,
        workingDays: person.workingDays,
        managers: person.manager === undefined ? [] : [clockifyUser(person.manager)],
        role: person.key === 'mariia' ? 'WORKSPACE_OWN' : null,
        lang: person.locale.toUpperCase(),
      });
    if (person.left !== undefined && person.left < to) simulator.deactivateUser(id);
  }
  simulator.addKey(apiKey, clockifyUser('mariia'));
  for (const [country, name] of Object.entries(countries)) {
    const userIds = members
      .filter((person) => person.country === country && !forgottenByHolidays.has(person.key))
      .map((person) => clockifyUser(person.key));
    simulator.addGroup({ id: clockifyId('group', country), workspaceId, name, userIds });
  }
}

/** The public holidays of every year that the days touch. Some countries' are given to a group, others' to the people one by one. */
function addHolidays(
  simulator: ClockifySimulator,
  members: readonly CompanyPerson[],
  from: LocalDate,
  to: LocalDate,
): void {
  for (const country of Object.keys(countries) as Country[]) {
    const byName = entersHolidays.has(country);
    const userIds = members
      .filter((person) => person.country === country)
      .map((person) => clockifyUser(person.key));
    for (let year = Number(from.slice(0, 4)); year <= Number(addDays(to, 60).slice(0, 4)); year += 1) {
      for (const holiday of publicHolidays(country, year)) {
        const id = clockifyId('holiday', country, holiday.firstDay, holiday.name);
        if (simulator.has(id)) continue;
        simulator.addHoliday({
          id,
          workspaceId,
          name: holiday.name,
          startDate: holiday.firstDay,
          endDate: holiday.lastDay,
          automaticTimeEntryCreation: byName,
          ...(byName ? { userIds } : { userGroupIds: [clockifyId('group', country)] }),
        });
      }
    }
  }
}

/** Leave that waits is approved once it has begun; somebody decides late, but decides. */
function addLeave(
  simulator: ClockifySimulator,
  members: readonly CompanyPerson[],
  leave: Leave,
  to: LocalDate,
): void {
  const id = clockifyId('leave', leave.id);
  const status =
    leave.fate === 'rejected'
      ? 'REJECTED'
      : leave.fate === 'waits' && leave.firstDay >= to
        ? 'PENDING'
        : 'APPROVED';
  if (simulator.has(id)) {
    const held = simulator.workspaceFor(workspaceId).requests.get(id);
    if (held?.status === 'PENDING' && status === 'APPROVED') simulator.decideTimeOff(id, status);
    return;
  }
  const person = members.find((each) => each.key === leave.person);
  if (!person) return;
  const midnight = startOfDay(leave.firstDay, person.zone);
  const asked = midnight.subtract({ hours: 10 * 24 - 9 });
  simulator.requestTimeOff({
    id,
    workspaceId,
    userId: clockifyUser(leave.person),
    policyId: policies[leave.policy],
    createdAt: asked.toString(),
    status,
    ...(status === 'PENDING'
      ? {}
      : {
          decidedBy: clockifyUser(person.manager ?? 'mariia'),
          decidedAt: asked.add({ hours: 26 }).toString(),
        }),
    ...(leave.hours === undefined
      ? { firstDay: leave.firstDay, days: leave.days, ...(leave.half ? { half: leave.half } : {}) }
      : {
          from: midnight.add({ hours: 9 }).toString(),
          to: midnight.add({ hours: 9 + leave.hours }).toString(),
        }),
  });
}

function addDay(simulator: ClockifySimulator, person: CompanyPerson, day: LocalDate): void {
  for (const entry of entriesOf(person, day)) {
    const id = clockifyId(entry.id);
    if (simulator.has(id)) continue;
    simulator.addEntry({
      id,
      workspaceId,
      userId: clockifyUser(person.key),
      start: entry.start,
      end: entry.end,
      type: entry.type,
      description: entry.description,
      billable: entry.billable,
      projectId: entry.type === 'BREAK' ? null : clockifyId('project', projects[entry.project]?.name ?? ''),
    });
  }
}

/** The last stretch of the forgetful one runs on; the one of before is given the end it should have had. */
function leaveTimerRunning(
  simulator: ClockifySimulator,
  members: readonly CompanyPerson[],
  to: LocalDate,
): void {
  const person = members.find((each) => each.key === forgetsTheTimer.person);
  if (!person) return;
  const userId = clockifyUser(person.key);
  for (const entry of [...simulator.workspaceFor(workspaceId).entriesOf(userId)]) {
    const stopped = new Date(entry.start + forgetsTheTimer.length * 60_000).toISOString();
    if (entry.end === null) simulator.editEntry(entry.id, { end: stopped });
  }
  const monday = mondayOf(to);
  const last = [...workdays(person, addDays(monday, -7)), ...workdays(person, monday)]
    .filter((day) => day < to && weekdayOf(day) !== 'SUNDAY')
    .at(-1);
  const entry = last && entriesOf(person, last).at(-1);
  if (entry && simulator.has(clockifyId(entry.id))) simulator.editEntry(clockifyId(entry.id), { end: null });
}
