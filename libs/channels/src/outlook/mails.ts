import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '#domain';
import { RemoteError, unlessStopped } from '#http';
import type { z } from 'zod';
import type { Address, Attempt, Receipt } from '../contract.js';
import { unlessGone, type GraphMail } from './api.js';
import { wasAnswered } from './errors.js';
import { addressOf, placeOf, type Place } from './place.js';
import { render, type Mail as Rendered } from './render.js';
import { mail, mails, type Mail } from './schema.js';

/** Properties that nobody sees, and by which a mail is found in its mailbox wherever it lies. The set is ours alone; it never changes. */
const propertySet = '{5c6a1b52-3f0f-4c1c-9d0c-7a6f1e2b8d34}';
const deliveryProperty = `String ${propertySet} Name CarillonDelivery`;
const threadProperty = `String ${propertySet} Name CarillonThread`;

/** "202 means queued": a sent mail may be nowhere to be found for some seconds. Only after so long is what is not there believed absent. */
const settledMs = 30_000;
const lookAgainMs = 3000;
/** Nobody has so many mails of one delivery or needs so many of one thread. */
const mostPages = 20;

/** What is sent from mailboxes: a draft first, which carries the delivery's id, and then that draft, which can only be sent once. */
export class Mails {
  constructor(
    private readonly graph: GraphMail,
    private readonly replyTo: readonly string[],
  ) {}

  /** Says it, in the conversation of its thread where there is one. */
  async send(message: Message, to: Address, attempt: Attempt): Promise<Receipt> {
    const place = placeOf(to);
    return this.#say(place, attempt, async () => {
      const rendered = render(message, { corrects: attempt.revision > 1 });
      const last = place.thread === undefined ? undefined : await this.#lastOf(place, attempt.signal);
      const answer = last && (await this.#answer(last, rendered, place, attempt));
      return answer ?? (await this.#draft(rendered, place, attempt));
    });
  }

  /**
   * Mail cannot be edited: an answer to what was said corrects it, in the same conversation. The receipt stays that of what it answers.
   * Throws `RemoteError` `rejected` where that mail is not there any more.
   */
  async correct(previous: Receipt, message: Message, attempt: Attempt): Promise<Receipt> {
    const place = placeOf(previous.address);
    await this.#say(place, attempt, async () => {
      const draft = await this.#answer(previous.id, render(message, { corrects: true }), place, attempt);
      if (draft !== undefined) return draft;
      throw new RemoteError('outlook', 'rejected', 'refused', 'the mail to correct is not there any more');
    });
    return previous;
  }

  /** By the delivery's id, in all folders: a draft was not sent, whatever else is there was. `absent` only once sending has surely settled. */
  async find(attempt: Attempt, to: Address): Promise<Receipt | 'absent'> {
    const place = placeOf(to);
    for (;;) {
      const isSettled = Date.now() - attempt.beganAt.epochMilliseconds >= settledMs;
      const { sent, draft } = await this.#look(place, attempt);
      if (sent !== undefined) return { id: sent, address: to };
      if (draft !== undefined || isSettled) return 'absent';
      await unlessStopped(
        sleep(lookAgainMs),
        { system: 'outlook', what: 'looking for a mail' },
        attempt.signal,
      );
    }
  }

  /** Sends what an attempt before has left as a draft, or else the draft that is made now. */
  async #say(place: Place, attempt: Attempt, make: () => Promise<string>): Promise<Receipt> {
    const address = addressOf(place);
    const left = attempt.number > 1 ? await this.#look(place, attempt) : {};
    if (left.sent !== undefined) return { id: left.sent, address };
    const id = left.draft ?? (await make());
    try {
      await this.graph.tell({
        label: 'sending a mail',
        method: 'POST',
        path: `messages/${encodeURIComponent(id)}/send`,
        says: true,
        mailbox: place.mailbox,
        signal: attempt.signal,
      });
    } catch (error) {
      // A draft can be sent once; https://learn.microsoft.com/graph/api/message-send does not say how a second time is refused.
      if (!wasAnswered(error, 400, 404, 409)) throw error;
      const there = await this.#read(id, place.mailbox, attempt.signal);
      if (there && !there.isDraft) return { id, address };
      if (there) throw error;
      // Somebody deleted the draft: the next try makes another.
      throw new RemoteError('outlook', 'unavailable', 'refused', 'the draft is not there any more', {
        status: 404,
      });
    }
    return { id, address };
  }

  /** What there is of an attempt: the id of a mail that was sent, or else of a draft. */
  async #look(
    { mailbox }: Place,
    attempt: Attempt,
  ): Promise<{ readonly sent?: string; readonly draft?: string }> {
    const { signal } = attempt;
    const found = await this.#having(deliveryProperty, keyOf(attempt), mailbox, signal);
    const sent = found.find(({ isDraft }) => !isDraft);
    if (sent) return { sent: sent.id };
    for (const { id } of found) {
      // The list is an index, and lags; the mail itself says what it is.
      const there = await this.#read(id, mailbox, signal);
      if (there) return there.isDraft ? { draft: id } : { sent: id };
    }
    return {};
  }

  /** The newest mail of a thread that was sent. */
  async #lastOf(place: Place, signal: AbortSignal): Promise<string | undefined> {
    const found = await this.#having(threadProperty, threadKeyOf(place), place.mailbox, signal);
    return found
      .filter(({ isDraft }) => !isDraft)
      .toSorted((one, other) => (one.createdDateTime < other.createdDateTime ? -1 : 1))
      .at(-1)?.id;
  }

  /** A draft of its own, by its id. */
  async #draft(rendered: Rendered, place: Place, { signal, ...attempt }: Attempt): Promise<string> {
    const { id } = await this.graph.ask(
      {
        label: 'making a draft',
        method: 'POST',
        path: 'messages',
        json: { subject: place.thread ?? rendered.subject, ...this.#content(rendered, place, attempt) },
        mailbox: place.mailbox,
        signal,
      },
      mail,
    );
    return id;
  }

  /** A draft that answers a mail, by its id: it keeps the subject, without which the conversation would break. Undefined where that mail is gone. */
  async #answer(
    id: string,
    rendered: Rendered,
    place: Place,
    { signal, ...attempt }: Attempt,
  ): Promise<string | undefined> {
    const { mailbox } = place;
    const draft = await unlessGone(
      this.graph.ask(
        {
          label: 'making a reply',
          method: 'POST',
          path: `messages/${encodeURIComponent(id)}/createReply`,
          mailbox,
          signal,
        },
        mail,
      ),
    );
    if (!draft) return undefined;
    await this.graph.ask(
      {
        label: 'writing a reply',
        method: 'PATCH',
        path: `messages/${encodeURIComponent(draft.id)}`,
        json: this.#content(rendered, place, attempt),
        mailbox,
        signal,
      },
      mail,
    );
    return draft.id;
  }

  #content(rendered: Rendered, place: Place, attempt: Pick<Attempt, 'deliveryId' | 'revision'>): object {
    return {
      body: rendered.body,
      toRecipients: recipients(place.to),
      ...(this.replyTo.length === 0 ? {} : { replyTo: recipients(this.replyTo) }),
      singleValueExtendedProperties: [
        { id: deliveryProperty, value: keyOf(attempt) },
        ...(place.thread === undefined ? [] : [{ id: threadProperty, value: threadKeyOf(place) }]),
      ],
    };
  }

  #read(id: string, mailbox: string, signal: AbortSignal): Promise<Mail | undefined> {
    return unlessGone(
      this.graph.ask(
        {
          label: 'reading a mail',
          method: 'GET',
          path: `messages/${encodeURIComponent(id)}`,
          query: { $select: fields },
          mailbox,
          signal,
        },
        mail,
      ),
    );
  }

  /** Every mail of a mailbox with such a property, https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get */
  async #having(
    property: string,
    value: string,
    mailbox: string,
    signal: AbortSignal,
  ): Promise<readonly Mail[]> {
    const found: Mail[] = [];
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${property}' and ep/value eq '${value}')`;
    let at: { readonly path: string; readonly query?: Readonly<Record<string, string>> } | undefined = {
      path: 'messages',
      query: { $filter: filter, $select: fields },
    };
    for (let page = 0; at && page < mostPages; page += 1) {
      const { value: some, '@odata.nextLink': next }: z.infer<typeof mails> = await this.graph.ask(
        { label: 'looking for a mail', method: 'GET', ...at, mailbox, signal },
        mails,
      );
      found.push(...some);
      at = next === undefined ? undefined : { path: next };
    }
    if (at && found.every(({ isDraft }) => isDraft))
      throw new RemoteError('outlook', 'unreadable', 'refused', 'looking for a mail came to no end');
    return found;
  }
}

const fields = 'id,isDraft,createdDateTime';

/** A correction is a mail of its own. */
const keyOf = ({ deliveryId, revision }: Pick<Attempt, 'deliveryId' | 'revision'>): string =>
  `${deliveryId}/${revision}`;

/** The same subject line to other people is another conversation: what the ones were told is not for the others to read. */
const threadKeyOf = ({ thread = '', to }: Place): string =>
  createHash('sha256')
    .update(JSON.stringify([thread, to]))
    .digest('hex');

const recipients = (addresses: readonly string[]): readonly object[] =>
  addresses.map((address) => ({ emailAddress: { address } }));
