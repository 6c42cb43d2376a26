import { Injectable } from '@nestjs/common';
import type { Message } from '#domain';
import { faultPoint } from '#runtime';
import {
  Database,
  Decisions,
  Deliveries,
  Occurrences,
  Troubles,
  type Delivery,
  type NewDelivery,
  type Transaction,
} from '#storage';
import { subscriptionOf } from './evaluator.js';
import { HELD, stateAfter, TIME_RAN_OUT, wakeAfter, type Look } from './look.js';
import { continued, ongoingMatters } from './matters.js';
import { tellOfLook } from './occurrence-troubles.js';
import { withdrawn } from './say.js';
import { groundless, heldIn } from './withdrawals.js';

/** Keeps what was concluded: decisions, notifications, deliveries, the occurrence's own state and what its owners hear, all of it or nothing. */
@Injectable()
export class KeepConclusions {
  constructor(
    private readonly database: Database,
    private readonly occurrences: Occurrences,
    private readonly decisions: Decisions,
    private readonly deliveries: Deliveries,
    private readonly troubles: Troubles,
  ) {}

  /** Ends the look. Returns the channels in which there is something to send; throws where the occurrence's lease is lost. */
  async keep(look: Look): Promise<readonly string[]> {
    const channels = await this.database.transaction(async (tx) => {
      const before = await this.#decisions(tx, look);
      const changed = await this.#say(tx, look, before);
      await this.#settle(tx, look);
      await tellOfLook(this.troubles, look, tx);
      return changed;
    });
    await faultPoint('evaluate.committed');
    return channels;
  }

  /** Keeps the decisions. Returns about whom which rule has concluded something in an earlier look, be it that there is nothing to say. */
  async #decisions(
    tx: Transaction,
    { occurrence, company, conclusions }: Look,
  ): Promise<(decision: { readonly rule: string; readonly subject: string }) => boolean> {
    const before = new Set<string>();
    for (const { rule, ruleVersion, period, decisions } of conclusions) {
      const latest = await this.decisions.keep(tx, {
        occurrenceId: occurrence.id,
        rule: rule.name,
        ruleVersion,
        asOf: company.asOf,
        period,
        decisions,
      });
      for (const decision of latest)
        if (decision.outcome !== 'held') before.add(`${decision.rule} ${decision.subject}`);
    }
    return ({ rule, subject }) => before.has(`${rule} ${subject}`);
  }

  /** What is to be said now, edited or taken back. Returns the channels where that changes something. */
  async #say(
    tx: Transaction,
    look: Look,
    concludedBefore: (decision: { readonly rule: string; readonly subject: string }) => boolean,
  ): Promise<readonly string[]> {
    const { occurrence, company, conclusions, expired } = look;
    const said = new Map(
      (await this.deliveries.ofOccurrence(occurrence.id, tx)).map((delivery) => [delivery.id, delivery]),
    );
    const matters = new Map(
      (await ongoingMatters(look, this.deliveries, tx)).map((matter) => [matter.id, matter]),
    );
    const sayings = continued(
      look.sayings,
      [...matters.values()],
      subscriptionOf(company, occurrence)?.digest ?? false,
    );
    const waiting = heldIn(conclusions);
    const channels = new Set<string>();
    const due = sayings.filter((saying) => {
      // A part of what stands there cannot be looked at now: it stays until it can.
      if (said.has(saying.id)) return saying.subject === undefined || !waiting.has(saying.subject);
      // Whoever had nothing to hear when it was time is not told weeks later because somebody tidied up; what was said is corrected at any time.
      return !expired && saying.fired.some((decision) => !concludedBefore(decision));
    });
    const { traceparent } = occurrence;
    const deliveries = due.map(({ fired: _, ...delivery }) => ({
      ...delivery,
      ...(traceparent === null ? {} : { traceparent }),
    }));
    const fired = due.flatMap((saying) => saying.fired);
    await this.decisions.notify(tx, fired, company.asOf, occurrence.id);
    const made = await this.deliveries.sayNew(tx, occurrence.id, deliveries);
    for (const delivery of deliveries) {
      const isNew = made.has(delivery.id);
      if (isNew || (await this.#sayAgain(tx, occurrence.id, delivery))) channels.add(delivery.channel);
      if (matters.has(delivery.id)) await this.deliveries.takeOver(tx, delivery.id, occurrence.id);
    }
    for (const delivery of groundless(new Map([...matters, ...said]).values(), sayings, conclusions)) {
      if (await this.#withdraw(tx, delivery)) channels.add(delivery.channel);
      // An earlier run that is looked at again would say it anew.
      if (matters.has(delivery.id)) await this.deliveries.takeOver(tx, delivery.id, occurrence.id);
    }
    return [...channels];
  }

  /** What was said before says this now. Returns whether there is something to send. */
  async #sayAgain(
    tx: Transaction,
    occurrenceId: string,
    delivery: Omit<NewDelivery, 'occurrenceId'>,
  ): Promise<boolean> {
    await this.decisions.giveUp(tx, delivery.id, delivery.notifications);
    return (await this.deliveries.say(tx, { ...delivery, occurrenceId })) !== 'same';
  }

  async #settle(tx: Transaction, look: Look): Promise<void> {
    const held = heldIn(look.conclusions).size > 0;
    const state = stateAfter(look, held);
    await this.occurrences.settle(tx, look.occurrence, {
      state,
      wakeAt: wakeAfter(look, held),
      decidedAsOf: look.company.asOf,
      ...(state === 'failed' ? { detail: TIME_RAN_OUT } : held ? { detail: HELD } : {}),
    });
  }

  /** What was said on a ground that is gone is taken back in the place where it stands. Returns whether there is something to send. */
  async #withdraw(tx: Transaction, delivery: Delivery): Promise<boolean> {
    if (!(await this.deliveries.saysSomething(delivery.id, tx))) return false;
    await this.decisions.giveUp(tx, delivery.id, []);
    if (await this.deliveries.retract(tx, delivery.id)) return false;
    const change = await this.deliveries.say(tx, {
      id: delivery.id,
      subscription: delivery.subscription,
      channel: delivery.channel,
      destination: delivery.destination,
      about: 'notification',
      target: delivery.target,
      message: withdrawn(delivery.message as Message),
      notifications: [],
      whenUnknown: delivery.when_unknown,
    });
    return change !== 'same';
  }
}
