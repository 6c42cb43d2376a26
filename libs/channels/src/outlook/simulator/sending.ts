import { z } from 'zod';
import { messageOf, type Context, type Handler } from './context.js';
import { invalidRequest } from './graph-error.js';
import { escapeHtml } from './html-text.js';
import { contentOf, newMessage } from './message-body.js';
import { messageResource, textOf } from './message-resource.js';
import { contentOfMime } from './mime.js';
import { demandEmptyBody, jsonOf, mediaTypeOf, shaped } from './request.js';
import type { EmailAddress, MailBody, MailContent, MailMessage } from './state.js';

/** 202 says that it is queued, and nothing more. [D] */
const accepted = { status: 202 } as const;

const mailToSend = z.strictObject({
  message: newMessage,
  // Microsoft's own sample sends it as text. [D]
  saveToSentItems: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
});

/** https://learn.microsoft.com/graph/api/user-sendmail [D] */
export const sendMail: Handler = (context) => {
  const { transport, mailbox, request } = context;
  if (mediaTypeOf(request) === 'text/plain') {
    transport.accept(mailbox, contentOfMime(request.body, context), true);
    return accepted;
  }
  const { message, saveToSentItems = true } = shaped(jsonOf(request), mailToSend);
  transport.accept(mailbox, contentOf(message, context), String(saveToSentItems) === 'true');
  return accepted;
};

/** https://learn.microsoft.com/graph/api/message-send [S] */
export const sendDraft: Handler = (context) => {
  const draft = messageOf(context);
  demandEmptyBody(context.request);
  context.transport.acceptDraft(context.mailbox, draft);
  return accepted;
};

const replyBody = z.strictObject({ comment: z.string().optional(), message: newMessage.optional() });

/** https://learn.microsoft.com/graph/api/message-reply [S] */
export const replyTo =
  (all: boolean): Handler =>
  (context) => {
    const content = answerTo(messageOf(context), all, context);
    context.transport.accept(context.mailbox, content, true);
    return accepted;
  };

/** https://learn.microsoft.com/graph/api/message-createreply [S] */
export const createReply =
  (all: boolean): Handler =>
  (context) => {
    const { store, transport, mailbox } = context;
    const content = answerTo(messageOf(context), all, context);
    transport.demandRoom(mailbox);
    const draft = store.add({
      mailbox: mailbox.id,
      folder: 'drafts',
      isDraft: true,
      received: false,
      content,
    });
    return { status: 201, body: messageResource(draft, context) };
  };

/** Only a reply is in the thread of what it answers. */
function answerTo(message: MailMessage, all: boolean, context: Context): MailContent {
  const { request, transport, mailbox } = context;
  if (message.isDraft) throw invalidRequest('A draft cannot be replied to.');
  const { comment, message: given = {} } = request.body === '' ? {} : shaped(jsonOf(request), replyBody);
  if (comment !== undefined && given.body)
    throw invalidRequest('Specify either comment or the body property of the message, not both.');
  const { content } = message;
  const own = [mailbox.address, mailbox.userPrincipalName].map((one) => one.toLowerCase());
  const isOwn = ({ address = '' }: EmailAddress): boolean => own.includes(address.toLowerCase());
  const wroteIt = content.from !== undefined && isOwn(content.from);
  const asked = content.replyTo.length > 0 ? content.replyTo : content.from ? [content.from] : [];
  const others = content.to.filter((one) => !isOwn(one));
  const base: MailContent = {
    subject: /^re:/i.test(content.subject) ? content.subject : `RE: ${content.subject}`,
    body: answered(comment ?? '', message),
    to: wroteIt ? content.to : all ? [...asked, ...others] : asked,
    cc: all ? content.cc.filter((one) => !isOwn(one)) : [],
    bcc: [],
    replyTo: [],
    importance: 'normal',
    categories: [],
    headers: [],
    attachments: [],
    internetMessageId: transport.messageId(),
    inReplyTo: content.internetMessageId,
    thread: content.thread,
    properties: [],
    remarks: [],
  };
  return contentOf(given, context, base);
}

function answered(comment: string, message: MailMessage): MailBody {
  const { body } = message.content;
  return body.contentType === 'html'
    ? { contentType: 'html', content: `<p>${escapeHtml(comment)}</p><hr>${body.content}` }
    : { contentType: 'text', content: `${comment}\n________________________________\n${textOf(message)}` };
}
