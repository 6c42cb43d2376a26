import { RemoteError } from '#http';
import { z } from 'zod';
import type { Address } from '../contract.js';
import { outlookDestination } from './settings.js';

/** From where mail goes to whom, and in which conversation. */
export interface Place {
  /** The sender's mailbox. It belongs to the address: a lost answer is asked for where the mail was sent from, whatever the settings say by then. */
  readonly mailbox: string;
  readonly to: readonly string[];
  /** The subject line that the mails of a conversation share. */
  readonly thread?: string | undefined;
}

/** `mailto:ann@acme.example,bob@acme.example?from=bot@acme.example&subject=Hours`, as RFC 6068 has it. */
export function addressOf({ mailbox, to, thread }: Place): Address {
  const query = [['from', mailbox] as const, ...(thread === undefined ? [] : [['subject', thread] as const])];
  return {
    id: `mailto:${to.map(encoded).join(',')}?${query.map(([name, value]) => `${name}=${encoded(value)}`).join('&')}`,
  };
}

/** Throws `RemoteError` `rejected` for what is no address of ours. */
export function placeOf({ id }: Address): Place {
  const url = URL.parse(id);
  const mailbox = url?.searchParams.get('from');
  const to = url?.pathname.split(',').filter((one) => one !== '') ?? [];
  if (url?.protocol !== 'mailto:' || !mailbox || to.length === 0)
    throw refused('the address is none of mail');
  return { mailbox, to: to.map(decodeURIComponent), thread: url.searchParams.get('subject') ?? undefined };
}

/** The place that a subscription's destination names, from a mailbox. Throws `RemoteError` `rejected` where it names nobody. */
export function destined(destination: Readonly<Record<string, unknown>>, mailbox: string): Place {
  const { data } = outlookDestination.safeParse(destination);
  if (!data) throw refused('the destination names no e-mail address');
  const wanted = typeof data.mail === 'string' ? [data.mail] : data.mail;
  const to = [...new Set(wanted.map((one) => one.toLowerCase()))].toSorted();
  // A template that was left empty: somebody of whom no address is known.
  if (!z.array(z.email()).safeParse(to).success) throw refused('the destination names no e-mail address');
  return { mailbox, to, thread: data.thread };
}

const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%40', '@');

const refused = (message: string): RemoteError => new RemoteError('outlook', 'rejected', 'refused', message);

const mostShown = 3;

/** `olena@acme.example, taras@acme.example and 4 more, “Hours of Olena”` */
export function shownDestination({ mail, thread }: Readonly<Record<string, unknown>>): string {
  const all = [mail].flat().map(String);
  const more = all.length > mostShown ? ` and ${all.length - mostShown} more` : '';
  return `${all.slice(0, mostShown).join(', ')}${more}${typeof thread === 'string' ? `, “${thread}”` : ''}`;
}
