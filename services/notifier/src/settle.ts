import { Injectable } from '@nestjs/common';
import type { Company } from '#company';
import { Vendors } from '#connections';
import { RemoteError } from '#http';
import { afterFailure, deliverQueue, maxAttempts, Queues, type Verdict } from '#queues';
import { faultPoint } from '#runtime';
import { Accounts, DeliveryClaims, Rooms, Troubles, type ClaimedDelivery, type Sql } from '#storage';
import { countDeliveries, countNotification, createLogger } from '#telemetry';
import { paceOf, pause, restAfter } from './pace.js';
import type { Ending, Passage } from './stages/stage.js';

const log = createLogger('notifier');

/** An error of ours is tried again so often in all: a database that was away for a moment is back by then, a programming error is not. */
const INTERNAL_ATTEMPTS = 5;

/** What a passage leaves a delivery in: the states that are counted. */
export const countedStates = ['sent', 'held', 'retrying', 'unknown', 'failed'] as const;

/** Notes how a passage ended: the delivery's next state, its attempt's outcome, whom it is told to and what rests because of it. */
@Injectable()
export class Settle {
  constructor(
    private readonly vendors: Vendors,
    private readonly claims: DeliveryClaims,
    private readonly accounts: Accounts,
    private readonly troubles: Troubles,
    private readonly queues: Queues,
    private readonly rooms: Rooms,
  ) {}

  /** The passage came to an end of its own. Throws where the lease is lost. */
  async ended(passage: Passage, ending: Ending): Promise<void> {
    const { delivery, connected, without } = passage;
    const paceMs = paceOf(connected);
    switch (ending.end) {
      case 'arrived':
        if (without)
          await this.claims.arrivedWith(delivery, { ...ending, paceMs }, async (tx) => {
            await this.troubles.close('delivery', delivery.id, tx);
            await this.#tellOfRoom(passage, without.room, strangersOf(without.who), true, tx);
          });
        else await this.claims.arrived(delivery, { ...ending, paceMs });
        countDeliveries(delivery.channel, 'sent');
        countNotification(delivery.channel);
        return;
      case 'wait':
        await this.claims.settle(delivery, {
          state: waiting(delivery),
          delayMs: ending.delayMs,
          // Waiting for one's turn undoes nothing: two refused ones at one destination would each forget that it was refused, for ever.
          ...(delivery.reason === null ? {} : { reason: delivery.reason }),
          detail: ending.why,
          paceMs: 0,
        });
        return;
      case 'held':
        await this.claims.settle(
          delivery,
          { state: 'held', delayMs: 0, reason: 'rejected', detail: ending.why, paceMs: 0 },
          async (tx) => {
            if (ending.room !== undefined)
              await this.#tellOfRoom(passage, ending.room, ending.why, false, tx);
            if (ending.tell) await this.#tellOfDelivery(passage, 'rejected', 'refused', ending.why, tx);
          },
        );
        countDeliveries(delivery.channel, 'held');
        return;
      case 'left-unknown':
        await this.claims.settle(
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
        countNotification(delivery.channel, 'timeout');
    }
  }

  /** Something on the way threw. Throws where the lease is lost. */
  async failed(passage: Passage, error: unknown): Promise<void> {
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
    const attempts = delivery.attempts + 1;
    // What cannot be read says nothing about a message that has not left us: it is tried again, as after an outage.
    const isOutage =
      !attempt && reason === 'unreadable' && (error instanceof RemoteError || attempts < INTERNAL_ATTEMPTS);
    const isTrustedNoMore = await this.#lookAgain(passage, reason, outcome);
    // Also what is looked at again comes to an end, whatever else goes wrong in between.
    const verdict =
      isTrustedNoMore && attempts < maxAttempts
        ? lookAgain
        : afterFailure({ reason: isOutage ? 'unavailable' : reason, outcome, retryAfterMs, scope }, attempts);
    const state = stateAfter(verdict, reason, passage.asking ?? false);
    await pause(this.accounts, passage, verdict);
    const isTold = verdict.next === 'fail' || verdict.tellOwner;
    const paceMs = restAfter(passage, verdict);
    await this.claims.settle(
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
        paceMs,
      },
      async (tx) => {
        if (isTold) await this.#tellOfDelivery(passage, reason, outcome, failure.message, tx);
      },
    );
    await faultPoint('deliver.failed');
    countDeliveries(delivery.channel, state);
    countNotification(delivery.channel, reason);
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
        { jobId: delivery.channel, delayMs: Math.max(verdict.delayMs ?? 0, paceMs) },
      );
  }

  /**
   * What was taken on trust is looked at again, and the message tried once more: a room may have been archived or its bot thrown out since it
   * was exact, and a secret may have been renewed since the connection was made.
   */
  async #lookAgain(
    { delivery, company, connected, trusted }: Passage,
    reason: string,
    outcome: string,
  ): Promise<boolean> {
    if (reason === 'unauthorized') {
      const document = company.configuration.channels.find(({ name }) => name === delivery.channel);
      const areRenewed = document !== undefined && (await this.vendors.refused(document, connected));
      return outcome === 'refused' && (areRenewed || delivery.reason !== 'unauthorized');
    }
    if (!trusted || reason !== 'rejected' || outcome !== 'refused') return false;
    await this.rooms.doubt(delivery.channel, delivery.destination);
    return true;
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

const ownerOf = (
  { configuration }: Company,
  { channel, subscription }: ClaimedDelivery,
): { readonly owner?: string } => {
  const owner =
    configuration.forwards.find(({ name }) => name === subscription)?.owner ??
    configuration.channels.find(({ name }) => name === channel)?.owner;
  return owner === undefined ? {} : { owner };
};

const strangersOf = (who: readonly string[]): string => `not known there: ${who.join(', ')}`;

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
