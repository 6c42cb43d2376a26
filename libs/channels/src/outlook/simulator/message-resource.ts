import { createHash } from 'node:crypto';
import type { Context } from './context.js';
import { propertyId } from './extended-properties.js';
import { badRequest } from './graph-error.js';
import { textOfHtml } from './html-text.js';
import type { EmailAddress, MailMessage } from './state.js';

type Resource = Readonly<Record<string, unknown>>;
type Property = (message: MailMessage, context: Context) => unknown;

/** The text of a message as a reader of plain text sees it. */
export const textOf = ({ content: { body } }: Pick<MailMessage, 'content'>): string =>
  body.contentType === 'html' ? textOfHtml(body.content) : body.content;

/** Each mailbox has its own id of a thread. */
export const conversationIdOf = ({ mailbox, content }: MailMessage): string =>
  `AAQk${createHash('sha256').update(`${mailbox} ${content.thread}`).digest('base64url')}`;

const recipient = (emailAddress: EmailAddress): Resource => ({ emailAddress });
const changeKey = ({ immutableId, version }: MailMessage): string =>
  `CQAAABYAAA${immutableId.slice(-12)}${String(version).padStart(4, '0')}`;
export const etagOf = (message: MailMessage): string => `W/"${changeKey(message)}"`;

const idOf: Property = ({ id, immutableId }, { prefer }) => (prefer.immutableIds ? immutableId : id);

/** https://learn.microsoft.com/graph/api/resources/message#properties [S], as far as a mail that is sent has use for it. */
const usual: Readonly<Record<string, Property>> = {
  id: idOf,
  createdDateTime: ({ createdAt }) => createdAt,
  lastModifiedDateTime: ({ modifiedAt }) => modifiedAt,
  changeKey,
  categories: ({ content }) => content.categories,
  receivedDateTime: ({ receivedAt }) => receivedAt,
  sentDateTime: ({ sentAt, createdAt }) => sentAt ?? createdAt,
  hasAttachments: ({ content }) => content.attachments.some(({ isInline }) => !isInline),
  internetMessageId: ({ content }) => content.internetMessageId,
  subject: ({ content }) => content.subject,
  bodyPreview: (message) => textOf(message).replace(/\s+/g, ' ').slice(0, 255),
  importance: ({ content }) => content.importance,
  parentFolderId: ({ folder }, { mailbox }) => mailbox.folders.find(({ name }) => name === folder)?.id,
  conversationId: conversationIdOf,
  isRead: ({ isRead }) => isRead,
  isDraft: ({ isDraft }) => isDraft,
  webLink: (message, context) =>
    `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(String(idOf(message, context)))}&exvsurl=1&viewmodel=ReadMessageItem`,
  body: (message, { prefer }) =>
    prefer.textBodies ? { contentType: 'text', content: textOf(message) } : message.content.body,
  sender: ({ content }) => (content.from ? recipient(content.from) : undefined),
  from: ({ content }) => (content.from ? recipient(content.from) : undefined),
  toRecipients: ({ content }) => content.to.map(recipient),
  ccRecipients: ({ content }) => content.cc.map(recipient),
  bccRecipients: ({ content }) => content.bcc.map(recipient),
  replyTo: ({ content }) => content.replyTo.map(recipient),
};

/** Given to those alone who select it. [I] */
const onDemand: Readonly<Record<string, Property>> = {
  internetMessageHeaders: ({ content }) => content.headers,
};

export const messageProperties = [...Object.keys(usual), ...Object.keys(onDemand)];

/** What goes into the answer beside a message's own properties. */
export interface Expansion {
  readonly attachments: boolean;
  /** Ids of extended properties. */
  readonly properties: readonly string[];
}

/** Reads `$expand`: attachments, and extended properties by their ids. Throws for anything else. [S] */
export function expansionOf(text: string | undefined): Expansion {
  const pattern = /^(attachments|singleValueExtendedProperties\(\$filter=(.+)\))$/;
  const parts = text === undefined ? [] : text.split(/,(?=\s*(?:attachments|singleValue))/);
  const found = { attachments: false, properties: [] as string[] };
  for (const part of parts) {
    const [, what, filter] = pattern.exec(part.trim()) ?? [];
    if (what === undefined) throw badRequest(`Parsing OData Select and Expand failed: '${part}'.`);
    if (filter === undefined) found.attachments = true;
    else
      for (const term of filter.split(/\s+or\s+/)) {
        const id = /^id eq '((?:[^']|'')+)'$/.exec(term.trim())?.[1];
        if (id === undefined) throw badRequest(`Invalid filter clause: '${filter}'.`);
        found.properties.push(propertyId(id.replaceAll("''", "'")));
      }
  }
  return found;
}

/** A message as Graph answers it. */
export function messageResource(
  message: MailMessage,
  context: Context,
  select?: readonly string[],
  expansion: Expansion = expansionOf(undefined),
): Resource {
  const wanted = select ? [...new Set(['id', ...select])] : Object.keys(usual);
  const resource: Record<string, unknown> = { '@odata.etag': etagOf(message) };
  for (const name of wanted) {
    const value = (usual[name] ?? onDemand[name])?.(message, context);
    if (value !== undefined) resource[name] = value;
  }
  const { properties, attachments } = message.content;
  const shown = properties.filter(({ id }) => expansion.properties.includes(id));
  if (shown.length > 0) resource['singleValueExtendedProperties'] = shown;
  if (expansion.attachments)
    resource['attachments'] = attachments.map((one) => ({
      '@odata.type': '#microsoft.graph.fileAttachment',
      ...one,
    }));
  return resource;
}
