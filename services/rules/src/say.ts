import { Injectable } from '@nestjs/common';
import type { ChannelPlugin } from '#channels';
import { isPlaced, placeOf, route, type Company } from '#company';
import { channelPluginOf } from '#connections';
import {
  composeWithdrawn,
  deliveryId,
  notificationId,
  windowOf,
  workspaceDefaults,
  type DateRange,
  type Decision,
  type Message,
  type PlacedSubscription,
  type Subject,
  type Subscription,
} from '#domain';
import { Database, ExpectedDays, type NewDelivery } from '#storage';
import { createLogger } from '#telemetry';
import { occurrenceOf, subscriptionOf, type Conclusion, type Occasion } from './evaluator.js';
import { connectionWords } from './connection-words.js';
import { personWords } from './person-words.js';
import { recordSayings } from './records.js';
import { subjectsById } from './subjects.js';
import { teamWords } from './team-words.js';
import { hull, type Fired, type Words } from './words.js';

const log = createLogger('rules');

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
        .map((decision): Fired => ({ rule, decision })),
    );
    if (fired.length === 0) return [];
    const plugin = isPlaced(subscription)
      ? await channelPluginOf(company.configuration, subscription.to.channel)
      : undefined;
    if (isPlaced(subscription) && plugin?.takes === 'records')
      return this.#records(company, subscription, plugin, fired);
    return this.#messages(company, occasion, subscription, fired);
  }

  async #messages(
    company: Company,
    occasion: Occasion,
    subscription: Subscription,
    fired: readonly Fired[],
  ): Promise<readonly Saying[]> {
    const subjects = subjectsById(company, occasion);
    const groups = Map.groupBy(fired, ({ decision }) =>
      subscription.digest ? decision.subject : `${decision.subject} ${decision.rule} ${decision.period.from}`,
    );
    const words = await this.#words(company, occasion, subscription, fired);
    const sayings: Saying[] = [];
    for (const group of groups.values()) {
      const subject = subjects.get(group[0]?.decision.subject ?? '');
      if (!subject) continue;
      const decisions = group.map(({ decision }) => decision);
      const place = placeOf(company, subscription, subject);
      if (!place) {
        log.warn('nobody to tell', { subscription: subscription.name, about: subject.name });
        continue;
      }
      const { destination, target } = route(
        place,
        subject,
        await channelPluginOf(company.configuration, place.to.channel),
      );
      const [only] = decisions;
      sayings.push({
        id: deliveryId({
          subscription: subscription.name,
          destination,
          says: subscription.digest
            ? { ...whenOf(company, occasion, subscription, subject), about: subject.id }
            : { notification: only ? notificationId(only) : '' },
        }),
        subscription: subscription.name,
        channel: place.to.channel,
        destination,
        subject: subject.id,
        about: 'notification',
        target,
        message: words(subject, group),
        notifications: decisions.map(notificationId),
        whenUnknown: subscription.whenUnknown,
        fired: decisions,
      });
    }
    return sayings.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** A subscription's rules are all about people, all about teams, or all about connections. */
  async #words(
    company: Company,
    occasion: Occasion,
    subscription: Subscription,
    fired: readonly Fired[],
  ): Promise<Words> {
    switch (fired[0]?.rule.each) {
      case 'team':
        return teamWords(this.database, company, occasion, fired);
      case 'connection':
        return connectionWords;
      default:
        if (!isPlaced(subscription))
          throw new TypeError('a message about a person goes to a place of its own');
        return personWords(this.database, this.expectedDays, company, subscription, fired);
    }
  }

  async #records(
    company: Company,
    subscription: PlacedSubscription,
    plugin: ChannelPlugin,
    fired: readonly Fired[],
  ): Promise<readonly Saying[]> {
    const decisions = fired.map(({ decision }) => decision);
    const days = await this.expectedDays.days(
      decisions.map(({ subject }) => subject),
      hull(decisions),
      company.asOf,
    );
    return recordSayings(company, subscription, plugin, decisions, days);
  }
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
  subject: Subject,
): { readonly period: DateRange } | { readonly snapshot: string } {
  const rules = configuration.rules.filter(({ name }) => subscription.rules.includes(name));
  if (rules.some(({ over }) => over === 'latest')) return { snapshot: occurrenceOf(occasion) };
  const { weekStart } = subject.kind === 'person' ? subject.person : workspaceDefaults;
  const { nominal_at: nominal } = occasion;
  return {
    period: hull(
      rules.map(({ over }) => ({ period: windowOf(over, nominal, subject.zone, weekStart).dates })),
    ),
  };
}
