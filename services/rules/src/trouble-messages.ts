import {
  compareInstants,
  deliveryTrouble,
  roomTrouble,
  runTrouble,
  runTroubleReasons,
  sourceTrouble,
  troubleReasons,
  unmatched,
  workspaceDefaults,
  type Instant,
  type Message,
  type TroubleReason,
  type TroublingRecords,
} from '#domain';
import type { Trouble } from '#storage';
import { z } from 'zod';

/** Troubles of a kind that have one cause, as far as we can see: they are told as one. */
export function groupOf(trouble: Pick<Trouble, 'kind' | 'about' | 'detail'>): string {
  const { kind, about, detail } = trouble;
  switch (kind) {
    case 'unmatched':
    case 'conflict':
      return `${kind} ${detail['system'] ?? ''}`;
    case 'delivery':
      return `${kind} ${detail['channel'] ?? ''} ${detail['reason'] ?? ''} ${detail['outcome'] ?? ''}`;
    case 'room':
      return `${kind} ${detail['channel'] ?? ''} ${detail['used'] ?? ''}`;
    case 'occurrence':
      return `${kind} ${detail['subscription'] ?? about}`;
    case 'source':
    case 'incomplete':
      return `source ${sourceOf(trouble) ?? about}`;
  }
}

/** A source that cannot be read and the decisions that wait for it are one trouble to its owner. */
export const sourceOf = ({
  kind,
  about,
  detail,
}: Pick<Trouble, 'kind' | 'about' | 'detail'>): string | undefined =>
  kind === 'source' ? about : kind === 'incomplete' ? detail['source'] : undefined;

const reasonOf = (trouble: Trouble): TroubleReason =>
  troubleReasons.find((reason) => reason === trouble.detail['reason']) ??
  (trouble.kind === 'incomplete' ? 'incomplete' : 'unavailable');

/** Tells of these, which are one trouble to their owner. */
export function messageOf(lasting: readonly Trouble[]): Message {
  const [first] = lasting;
  if (!first) throw new RangeError('no trouble to tell of');
  const { detail } = first;
  const common = {
    since: lasting.map(({ opened_at }) => opened_at).reduce(earlierOf),
    zone: workspaceDefaults.zone,
    ...(detail['detail'] === undefined ? {} : { detail: detail['detail'] }),
  };
  switch (first.kind) {
    case 'source':
    case 'incomplete': {
      // Why it cannot be read says more than that something is missing.
      const cause = lasting.find(({ kind }) => kind === 'source') ?? first;
      const words = cause.detail['detail'];
      const records = cause.kind === 'source' ? undefined : recordsOf(lasting);
      const held = lasting.reduce((sum, { detail: { held: some } }) => sum + Number(some ?? 0), 0);
      return sourceTrouble({
        since: common.since,
        zone: common.zone,
        ...(words === undefined ? {} : { detail: words }),
        source: sourceOf(first) ?? first.about,
        reason: records ? 'records' : reasonOf(cause),
        ...(held > 0 ? { held } : {}),
        ...(records ? { records } : {}),
      });
    }
    case 'delivery': {
      const subscriptions = new Set(lasting.map((one) => one.detail['subscription']));
      const [subscription] = subscriptions;
      return deliveryTrouble({
        ...common,
        channel: detail['channel'] ?? '',
        reason: reasonOf(first),
        outcome: detail['outcome'] === 'unknown' ? 'unknown' : 'refused',
        deliveryIds: lasting.map(({ about }) => about),
        ...(subscription === undefined || subscriptions.size > 1 ? {} : { subscription }),
      });
    }
    case 'room':
      return roomTrouble({
        ...common,
        channel: detail['channel'] ?? '',
        rooms: lasting.map((one) => one.detail['room'] ?? one.about),
        ...(detail['used'] === undefined ? {} : { isUsed: true }),
      });
    case 'occurrence':
      return runTrouble({
        ...common,
        subscription: detail['subscription'] ?? first.about,
        reason: runTroubleReasons.find((reason) => reason === detail['reason']) ?? 'error',
      });
    case 'conflict':
    case 'unmatched':
      return unmatched({
        ...common,
        system: detail['system'] ?? '',
        accounts: lasting.map((one) => ({
          externalId: one.detail['externalId'] ?? '',
          ...(one.detail['name'] ? { name: one.detail['name'] } : {}),
          ...(one.detail['email'] ? { email: one.detail['email'] } : {}),
        })),
      });
  }
}

const storedRecords = z.object({
  count: z.number(),
  first: z.array(
    z.object({
      name: z.string(),
      url: z.string().exactOptional(),
      of: z.string().exactOptional(),
      why: z.string(),
    }),
  ),
});

/** The records that these wait for; several runs may wait for the same, and one may know of more. */
function recordsOf(lasting: readonly Trouble[]): TroublingRecords | undefined {
  const all = lasting.flatMap(({ detail: { records } }) =>
    records === undefined ? [] : storedRecords.parse(JSON.parse(records)),
  );
  if (all.length === 0) return undefined;
  const first = [
    ...new Map(all.flatMap((one) => one.first.map((record) => [JSON.stringify(record), record]))).values(),
  ];
  return { count: Math.max(first.length, ...all.map(({ count }) => count)), first };
}

const earlierOf = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
