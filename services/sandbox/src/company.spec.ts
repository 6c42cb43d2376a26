import { addDays, localDate, instant, startOfDay, weekdayOf, type LocalDate } from '#domain';
import { ClockifySimulator } from '#sources/simulators';
import { clockifyUser, company, extendClockify, fillClockify, type CompanyPerson } from './company.js';
import { isPublicHoliday } from './company-holidays.js';
import { mondayOf } from './company-people.js';

/** Sixty todays over some three years, on every day of the week. */
const todays: readonly LocalDate[] = Array.from({ length: 60 }, (_, count) =>
  addDays('2025-12-20', count * 19),
);

function filled(today: LocalDate, weeks = 2): ClockifySimulator {
  const simulator = new ClockifySimulator({ now: () => new Date(`${today}T07:00:00Z`) });
  fillClockify(simulator, company(today), today, weeks);
  return simulator;
}

const workspace = (simulator: ClockifySimulator) => simulator.workspaceFor();

/** Hours of finished regular work that began on the person's local days [from, to). */
function hours(simulator: ClockifySimulator, person: CompanyPerson, from: LocalDate, to: LocalDate): number {
  const [start, end] = [from, to].map((day) => startOfDay(day, person.zone).epochMilliseconds) as [
    number,
    number,
  ];
  let total = 0;
  for (const entry of workspace(simulator).entriesOf(clockifyUser(person.key))) {
    if (entry.end !== null && entry.type === 'REGULAR' && entry.start >= start && entry.start < end)
      total += entry.end - entry.start;
  }
  return total / 3_600_000;
}

describe('the company', () => {
  it.each(todays)('is believable on %s', (today) => {
    const people = company(today);
    const simulator = filled(today);
    const monday = addDays(mondayOf(today), -7);
    const end = addDays(monday, 7);
    const clocked = people.filter((person) => person.inClockify);
    const requests = [...workspace(simulator).requests.values()];
    const startOn = (userId: string) => (at: number) =>
      localDate(
        instant(new Date(at).toISOString()),
        clocked.find((person) => clockifyUser(person.key) === userId)?.zone ?? 'UTC',
      );
    const lastWeek = requests.filter((request) => {
      const day = startOn(request.userId);
      return day(request.start) < end && day(request.end) >= monday;
    });
    const away = new Set(
      lastWeek.filter((request) => request.status !== 'REJECTED').map((request) => request.userId),
    );
    const ordinary = clocked.filter(
      (person) =>
        person.workingDays.length === 5 &&
        !person.joined &&
        !away.has(clockifyUser(person.key)) &&
        [0, 1, 2, 3, 4].every((day) => !isPublicHoliday(person.country, addDays(monday, day))),
    );
    const logged = ordinary.map((person) => hours(simulator, person, monday, end));
    const low = clocked.filter(
      (person) =>
        !person.joined &&
        person.workingDays.length === 5 &&
        !away.has(clockifyUser(person.key)) &&
        hours(simulator, person, monday, end) < 25 &&
        [0, 1, 2, 3, 4].filter((day) => !isPublicHoliday(person.country, addDays(monday, day))).length >= 4,
    );

    // Most people do their hours; four or five do not, whatever their holidays.
    expect(low.length === 4 || low.length === 5).toBe(true);
    expect(logged.filter((sum) => sum >= 36 && sum <= 42.6).length).toBeGreaterThanOrEqual(logged.length - 5);
    // Somebody was away, by whole days, by half a day and by hours, and it was approved.
    const approved = lastWeek.filter((request) => request.status === 'APPROVED');
    expect(approved.some((request) => request.halfDay)).toBe(true);
    expect(approved.some((request) => !request.halfDay && request.amount >= 1)).toBe(true);
    expect(requests.filter((request) => request.status === 'PENDING')).not.toHaveLength(0);
    // One joined last Wednesday, one has left and is inactive, one has no Slack, one more than the chief has no manager, one works part time.
    expect(people.filter((person) => person.joined === addDays(monday, 2))).toHaveLength(1);
    const left = people.filter((person) => person.left !== undefined && person.left < today);
    expect(left.length).toBeGreaterThanOrEqual(1);
    for (const person of left)
      expect(workspace(simulator).members.get(clockifyUser(person.key))?.status).toBe('INACTIVE');
    expect(people.filter((person) => !person.inSlack)).toHaveLength(1);
    expect(people.filter((person) => person.manager === undefined)).toHaveLength(2);
    const partTimers = people.filter((person) => person.workingDays.length < 5);
    expect(partTimers).toHaveLength(1);
    for (const person of partTimers) {
      const due = person.workingDays.length * person.capacityHours;
      const holiday = [0, 1, 2].some((day) => isPublicHoliday(person.country, addDays(monday, day)));
      if (!holiday) expect(hours(simulator, person, monday, end)).toBeGreaterThanOrEqual(due);
    }
    // One timer runs, and has for some time.
    const running = [...workspace(simulator).entries()].filter((entry) => entry.end === null);
    expect(running).toHaveLength(1);
    expect(running[0]?.start).toBeLessThan(startOfDay(today, 'UTC').epochMilliseconds);
    // Nothing lies in the future but holidays entered ahead, and nobody is in two places at once.
    const impossible = clocked.flatMap((person) => {
      const tomorrow = startOfDay(today, person.zone).epochMilliseconds;
      return workspace(simulator)
        .entriesOf(clockifyUser(person.key))
        .filter((entry) => entry.type === 'REGULAR' || entry.type === 'BREAK')
        .filter(
          (entry, at, all) => entry.start >= tomorrow || (entry.end ?? 0) > (all[at + 1]?.start ?? Infinity),
        );
    });
    expect(impossible).toEqual([]);
  });

  it('is about forty people with distinct addresses, whose managers are there', () => {
    for (const today of todays) {
      const people = company(today);
      const keys = new Set(people.map((person) => person.key));

      expect(people.length).toBeGreaterThanOrEqual(38);
      expect(people.length).toBeLessThanOrEqual(44);
      expect(new Set(people.map((person) => person.email)).size).toBe(people.length);
      for (const person of people) {
        expect(person.email).toMatch(/^[a-z.]+@acme\.example$/);
        if (person.manager !== undefined) expect(keys).toContain(person.manager);
      }
    }
  });

  it('is written in five scripts', () => {
    const names = company('2026-06-03')
      .map((person) => person.name)
      .join(' ');

    for (const script of [/\p{Script=Hangul}/u, /\p{Script=Han}/u, /\p{Script=Cyrillic}/u, /ł/, /[A-Z]/])
      expect(names).toMatch(script);
  });

  it('works across midnight, takes breaks, and calls its projects as it likes', () => {
    const simulator = filled('2026-06-03');
    const entries = [...workspace(simulator).entries()];

    const night = entries.filter(
      (entry) =>
        entry.userId === clockifyUser('petro') &&
        entry.end !== null &&
        localDate(instant(new Date(entry.start).toISOString()), 'Europe/Kyiv') !==
          localDate(instant(new Date(entry.end).toISOString()), 'Europe/Kyiv'),
    );
    expect(night.length).toBeGreaterThanOrEqual(2);
    expect(entries.some((entry) => entry.type === 'BREAK')).toBe(true);
    expect(entries.some((entry) => entry.type === 'TIME_OFF')).toBe(true);
    expect([...workspace(simulator).projects.values()].map((project) => project.name)).toContain(
      'R&D <Platform> *v2*',
    );
  });

  it('gives a holiday to everybody of a country but the one whom nobody thought of', () => {
    const simulator = filled('2026-06-08');
    const buddha = [...workspace(simulator).holidays.values()].find(
      (holiday) => holiday.startDate === '2026-05-25' && holiday.name.startsWith('Buddha'),
    );

    const concerned = (key: string): boolean | undefined =>
      buddha && workspace(simulator).concerns(buddha, clockifyUser(key));

    expect(weekdayOf('2026-05-25')).toBe('MONDAY');
    expect([concerned('jiho'), concerned('seoyeon'), concerned('max')]).toEqual([true, false, false]);
  });

  it('is the same every time', () => {
    expect(filled('2026-06-03').save()).toEqual(filled('2026-06-03').save());
  });

  it('does not change when it is filled again', () => {
    const simulator = filled('2026-06-03');
    const before = simulator.save();

    fillClockify(simulator, company('2026-06-03'), '2026-06-03', 2);

    expect(simulator.save()).toEqual(before);
  });

  it('that goes on next week is the one that would have been filled then', () => {
    const [first, later] = ['2026-06-03', '2026-06-10'] as const;
    const grown = filled(first, 1);
    extendClockify(grown, company(later), first, later);
    const fresh = filled(later, 2);

    const staff = new Set(
      company(later)
        .filter((person) => !person.joined)
        .map((person) => clockifyUser(person.key)),
    );
    const worked = (simulator: ClockifySimulator) =>
      [...workspace(simulator).entries()]
        .filter((entry) => entry.madeBy === undefined && staff.has(entry.userId))
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    const statuses = (simulator: ClockifySimulator) =>
      new Map([...workspace(simulator).requests.values()].map((request) => [request.id, request.status]));

    expect(worked(grown)).toEqual(worked(fresh));
    expect(statuses(grown)).toEqual(statuses(fresh));
  });

  it('survives a restart in the middle', () => {
    const simulator = filled('2026-06-03');
    const restarted = new ClockifySimulator();
    restarted.load(JSON.parse(JSON.stringify(simulator.save())));

    extendClockify(restarted, company('2026-06-04'), '2026-06-03', '2026-06-04');

    const [olena] = company('2026-06-04');
    expect(olena && hours(restarted, olena, '2026-06-03', '2026-06-04')).toBeGreaterThan(2);
  });
});
