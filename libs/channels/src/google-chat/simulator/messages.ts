import { ApiError, denied, invalid, notFound } from './api-error.js';
import { senderOf, spaceOf, type Context, type Handler } from './context.js';
import { messageFilter } from './filters.js';
import { changedMessage, contentOf, newMessage, type NewMessage } from './message-body.js';
import { page } from './paging.js';
import { readBody } from './request.js';
import { messageResource, webhookAnswer } from './resources.js';
import { chatApp, type SimulatedSpace, type SpaceMessage } from './state.js';
import { threadOf } from './threads.js';
import { maskOf, masked } from './update-mask.js';

/** "client-", lower-case letters, digits and hyphens, 63 characters at most. [S] */
const clientIdForm = /^client-[a-z0-9-]{1,56}$/;

const answerTo = (message: SpaceMessage, context: Context) =>
  context.caller.kind === 'app' ? messageResource(message, context) : webhookAnswer(message, context);

/** What the sender gave to know the message by; a webhook's may mean nothing. */
function idsOf({ query, caller, doubts }: Context): {
  readonly clientId?: string;
  readonly requestId?: string;
} {
  const clientId = query.text('messageId');
  const requestId = query.text('requestId');
  if (clientId !== undefined && !clientIdForm.test(clientId))
    throw invalid(
      'message_id must begin with "client-", and have at most 63 characters: lower-case letters, digits and hyphens.',
    );
  if (caller.kind === 'webhook' && !doubts.webhookIds) return {};
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Whoever is to see a private message has to be in the space. */
function viewerOf(message: NewMessage, space: SimulatedSpace, { workspace }: Context): string | undefined {
  const name = message.privateMessageViewer?.name;
  if (name === undefined) return undefined;
  if (workspace.person(name)?.name !== name || !space.members.includes(name))
    throw invalid('private_message_viewer: the user is not a member of the space.');
  return name;
}

function checkQuote(
  { quotedMessageMetadata: quote }: NewMessage,
  space: SimulatedSpace,
  context: Context,
): void {
  if (!quote) return;
  if (
    !quote.name.startsWith(`${space.name}/messages/`) ||
    !find(context, space, quote.name.split('/').at(-1))
  )
    throw invalid('quoted_message_metadata: the message was not found in the space.');
}

function post(
  body: NewMessage,
  space: SimulatedSpace,
  ids: { readonly clientId?: string; readonly requestId?: string },
  context: Context,
): SpaceMessage {
  const { workspace, caller, doubts } = context;
  const { content, remarks } = contentOf(body, caller, doubts);
  const privateTo = viewerOf(body, space, context);
  checkQuote(body, space, context);
  const sender = senderOf(caller);
  if (ids.clientId !== undefined && workspace.byClientId(sender.name, space.name, ids.clientId))
    throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists.');
  const { thread, isReply } = threadOf(body, space, context);
  return workspace.post({
    space: space.name,
    thread: thread.name,
    isReply,
    sender,
    content,
    remarks,
    ...ids,
    ...(body.fallbackText === undefined ? {} : { fallbackText: body.fallbackText }),
    ...(privateTo === undefined ? {} : { privateTo }),
  });
}

/** A message by Chat's id, or by an id that the caller gave it; deleted ones are not there. */
function find(context: Context, space: SimulatedSpace, id = ''): SpaceMessage | undefined {
  const message =
    context.workspace.message(`${space.name}/messages/${id}`) ??
    context.workspace.byClientId(senderOf(context.caller).name, space.name, id);
  return message?.deleteTime === undefined ? message : undefined;
}

/** The app's own message; throws `NOT_FOUND`, and `PERMISSION_DENIED` for those of others. */
function own(message: SpaceMessage | undefined): SpaceMessage {
  if (!message) throw notFound();
  if (message.sender.name !== chatApp.name) throw denied('The Chat app can only change its own messages.');
  return message;
}

/** In a space the app sees what it said and what is said to it; one to one everything. [S][I] */
const isSeen = ({ sender, content }: SpaceMessage, space: SimulatedSpace): boolean =>
  sender.name === chatApp.name || space.singleUserBotDm || (content.text ?? '').includes(`<${chatApp.name}>`);

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create [S] */
export const createMessage: Handler = (context) => {
  const { workspace, request, caller } = context;
  const space = spaceOf(context);
  const body = readBody(request, newMessage);
  const ids = idsOf(context);
  // Once is once: also where the message was deleted since, and whatever the repetition says.
  const before = ids.requestId && workspace.byRequestId(senderOf(caller).name, space.name, ids.requestId);
  return answerTo(before || post(body, space, ids, context), context);
};

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/get [S] */
export const getMessage: Handler = (context) => {
  const space = spaceOf(context);
  const message = find(context, space, context.ids[1]);
  if (!message) throw notFound();
  const readsAll = context.caller.kind === 'app' && context.caller.readsAll;
  if (!readsAll && !isSeen(message, space)) throw denied('The Chat app cannot see this message.');
  return messageResource(message, context);
};

/** For apps that an administrator allowed to read. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/list [S] */
export const listMessages: Handler = (context) => {
  const { query, workspace } = context;
  const space = spaceOf(context);
  const filter = query.text('filter');
  const matches = messageFilter(filter);
  const order = query.text('orderBy') ?? 'create_time ASC';
  if (!/^create_time (ASC|DESC)$/i.test(order)) throw invalid(`Invalid order_by: ${order}`);
  const found = workspace
    .timeline(space.name)
    .filter((message) => message.deleteTime === undefined && matches(message))
    .filter(({ privateTo, sender }) => privateTo === undefined || sender.name === chatApp.name);
  const { items, nextPageToken } = page(/DESC$/i.test(order) ? found.toReversed() : found, query, {
    byDefault: 25,
    max: 1000,
    list: `messages ${space.name} ${filter ?? ''} ${order}`,
  });
  return {
    ...(items.length === 0 ? {} : { messages: items.map((message) => messageResource(message, context)) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
};

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/patch [S] */
export const updateMessage: Handler = (context) => {
  const { workspace, query, request, caller, doubts, ids } = context;
  const space = spaceOf(context);
  const id = ids[1] ?? '';
  const mask = maskOf(query.text('updateMask'));
  const allowMissing = query.flag('allowMissing');
  const { name, ...body } = readBody(request, changedMessage);
  if (name !== undefined && name !== `${space.name}/messages/${id}`)
    throw invalid('The name of the message is not the one in the path.');
  if (allowMissing && !clientIdForm.test(id))
    throw invalid('allow_missing requires a client-assigned message ID.');
  const there = find(context, space, id);
  if (!there && allowMissing) return messageResource(post(body, space, { clientId: id }, context), context);
  const message = own(there);
  if (mask.includes('quotedMessageMetadata') && body.quotedMessageMetadata)
    throw invalid('quoted_message_metadata can only be removed.');
  const { content, remarks } = contentOf(masked(message, body, mask), caller, doubts);
  // What was quietly changed before stays so while the cards stay.
  workspace.edit(message, content, mask.includes('cardsV2') ? remarks : message.remarks);
  return messageResource(message, context);
};

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/delete [S] */
export const deleteMessage: Handler = (context) => {
  // Means something for users only.
  context.query.flag('force');
  const space = spaceOf(context);
  context.workspace.delete(own(find(context, space, context.ids[1])));
  return {};
};
