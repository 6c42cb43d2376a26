import { Injectable } from '@nestjs/common';
import { CompanyReader, type Company } from '#company';
import {
  compareInstants,
  composeWithdrawn,
  deliveryId,
  deliveryTrouble,
  roomTrouble,
  sourceTrouble,
  troubleReasons,
  unmatched,
  workspaceDefaults,
  type Instant,
  type Message,
  type Subscription,
  type TroubleReason,
} from '#domain';
import { deliverQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import { Database, Deliveries, Troubles, type Trouble } from '#storage';
import { createLogger } from '#telemetry';
import { route } from './say.js';

const log = createLogger('rules');

/** Tells owners of troubles, in their room, once; and edits what was told when the trouble is over. */
@Injectable()
export class TellOwners {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly troubles: Troubles,
    private readonly deliveries: Deliveries,
    private readonly queues: Queues,
  ) {}

  async tell(): Promise<void> {
    const untold = await this.troubles.untold();
    if (untold.length === 0) return;
    const company = await this.companies.current();
    const open = await this.troubles.listOpen();
    const channels = new Set<string>();
    for (const group of Map.groupBy(untold, groupOf).values()) {
      const [first] = group;
      if (!first) continue;
      const to = ownersPlace(company, first.owner);
      if (!to) {
        log.warn('trouble without an owner to tell', {
          kind: first.kind,
          about: first.about,
          owner: first.owner,
        });
        await this.troubles.told(group);
        continue;
      }
      const lasting = open.filter((one) => groupOf(one) === groupOf(first));
      if (await this.#say(to, first, group, lasting)) channels.add(to.to.channel);
      await faultPoint('trouble.said');
      await this.troubles.told(group);
    }
    for (const channel of channels)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
  }

  async #say(
    to: Subscription,
    first: Trouble,
    group: readonly Trouble[],
    lasting: readonly Trouble[],
  ): Promise<boolean> {
    const { destination, target } = route(to, undefined);
    const id = deliveryId({
      subscription: to.name,
      destination,
      says: { trouble: `${groupOf(first)} ${(await this.#since(first))?.toString() ?? ''}` },
    });
    const before = await this.deliveries.get(id);
    const message =
      lasting.length > 0 ? messageOf(lasting) : before && composeWithdrawn(messageOf(group).title, 'en');
    if (!message) return false;
    const change = await this.database.transaction((tx) =>
      this.deliveries.say(tx, {
        id,
        subscription: to.name,
        channel: to.to.channel,
        destination,
        about: 'trouble',
        target,
        message,
        notifications: [],
        whenUnknown: to.whenUnknown,
      }),
    );
    return change !== 'same';
  }

  /** What tells one message about this from the next: nothing where there is ever only one, which is edited. */
  async #since(trouble: Trouble): Promise<Instant | undefined> {
    if (grouped.has(trouble.kind)) return undefined;
    const source = sourceOf(trouble);
    return source === undefined ? trouble.opened_at : this.troubles.sourceInTroubleSince(source, trouble);
  }
}

/** Where an owner hears of troubles: the subscription that is named, or a room with the person who is. */
function ownersPlace({ configuration, people }: Company, owner: string | null): Subscription | undefined {
  const named = configuration.subscriptions.find((one) => one.name === owner);
  if (named) return named;
  const person = people.find(({ email }) => email !== undefined && email === owner?.toLowerCase());
  const channel = configuration.subscriptions.find(({ to }) => to.room)?.to.channel;
  if (!person?.email || channel === undefined) return undefined;
  return {
    name: `owner ${person.email}`,
    rules: [],
    digest: false,
    to: { channel, room: { name: `carillon-${person.slug}`, members: [{ email: person.email }] } },
    untilMs: 0,
    whenUnknown: 'leave',
  };
}

/** Kinds that are told as one list per system. */
const grouped: ReadonlySet<string> = new Set(['unmatched', 'conflict']);

const groupOf = (trouble: Pick<Trouble, 'kind' | 'about' | 'detail'>): string => {
  if (grouped.has(trouble.kind)) return `${trouble.kind} ${trouble.detail['system'] ?? ''}`;
  const source = sourceOf(trouble);
  return source === undefined ? `${trouble.kind} ${trouble.about}` : `source ${source}`;
};

/** A source that cannot be read and the decisions that wait for it are one trouble to its owner. */
const sourceOf = ({ kind, about, detail }: Pick<Trouble, 'kind' | 'about' | 'detail'>): string | undefined =>
  kind === 'source' ? about : kind === 'incomplete' ? detail['source'] : undefined;

const reasonOf = (trouble: Trouble): TroubleReason =>
  troubleReasons.find((reason) => reason === trouble.detail['reason']) ??
  (trouble.kind === 'incomplete' ? 'incomplete' : 'unavailable');

const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);

function messageOf(lasting: readonly Trouble[]): Message {
  const [first] = lasting;
  if (!first) throw new RangeError('no trouble to tell of');
  const { detail } = first;
  const common = {
    since: first.opened_at,
    zone: workspaceDefaults.zone,
    ...(detail['detail'] === undefined ? {} : { detail: detail['detail'] }),
  };
  switch (first.kind) {
    case 'source':
    case 'incomplete': {
      // Why it cannot be read says more than that something is missing.
      const cause = lasting.find(({ kind }) => kind === 'source') ?? first;
      const words = cause.detail['detail'];
      const held = lasting.reduce((sum, { detail: { held: some } }) => sum + Number(some ?? 0), 0);
      return sourceTrouble({
        since: lasting.map(({ opened_at }) => opened_at).reduce(earlier),
        zone: common.zone,
        ...(words === undefined ? {} : { detail: words }),
        source: sourceOf(first) ?? first.about,
        reason: reasonOf(cause),
        ...(held > 0 ? { held } : {}),
      });
    }
    case 'delivery':
      return deliveryTrouble({
        ...common,
        channel: detail['channel'] ?? '',
        reason: reasonOf(first),
        outcome: detail['outcome'] === 'unknown' ? 'unknown' : 'refused',
        deliveryId: first.about,
        ...(detail['subscription'] === undefined ? {} : { subscription: detail['subscription'] }),
      });
    case 'room':
      return roomTrouble({
        ...common,
        channel: detail['channel'] ?? '',
        room: detail['room'] ?? first.about,
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
