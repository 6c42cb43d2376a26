import type { ChannelPlugin, Row } from '#channels';
import { canonical, peopleById, type Company } from '#company';
import {
  deliveryId,
  notificationId,
  type Decision,
  type ExpectedDay,
  type PlacedSubscription,
} from '#domain';
import type { Saying } from './say.js';

/** Each person's days by the person's id. */
type Days = ReadonlyMap<string, readonly (ExpectedDay & { readonly missingHoliday: string | null })[]>;

interface MissedDay {
  readonly row: Row;
  readonly day: string;
  readonly decision: Decision;
  /** What the rows of its delivery have in common; undefined where it is one by itself. */
  readonly together: string | undefined;
}

/**
 * The missing holidays of these people as records for a table or system, a row for each day of each person. The channel says which rows are
 * one delivery. Such a delivery is about nobody in particular: whoever is known to miss the holiday later, or in another zone, joins it.
 */
export function recordSayings(
  company: Company,
  subscription: PlacedSubscription,
  plugin: Pick<ChannelPlugin, 'together'>,
  fired: readonly Decision[],
  days: Days,
): readonly Saying[] {
  const { channel, ...to } = subscription.to;
  const destination = `to:${canonical(to)}`;
  const records = recordsOf(company, subscription, plugin, fired, days);
  return [...Map.groupBy(records, ({ day, row, together }) => `${day} ${together ?? row.key}`).values()]
    .flatMap((some) => {
      const [first] = some;
      if (!first) return [];
      const said = [...new Map(some.map(({ decision }) => [notificationId(decision), decision]))];
      const rows = [...new Map(some.map(({ row }) => [row.key, row])).values()];
      return [
        {
          id: deliveryId({
            subscription: subscription.name,
            destination,
            says: { period: { from: first.day, to: first.day }, about: first.together ?? first.row.key },
          }),
          subscription: subscription.name,
          channel,
          destination,
          ...(first.together === undefined ? { subject: first.decision.subject } : {}),
          about: 'record' as const,
          target: { ...subscription.to },
          message: { rows: rows.toSorted((one, other) => (one.key < other.key ? -1 : 1)) },
          notifications: said.map(([id]) => id),
          whenUnknown: subscription.whenUnknown,
          fired: said.map(([, decision]) => decision),
        },
      ];
    })
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function recordsOf(
  company: Company,
  { to: { channel: channelName, ...to } }: PlacedSubscription,
  plugin: Pick<ChannelPlugin, 'together'>,
  fired: readonly Decision[],
  days: Days,
): readonly MissedDay[] {
  const people = peopleById(company);
  const channel = company.configuration.channels.find(({ name }) => name === channelName);
  // A channel that knows no people of its own writes to the system that its source reads.
  const source = company.configuration.sources.find(({ type }) => type === channel?.type)?.name;
  return fired.flatMap((decision) => {
    const { subject, period } = decision;
    const identities = people.get(subject)?.identities;
    const externalId = identities?.[channelName] ?? identities?.[source ?? channelName];
    if (externalId === undefined) return [];
    return (days.get(subject) ?? []).flatMap(({ day, missingHoliday: name }) => {
      if (name === null || day < period.from || day >= period.to) return [];
      const row: Row = { key: `${day}/${externalId}`, values: { day, name, externalId } };
      return [{ row, day, decision, together: plugin.together?.(row, to) }];
    });
  });
}
