import { GraphError, invalidRequest } from './graph-error.js';
import type { SendingLimits } from './limits.js';
import type { MailStore } from './mail-store.js';
import type { EmailAddress, MailContent, MailMessage, SimulatedMailbox } from './state.js';

/** Where Microsoft's documents leave open what sending does, which way it goes here. Each default is the stricter or the likelier one. */
export interface SendingDoubts {
  /** Whether a Message-ID that a draft was given is the sent one's too; Exchange rewrites it in some tenants. [I] */
  readonly keepsMessageId: boolean;
  /** Where a sent draft is found before it is in Sent Items: in the Outbox, or in no folder at all. [I] */
  readonly whileSending: 'outbox' | 'nowhere';
  /** What the second send of a draft hears where its id still is good; else it is 404. [I] */
  readonly secondSend: 'ErrorItemNotFound' | 'ErrorInvalidRequest';
  /** What a mailbox that is full answers; Microsoft's mail documents do not say. [I] */
  readonly full: { readonly status: number; readonly code: string };
}

const addressForm = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/;
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Takes messages over from the senders and, after a while, to those who read them. */
export class Transport {
  constructor(
    private readonly store: MailStore,
    private readonly settings: {
      readonly now: () => Date;
      readonly lagMs: number;
      /** The tenant's own: an address in it without a mailbox is undeliverable. */
      readonly domain: string;
      readonly limits: SendingLimits | undefined;
      readonly doubts: SendingDoubts;
    },
  ) {}

  /** Throws where there is no room in a mailbox. */
  demandRoom(mailbox: SimulatedMailbox): void {
    const { status, code } = this.settings.doubts.full;
    if (mailbox.full) throw new GraphError(status, code, 'The mailbox is over its quota.');
  }

  /** Accepts a new message that never was a draft. */
  accept(mailbox: SimulatedMailbox, content: MailContent, keep: boolean): void {
    this.#check(mailbox, content);
    const message = this.store.add({
      mailbox: mailbox.id,
      folder: 'outbox',
      hidden: true,
      isDraft: false,
      received: false,
      content: this.#stamped(mailbox, content, false),
    });
    this.#enqueue(message, keep);
  }

  /** Accepts a draft, which is one no longer. */
  acceptDraft(mailbox: SimulatedMailbox, draft: MailMessage): void {
    if (!draft.isDraft) {
      if (this.settings.doubts.secondSend === 'ErrorInvalidRequest')
        throw invalidRequest('The message has been sent already.');
      throw new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
    }
    this.#check(mailbox, draft.content);
    this.store.edit(draft, this.#stamped(mailbox, draft.content, !this.settings.doubts.keepsMessageId));
    this.store.submit(draft);
    this.store.move(draft, 'outbox', this.settings.doubts.whileSending === 'nowhere');
    this.#enqueue(draft, true);
  }

  /** Sends what was accepted and is due. */
  settle(): void {
    const at = this.settings.now().getTime();
    const { queue } = this.store;
    while (queue[0] && queue[0].due <= at) {
      const next = queue.shift();
      const message = next && this.store.message(next.immutableId);
      if (!next || !message) continue;
      if (next.keep) this.store.move(message, 'sentitems');
      else this.store.remove(message);
      this.#deliver(message, next.refusal);
    }
  }

  /** Puts a message into an inbox, or into the hands of somebody outside. */
  hand(owner: string, content: MailContent): MailMessage {
    return this.store.add({ mailbox: owner, folder: 'inbox', isDraft: false, received: true, content });
  }

  /** A Message-ID as Exchange makes them up. */
  messageId(): string {
    return `<${this.store.ids.letters(26).toUpperCase().replaceAll(/[-_]/g, 'X')}@EURPRD01.prod.outlook.com>`;
  }

  #enqueue(message: MailMessage, keep: boolean): void {
    const refusal = this.settings.limits?.refusal(message.mailbox, recipientsOf(message.content).length);
    this.store.queue.push({
      immutableId: message.immutableId,
      keep,
      due: this.settings.now().getTime() + this.settings.lagMs,
      ...(refusal === undefined ? {} : { refusal }),
    });
    if (this.settings.lagMs <= 0) this.settle();
  }

  #check(mailbox: SimulatedMailbox, content: MailContent): void {
    const recipients = recipientsOf(content);
    if (recipients.length === 0 || recipients.some(({ address }) => !addressForm.test(address ?? '')))
      throw new GraphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
    const sender = content.from?.address?.toLowerCase();
    const own = [mailbox.address, mailbox.userPrincipalName, ...mailbox.sendAs];
    if (sender !== undefined && !own.some((address) => address.toLowerCase() === sender))
      throw new GraphError(
        403,
        'ErrorSendAsDenied',
        'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
      );
    if (mailbox.blocked)
      throw new GraphError(
        403,
        'ErrorMessageSubmissionBlocked',
        'Cannot send mail. Follow the instructions in your Inbox to verify your account.',
      );
    this.demandRoom(mailbox);
  }

  #stamped(mailbox: SimulatedMailbox, content: MailContent, rewrite: boolean): MailContent {
    const internetMessageId = rewrite ? this.messageId() : content.internetMessageId;
    return {
      ...content,
      internetMessageId,
      from: content.from ?? { name: mailbox.displayName, address: mailbox.address },
    };
  }

  #deliver({ mailbox, content }: MailMessage, refusal: string | undefined): void {
    const recipients = recipientsOf(content).map(({ address = '' }) => address);
    if (refusal !== undefined) {
      this.#bounce(mailbox, content, recipients, refusal);
      return;
    }
    const copy: MailContent = { ...content, bcc: [], properties: [], categories: [] };
    const lost = new Set(recipients.map((address) => address.toLowerCase()));
    for (const address of [...lost]) {
      const to = this.store.at(address);
      if (to ? !to.enabled || to.full : domainOf(address) === this.settings.domain) continue;
      this.hand(to?.id ?? address, copy);
      lost.delete(address);
    }
    if (lost.size > 0) this.#bounce(mailbox, content, [...lost], 'The mailbox does not take it.');
  }

  /** What could not be delivered comes back as a mail. Nothing about it is heard by way of Graph. [D] */
  #bounce(mailbox: string, content: MailContent, recipients: readonly string[], why: string): void {
    const internetMessageId = this.messageId();
    this.hand(mailbox, {
      subject: `Undeliverable: ${content.subject}`,
      body: {
        contentType: 'text',
        content: `${why}\n${recipients.join('\n')}\n${content.internetMessageId}`,
      },
      from: { name: 'Microsoft Outlook', address: `postmaster@${this.settings.domain}` },
      to: content.from ? [content.from] : [],
      cc: [],
      bcc: [],
      replyTo: [],
      importance: 'normal',
      categories: [],
      headers: [],
      attachments: [],
      internetMessageId,
      inReplyTo: content.internetMessageId,
      thread: content.thread,
      properties: [],
      remarks: [],
    });
  }
}

const recipientsOf = ({ to, cc, bcc }: MailContent): readonly EmailAddress[] => [...to, ...cc, ...bcc];
