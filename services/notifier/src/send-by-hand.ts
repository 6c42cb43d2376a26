import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '#channels';
import type { Company } from '#company';
import type { ConnectedChannel, Vendors } from '#connections';
import type { ChannelDocument } from '#documents';
import type { Instant, Message } from '#domain';
import { RemoteError, type FailureOutcome, type FailureReason } from '#http';
import { afterFailure } from '#queues';
import { Accounts, Destinations, Rooms, type Database } from '#storage';
import { createLogger } from '#telemetry';
import { accountOf, limitOf, paceOf, pause, restAfter } from './pace.js';
import { place } from './stages/place.stage.js';
import { send } from './stages/send.stage.js';
import type { Ending, Passage } from './stages/stage.js';

const log = createLogger('notifier');

/** A passage ends before the lease of its destination does. */
const PASSAGE_MS = 60_000;
/** How long is waited for the account and the destination, which others use too. */
const PATIENCE_MS = 30_000;
/** Between two looks at whether they are free. */
const LOOK_MS = 250;

/** What is to be said by hand, and where: a channel's destination as deliveries have it. */
export interface ByHand {
  readonly company: Company;
  readonly channel: ChannelDocument;
  readonly subscription: string;
  readonly destination: string;
  readonly target: Readonly<Record<string, unknown>>;
  readonly message: Message;
}

export interface SentByHand {
  readonly receipt: Receipt;
  /** Whom the room is without, though they should be in it, because the channel does not know them. */
  readonly without: readonly string[];
}

/** It was not sent, or nobody can say whether it was. `busy`: the account or the destination rests. `held`: its room cannot be made exact. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  constructor(
    readonly channel: string,
    readonly reason: FailureReason | 'busy' | 'held',
    readonly outcome: FailureOutcome,
    /** What is wrong, in the vendor's words or ours. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${channel}: ${detail}`, options);
  }
}

/**
 * Says something once that is no delivery, as the stages say deliveries: within the account's budget, with the lease of the destination, in its lane.
 * Nothing of it is stored but the pace, and the room where it needs one; the log has a note.
 */
export class SendByHand {
  readonly #accounts: Accounts;
  readonly #destinations: Destinations;
  readonly #rooms: Rooms;

  constructor(
    private readonly database: Database,
    private readonly vendors: Vendors,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.#accounts = new Accounts(database);
    this.#destinations = new Destinations(database);
    this.#rooms = new Rooms(database);
  }

  /** Waits for its turn, and sends. Throws `NotSentError`; the reason of `stopping` where that is aborted before anything was sent. */
  async send(what: ByHand, stopping: AbortSignal): Promise<SentByHand> {
    const id = randomUUID();
    const connected = await this.vendors.channel(what.channel);
    const giveUpAt = performance.now() + this.patienceMs;
    for (;;) {
      stopping.throwIfAborted();
      const tried = await this.#try(id, what, connected);
      if (!('waitMs' in tried)) return tried;
      if (performance.now() + Math.min(tried.waitMs, LOOK_MS) >= giveUpAt)
        throw new NotSentError(
          what.channel.name,
          'busy',
          'refused',
          `${tried.why}, for up to ${Math.ceil(tried.waitMs / 1000)} s more`,
        );
      await sleep(Math.min(tried.waitMs, LOOK_MS));
    }
  }

  async #try(id: string, what: ByHand, connected: ConnectedChannel): Promise<SentByHand | Waits> {
    const { name } = what.channel;
    const account = accountOf(connected, name);
    const lease = await this.#destinations.take(name, what.destination);
    if ('waitMs' in lease)
      return { waitMs: lease.waitMs, why: 'something else is being said there, or it rests' };
    let restsMs = 0;
    try {
      const limit = limitOf(connected);
      if (limit !== 'none') {
        const { granted, waitMs } = await this.#accounts.take(account, limit, 1);
        if (granted === 0) return { waitMs, why: 'its account rests or has no calls left' };
      }
      const beganAt = await this.database.now();
      const passage = await this.#passage(id, what, connected, lease.token);
      try {
        const ending = await this.#walk(passage, beganAt);
        if (ending.end === 'wait') {
          if (limit !== 'none') await this.#accounts.giveBack(account, 1);
          return { waitMs: ending.delayMs, why: ending.why };
        }
        restsMs = paceOf(connected);
        if (ending.end === 'held') throw new NotSentError(name, 'held', 'refused', ending.why);
        if (ending.end !== 'arrived') throw new RangeError(`nothing by hand ends ${ending.end}`);
        return sentBy(what, passage, ending.receipt);
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (passage.trusted && error.reason === 'rejected' && error.outcome === 'refused') {
          // It may have been archived since it was exact: it is looked at again, once, because then it is not taken on trust.
          await this.#rooms.doubt(name, what.destination);
          return { waitMs: 0, why: 'its room is looked at again' };
        }
        restsMs = await this.#failed(passage, error);
        log.warn('message by hand failed', { delivery: id, channel: name, reason: error.reason, error });
        const became = await this.#asked(passage, error, beganAt);
        if (typeof became === 'string')
          throw new NotSentError(name, error.reason, became, error.message, { cause: error });
        return sentBy(what, passage, became);
      }
    } finally {
      await this.#destinations.giveBack(name, what.destination, lease.token, restsMs);
    }
  }

  async #passage(
    id: string,
    { company, channel, subscription, destination, target, message }: ByHand,
    connected: ConnectedChannel,
    token: string,
  ): Promise<Passage> {
    return {
      delivery: {
        ...{ id, subscription, channel: channel.name, destination, target, message, token },
        ...{
          subject: null,
          about: 'notification',
          revision: 1,
          sent_revision: 0,
          receipt: null,
          attempts: 0,
          reason: null,
        },
        ...{ when_unknown: 'leave', traceparent: null, doubted_since: null, was: 'pending', dueMs: 0 },
      },
      company,
      connected,
      signal: AbortSignal.timeout(PASSAGE_MS),
      paused: await this.#accounts.paused(accountOf(connected, channel.name)),
    };
  }

  async #walk(passage: Passage, beganAt: Instant): Promise<Ending> {
    const begin = async () => ({ number: 1, beganAt });
    for (const stage of [place(this.#rooms), send({ begin }, this.#accounts)]) {
      passage.at = stage.name;
      const ending = await stage.run(passage);
      if (ending) return ending;
    }
    throw new RangeError('the last stage did not end the passage');
  }

  /** A limit rests as after any delivery. Returns for how long the destination does, in ms. */
  async #failed(passage: Passage, { reason, outcome, retryAfterMs, scope }: RemoteError): Promise<number> {
    const verdict = afterFailure({ reason, outcome, retryAfterMs, scope }, 1);
    await pause(this.#accounts, passage, verdict);
    return restAfter(passage, verdict);
  }

  /** Where nobody knows whether it arrived the provider is asked, once: the receipt, else how it ended as far as anybody can say. */
  async #asked(
    { delivery, connected, address, attempt, signal }: Passage,
    error: RemoteError,
    beganAt: Instant,
  ): Promise<Receipt | FailureOutcome> {
    // Before an attempt has begun nothing has left us, whatever became of the call that failed.
    if (!attempt || !address || error.outcome === 'refused') return 'refused';
    try {
      const found = await connected.channel.find?.(
        { deliveryId: delivery.id, revision: 1, number: attempt.number, beganAt, signal },
        address,
        beganAt,
      );
      if (found === 'absent') return 'refused';
      return found === undefined || found === 'cannot-tell' ? 'unknown' : found;
    } catch (failure) {
      if (!(failure instanceof RemoteError)) throw failure;
      log.warn('nobody can say whether a message by hand arrived', { delivery: delivery.id, error: failure });
      return 'unknown';
    }
  }
}

interface Waits {
  readonly waitMs: number;
  readonly why: string;
}

function sentBy({ channel }: ByHand, { delivery, without }: Passage, receipt: Receipt): SentByHand {
  log.info('message sent by hand', {
    delivery: delivery.id,
    channel: channel.name,
    subscription: delivery.subscription,
    receipt: receipt.id,
  });
  return { receipt, without: without?.who ?? [] };
}
