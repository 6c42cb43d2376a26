import { compileRule, decide, exceptionFor, isSubject, previousOf, type DecisionInputs } from './decide.js';
import { teamId } from './ids.js';
import type { Person } from './person.js';
import type { Rule } from './rule.js';
import { personSubject, teamSubject } from './subject.js';
import type { Team } from './team.js';

const person: Person = {
  id: 'p1',
  slug: 'olena',
  name: 'Olena',
  email: 'olena@acme.example',
  zone: 'Europe/Kyiv',
  locale: 'uk',
  weekStart: 'MONDAY',
  workingDays: ['MONDAY'],
  dailyHours: 8,
  active: true,
  managers: [],
  teams: ['platform'],
  identities: {},
};
const rule: Rule = {
  name: 'low-hours',
  each: 'person',
  over: 'lastWeek',
  audience: 'managers',
  needs: { clockify: { closed: true } },
  measure: { hours: { sum: 'work.hours' }, expected: { calendar: 'expectedHours' } },
  let: { missing: 'expected - hours' },
  params: { threshold: 25 },
  when: 'hours < threshold && hours < expected',
  say: 'low-hours',
};
const period = { from: '2026-10-05', to: '2026-10-12' };
const concluded = (over: Partial<DecisionInputs> & { hours?: number; expected?: number } = {}) => {
  const { hours = 20, expected = 40, ...rest } = over;
  return decide(compileRule(rule), {
    subject: personSubject(person),
    period,
    measures: { hours, expected },
    exception: undefined,
    unknownIn: [],
    incomplete: [],
    expectedHours: expected,
    ...rest,
  });
};

describe('low hours', () => {
  it.each([
    ['below the threshold and below what was due', 20, 40, 'fired'],
    ['exactly the threshold', 25, 40, 'quiet'],
    ['a hair below it, compared unrounded', 24.999_999, 40, 'fired'],
    ['all that was due in a short week', 16, 16, 'quiet'],
    ['less than was due in a short week', 15.5, 16, 'fired'],
    ['nothing was due', 0, 0, 'suppressed'],
  ])('%s', (_name, hours, expected, outcome) => {
    expect(concluded({ hours, expected }).outcome).toBe(outcome);
  });

  it('is suppressed where there is no record, and held where there may be one', () => {
    const unrecorded = { unrecorded: 'attendance' } as const;

    expect(concluded(unrecorded)).toMatchObject({
      outcome: 'suppressed',
      reason: 'no-record',
      detail: 'attendance',
    });
    expect(concluded({ ...unrecorded, incomplete: ['wecom'] })).toMatchObject({ outcome: 'held' });
  });

  it('is suppressed where nothing was due, whatever the rule calls that', () => {
    const renamed = compileRule({
      ...rule,
      measure: { hours: { sum: 'work.hours' }, target: { calendar: 'expectedHours' } },
      let: {},
      when: 'hours <= target',
    });
    const inputs = {
      subject: personSubject(person),
      period,
      exception: undefined,
      unknownIn: [],
      incomplete: [],
      expectedHours: 0,
    };

    expect(decide(renamed, { ...inputs, measures: { hours: 0, target: 0 } })).toMatchObject({
      outcome: 'suppressed',
      reason: 'nothing-expected',
    });
  });

  it('looks at the numbers of a rule that does not ask what was due', () => {
    const other = compileRule({
      ...rule,
      measure: { hours: { sum: 'work.hours' }, expected: { calendar: 'leaveDays' } },
    });
    const inputs = {
      subject: personSubject(person),
      period,
      exception: undefined,
      unknownIn: [],
      incomplete: [],
      expectedHours: 0,
    };

    expect(decide(other, { ...inputs, measures: { hours: 1, expected: 2 } }).outcome).toBe('fired');
  });

  it('keeps what the expression saw', () => {
    expect(concluded().inputs).toEqual({ hours: 20, expected: 40, threshold: 25, missing: 20 });
  });

  it('takes the person’s own threshold', () => {
    const exception = { name: 'four-days', rule: 'low-hours', person: 'olena', params: { threshold: 18 } };

    expect(concluded({ exception }).outcome).toBe('quiet');
  });

  it('says nothing about who is exempt, not even from incomplete data', () => {
    const exception = { name: 'founder', rule: 'low-hours', person: 'olena', exempt: true } as const;

    expect(concluded({ exception, incomplete: ['clockify'] })).toMatchObject({
      outcome: 'suppressed',
      reason: 'exempt',
      detail: 'founder',
    });
  });

  it('is held while a source is incomplete, and does not look at the numbers', () => {
    expect(concluded({ incomplete: ['clockify'] })).toMatchObject({
      outcome: 'held',
      reason: 'incomplete',
      inputs: { threshold: 25 },
    });
  });

  it('is suppressed for somebody whom a needed source does not know', () => {
    expect(concluded({ unknownIn: ['clockify'] })).toMatchObject({
      outcome: 'suppressed',
      reason: 'no-identity',
      detail: 'clockify',
    });
  });
});

describe('whom a rule is about', () => {
  const compiled = compileRule({ ...rule, where: 'person.locale == "uk"' });
  it.each([
    ['everybody active whom `where` names', {}, true],
    ['nobody inactive', { active: false }, false],
    ['nobody who joins after the period', { joined: '2026-10-12' }, false],
    ['who joined on its last day', { joined: '2026-10-11' }, true],
    ['who left on its first day', { left: '2026-10-05' }, true],
    ['nobody who left before', { left: '2026-10-04' }, false],
    ['nobody else', { locale: 'en' as const }, false],
  ])('%s', (_name, over, expected) => {
    expect(isSubject(compiled, personSubject({ ...person, ...over }), period)).toBe(expected);
  });
});

describe('which exception holds', () => {
  const team = { name: 'team', rule: 'low-hours', team: 'platform', params: { threshold: 30 } };
  const own = {
    name: 'own',
    rule: 'low-hours',
    person: 'OLENA@acme.example',
    params: { threshold: 10 },
    until: '2026-10-12',
  };

  it('prefers the person’s own to the team’s, until its last day', () => {
    expect(exceptionFor([team, own], 'low-hours', personSubject(person), '2026-10-12')?.name).toBe('own');
    expect(exceptionFor([team, own], 'low-hours', personSubject(person), '2026-10-13')?.name).toBe('team');
    expect(exceptionFor([team, own], 'days-off', personSubject(person), '2026-10-12')).toBeUndefined();
  });
});

describe('a rule about teams', () => {
  const team: Team = { id: teamId('ferrari'), name: 'ferrari', title: 'Ferrari', locale: 'en', size: 7 };
  const ferrari = teamSubject(team, 'Europe/Kyiv');
  const index = (over: Partial<Rule> = {}) =>
    compileRule({
      name: 'issue-index',
      each: 'team',
      over: 'latest',
      audience: 'team',
      needs: { vtiger: { maxAgeMs: 1_800_000 } },
      measure: { open: { latest: 'kpi.openIssues', by: 'priority', keys: ['Critical', 'In work', '높음'] } },
      let: {
        score: 'open.Critical * 10.0 + open["In work"] * critical + open["높음"] + open.other',
        change: 'has(previous.score) ? score - previous.score : 0.0',
      },
      params: { target: 20, critical: 5 },
      when: 'change >= 0.0',
      say: 'kpi-index',
      ...over,
    });
  const decided = (over: Partial<DecisionInputs> = {}, rule = index()) =>
    decide(rule, {
      subject: ferrari,
      period: { from: '2026-11-17', to: '2026-11-18' },
      measures: { open: { Critical: 2, 'In work': 1, 높음: 4, other: 3 } },
      exception: undefined,
      unknownIn: [],
      incomplete: [],
      expectedHours: undefined,
      ...over,
    });

  it('sees parts by any name, and what is among none of them', () => {
    expect(decided()).toMatchObject({ outcome: 'fired', subject: team.id, inputs: { score: 32, change: 0 } });
  });

  it('sees what was said before, and keeps it with what it concluded from', () => {
    const { outcome, inputs } = decided({ previous: { score: 40 } });

    expect(outcome).toBe('quiet');
    expect(inputs).toMatchObject({ score: 32, change: -8, previous: { score: 40 } });
    expect(decided().inputs).not.toHaveProperty('previous');
  });

  it('takes the team’s own target, as an exception gives it', () => {
    const exceptions = [
      { name: 'own', rule: 'issue-index', team: 'ferrari', params: { critical: 50 } },
      { name: 'other', rule: 'issue-index', team: 'bugatti', exempt: true },
      { name: 'person', rule: 'issue-index', person: 'ferrari', exempt: true },
    ] as const;
    const exception = exceptionFor(exceptions, 'issue-index', ferrari, '2026-11-17');

    expect(exception?.name).toBe('own');
    expect(decided({ exception }).inputs['score']).toBe(77);
  });

  it('is about the teams that `where` names', () => {
    const of = (where: string): boolean =>
      isSubject(index({ where }), ferrari, { from: '2026-11-17', to: '2026-11-18' });

    expect([of('team.size > 5.0'), of('team.name == "bugatti"')]).toEqual([true, false]);
  });

  it('knows of what was said only what the rule of today still says, and numbers of it', () => {
    const { rule } = index({ let: { score: 'open.Critical', note: '"text"' }, when: 'true' });
    const said = {
      score: 3,
      note: 'text',
      open: { Critical: 3 },
      gone: 1,
      target: 20,
      previous: { score: 2 },
    };

    expect(previousOf(rule, said)).toEqual({ score: 3, open: { Critical: 3 } });
  });
});
