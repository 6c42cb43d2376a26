import { parse, v5 as uuidv5 } from 'uuid';
import type { DateRange, Instant } from './instant.js';

/** The space of all of Carillon's keys. Never change it: a restored database finds what it had sent by these. */
const CARILLON = parse('6ba6f2a4-5a3c-5b52-9f0e-0d6cbd0f9a11');

/** UUIDv5 over parts that cannot run into each other. */
const key = (...parts: readonly string[]): string => uuidv5(JSON.stringify(parts), CARILLON);

/** One planned run of a subscription in one zone (and calendar, where days are shifted by it). */
export const occurrenceId = (of: {
  subscription: string;
  zone: string;
  calendar: string;
  nominal: Instant;
}): string => key('occurrence', of.subscription, of.zone, of.calendar, of.nominal.toString());

/** One read of one system, for one reason. */
export const pullId = (of: { system: string; what: 'facts' | 'people'; askedBy: string }): string =>
  key('pull', of.system, of.what, of.askedBy);

/** What is to be said once per rule, subject and period (of a snapshot rule: per occurrence); never the rule's version. */
export const notificationId = (of: {
  rule: string;
  subject: string;
  period: DateRange;
  snapshot?: string;
}): string =>
  of.snapshot === undefined
    ? key('notification', of.rule, of.subject, of.period.from, of.period.to)
    : key('notification', of.rule, of.subject, 'snapshot', of.snapshot);

/**
 * One message to one logical destination. A digest stands for all that its subscription says there about one period, so that a rule that
 * fires later joins the message instead of making a second one: `about` is its subject, or for records the group of people they are written
 * for. Where a snapshot is among it, the occurrence stands in the period's place: two looks on one day are two. Otherwise it is one
 * notification, or one trouble.
 */
export const deliveryId = (of: {
  subscription: string;
  destination: string;
  says:
    | { period: DateRange; about: string }
    | { snapshot: string; about: string }
    | { notification: string }
    | { trouble: string };
}): string => {
  const says =
    'period' in of.says
      ? ['period', of.says.period.from, of.says.period.to, of.says.about]
      : 'snapshot' in of.says
        ? ['snapshot', of.says.snapshot, of.says.about]
        : 'notification' in of.says
          ? ['notification', of.says.notification]
          : ['trouble', of.says.trouble];
  return key('delivery', of.subscription, of.destination, ...says);
};

/** One row of a forward in one table, by what tells it apart there: written again, by whichever run, it is the same one. */
export const rowDeliveryId = (of: { forward: string; destination: string; key: string }): string =>
  key('row', of.forward, of.destination, of.key);

/** One run of a forward: what its occurrence found by what was known at one moment. */
export const forwardRunId = (of: { occurrence: string; asOf: Instant }): string =>
  key('forward run', of.occurrence, of.asOf.toString());

/** One evaluation of one rule for one occurrence, by what was known at one moment. */
export const evaluationId = (of: { occurrence: string; rule: string; asOf: Instant }): string =>
  key('evaluation', of.occurrence, of.rule, of.asOf.toString());

export const decisionId = (of: { evaluation: string; subject: string }): string =>
  key('decision', of.evaluation, of.subject);

/** The human who was first proposed by this e-mail address, or by this identity where there is none. */
export const personId = (of: { email: string } | { system: string; externalId: string }): string =>
  'email' in of ? key('person', of.email) : key('person', of.system, of.externalId);

/** A team, by the name of its document. */
export const teamId = (name: string): string => key('team', name);

/** A source or channel, by the name of its document. */
export const connectionId = (name: string): string => key('connection', name);
