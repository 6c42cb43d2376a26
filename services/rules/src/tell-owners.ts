import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import { CompanyReader, ownersPlace, route, type Company } from '#company';
import { channelPluginOf } from '#connections';
import {
  compareInstants,
  composeWithdrawn,
  deliveryId,
  instant,
  type Instant,
  type PlacedSubscription,
} from '#domain';
import { deliverQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import { Database, Deliveries, isTriedAgain, Pulls, Troubles, type Trouble } from '#storage';
import { createLogger } from '#telemetry';
import { groupOf, messageOf, sourceOf } from './trouble-messages.js';

const log = createLogger('rules');

/** Later than this after the first of them was told it deserves to be heard of anew, not only by an edit of the old message. */
const EPISODE_MS = 24 * 3_600_000;
/**
 * What is tried again by itself has so much time to succeed before its owner hears of it: four or five tries. Most of what a network does is over
 * by then, and nobody could have done anything about it.
 */
const CALM_MS = 60_000;

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
    const lasting = source === undefined ? await this.#inEpisodes(open) : open;
    const all = [...lasting, ...untold.filter(({ closed_at }) => closed_at !== null)];
    const began =
      source === undefined
        ? new Map(all.map(({ id, episode }) => [id, episode]))
        : await this.troubles.sourceInTroubleSince(source);
    const together = Map.groupBy(all, ({ id }) => began.get(id)?.toString() ?? '');
    let hasChanged = false;
    const told: Trouble[] = [];
    for (const [since, some] of together) {
      const said = await this.#tellTogether(company, to, name, since, some);
      if (said === 'later') continue;
      told.push(...some);
      if (said === 'changed') hasChanged = true;
    }
    if (told.length === 0) return undefined;
    await faultPoint('trouble.said');
    await this.troubles.told(told);
    return hasChanged ? to.to.channel : undefined;
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

  /**
   * Tells of those that began at `since`, or upon one another since then, in one message: what lasts of them; where nothing does any more, that
   * what it said is over. What is still calm is told `later`.
   */
  async #tellTogether(
    { configuration }: Company,
    to: PlacedSubscription,
    name: string,
    since: string,
    some: readonly Trouble[],
  ): Promise<'changed' | 'same' | 'later'> {
    // It was over before anybody was told.
    if (since === '') return 'same';
    const plugin = await channelPluginOf(configuration, to.to.channel);
    const { destination, target } = route(to, undefined, plugin);
    const id = deliveryId({ subscription: to.name, destination, says: { trouble: `${name} ${since}` } });
    const before = await this.deliveries.get(id);
    const begunAt = instant(since);
    const lasting = some.filter(({ closed_at }) => closed_at === null);
    if (!before && lasting.length > 0 && (await this.#isCalm(lasting, begunAt))) return 'later';
    const message =
      lasting.length > 0 ? messageOf(lasting) : before && composeWithdrawn(messageOf(some).title, 'en');
    if (!message) return 'same';
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
        begunAt,
      }),
    );
    return change === 'same' ? 'same' : 'changed';
  }

  /** Whether all of it is tried again, and has not lasted for long. */
  async #isCalm(lasting: readonly Trouble[], since: Instant): Promise<boolean> {
    if (!lasting.every(isTriedAgain)) return false;
    return (await this.database.now()).since(since).total('milliseconds') < CALM_MS;
  }

  /**
   * Joins those that are new to the last message about those that last: what lasts at the same time is told in one. What comes when all was over,
   * or more than a day later, is told in a new one.
   */
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
}

const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
const later = (one: Instant | undefined, other: Instant): Instant =>
  one !== undefined && compareInstants(one, other) > 0 ? one : other;
