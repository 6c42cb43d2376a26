import { instant, personSubject, windowOf, type PlacedSubscription, type RoomTarget } from '#domain';
import { ExpectedDays, type Database } from '#storage';
import { route } from '#company';
import { Say } from './say.js';
import { companyOf, occasionAt, personOf, ruleSaying, sourceNamed, weeklyHours } from './testing.js';

const olena = personOf('olena');
const max = personOf('max', { id: '00000000-0000-5000-8000-000000000002' });
const room = (members: RoomTarget['members'], name = 'hours-{{ person.slug }}'): PlacedSubscription => ({
  name: 'weekly-hours',
  rules: ['low-hours'],
  digest: true,
  to: { channel: 'slack', room: { name, members } },
  untilMs: 1,
  whenUnknown: 'leave',
});

describe('where something is said', () => {
  it('is a room of its own for each circle of people', () => {
    const alone = route(room(['person']), personSubject(olena)).destination;
    const withManagers = route(room(['person', 'managers']), personSubject(olena)).destination;

    expect(alone).not.toBe(withManagers);
    expect(route(room(['managers', 'person']), personSubject(olena)).destination).toBe(withManagers);
  });

  it('is a room of its own for each person, also where its name is fixed', () => {
    expect(route(room(['person'], 'hours'), personSubject(olena)).destination).not.toBe(
      route(room(['person'], 'hours'), personSubject(max)).destination,
    );
  });

  it('is one room where its members are fixed', () => {
    const fixed = room([{ email: 'hr@acme.example' }], 'hours');

    expect(route(fixed, personSubject(olena)).destination).toBe(route(fixed, personSubject(max)).destination);
  });
});

describe('a digest', () => {
  const documents = (over: string): string =>
    [
      weeklyHours(['low-hours', 'days-off'], 'digest: true'),
      ruleSaying('low-hours'),
      ruleSaying('days-off', over),
    ].join('---');

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
  const day = '2026-10-05';
  const at = '2026-10-12T09:00:00Z';
  const keyOf = (slug: string): string => `${day}/${slug}`;

  /** What is written for these people, whose holidays have these names. */
  const written = async (to: string, holidays: Readonly<Record<string, string>>) => {
    const people = [olena, max].filter(({ slug }) => slug in holidays);
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
to: { channel: clockify-holidays, ${to} }`,
      people.map((person) => ({ ...person, identities: { 'clockify-holidays': person.slug } })),
    );
    const kept = {
      query: () =>
        Promise.resolve(
          people.map(({ id, slug }) => ({ person_id: id, day, missing_holiday: holidays[slug] })),
        ),
    } as unknown as Database;
    const [rule] = company.configuration.rules;
    if (!rule) throw new Error('there is no rule');
    const { dates: period } = windowOf('lastWeek', instant(at), 'UTC', 'MONDAY');
    return new Say(kept, new ExpectedDays(kept)).sayings(company, occasionAt('enter-holidays', at), [
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
  };
  const keysIn = (sayings: Awaited<ReturnType<typeof written>>): readonly (readonly string[])[] =>
    sayings.map(({ message }) =>
      'rows' in message ? message.rows.map((row) => (row as { key: string }).key) : [],
    );

  describe('of time off', () => {
    const to = 'enter: timeOff, policyId: 65d0aa11e2b7d41a90f1ee01';

    it('are a delivery for each person, the same whoever else is written with it', async () => {
      const both = await written(to, { olena: 'Day of Unity', max: 'Day of Unity' });
      const [alone] = await written(to, { olena: 'Day of Unity' });

      expect(keysIn(both).toSorted()).toEqual([[keyOf('max')], [keyOf('olena')]]);
      expect(both).toContainEqual(alone);
      expect(alone?.subject).toBe(olena.id);
    });
  });

  describe('of a holiday of the workspace', () => {
    const to = 'enter: workspaceHoliday';

    it('are one delivery for all who miss it, about nobody in particular', async () => {
      const [together, ...others] = await written(to, { olena: 'Day of Unity', max: 'Day of Unity' });

      expect(others).toEqual([]);
      expect(together?.message).toEqual({
        rows: ['max', 'olena'].map((externalId) => ({
          key: keyOf(externalId),
          values: { day, name: 'Day of Unity', externalId },
        })),
      });
      expect(together?.notifications).toHaveLength(2);
      expect(together?.fired.map(({ subject }) => subject).toSorted()).toEqual([olena.id, max.id].toSorted());
      expect(together).not.toHaveProperty('subject');
    });

    it('have the same delivery, whoever misses it', async () => {
      const [both] = await written(to, { olena: 'Day of Unity', max: 'Day of Unity' });
      const [first] = await written(to, { olena: 'Day of Unity' });
      const [second] = await written(to, { max: 'Day of Unity' });

      expect(first?.id).toBe(both?.id);
      expect(second?.id).toBe(both?.id);
    });

    it('of another name on the same day have another delivery', async () => {
      const sayings = await written(to, { olena: 'Day of Unity', max: 'Tag der Einheit' });

      expect(keysIn(sayings).toSorted()).toEqual([[keyOf('max')], [keyOf('olena')]]);
    });
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
      [sourceNamed('clockify-us'), weeklyHours(['low-hours']), ruleSaying('low-hours')].join('---'),
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
