import { Injectable } from '@nestjs/common';
import { channels } from '#channels';
import { peopleById, type Company } from '#company';
import {
  amountsPerUnit,
  composeMessage,
  composeWithdrawn,
  daysOf,
  deliveryId,
  notificationId,
  windowOf,
  type DateRange,
  type Decision,
  type Message,
  type Person,
  type SaidInputs,
  type Subscription,
  type Weekday,
} from '#domain';
import { Database, ExpectedDays, workedByDay, type NewDelivery } from '#storage';
import { occurrenceOf, sourcesOf, subscriptionOf, type Conclusion, type Occasion } from './evaluator.js';
import { recordSayings } from './records.js';
import { route } from './route.js';

/** What is to be said to one destination, before anybody looks at what was said before. */
export interface Saying extends NewDelivery {
  /** All that it says fired; empty where it withdraws what was said. */
  readonly fired: readonly Decision[];
}

/** Makes messages and records of what rules concluded. It writes nothing: previews use it as it is. */
@Injectable()
export class Say {
  constructor(
    private readonly database: Database,
    private readonly expectedDays: ExpectedDays,
  ) {}

  /** Everything that an occasion says, in a stable order: the same conclusions always give the same bytes. */
  async sayings(
    company: Company,
    occasion: Occasion,
    conclusions: readonly Conclusion[],
  ): Promise<readonly Saying[]> {
    const subscription = subscriptionOf(company, occasion);
    if (!subscription) return [];
    const fired = conclusions.flatMap(({ rule, decisions }) =>
      decisions
        .filter((decision) => decision.outcome === 'fired')
        .map((decision) => ({ say: rule.say, decision })),
    );
    if (fired.length === 0) return [];
    const channel = company.configuration.channels.find((one) => one.name === subscription.to.channel);
    if (channel && channels.get(channel.type)?.takes === 'records')
      return this.#records(company, subscription, fired);
    return this.#messages(company, occasion, subscription, fired);
  }

  async #messages(
    company: Company,
    occasion: Occasion,
    subscription: Subscription,
    fired: readonly Fired[],
  ): Promise<readonly Saying[]> {
    const people = peopleById(company);
    const groups = Map.groupBy(fired, ({ decision }) =>
      subscription.digest ? decision.subject : `${decision.subject} ${decision.rule} ${decision.period.from}`,
    );
    const days = await this.#days(company, subscription, fired);
    const sayings: Saying[] = [];
    for (const group of groups.values()) {
      const person = people.get(group[0]?.decision.subject ?? '');
      if (!person) continue;
      const decisions = group.map(({ decision }) => decision);
      const period = hull(decisions);
      const { destination, target } = route(subscription, person);
      const [only] = decisions;
      sayings.push({
        id: deliveryId({
          subscription: subscription.name,
          destination,
          says: subscription.digest
            ? {
                ...whenOf(company, occasion, subscription, person.zone, person.weekStart),
                about: person.id,
              }
            : { notification: only ? notificationId(only) : '' },
        }),
        subscription: subscription.name,
        channel: subscription.to.channel,
        destination,
        subject: person.id,
        about: 'notification',
        target,
        message: composeMessage(group, {
          person,
          managers: person.managers.flatMap((id) => {
            const manager = people.get(id);
            const externalId = manager?.identities[subscription.to.channel];
            return manager
              ? [{ name: manager.name, ...(externalId === undefined ? {} : { externalId }) }]
              : [];
          }),
          ...(person.identities[subscription.to.channel] === undefined
            ? {}
            : { personExternalId: person.identities[subscription.to.channel] }),
          period,
          ...days(person, period),
          decisions,
        }),
        notifications: decisions.map(notificationId),
        whenUnknown: subscription.whenUnknown,
        fired: decisions,
      });
    }
    return sayings.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** Hours logged and expected per day, of everybody something is said about. */
  async #days(
    company: Company,
    subscription: Subscription,
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
        this.database,
        sources,
        said.map((person) => ({ person: person.id, dates: whole, zone: person.zone })),
        company.asOf,
      ),
      this.expectedDays.days(
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

  async #records(
    company: Company,
    subscription: Subscription,
    fired: readonly Fired[],
  ): Promise<readonly Saying[]> {
    const decisions = fired.map(({ decision }) => decision);
    const days = await this.expectedDays.days(
      decisions.map(({ subject }) => subject),
      hull(decisions),
      company.asOf,
    );
    return recordSayings(company, subscription, decisions, days);
  }
}

interface Fired {
  readonly say: string;
  readonly decision: Decision;
}

/** What takes the place of a message whose ground is gone. */
export const withdrawn = (said: Message): Message => composeWithdrawn(said.title, said.locale);

/**
 * What a digest is about, whichever of its rules fire: a rule that fires later joins the message, and one that no longer does leaves it.
 * All that its rules look at, or the occasion itself where one of them looks at the moment.
 */
function whenOf(
  { configuration }: Company,
  occasion: Occasion,
  subscription: Subscription,
  zone: string,
  weekStart: Weekday,
): { readonly period: DateRange } | { readonly snapshot: string } {
  const rules = configuration.rules.filter(({ name }) => subscription.rules.includes(name));
  if (rules.some(({ over }) => over === 'latest')) return { snapshot: occurrenceOf(occasion) };
  return {
    period: hull(
      rules.map(({ over }) => ({ period: windowOf(over, occasion.nominal_at, zone, weekStart).dates })),
    ),
  };
}

function hull(decisions: readonly { readonly period: DateRange }[]): DateRange {
  const froms = decisions.map(({ period }) => period.from).toSorted();
  const tos = decisions.map(({ period }) => period.to).toSorted();
  return { from: froms[0] ?? '', to: tos.at(-1) ?? '' };
}
