import { Injectable } from '@nestjs/common';
import { CompanyReader } from '#company';
import {
  composeWithdrawn,
  deliveryId,
  deliveryTrouble,
  roomTrouble,
  sourceTrouble,
  troubleReasons,
  unmatched,
  workspaceDefaults,
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
      const to = company.configuration.subscriptions.find((one) => one.name === first.owner);
      if (!to) {
        log.warn('trouble without an owner to tell', {
          kind: first.kind,
          about: first.about,
          owner: first.owner,
        });
        await this.troubles.told(group.map(({ id }) => id));
        continue;
      }
      const lasting = open.filter((one) => groupOf(one) === groupOf(first));
      if (await this.#say(to, first, lasting)) channels.add(to.to.channel);
      await faultPoint('trouble.said');
      await this.troubles.told(group.map(({ id }) => id));
    }
    for (const channel of channels)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
  }

  async #say(to: Subscription, first: Trouble, lasting: readonly Trouble[]): Promise<boolean> {
    const { destination, target } = route(to, undefined);
    const id = deliveryId({
      subscription: to.name,
      destination,
      says: { trouble: `${groupOf(first)} ${grouped.has(first.kind) ? '' : first.opened_at.toString()}` },
    });
    const before = await this.deliveries.get(id);
    const message =
      lasting.length > 0
        ? messageOf(lasting)
        : before && composeWithdrawn((before.message as Message).title, 'en');
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
}

/** Kinds that are told as one list per system. */
const grouped: ReadonlySet<string> = new Set(['unmatched', 'conflict']);

const groupOf = (trouble: Pick<Trouble, 'kind' | 'about' | 'detail'>): string =>
  grouped.has(trouble.kind)
    ? `${trouble.kind} ${trouble.detail['system'] ?? ''}`
    : `${trouble.kind} ${trouble.about}`;

const reasonOf = (trouble: Trouble): TroubleReason =>
  troubleReasons.find((reason) => reason === trouble.detail['reason']) ??
  (trouble.kind === 'incomplete' ? 'incomplete' : 'unavailable');

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
      return sourceTrouble({ ...common, source: first.about, reason: reasonOf(first) });
    case 'incomplete':
      return sourceTrouble({
        ...common,
        source: detail['source'] ?? first.about,
        reason: reasonOf(first),
        held: Number(detail['held'] ?? 0),
      });
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
