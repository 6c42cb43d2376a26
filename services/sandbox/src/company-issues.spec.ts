import { addDays, weekdayOf, type LocalDate } from '#domain';
import { issuesBefore, issuesOfDay, priorities } from './company-issues.js';
import { membersOf, teams, type CompanyTeam } from './company-teams.js';

/** Forty mornings over some two years, on every day of the week. */
const todays: readonly LocalDate[] = Array.from({ length: 40 }, (_, count) =>
  addDays('2025-12-20', count * 19),
);

const open = (team: CompanyTeam, today: LocalDate) =>
  issuesBefore(team, today, 14).filter(({ doneOn }) => doneOn >= today);

describe('the issues of the company’s teams', () => {
  it.each(todays)('are worth a card on %s', (today) => {
    for (const team of teams) {
      const issues = open(team, today);

      expect(issues.length).toBeGreaterThanOrEqual(2);
      expect(issues.length).toBeLessThan(60);
      expect(issues.every(({ createdOn }) => createdOn < today)).toBe(true);
    }
  });

  it('have every priority, some late, some hidden and some of a person, in all teams', () => {
    for (const team of teams) {
      const seen = todays.flatMap((today) => open(team, today).map((issue) => ({ today, ...issue })));
      const people: readonly string[] = membersOf(team).map(({ key }) => key);

      expect(new Set(seen.map(({ priority }) => priority))).toEqual(new Set(priorities));
      expect(seen.some(({ due, today }) => due < today)).toBe(true);
      expect(seen.some(({ hidden }) => hidden)).toBe(true);
      expect(seen.flatMap(({ person }) => person ?? []).every((person) => people.includes(person))).toBe(
        true,
      );
    }
  });

  it('are others from week to week', () => {
    for (const team of teams) {
      const numbers = (today: LocalDate) => open(team, today).map(({ number }) => number);
      const changed = todays.filter(
        (today) => JSON.stringify(numbers(today)) !== JSON.stringify(numbers(addDays(today, 7))),
      );

      expect(changed).toEqual(todays);
    }
  });

  it('stay the same whenever they are told, each with a number of its own, the later the greater', () => {
    const [today = '', next = ''] = ['2026-11-20', '2026-11-24'];
    const all = teams.flatMap((team) => issuesBefore(team, today, 14));
    const again = teams.flatMap((team) => issuesBefore(team, next, 14));
    const sorted = all.toSorted((one, other) => one.number - other.number);

    const known = new Map(again.map((issue) => [issue.number, issue]));

    for (const issue of all.filter(({ doneOn }) => doneOn >= next))
      expect(known.get(issue.number)).toEqual(issue);
    expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
    expect(sorted.map(({ createdOn }) => createdOn)).toEqual(
      all.map(({ createdOn }) => createdOn).toSorted(),
    );
  });

  it('are neither made nor done at weekends', () => {
    const issues = teams.flatMap((team) => issuesBefore(team, '2026-11-22', 14));
    const days = issues.flatMap(({ createdOn, doneOn, due }) => [createdOn, doneOn, due]);

    expect(days.filter((day) => ['SATURDAY', 'SUNDAY'].includes(weekdayOf(day)))).toEqual([]);
    expect(teams.flatMap((team) => issuesOfDay(team, '2026-11-22'))).toEqual([]);
  });

  it('have titles that every channel has to escape, in the language of the team', () => {
    const titles = teams.flatMap((team) => open(team, '2026-11-20').map(({ title }) => title)).join('\n');

    for (const sign of '*_~<>&') expect(titles).toContain(sign);
    for (const script of [/\p{Script=Cyrillic}/u, /\p{Script=Hangul}/u, /\p{Script=Han}/u])
      expect(titles).toMatch(script);
  });
});
