import { configurationOf, readText } from '#documents';
import { instant, type Person } from '#domain';
import type { Company } from './company.js';
import { agesCountFrom, peopleOf } from './needs.js';

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
