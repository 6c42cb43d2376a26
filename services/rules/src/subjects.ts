import { connectionsOf, peopleOf, teamsFor, teamsOf, type Company } from '#company';
import {
  connectionSubject,
  isSubject,
  localDate,
  personSubject,
  teamSubject,
  windowOf,
  workspaceDefaults,
  type CompiledRule,
  type DateRange,
  type LocalDate,
  type Rule,
  type Subject,
  type TimeWindow,
  type Weekday,
} from '#domain';
import type { Occasion } from './evaluator.js';

/** Somebody or something with the rule's period as it lies for them. Those of one zone and week share one window. */
export interface Looked {
  readonly subject: Subject;
  readonly dates: DateRange;
  readonly window: TimeWindow;
  /** The local day of the occasion. */
  readonly today: LocalDate;
}

/** Those a rule is about at an occasion, each with the period in the own zone and week. */
export function subjectsOf(company: Company, occasion: Occasion, compiled: CompiledRule): readonly Looked[] {
  const periods = new Map<string, Omit<Looked, 'subject'>>();
  return candidates(company, occasion, compiled).flatMap(({ subject, weekStart }) => {
    const { zone } = subject;
    const key = `${zone} ${weekStart}`;
    const period = periods.get(key) ?? {
      ...windowOf(compiled.rule.over, occasion.nominal_at, zone, weekStart),
      today: localDate(occasion.nominal_at, zone),
    };
    periods.set(key, period);
    return isSubject(compiled, subject, period.dates) ? [{ subject, ...period }] : [];
  });
}

/** Everybody, every team or every connection that the occasion is for. Teams and connections have no zone and no week of their own: theirs are the schedule's and the workspace's. */
function candidates(
  company: Company,
  occasion: Occasion,
  { rule }: CompiledRule,
): readonly { readonly subject: Subject; readonly weekStart: Weekday }[] {
  switch (rule.each) {
    case 'person':
      return peopleOf(company, occasion).map((person) => ({
        subject: personSubject(person),
        weekStart: person.weekStart,
      }));
    case 'team':
      return teamsFor(company, occasion).map((team) => ({
        subject: teamSubject(team, occasion.zone),
        weekStart: workspaceDefaults.weekStart,
      }));
    case 'connection':
      return connectionsOf(company).map((connection) => ({
        subject: connectionSubject(connection, occasion.zone),
        weekStart: workspaceDefaults.weekStart,
      }));
  }
}

/** All whom decisions of an occasion may be about, by id. */
export const subjectsById = (
  company: Company,
  { zone }: Pick<Occasion, 'zone'>,
): ReadonlyMap<string, Subject> =>
  new Map(
    [
      ...company.people.map(personSubject),
      ...teamsOf(company).map((team) => teamSubject(team, zone)),
      ...connectionsOf(company).map((connection) => connectionSubject(connection, zone)),
    ].map((subject) => [subject.id, subject]),
  );

/** Whether rules of the subscription are about people: only they wait for expected hours. */
export const isAboutPeople = (company: Company, occasion: Pick<Occasion, 'subscription'>): boolean =>
  kindsOf(company, occasion).has('person');

/** Whether there is anybody whom the occasion could be about, as far as is known. */
export const hasSubjects = (
  company: Company,
  occasion: Pick<Occasion, 'subscription' | 'zone' | 'calendar'>,
): boolean =>
  (isAboutPeople(company, occasion) && peopleOf(company, occasion).length > 0) ||
  (kindsOf(company, occasion).has('team') && teamsFor(company, occasion).length > 0) ||
  (kindsOf(company, occasion).has('connection') && connectionsOf(company).length > 0);

const kindsOf = (
  { configuration: { rules, subscriptions } }: Company,
  { subscription: name }: Pick<Occasion, 'subscription'>,
): ReadonlySet<Rule['each']> => {
  const said = subscriptions.find((one) => one.name === name)?.rules ?? [];
  return new Set(rules.filter((rule) => said.includes(rule.name)).map(({ each }) => each));
};
