import { peopleById, type Company } from '#company';
import {
  amountsPerUnit,
  composeMessage,
  daysOf,
  type DateRange,
  type Person,
  type SaidInputs,
  type PlacedSubscription,
} from '#domain';
import { workedByDay, type Database, type ExpectedDays } from '#storage';
import { sourcesOf } from './evaluator.js';
import { hull, type Fired, type Words } from './words.js';

/** Makes the messages about people: of what fired, beside the hours logged and expected per day of everybody something is said about. */
export async function personWords(
  database: Database,
  expectedDays: ExpectedDays,
  company: Company,
  subscription: PlacedSubscription,
  fired: readonly Fired[],
): Promise<Words> {
  const people = peopleById(company);
  const days = await daysSaid(database, expectedDays, company, subscription, fired);
  return (subject, group) => {
    if (subject.kind !== 'person') throw new TypeError('a message about a person is said of nobody else');
    const { person } = subject;
    const { channel } = subscription.to;
    const decisions = group.map(({ decision }) => decision);
    const period = hull(decisions);
    const externalId = person.identities[channel];
    return composeMessage(
      group.map(({ rule: { say }, decision }) => ({ say, decision })),
      {
        person,
        managers: person.managers.flatMap((id) => {
          const manager = people.get(id);
          const managerId = manager?.identities[channel];
          return manager
            ? [{ name: manager.name, ...(managerId === undefined ? {} : { externalId: managerId }) }]
            : [];
        }),
        ...(externalId === undefined ? {} : { personExternalId: externalId }),
        period,
        ...days(person, period),
        decisions,
      },
    );
  };
}

async function daysSaid(
  database: Database,
  expectedDays: ExpectedDays,
  company: Company,
  subscription: PlacedSubscription,
  fired: readonly Fired[],
): Promise<(person: Person, period: DateRange) => Pick<SaidInputs, 'days' | 'missingHolidays'>> {
  const people = peopleById(company);
  const said = [...new Set(fired.map(({ decision }) => decision.subject))].flatMap(
    (id) => people.get(id) ?? [],
  );
  const whole = hull(fired.map(({ decision }) => decision));
  const sources = [
    ...new Set(
      company.configuration.rules
        .filter((rule) => subscription.rules.includes(rule.name))
        .flatMap((rule) => sourcesOf(company, rule)),
    ),
  ];
  const [worked, expected] = await Promise.all([
    workedByDay(
      database,
      sources,
      said.map((person) => ({ person: person.id, dates: whole, zone: person.zone })),
      company.asOf,
    ),
    expectedDays.days(
      said.map((person) => person.id),
      whole,
      company.asOf,
    ),
  ]);
  return (person, period) => {
    const byDay = new Map((expected.get(person.id) ?? []).map((day) => [day.day, day]));
    const known = [...daysOf(period)].flatMap((day) => byDay.get(day) ?? []);
    return {
      days: known.map(({ missingHoliday: _, ...expectedDay }) => ({
        day: expectedDay.day,
        worked: (worked.get(person.id)?.get(expectedDay.day) ?? 0) / amountsPerUnit['work.hours'],
        expected: expectedDay,
      })),
      missingHolidays: known.flatMap(({ day, missingHoliday }) =>
        missingHoliday === null ? [] : [{ day, name: missingHoliday }],
      ),
    };
  };
}
