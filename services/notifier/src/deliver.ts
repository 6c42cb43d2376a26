import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import { CompanyReader, type Company } from '#company';
import { Vendors, type ConnectedChannel } from '#connections';
import type { ChannelDocument } from '#documents';
import type { Instant } from '#domain';
import type { RateLimit } from '#http';
import { deliverQueue, Queues } from '#queues';
import { faultPoint } from '#runtime';
import {
  Accounts,
  Deliveries,
  DeliveryClaims,
  LeaseLostError,
  Rooms,
  WriteBatches,
  type ClaimedDelivery,
} from '#storage';
import { attributeNames, createLogger, withSpan } from '#telemetry';
import { AtHand } from './at-hand.js';
import { RowCalls } from './rows/row-calls.js';
import { askForRow, fit, writeRow } from './rows/row-stages.js';
import { accountOf, limitOf } from './pace.js';
import { Settle } from './settle.js';
import { ask, askAfterRestore } from './stages/ask.stage.js';
import { place } from './stages/place.stage.js';
import { send } from './stages/send.stage.js';
import type { Ending, Passage, Stage } from './stages/stage.js';

/** Rows in `sending` per process, all channels together: what a kill leaves to be looked after. */
const MOST_SENDING = 256;
/** The same of rows of a table, of which a call adds many: who holds fewer than two calls' worth makes more of them. */
const MOST_ROWS = 400;
/** However many channels share them, none has to do with fewer. */
const FEWEST_SENDING = 16;
/** Calls to receivers without a limit at a time: what a kill leaves to be asked for. */
const MOST_CALLS = 256;
/** Calls at a time to a vendor however strict. */
const FEWEST_CALLS = 16;
/** What is taken of a channel for each of its calls at a time: a vendor who says that it is too much meanwhile need not say so very often. */
const TAKEN_PER_CALL = 4;
/** Taking is done in bulk: by quarters, so that three are on their way while one is taken or settled. */
const FULL_ENOUGH = 0.75;
/** Rows share calls, so as many as possible come together. */
const FULL_ENOUGH_OF_ROWS = 0.5;
/** A passage ends before its lease does, so that nobody asks for an attempt that is still on its way. */
const PASSAGE_MS = 60_000;
/** A passage that begins later than this after the claim needs a lease of its own length. */
const RENEW_AFTER_MS = 15_000;
/** While something is on its way and nothing else was due, it is looked again this often: who is slow delays nobody else. */
const LOOK_MS = 250;
/** Passages that begin within so long of each other end by one timer. */
const SHARED_MS = 500;

const log = createLogger('notifier');

/** A delivery and what it is sent by. */
interface Taken {
  readonly delivery: ClaimedDelivery;
  readonly company: Company;
  readonly connected: ConnectedChannel;
  readonly paused: ReadonlyMap<string, number>;
  readonly claimedAt: number;
}

/** Sends what is due on one channel: claims in bulk, walks each delivery through the stages, and has noted what became of it. */
@Injectable()
export class Deliver {
  readonly #stages: readonly Stage[];
  /** Of rows of a table. */
  readonly #rowStages: readonly Stage[];
  #patience: { readonly signal: AbortSignal; readonly since: number } | undefined;

  constructor(
    private readonly companies: CompanyReader,
    private readonly vendors: Vendors,
    private readonly deliveries: Deliveries,
    private readonly claims: DeliveryClaims,
    private readonly accounts: Accounts,
    private readonly queues: Queues,
    private readonly settle: Settle,
    rooms: Rooms,
    batches: WriteBatches,
  ) {
    const calls = new RowCalls(batches);
    this.#rowStages = [place(rooms), fit, askForRow(claims, calls, batches), writeRow(claims, calls)];
    this.#stages = [ask(claims, accounts), place(rooms), askAfterRestore(claims), send(claims, accounts)];
  }

  /** Goes on until nothing of the channel is due, or the process stops: then it takes no more, but ends what is on its way. */
  async drain(channel: string, stopping: AbortSignal): Promise<void> {
    let hasArrived = false;
    const atHand = new AtHand<Taken>(async (taken) => {
      if (await this.#pass(taken)) hasArrived = true;
    });
    try {
      while (!stopping.aborted && !atHand.hasFailed) {
        const { configuration } = await this.companies.current();
        const document = configuration.channels.find((one) => one.name === channel);
        if (!document) return;
        const connected = await this.vendors.channel(document);
        atHand.width = widthOf(connected);
        const share = Math.floor(MOST_SENDING / configuration.channels.length);
        const most = connected.channel.table
          ? MOST_ROWS
          : Math.max(FEWEST_SENDING, Math.min(share, TAKEN_PER_CALL * atHand.width));
        await atHand.atMost(Math.floor(most * (connected.channel.table ? FULL_ENOUGH_OF_ROWS : FULL_ENOUGH)));
        const taken = await this.#take(document, most - atHand.size);
        atHand.add(taken);
        if (taken.length > 0) continue;
        // Something arrived by these credentials: what waited for better ones waits no longer.
        const areGood = hasArrived;
        hasArrived = false;
        if (areGood && (await this.deliveries.releaseHeld(channel, 'unauthorized')) > 0) continue;
        if (atHand.size === 0) return;
        await atHand.atMost(0, LOOK_MS);
      }
    } finally {
      const left = atHand.giveUpWaiting().map(({ delivery }) => delivery);
      const released = left.length > 0 ? this.claims.release(left) : Promise.resolve();
      // Where they cannot be given back their lease ends by itself; what is on its way ends first in any case.
      released.catch(() => undefined);
      await atHand.atMost(0);
      await released;
    }
    atHand.check();
  }

  /** Claims what is due, as far as the account bears it. */
  async #take(document: ChannelDocument, most: number): Promise<readonly Taken[]> {
    const channel = document.name;
    const open = await this.vendors.channel(document);
    const limit = limitOf(open);
    const account = accountOf(open, channel);
    const granted = limit === 'none' ? most : await this.#granted(channel, account, limit, most);
    if (granted === 0) return [];
    const claimedAt = performance.now();
    // Asked at the same time: a claim takes nothing while the account rests, and methods that rest are passed over one by one.
    const [paused, claimed] = await Promise.all([
      this.accounts.paused(account),
      this.claims.claim(channel, granted, account),
    ]);
    if (limit !== 'none') await this.accounts.giveBack(account, granted - claimed.length);
    if (claimed.length === 0) {
      await this.#ringAfter(channel, paused.get('account'));
      return [];
    }
    await faultPoint('deliver.claimed');
    // Whoever it was decided to tell is known here too, also where they were found a moment ago.
    const company = await this.companies.notBefore(newestOf(claimed));
    // Asked for after the claim: what failed by credentials that were forgotten since is tried again by the ones that are good now.
    const connected = await this.vendors.channel(document);
    return claimed.map((delivery) => ({ delivery, company, connected, paused, claimedAt }));
  }

  /** How many calls the account bears now, of so many; where it is none, the bell rings as soon as it bears some. */
  async #granted(channel: string, account: string, limit: RateLimit, most: number): Promise<number> {
    const { granted, waitMs } = await this.accounts.take(account, limit, most);
    if (granted === 0) await this.#ringAfter(channel, waitMs);
    return granted;
  }

  async #ringAfter(channel: string, delayMs: number | undefined): Promise<void> {
    if (delayMs !== undefined)
      await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel, delayMs });
  }

  /** One delivery's passage, to its end. Returns whether it arrived. */
  async #pass({ claimedAt, ...taken }: Taken): Promise<boolean> {
    const { delivery } = taken;
    const attributes = { [attributeNames.channel]: delivery.channel, [attributeNames.delivery]: delivery.id };
    return withSpan('deliver', { parent: delivery.traceparent ?? undefined, attributes }, async () => {
      // A process that stops ends what it has begun: a cut send is one that has to be asked for.
      const passage: Passage = { ...taken, signal: this.#signal() };
      try {
        if (performance.now() - claimedAt > RENEW_AFTER_MS) await this.claims.renew(delivery);
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
      await this.settle.ended(passage, ending);
      return ending.end === 'arrived';
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      await this.settle.failed(passage, error);
      return false;
    }
  }

  async #walk(passage: Passage): Promise<Ending> {
    for (const stage of passage.connected.channel.table ? this.#rowStages : this.#stages) {
      passage.at = stage.name;
      const ending = await withSpan(`deliver.${stage.name}`, {}, () => stage.run(passage));
      if (ending) return ending;
    }
    throw new RangeError('the last stage did not end the passage');
  }

  /** Ends a passage that begins now. Those of one moment share it: a timer for each message would cost more than the message. */
  #signal(): AbortSignal {
    const now = performance.now();
    if (!this.#patience || now - this.#patience.since > SHARED_MS)
      this.#patience = { signal: AbortSignal.timeout(PASSAGE_MS), since: now };
    return this.#patience.signal;
  }
}

/** Rows of a table share calls, so all that are taken are on their way together. */
const widthOf = (connected: ConnectedChannel): number =>
  connected.channel.table ? MOST_ROWS : callsAtATime(limitOf(connected));

/** No more at a time than the account bears in a second. */
const callsAtATime = (limit: RateLimit | 'none'): number =>
  limit === 'none'
    ? MOST_CALLS
    : Math.min(MOST_CALLS, Math.max(FEWEST_CALLS, Math.ceil(limit.requests / limit.perSeconds)));

const newestOf = (claimed: readonly ClaimedDelivery[]): Instant =>
  Temporal.Instant.fromEpochMilliseconds(Math.ceil(Math.max(...claimed.map(({ dueMs }) => dueMs))));
