import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Liquid } from 'liquidjs';
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

/** What is to be said to one destination, before anybody looks at what was said before. */
export interface Saying extends NewDelivery {
  /** All that it says fired; empty where it withdraws what was said. */
  readonly fired: readonly Decision[];
}

const liquid = new Liquid({ strictVariables: true, strictFilters: true });

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

  /** Records for a table or system: a delivery for each missing holiday of each person, so that a refused one is in nobody else's way. */
  async #records(
    company: Company,
    subscription: Subscription,
    fired: readonly Fired[],
  ): Promise<readonly Saying[]> {
    const people = peopleById(company);
    const decisions = fired.map(({ decision }) => decision);
    const period = hull(decisions);
    const days = await this.expectedDays.days(
      decisions.map((decision) => decision.subject),
      period,
      company.asOf,
    );
    const { channel: channelName, ...to } = subscription.to;
    const channel = company.configuration.channels.find((one) => one.name === channelName);
    const shared =
      company.configuration.sources.find((source) => source.type === channel?.type)?.name ?? channelName;
    const rows = decisions.flatMap((decision) => {
      const person = people.get(decision.subject);
      const externalId = person?.identities[channelName] ?? person?.identities[shared];
      if (!person || externalId === undefined) return [];
      return (days.get(person.id) ?? []).flatMap(({ day, missingHoliday }) =>
        missingHoliday === null || day < decision.period.from || day >= decision.period.to
          ? []
          : [{ person, decision, day, name: missingHoliday, externalId }],
      );
    });
    const destination = `to:${canonical(to)}`;
    return [...Map.groupBy(rows, ({ day, externalId }) => `${day}/${externalId}`)]
      .flatMap(([key, some]) => {
        const [row] = some;
        if (!row) return [];
        const { person, day, name, externalId } = row;
        const said = some.map(({ decision }) => decision);
        return [
          {
            id: deliveryId({
              subscription: subscription.name,
              destination,
              says: { period: { from: day, to: day }, about: key },
            }),
            subscription: subscription.name,
            channel: channelName,
            destination,
            subject: person.id,
            about: 'record' as const,
            target: { ...subscription.to },
            message: { rows: [{ key, values: { day, name, externalId } }] },
            notifications: said.map(notificationId),
            whenUnknown: subscription.whenUnknown,
            fired: said,
          },
        ];
      })
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
}

interface Fired {
  readonly say: string;
  readonly decision: Decision;
}

/** What takes the place of a message whose ground is gone. */
export const withdrawn = (said: Message): Message => composeWithdrawn(said.title, said.locale);

/** The logical destination of what is said about a person, and what the notifier finds it by. */
export function route(
  subscription: Subscription,
  person: Person | undefined,
): { destination: string; target: Readonly<Record<string, unknown>> } {
  const { channel, room, ...to } = subscription.to;
  const scope = { person: person && { slug: person.slug, name: person.name, email: person.email ?? '' } };
  if (room) {
    const own = room.name.includes('{{') || room.members.some((member) => typeof member === 'string');
    // Another circle of people is another room, whatever it is called: what the one was told is not for the other to read.
    const which = hashOf(
      JSON.stringify([room.name, room.members.map((member) => JSON.stringify(member)).toSorted()]),
    );
    return {
      destination: own && person ? `room:person:${person.id}:${which}` : `room:${room.name}:${which}`,
      target: {
        channel,
        room: {
          name: liquid.parseAndRenderSync(room.name, scope),
          members: room.members,
          person: person?.id ?? null,
        },
      },
    };
  }
  const rendered = Object.fromEntries(
    Object.entries(to).map(([key, value]) => [
      key,
      typeof value === 'string' ? liquid.parseAndRenderSync(value, scope) : value,
    ]),
  );
  return { destination: `to:${canonical(rendered)}`, target: { channel, ...rendered } };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 8);
const canonical = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));

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
