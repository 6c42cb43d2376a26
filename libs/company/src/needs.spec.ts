import { configurationOf, readText } from '#documents';
import { instant, type Person } from '#domain';
import type { Company } from './company.js';
import { agesCountFrom, demandOf, peopleOf, wantsOf } from './needs.js';
import { subjectNames, teamsFor, teamsOf } from './teams.js';

const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  slug: id,
  name: id,
  zone: 'Europe/Kyiv',
  locale: 'en',
  weekStart: 'MONDAY',
  workingDays: [],
  dailyHours: 8,
  active: true,
  managers: [],
  teams: [],
  identities: {},
  ...over,
});

const company = (schedule: string): Company => ({
  asOf: instant('2026-10-12T09:00:00Z'),
  revision: 1,
  ruleVersions: new Map(),
  configuration: configurationOf(
    readText(
      `kind: Subscription\nname: weekly\nrules: [low-hours]\nschedule: ${schedule}\nto: { channel: slack }`,
      'spec.yaml',
    ).documents,
  ),
  people: [
    person('with', { calendar: 'ua' }),
    person('without'),
    person('elsewhere', { zone: 'Asia/Seoul' }),
  ],
});

const idsOf = (schedule: string, calendar: string): readonly string[] =>
  peopleOf(company(schedule), { subscription: 'weekly', zone: 'Europe/Kyiv', calendar }).map(({ id }) => id);

describe('whom an occurrence is about', () => {
  const shifted = `{ cron: '0 9 * * MON', timezone: person, shift: nextWorkingDay }`;

  it('is each person once, where days are shifted by their calendars', () => {
    expect(idsOf(shifted, 'ua')).toEqual(['with']);
    expect(idsOf(shifted, '')).toEqual(['without']);
  });

  it('is everybody of the zone, where they are not', () => {
    expect(idsOf(`{ cron: '0 9 * * MON', timezone: person }`, '')).toEqual(['with', 'without']);
  });

  it('is everybody, where the zone is the schedule’s own', () => {
    expect(idsOf(`{ cron: '0 9 * * MON', timezone: Europe/Kyiv, shift: nextWorkingDay }`, 'ua')).toEqual([
      'with',
      'without',
      'elsewhere',
    ]);
  });
});

describe('the age of a source', () => {
  const at = (text: string) => instant(`2026-10-${text}:00Z`);
  const due = { subscription: 'weekly', due_at: at('12T09:00'), until_at: at('12T21:00'), manual: false };
  const ofToday = company(`{ cron: '0 9 * * MON', timezone: person }`);

  it('counts from when the run was due', () => {
    expect(agesCountFrom(ofToday, due).toString()).toBe(at('12T09:00').toString());
    expect(agesCountFrom(ofToday, { ...due, manual: true }).toString()).toBe(at('12T09:00').toString());
  });

  it('counts from when it was asked for, where that was later and by hand', () => {
    const asked = { ...due, manual: true, until_at: at('15T22:00') };

    expect(agesCountFrom(ofToday, asked).toString()).toBe(at('15T10:00').toString());
  });
});

describe('what a rule demands of a source', () => {
  const at = (text: string) => instant(`2026-10-${text}:00Z`);
  const week = { from: at('05T00:00'), to: at('12T00:00') };
  const due = at('12T09:00');

  it('is its period, read after it has closed, or lately enough', () => {
    expect(demandOf({ over: 'lastWeek' }, { closed: true }, week, due)).toEqual({
      window: week,
      begunAfter: week.to,
    });
    expect(demandOf({ over: 'lastWeek' }, { maxAgeMs: 1_800_000 }, week, due)).toEqual({
      window: week,
      begunAfter: at('12T08:30'),
    });
  });

  it('is the moment itself, or the earlier one from which on a read will do', () => {
    const moment = { from: due, to: due };

    expect(demandOf({ over: 'latest' }, { closed: true }, moment, due)).toEqual({
      window: moment,
      begunAfter: due,
    });
    expect(demandOf({ over: 'latest' }, { maxAgeMs: 1_800_000 }, moment, due)).toEqual({
      window: { from: at('12T08:30'), to: at('12T08:30') },
      begunAfter: at('12T08:30'),
    });
  });
});

describe('teams', () => {
  const text = `
kind: Team
name: ferrari
title: Ferrari
locale: uk
members: [olena@acme.example]
---
kind: Person
email: max@acme.example
teams: [ferrari]
---
kind: Team
name: tesla
---
kind: Rule
name: issue-index
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { score: { latest: kpi.openIssues } }
when: 'true'
say: kpi-count
---
kind: Rule
name: old-index
each: team
over: latest
audience: team
needs: { vtiger: 1h }
measure: { score: { oldest: kpi.openIssues } }
when: 'true'
say: kpi-age
---
kind: Subscription
name: kpis
rules: [issue-index, old-index]
for: { team: ferrari }
schedule: { cron: '0 10 * * *', timezone: Europe/Kyiv }
to: { channel: google-chat, space: spaces/A }`;
  const ofTeams: Company = {
    ...company('{ cron: "0 9 * * MON", timezone: person }'),
    configuration: configurationOf(readText(text, 'spec.yaml').documents),
  };

  it('are what documents say of them, known by their names', () => {
    expect(teamsOf(ofTeams)).toMatchObject([
      { name: 'ferrari', title: 'Ferrari', locale: 'uk', size: 2 },
      { name: 'tesla', title: 'tesla', locale: 'en', size: 0 },
    ]);
    expect(teamsFor(ofTeams, { subscription: 'kpis' }).map(({ name }) => name)).toEqual(['ferrari']);
    expect([...subjectNames(ofTeams).values()]).toEqual(
      expect.arrayContaining(['with', 'Ferrari', 'tesla']) as unknown,
    );
  });

  it('want the state of their source, not older than the strictest rule allows, in one read', () => {
    const due = instant('2026-10-12T07:00:00Z');
    const wants = wantsOf(ofTeams, {
      id: 'o',
      subscription: 'kpis',
      zone: 'Europe/Kyiv',
      calendar: '',
      nominal_at: due,
      due_at: due,
      until_at: due.add({ hours: 12 }),
      manual: false,
      traceparent: null,
    });

    expect(wants.map((want) => ({ ...want, window: String(want.window?.from) }))).toMatchObject([
      { system: 'vtiger', what: 'facts', isState: true, window: '2026-10-12T06:00:00Z' },
    ]);
    expect(String(wants[0]?.window?.to)).toBe('2026-10-12T06:30:00Z');
    expect(String(wants[0]?.begunAfter)).toBe('2026-10-12T06:30:00Z');
  });
});
