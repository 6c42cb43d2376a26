import type { SimulatedRequest, SimulatedResponse } from '#http/simulation';
import { itemNotFound, invalidRequest } from './graph-error.js';
import type { MailStore } from './mail-store.js';
import type { Preferences, Query } from './request.js';
import { isFolderName, type FolderName, type MailMessage, type SimulatedMailbox } from './state.js';
import type { SendingDoubts, Transport } from './transport.js';

/** Where Microsoft's documents leave open what happens, which way it goes here. Each default is the stricter or the likelier one. */
export interface Doubts extends SendingDoubts {
  /** What a path hears that holds an id of the kind that was not asked for: immutable and usual ids are not to be mixed. [D] */
  readonly mixedIds: 'refused' | 'taken';
  /** Where a deleted message goes, and is still found. [I] */
  readonly deleted: 'deleteditems' | 'gone';
  /** Microsoft's pages differ. [D] */
  readonly concurrencyPer: 'mailbox' | 'app';
  /** Whether a 429 says how long to wait; it may not. [D] */
  readonly retryAfter: boolean;
}

export const usualDoubts: Doubts = {
  keepsMessageId: false,
  whileSending: 'outbox',
  secondSend: 'ErrorInvalidRequest',
  full: { status: 507, code: 'ErrorQuotaExceeded' },
  mixedIds: 'refused',
  deleted: 'deleteditems',
  concurrencyPer: 'mailbox',
  retryAfter: true,
};

/** What a method sees of the world. */
export interface Context {
  readonly store: MailStore;
  readonly transport: Transport;
  readonly doubts: Doubts;
  readonly mailbox: SimulatedMailbox;
  readonly request: SimulatedRequest;
  /** After the user's, the ids in the path, in their order. */
  readonly ids: readonly string[];
  readonly query: Query;
  readonly prefer: Preferences;
  /** Of links in answers, such as `https://graph.microsoft.com`. */
  readonly origin: string;
}

/** Throws `GraphError`. */
export type Handler = (context: Context) => SimulatedResponse;

/** The message of the path, as far as it is in the mailbox and named by the kind of id that was asked for. Throws `ErrorItemNotFound`. */
export function messageOf({ store, mailbox, ids, prefer, doubts }: Context): MailMessage {
  const id = ids.at(-1) ?? '';
  const message = store.message(id);
  if (!message || message.hidden || message.mailbox !== mailbox.id) throw itemNotFound();
  const isOther = prefer.immutableIds ? id === message.id : id === message.immutableId;
  if (isOther && doubts.mixedIds === 'refused') throw itemNotFound();
  return message;
}

/** By its well-known name or its id. Throws `ErrorItemNotFound`. */
export function folderNamed(mailbox: SimulatedMailbox, name: string): FolderName {
  if (isFolderName(name.toLowerCase())) return name.toLowerCase() as FolderName;
  const found = mailbox.folders.find(({ id }) => id === name);
  if (!found) throw itemNotFound();
  return found.name;
}

/** Throws where it is no draft any more. */
export function demandDraft(message: MailMessage, what: string): void {
  if (!message.isDraft) throw invalidRequest(`${what} can be changed while the message is a draft only.`);
}
