import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import { CompanyReader, type Company } from '#company';
import {
  compareInstants,
  composeWithdrawn,
  deliveryId,
  deliveryTrouble,
  instant,
  roomTrouble,
  runTrouble,
  runTroubleReasons,
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
import { Database, Deliveries, Pulls, Troubles, type Trouble } from '#storage';
import { createLogger } from '#telemetry';
import { route } from './route.js';

const log = createLogger('rules');

/** Tells owners of troubles, in their room, once; and edits what was told when the trouble is over. */
@Injectable()
export class TellOwners {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly troubles: Troubles,
    private readonly deliveries: Deliveries,
    private readonly pulls: Pulls,
    private readonly queues: Queues,
  ) {}

  async tell(): Promise<void> {
    const untold = await this.troubles.untold();
    if (untold.length === 0) return;
    // Whoever opened it may have known newer documents: by older ones it would have no owner, and be told to nobody.
    const company = await this.companies.notBefore(untold.map(({ opened_at }) => opened_at).reduce(later));
    const open = Map.groupBy(await this.troubles.listOpen(), groupOf);
    const channels = new Set<string>();
    for (const [name, group] of Map.groupBy(untold, groupOf)) {
      try {
        const channel = await this.#tellOf(company, name, group, open.get(name) ?? []);
        if (channel !== undefined) channels.add(channel);
      } catch (error) {
        // What cannot be told keeps nobody from hearing of the rest; it is tried again with the next tick.
        log.error('owner not told of a trouble', { trouble: name, error });
      }
    }
    for (const channel of channels)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
  }

  /** Returns the channel where there is something to say. */
  async #tellOf(
    company: Company,
    name: string,
    untold: readonly Trouble[],
    open: readonly Trouble[],
  ): Promise<string | undefined> {
    const [first] = untold;
    if (!first) return undefined;
    const to = ownersPlace(company, first.owner);
    if (!to) {
      log.warn('trouble without an owner to tell', {
        kind: first.kind,
        about: first.about,
        owner: first.owner,
      });
      await this.troubles.told(untold);
      return undefined;
    }
    if (to.to.room && (await this.#isBeingListed(to.to.channel, company))) return undefined;
    const source = sourceOf(first);
    const told =
      source === undefined
        ? await this.#tellEpisodes(to, name, untold, open)
        : await this.#say(to, name, await this.troubles.sourceInTroubleSince(source, first), untold, open);
    await faultPoint('trouble.said');
    await this.troubles.told([...untold, ...open]);
    return told ? to.to.channel : undefined;
  }

  /** Whether it is about to be known who is in the channel: before, an owner's room has nobody in it. */
  async #isBeingListed(channel: string, { asOf }: Company): Promise<boolean> {
    if (await this.pulls.latestComplete(channel, 'people', undefined, asOf)) return false;
    const ever = Temporal.Instant.fromEpochMilliseconds(0);
    return (
      (await this.pulls.underway(channel, 'people', undefined, ever, { firstTry: true })) ||
      // It ended within the second that the company may be old.
      (await this.pulls.latestComplete(channel, 'people', undefined, undefined)) !== undefined
    );
  }

  /** What lasts at the same time is told in one message; what comes when all was over, or more than a day later, in a new one. */
  async #tellEpisodes(
    to: Subscription,
    name: string,
    untold: readonly Trouble[],
    open: readonly Trouble[],
  ): Promise<boolean> {
    const lasting = await this.#inEpisodes(open);
    const over = untold.filter(({ closed_at }) => closed_at !== null);
    const episodes = Map.groupBy([...lasting, ...over], ({ episode }) => episode?.toString() ?? '');
    let hasChanged = false;
    for (const [episode, some] of episodes) {
      // It was over before anybody was told.
      if (episode === '') continue;
      const still = some.filter(({ closed_at }) => closed_at === null);
      const gone = some.filter(({ closed_at }) => closed_at !== null);
      if (await this.#say(to, name, instant(episode), gone, still)) hasChanged = true;
    }
    return hasChanged;
  }

  /** Joins those that are new to the last message about those that last, or to a new one. */
  async #inEpisodes(open: readonly Trouble[]): Promise<readonly Trouble[]> {
    const news = open.filter(({ episode }) => episode === null);
    if (news.length === 0) return open;
    const last = open.flatMap(({ episode }) => episode ?? []).reduce<Instant | undefined>(later, undefined);
    const fits = (trouble: Trouble): boolean =>
      last !== undefined && trouble.opened_at.epochMilliseconds - last.epochMilliseconds <= EPISODE_MS;
    const joining = news.filter(fits);
    const others = news.filter((trouble) => !fits(trouble));
    const [first] = others;
    const begin = first && others.map(({ opened_at }) => opened_at).reduce(earlier, first.opened_at);
    const ids = (some: readonly Trouble[]): readonly string[] => some.map(({ id }) => id);
    if (last) await this.troubles.joinEpisode(ids(joining), last);
    if (begin) await this.troubles.joinEpisode(ids(others), begin);
    return open.map((trouble) =>
      trouble.episode === null ? { ...trouble, episode: (fits(trouble) ? last : begin) ?? null } : trouble,
    );
  }

  /** Says what lasts, in the message about what began at `since`; where nothing does any more, that what it said of `gone` is over. */
  async #say(
    to: Subscription,
    name: string,
    since: Instant,
    gone: readonly Trouble[],
    lasting: readonly Trouble[],
  ): Promise<boolean> {
    const { destination, target } = route(to, undefined);
    const id = deliveryId({
      subscription: to.name,
      destination,
      says: { trouble: `${name} ${since.toString()}` },
    });
    const before = await this.deliveries.get(id);
    const message =
      lasting.length > 0 ? messageOf(lasting) : before && composeWithdrawn(messageOf(gone).title, 'en');
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
        begunAt: since,
      }),
    );
    return change !== 'same';
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

/** Later than this after the first of them was told it deserves to be heard of anew, not only by an edit of the old message. */
const EPISODE_MS = 24 * 3_600_000;

/** Troubles of a kind that have one cause, as far as we can see: they are told as one. */
function groupOf(trouble: Pick<Trouble, 'kind' | 'about' | 'detail'>): string {
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
const sourceOf = ({ kind, about, detail }: Pick<Trouble, 'kind' | 'about' | 'detail'>): string | undefined =>
  kind === 'source' ? about : kind === 'incomplete' ? detail['source'] : undefined;

const reasonOf = (trouble: Trouble): TroubleReason =>
  troubleReasons.find((reason) => reason === trouble.detail['reason']) ??
  (trouble.kind === 'incomplete' ? 'incomplete' : 'unavailable');

const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
const later = (one: Instant | undefined, other: Instant): Instant =>
  one !== undefined && compareInstants(one, other) > 0 ? one : other;

function messageOf(lasting: readonly Trouble[]): Message {
  const [first] = lasting;
  if (!first) throw new RangeError('no trouble to tell of');
  const { detail } = first;
  const common = {
    since: lasting.map(({ opened_at }) => opened_at).reduce(earlier),
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
        since: common.since,
        zone: common.zone,
        ...(words === undefined ? {} : { detail: words }),
        source: sourceOf(first) ?? first.about,
        reason: reasonOf(cause),
        ...(held > 0 ? { held } : {}),
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
