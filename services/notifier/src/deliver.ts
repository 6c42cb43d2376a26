import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompanyReader, type Company } from '#company';
import { Vendors, type ConnectedChannel } from '#connections';
import { compareInstants, type Instant } from '#domain';
import { RemoteError } from '#http';
import { afterFailure, deliverQueue, Queues, type Verdict } from '#queues';
import { faultPoint } from '#runtime';
import { Deliveries, LeaseLostError, Rooms, Troubles, type ClaimedDelivery, type Sql } from '#storage';
import { countDeliveries, createLogger, withSpan } from '#telemetry';
import { ask, askAfterRestore } from './stages/ask.stage.js';
import { place } from './stages/place.stage.js';
import { send } from './stages/send.stage.js';
import type { Ending, Passage, Stage } from './stages/stage.js';

/** Rows in `sending` per process and channel: what a kill leaves to be asked for. */
const CLAIM = 64;
/** Calls to one vendor at a time. */
const PARALLEL = 16;
/** A passage ends before its lease does, so that nobody asks for an attempt that is still on its way. */
const PASSAGE_MS = 60_000;
/** A passage that begins later than this after the claim needs a lease of its own length. */
const RENEW_AFTER_MS = 15_000;
/** Above this rate an account's limit is not worth a row in Postgres per batch. */
const UNMETERED_PER_SECOND = 500;

const log = createLogger('notifier');

/** Sends what is due on one channel: claims in bulk, walks each delivery through the stages, and settles what became of it. */
@Injectable()
export class Deliver {
  readonly #stages: readonly Stage[];

  constructor(
    private readonly companies: CompanyReader,
    private readonly vendors: Vendors,
    private readonly deliveries: Deliveries,
    private readonly troubles: Troubles,
    private readonly queues: Queues,
    private readonly rooms: Rooms,
  ) {
    this.#stages = [ask(deliveries), place(rooms), askAfterRestore(deliveries), send(deliveries)];
  }

  /** Goes on until nothing of the channel is due, or the process stops. */
  async drain(channel: string, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const { configuration } = await this.companies.current();
      const document = configuration.channels.find((one) => one.name === channel);
      if (!document) return;
      const connected = await this.vendors.channel(document);
      const began = performance.now();
      const claimed = await this.#claim(channel, connected);
      if (claimed.length === 0) return;
      await faultPoint('deliver.claimed');
      // Whoever it was decided to tell is known here too, also where they were found a moment ago.
      const company = await this.companies.notBefore(claimed.map(({ due_at }) => due_at).reduce(later));
      const paused = await this.deliveries.paused(channel);
      let hasArrived = false;
      await inParallel(claimed, PARALLEL, async (delivery) => {
        if (await this.#pass(delivery, company, connected, paused, began)) hasArrived = true;
      });
      // The credentials are good: what waited for better ones waits no longer.
      if (hasArrived) await this.deliveries.releaseHeld(channel, 'unauthorized');
    }
  }

  async #claim(channel: string, connected: ConnectedChannel): Promise<readonly ClaimedDelivery[]> {
    const { limit } = connected.plugin;
    if (limit.requests / limit.perSeconds >= UNMETERED_PER_SECOND)
      return this.deliveries.claim(channel, CLAIM, randomUUID());
    const budget = await this.deliveries.takeBudget(channel, limit, CLAIM);
    if (budget.granted === 0) {
      await this.queues.ring(
        deliverQueue(channel),
        { v: 1, channel },
        { jobId: channel, delayMs: budget.waitMs },
      );
      return [];
    }
    const claimed = await this.deliveries.claim(channel, budget.granted, randomUUID());
    await this.deliveries.returnBudget(channel, budget.granted - claimed.length);
    return claimed;
  }

  async #pass(
    delivery: ClaimedDelivery,
    company: Company,
    connected: ConnectedChannel,
    paused: ReadonlyMap<string, number>,
    claimedAt: number,
  ): Promise<boolean> {
    const attributes = { 'carillon.channel': delivery.channel, 'carillon.delivery': delivery.id };
    return withSpan('deliver', { parent: delivery.traceparent ?? undefined, attributes }, async () => {
      const passage: Passage = {
        delivery,
        company,
        connected,
        paused,
        // A process that stops takes no more, but ends what it has begun: a cut send is one that has to be asked for.
        signal: AbortSignal.timeout(PASSAGE_MS),
      };
      try {
        if (performance.now() - claimedAt > RENEW_AFTER_MS) await this.deliveries.renew(delivery);
        const hasArrived = await this.#goThrough(passage);
        await faultPoint('deliver.settled');
        return hasArrived;
      } catch (error) {
        if (!(error instanceof LeaseLostError)) throw error;
        log.warn('delivery taken over by another process', { delivery: delivery.id });
        return false;
      }
    });
  }

  async #goThrough(passage: Passage): Promise<boolean> {
    try {
      const ending = await this.#walk(passage);
      await this.#settle(passage, ending);
      return ending.end === 'arrived';
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      await this.#failed(passage, error);
      return false;
    }
  }

  async #walk(passage: Passage): Promise<Ending> {
    for (const stage of this.#stages) {
      passage.at = stage.name;
      const ending = await withSpan(`deliver.${stage.name}`, {}, () => stage.run(passage));
      if (ending) return ending;
    }
    throw new RangeError('the last stage did not end the passage');
  }

  async #settle(passage: Passage, ending: Ending): Promise<void> {
    const { delivery, connected, without } = passage;
    const pace = connected.plugin.destinationLimit;
    const paceMs = pace ? (pace.perSeconds * 1000) / pace.requests : 0;
    switch (ending.end) {
      case 'arrived':
        await this.deliveries.sent(delivery, { ...ending, paceMs }, async (tx) => {
          await this.troubles.close('delivery', delivery.id, tx);
          if (without) await this.#tellOfRoom(passage, without.room, strangersOf(without.who), true, tx);
          else await this.troubles.close('room', delivery.destination, tx);
        });
        countDeliveries(delivery.channel, 'sent');
        return;
      case 'wait':
        await this.deliveries.settle(delivery, {
          state: waiting(delivery),
          delayMs: ending.delayMs,
          detail: ending.why,
          paceMs: 0,
        });
        return;
      case 'held':
        await this.deliveries.settle(
          delivery,
          { state: 'held', delayMs: 0, reason: 'rejected', detail: ending.why, paceMs: 0 },
          async (tx) => {
            if (ending.room !== undefined)
              await this.#tellOfRoom(passage, ending.room, ending.why, false, tx);
          },
        );
        countDeliveries(delivery.channel, 'held');
        return;
      case 'left-unknown':
        await this.deliveries.settle(
          delivery,
          {
            state: 'unknown',
            left: true,
            delayMs: 0,
            reason: 'timeout',
            detail: 'nobody can say whether it arrived, and the subscription does not repeat',
            ...(ending.attempt === undefined
              ? {}
              : {
                  attempt: { number: ending.attempt, end: { outcome: 'unknown', detail: 'left as it is' } },
                }),
            paceMs,
          },
          (tx) => this.#tellOfDelivery(passage, 'timeout', 'unknown', '', tx),
        );
        countDeliveries(delivery.channel, 'unknown');
    }
  }

  async #failed(passage: Passage, error: unknown): Promise<void> {
    const { delivery, attempt, connected } = passage;
    const failure =
      error instanceof RemoteError
        ? error
        : new RemoteError(
            connected.plugin.id,
            'unreadable',
            // Whatever of ours broke: once an attempt has begun, the message may be there.
            'unknown',
            // Its words may hold anything; they are in the log.
            error instanceof Error ? error.name : 'an error of ours',
            { cause: error },
          );
    // Before an attempt has begun nothing of the delivery has left us, whatever became of the call that failed.
    const outcome = attempt ? failure.outcome : 'refused';
    const { reason, retryAfterMs, scope } = failure;
    const verdict = (await this.#lookAgain(passage, reason, outcome))
      ? lookAgain
      : afterFailure({ reason, outcome, retryAfterMs, scope }, delivery.attempts + 1);
    const state = stateAfter(verdict, reason, passage.asking ?? false);
    await this.#pause(passage, verdict);
    const isTold = verdict.next === 'fail' || verdict.tellOwner;
    await this.deliveries.settle(
      delivery,
      {
        state,
        left: state === 'unknown' && verdict.next === 'fail',
        delayMs: verdict.delayMs ?? 0,
        reason,
        detail: failure.message,
        ...(attempt
          ? {
              attempt: {
                number: attempt.number,
                end: {
                  outcome,
                  reason,
                  detail: failure.message,
                  ...(failure.code ? { code: failure.code } : {}),
                },
              },
            }
          : {}),
        attempts: state === 'held' ? 0 : delivery.attempts + (verdict.spendsAttempt ? 1 : 0),
        paceMs: verdict.next === 'pause' && verdict.scope === 'destination' ? (verdict.delayMs ?? 0) : 0,
      },
      async (tx) => {
        if (isTold) await this.#tellOfDelivery(passage, reason, outcome, failure.message, tx);
      },
    );
    await faultPoint('deliver.failed');
    countDeliveries(delivery.channel, state);
    log.warn('delivery failed', {
      delivery: delivery.id,
      channel: delivery.channel,
      reason,
      outcome,
      next: verdict.next,
      delayMs: verdict.delayMs,
      error,
    });
    if (!isTold)
      await this.queues.ring(
        deliverQueue(delivery.channel),
        { v: 1, channel: delivery.channel },
        { jobId: delivery.channel, delayMs: verdict.delayMs ?? 0 },
      );
  }

  /**
   * What was taken on trust is looked at again, and the message tried once more: a room may have been archived or its bot thrown out since it
   * was exact, and a secret may have been renewed since the connection was made.
   */
  async #lookAgain(
    { delivery, connected, trusted }: Passage,
    reason: string,
    outcome: string,
  ): Promise<boolean> {
    if (reason === 'unauthorized') {
      this.vendors.forget(connected);
      return outcome === 'refused' && delivery.reason !== 'unauthorized';
    }
    if (!trusted || reason !== 'rejected' || outcome !== 'refused') return false;
    await this.rooms.doubt(delivery.channel, delivery.destination);
    return true;
  }

  /** A limit rests for everybody whom it is about, and for nobody else. */
  async #pause({ delivery, at }: Passage, verdict: Verdict): Promise<void> {
    if (verdict.next !== 'pause' || verdict.delayMs === undefined || verdict.scope === 'destination') return;
    const method =
      at === 'ask' ? 'ask' : at === 'place' ? 'room' : delivery.sent_revision > 0 ? 'update' : 'send';
    await this.deliveries.pauseAccount(
      delivery.channel,
      verdict.scope === 'method' ? `method:${method}` : 'account',
      verdict.delayMs,
    );
  }

  async #tellOfDelivery(
    { delivery, company }: Passage,
    reason: string,
    outcome: string,
    detail: string,
    tx: Sql,
  ): Promise<void> {
    // A trouble about telling of a trouble would go round in circles; it is logged and counted.
    if (delivery.about === 'trouble') return;
    await this.troubles.open(
      {
        kind: 'delivery',
        about: delivery.id,
        ...ownerOf(company, delivery),
        detail: { channel: delivery.channel, reason, outcome, subscription: delivery.subscription, detail },
      },
      tx,
    );
  }

  async #tellOfRoom(
    { delivery, company }: Passage,
    room: string,
    detail: string,
    isUsed: boolean,
    tx: Sql,
  ): Promise<void> {
    await this.troubles.open(
      {
        kind: 'room',
        about: delivery.destination,
        ...ownerOf(company, delivery),
        detail: { channel: delivery.channel, room, detail, ...(isUsed ? { used: 'yes' } : {}) },
      },
      tx,
    );
  }
}

const ownerOf = ({ configuration }: Company, { channel }: ClaimedDelivery): { readonly owner?: string } => {
  const owner = configuration.channels.find(({ name }) => name === channel)?.owner;
  return owner === undefined ? {} : { owner };
};

const strangersOf = (who: readonly string[]): string => `not known there: ${who.join(', ')}`;

const later = (one: Instant, other: Instant): Instant => (compareInstants(one, other) > 0 ? one : other);

const lookAgain: Verdict = { next: 'retry', delayMs: 0, tellOwner: false, spendsAttempt: true };

function stateAfter(
  verdict: Verdict,
  reason: string,
  isUnknown: boolean,
): 'failed' | 'held' | 'retrying' | 'unknown' {
  // Nothing is wrong with what is to be said: it is said, or asked for, as soon as there are good credentials.
  if (verdict.next === 'fail' && reason === 'unauthorized') return 'held';
  if (isUnknown || verdict.next === 'ask') return 'unknown';
  return verdict.next === 'fail' ? 'failed' : 'retrying';
}

const waiting = (delivery: ClaimedDelivery): 'unknown' | 'retrying' =>
  delivery.was === 'unknown' ? 'unknown' : 'retrying';

/** Works through the items, so many at a time; the first programming error stops it and is thrown. */
async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}
