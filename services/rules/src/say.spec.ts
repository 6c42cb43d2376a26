import { instant, windowOf, type RoomTarget, type Subscription } from '#domain';
import { ExpectedDays, type Database } from '#storage';
import { route, Say } from './say.js';
import { companyOf, occasionAt, personOf } from './testing.js';

const olena = personOf('olena');
const max = personOf('max', { id: '00000000-0000-5000-8000-000000000002' });
const room = (members: RoomTarget['members'], name = 'hours-{{ person.slug }}'): Subscription => ({
  name: 'weekly-hours',
  rules: ['low-hours'],
  digest: true,
  to: { channel: 'slack', room: { name, members } },
  untilMs: 1,
  whenUnknown: 'leave',
});

describe('where something is said', () => {
  it('is a room of its own for each circle of people', () => {
    const alone = route(room(['person']), olena).destination;
    const withManagers = route(room(['person', 'managers']), olena).destination;

    expect(alone).not.toBe(withManagers);
    expect(route(room(['managers', 'person']), olena).destination).toBe(withManagers);
  });

  it('is a room of its own for each person, also where its name is fixed', () => {
    expect(route(room(['person'], 'hours'), olena).destination).not.toBe(
      route(room(['person'], 'hours'), max).destination,
    );
  });

  it('is one room where its members are fixed', () => {
    const fixed = room([{ email: 'hr@acme.example' }], 'hours');

    expect(route(fixed, olena).destination).toBe(route(fixed, max).destination);
  });
});

describe('a digest', () => {
  const documents = (over: string): string => `
kind: Channel
name: slack
type: slack
settings: { token: { secret: token } }
---
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
when: 'true'
say: low-hours
---
kind: Rule
name: days-off
each: person
over: ${over}
audience: managers
when: 'true'
say: days-off
---
kind: Subscription
name: weekly-hours
rules: [low-hours, days-off]
digest: true
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person] } }`;

  const idWhere = async (
    over: string,
    fired: readonly string[],
    at = '2026-10-12T09:00:00Z',
  ): Promise<unknown> => {
    const company = companyOf(documents(over), [olena]);
    const sayings = await new Say(nothingKept, new ExpectedDays(nothingKept)).sayings(
      company,
      occasionAt('weekly-hours', at),
      company.configuration.rules
        .filter(({ name }) => fired.includes(name))
        .map((rule) => {
          const period = windowOf(rule.over, instant(at), 'UTC', 'MONDAY').dates;
          return {
            rule,
            ruleVersion: 1,
            period,
            decisions: [{ rule: rule.name, subject: olena.id, period, outcome: 'fired', inputs: {} }],
          };
        }),
    );
    expect(sayings).toHaveLength(1);
    return sayings[0]?.id;
  };

  it('is the same message whichever of its rules fire', async () => {
    const both = await idWhere('lastMonth', ['low-hours', 'days-off']);

    expect(await idWhere('lastMonth', ['low-hours'])).toBe(both);
    expect(await idWhere('lastMonth', ['days-off'])).toBe(both);
  });

  it('is the same message for two runs about one period, and another for the next period', async () => {
    const monday = await idWhere('lastWeek', ['low-hours']);

    expect(await idWhere('lastWeek', ['low-hours'], '2026-10-13T09:00:00Z')).toBe(monday);
    expect(await idWhere('lastWeek', ['low-hours'], '2026-10-19T09:00:00Z')).not.toBe(monday);
  });

  it('that looks at the moment is another message for each look', async () => {
    const morning = await idWhere('latest', ['days-off']);

    expect(await idWhere('latest', ['days-off'])).toBe(morning);
    expect(await idWhere('latest', ['days-off'], '2026-10-12T17:00:00Z')).not.toBe(morning);
  });
});

describe('records', () => {
  it('are a delivery for each row, the same whoever else is written with it', async () => {
    const company = companyOf(
      `
kind: Channel
name: clockify-holidays
type: clockify
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: { secret: key } }
---
kind: Rule
name: missing-holiday
each: person
over: lastWeek
audience: managers
when: 'true'
say: missing-holiday
---
kind: Subscription
name: enter-holidays
rules: [missing-holiday]
schedule: { cron: '0 8 * * MON', timezone: person }
to: { channel: clockify-holidays, enter: holiday }`,
      [olena, max].map((person) => ({ ...person, identities: { 'clockify-holidays': person.slug } })),
    );
    const at = '2026-10-12T09:00:00Z';
    const period = windowOf('lastWeek', instant(at), 'UTC', 'MONDAY').dates;
    const kept = {
      query: () =>
        Promise.resolve(
          [olena, max].map(({ id }) => ({
            person_id: id,
            day: period.from,
            missing_holiday: 'Day of Unity',
          })),
        ),
    } as unknown as Database;
    const rule = company.configuration.rules[0];
    if (!rule) throw new Error('there is no rule');
    const written = (people: readonly (typeof olena)[]) =>
      new Say(kept, new ExpectedDays(kept)).sayings(company, occasionAt('enter-holidays', at), [
        {
          rule,
          ruleVersion: 1,
          period,
          decisions: people.map(({ id }) => ({
            rule: rule.name,
            subject: id,
            period,
            outcome: 'fired' as const,
            inputs: {},
          })),
        },
      ]);

    const both = await written([olena, max]);
    const [alone] = await written([olena]);

    expect(both.map(({ message }) => message)).toEqual(
      expect.arrayContaining(
        ['olena', 'max'].map((externalId) => ({
          rows: [
            {
              key: `${period.from}/${externalId}`,
              values: { day: period.from, name: 'Day of Unity', externalId },
            },
          ],
        })),
      ),
    );
    expect(both).toHaveLength(2);
    expect(both).toContainEqual(alone);
  });
});

describe('the days of a message', () => {
  it('are of the sources that the rule measures: of all, where it names none', async () => {
    const asked: unknown[] = [];
    const listening = {
      query: (_: string, values: readonly unknown[]) => {
        asked.push(...values);
        return Promise.resolve([]);
      },
    } as unknown as Database;
    const company = companyOf(
      `
kind: Source
name: clockify-us
type: clockify
settings: { workspaceId: '1', apiKey: { secret: key } }
---
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
when: 'true'
say: low-hours
---
kind: Subscription
name: weekly-hours
rules: [low-hours]
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person] } }`,
      [olena],
    );
    const [rule] = company.configuration.rules;
    if (!rule) throw new Error('no rule');
    const period = { from: '2026-10-05', to: '2026-10-12' };

    await new Say(listening, new ExpectedDays(listening)).sayings(
      company,
      occasionAt('weekly-hours', '2026-10-12T09:00:00Z'),
      [
        {
          rule,
          ruleVersion: 1,
          period,
          decisions: [{ rule: rule.name, subject: olena.id, period, outcome: 'fired', inputs: {} }],
        },
      ],
    );

    expect(asked).toContainEqual(['clockify-us']);
  });
});

/** A database in which nothing was ever kept. */
const nothingKept = { query: () => Promise.resolve([]) } as unknown as Database;
