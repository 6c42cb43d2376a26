import type { Context } from './context.js';
import { GraphError, invalidRequest } from './graph-error.js';
import { markOfMessageId } from './mail-store.js';
import { bodyOf } from './message-body.js';
import type { EmailAddress, MailContent } from './state.js';

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Headers of RFC 5322, folded lines put together; the first of a name counts. */
function partOf(text: string): Part {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end ? text.slice(end.index + end[0].length) : '' };
}

/** The leaves of a message, in their order. */
function leavesOf(part: Part): readonly Part[] {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const boundary = /^multipart\/[^;]+;.*\bboundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return [part];
  return part.body
    .split(`--${boundary}`)
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) => leavesOf(partOf(piece.replace(/^\r?\n/, '').replace(/\r?\n$/, ''))));
}

function decoded({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Words as RFC 2047 encodes them. */
const words = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, way: string, word: string) =>
      way.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decoded({
            headers: new Map([['content-transfer-encoding', 'quoted-printable']]),
            body: word.replaceAll('_', ' '),
          }),
    );

function addressesOf(text: string | undefined): readonly EmailAddress[] {
  const list = text?.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return list.map((one) => {
    const [, name = '', address] = /^(.*)<([^<>]*)>\s*$/s.exec(one.trim()) ?? [];
    if (address === undefined) return { address: one.trim() };
    const plain = words(name.trim().replace(/^"(.*)"$/, '$1'));
    return { ...(plain === '' ? {} : { name: plain }), address };
  });
}

/**
 * The message of a `text/plain` request: RFC 822 in base64. Attachments are not simulated, and refused.
 * https://learn.microsoft.com/graph/outlook-send-mime-message [D]
 */
export function contentOfMime(base64: string, { store, transport, mailbox }: Context): MailContent {
  const compact = base64.replace(/\s/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0)
    throw new GraphError(
      400,
      'ErrorMimeContentInvalidBase64String',
      'The MIME content is not a valid base64 string.',
    );
  const message = partOf(Buffer.from(compact, 'base64').toString('utf8'));
  const leaves = leavesOf(message);
  const typeOf = ({ headers }: Part): string => headers.get('content-type') ?? 'text/plain';
  if (leaves.some((leaf) => !/^text\/(plain|html)\b/i.test(typeOf(leaf))))
    throw invalidRequest('Parts other than text are not simulated.');
  const html = leaves.find((leaf) => /^text\/html\b/i.test(typeOf(leaf)));
  const shown = html ?? leaves[0];
  const [from] = addressesOf(message.headers.get('from'));
  const internetMessageId = message.headers.get('message-id') ?? transport.messageId();
  const inReplyTo = message.headers.get('in-reply-to');
  const [answered] = inReplyTo === undefined ? [] : store.marked(mailbox.id, markOfMessageId(inReplyTo));
  return {
    subject: words(message.headers.get('subject') ?? ''),
    ...bodyOf({ contentType: html ? 'html' : 'text', content: shown ? decoded(shown) : '' }),
    ...(from ? { from } : {}),
    to: addressesOf(message.headers.get('to')),
    cc: addressesOf(message.headers.get('cc')),
    bcc: addressesOf(message.headers.get('bcc')),
    replyTo: addressesOf(message.headers.get('reply-to')),
    importance: 'normal',
    categories: [],
    headers: [...message.headers]
      .filter(([name]) => name.startsWith('x-'))
      .map(([name, value]) => ({ name, value })),
    attachments: [],
    internetMessageId,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    thread: answered?.content.thread ?? internetMessageId,
    properties: [],
  };
}
