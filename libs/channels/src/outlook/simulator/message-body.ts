import { z } from 'zod';
import type { Context } from './context.js';
import { propertyId } from './extended-properties.js';
import { GraphError, invalidRequest } from './graph-error.js';
import { sanitised } from './html-text.js';
import type { EmailAddress, MailAttachment, MailBody, MailContent, MailHeader } from './state.js';

const recipient = z.strictObject({
  emailAddress: z.strictObject({ address: z.string().optional(), name: z.string().optional() }),
});
const recipients = z.array(recipient).optional();

const attachment = z.strictObject({
  // Others are not simulated.
  '@odata.type': z.literal('#microsoft.graph.fileAttachment'),
  name: z.string().min(1),
  contentType: z.string().optional(),
  contentBytes: z.base64(),
  isInline: z.boolean().optional(),
  contentId: z.string().optional(),
});

const changeable = {
  subject: z.string().optional(),
  body: z
    .strictObject({ contentType: z.string().regex(/^(text|html)$/i, 'Text or HTML.'), content: z.string() })
    .optional(),
  toRecipients: recipients,
  ccRecipients: recipients,
  bccRecipients: recipients,
  replyTo: recipients,
  from: recipient.optional(),
  sender: recipient.optional(),
  importance: z.enum(['low', 'normal', 'high']).optional(),
  categories: z.array(z.string()).optional(),
  isRead: z.boolean().optional(),
  internetMessageId: z.string().optional(),
  singleValueExtendedProperties: z.array(z.strictObject({ id: z.string(), value: z.string() })).optional(),
};

/** What a message may be changed to. https://learn.microsoft.com/graph/api/message-update [S] */
export const messageChange = z.strictObject(changeable);
export type MessageChange = z.infer<typeof messageChange>;

/** A message as it may be written. https://learn.microsoft.com/graph/api/resources/message [S] */
export const newMessage = z.strictObject({
  ...changeable,
  internetMessageHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  attachments: z.array(attachment).optional(),
});
export type NewMessage = z.infer<typeof newMessage>;

/** [I] */
const mostHeaders = 5;
/** Larger ones want an upload session, which is not simulated. https://learn.microsoft.com/graph/outlook-large-attachments [D] */
const largestAttachments = 3_000_000;

/** What an empty message says, with its own Message-ID. */
const blank = ({ transport }: Context): MailContent => {
  const internetMessageId = transport.messageId();
  return {
    subject: '',
    body: { contentType: 'text', content: '' },
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    importance: 'normal',
    categories: [],
    headers: [],
    attachments: [],
    internetMessageId,
    thread: internetMessageId,
    properties: [],
    remarks: [],
  };
};

/** What a new message says; throws for what Graph refuses in it. */
export function contentOf(body: NewMessage, context: Context, base = blank(context)): MailContent {
  const { internetMessageHeaders, attachments, ...rest } = body;
  const content = changed(base, rest);
  return {
    ...content,
    headers: internetMessageHeaders ? headersOf(internetMessageHeaders) : base.headers,
    attachments: attachments ? attachmentsOf(attachments, context) : base.attachments,
  };
}

/** What a message says after a change. */
export function changed(content: MailContent, change: MessageChange): MailContent {
  const body = change.body && bodyOf(change.body);
  return {
    ...content,
    ...(change.subject === undefined ? {} : { subject: change.subject }),
    ...(body ?? {}),
    ...(change.toRecipients ? { to: addressesOf(change.toRecipients) } : {}),
    ...(change.ccRecipients ? { cc: addressesOf(change.ccRecipients) } : {}),
    ...(change.bccRecipients ? { bcc: addressesOf(change.bccRecipients) } : {}),
    ...(change.replyTo ? { replyTo: addressesOf(change.replyTo) } : {}),
    ...(change.from ? { from: addressOf(change.from) } : {}),
    ...(change.importance ? { importance: change.importance } : {}),
    ...(change.categories ? { categories: change.categories } : {}),
    ...(change.internetMessageId === undefined
      ? {}
      : { internetMessageId: messageIdOf(change.internetMessageId) }),
    ...(change.singleValueExtendedProperties
      ? { properties: propertiesOf(content, change.singleValueExtendedProperties) }
      : {}),
  };
}

const addressOf = ({ emailAddress: { address, name } }: z.infer<typeof recipient>): EmailAddress => ({
  ...(name === undefined ? {} : { name }),
  ...(address === undefined ? {} : { address }),
});
const addressesOf = (list: readonly z.infer<typeof recipient>[]): readonly EmailAddress[] =>
  list.map(addressOf);

export function bodyOf({
  contentType,
  content,
}: {
  readonly contentType: string;
  readonly content: string;
}): {
  readonly body: MailBody;
  readonly remarks: readonly string[];
} {
  if (contentType.toLowerCase() === 'text') return { body: { contentType: 'text', content }, remarks: [] };
  const { html, removed } = sanitised(content);
  return {
    body: { contentType: 'html', content: html },
    remarks: removed === 0 ? [] : [`scripts removed: ${removed}`],
  };
}

/** [I] */
function messageIdOf(id: string): string {
  if (!/^<[^\s<>@]+@[^\s<>@]+>$/.test(id)) throw invalidRequest('The internetMessageId is not valid.');
  return id;
}

/** Which codes go with these is from experience. [I] */
function headersOf(headers: readonly MailHeader[]): readonly MailHeader[] {
  const strange = headers.find(({ name }) => !/^x-[\x21-\x39\x3b-\x7e]+$/i.test(name));
  if (strange)
    throw new GraphError(
      400,
      'InvalidInternetMessageHeader',
      `The internet message header name '${strange.name}' should start with 'x-' or 'X-'.`,
    );
  if (headers.some(({ value }) => /[\r\n]/.test(value)))
    throw new GraphError(
      400,
      'InvalidInternetMessageHeader',
      'The value of a header has more than one line.',
    );
  if (headers.length > mostHeaders)
    throw new GraphError(
      400,
      'InvalidInternetMessageHeaderCollection',
      'Maximum number of headers in one message should be less than or equal to 5.',
    );
  return headers;
}

function attachmentsOf(
  attachments: readonly z.infer<typeof attachment>[],
  { store }: Context,
): readonly MailAttachment[] {
  const made = attachments.map(({ name, contentType, contentBytes, isInline, contentId }) => ({
    id: `AAMkAT${store.ids.letters(42)}`,
    name,
    contentType: contentType ?? 'application/octet-stream',
    size: Buffer.byteLength(contentBytes, 'base64'),
    contentBytes,
    isInline: isInline ?? false,
    ...(contentId === undefined ? {} : { contentId }),
  }));
  if (made.reduce((sum, { size }) => sum + size, 0) >= largestAttachments)
    throw new GraphError(413, 'ErrorMessageSizeExceeded', 'The attachments are too large for one request.');
  return made;
}

/** Named ones take the place of what was there under their name, the others stay. */
function propertiesOf(
  { properties }: MailContent,
  given: readonly { readonly id: string; readonly value: string }[],
): MailContent['properties'] {
  const next = new Map(given.map(({ id, value }) => [propertyId(id), value]));
  if (next.size < given.length) throw invalidRequest('An extended property is given more than once.');
  return [
    ...properties.filter(({ id }) => !next.has(id)),
    ...[...next].map(([id, value]) => ({ id, value })),
  ];
}
