import { contentOf, changed, messageChange, newMessage } from './message-body.js';
import { demandDraft, folderNamed, messageOf, type Context, type Handler } from './context.js';
import { badRequest, GraphError } from './graph-error.js';
import { messageFilter, sortable, sortValue, type MessageFilter } from './filter.js';
import { etagOf, expansionOf, messageProperties, messageResource } from './message-resource.js';
import { jsonOf, shaped } from './request.js';
import type { MailMessage } from './state.js';
import { z } from 'zod';

/** Default and largest page. https://learn.microsoft.com/graph/api/user-list-messages [D] */
const usualPage = 10;
const largestPage = 1000;

const selected = (context: Context): readonly string[] | undefined =>
  context.query.names('$select', messageProperties);

/** https://learn.microsoft.com/graph/api/user-post-messages [S] */
export const createMessage: Handler = (context) => {
  const { store, transport, mailbox, request, ids } = context;
  const folder = ids[0] === undefined ? 'drafts' : folderNamed(mailbox, ids[0]);
  const body = shaped(jsonOf(request), newMessage);
  transport.demandRoom(mailbox);
  const draft = store.add({
    mailbox: mailbox.id,
    folder,
    isDraft: true,
    received: false,
    isRead: body.isRead ?? true,
    content: contentOf(body, context),
  });
  return { status: 201, body: messageResource(draft, context) };
};

/** https://learn.microsoft.com/graph/api/message-get [S] */
export const getMessage: Handler = (context) => ({
  status: 200,
  body: messageResource(
    messageOf(context),
    context,
    selected(context),
    expansionOf(context.query.text('$expand')),
  ),
});

/** https://learn.microsoft.com/graph/api/user-list-messages [D] */
export const listMessages: Handler = (context) => {
  const { store, mailbox, query, prefer, ids, origin, request } = context;
  const folder = ids[0] === undefined ? undefined : folderNamed(mailbox, ids[0]);
  const text = query.text('$filter');
  const filter = text === undefined ? undefined : messageFilter(text);
  const order = orderOf(query.text('$orderby'), filter);
  const select = selected(context);
  const expansion = expansionOf(query.text('$expand'));
  const skip = query.whole('$skip', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const top = query.whole('$top', 1, largestPage) ?? prefer.pageSize ?? usualPage;

  const among =
    filter?.mark === undefined ? store.messages(mailbox.id) : store.marked(mailbox.id, filter.mark);
  const found = among
    .filter(
      (message) => (folder === undefined || message.folder === folder) && (filter?.test(message) ?? true),
    )
    // What came last comes first where nothing else tells them apart.
    .reverse()
    .sort(order);
  return {
    status: 200,
    body: {
      '@odata.context': `${origin}/v1.0/$metadata#users('${encodeURIComponent(mailbox.id)}')/messages`,
      ...(query.text('$count') === 'true' ? { '@odata.count': found.length } : {}),
      value: found
        .slice(skip, skip + top)
        .map((message) => messageResource(message, context, select, expansion)),
      ...(found.length > skip + top
        ? { '@odata.nextLink': `${origin}${request.path}?${linkQuery(query.params, skip + top)}` }
        : {}),
    },
  };
};

function linkQuery(params: URLSearchParams, skip: number): string {
  const kept = [...params].filter(([name]) => name !== '$skip');
  return [...kept, ['$skip', String(skip)] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** Reads `$orderby`. What is ordered by has to come first in the filter too, in the same order, else it is `InefficientFilter`. [D] */
function orderOf(
  text: string | undefined,
  filter: MessageFilter | undefined,
): (one: MailMessage, other: MailMessage) => number {
  const terms = (text ?? 'receivedDateTime desc').split(',').map((term) => {
    const [, property = '', direction] = /^(\w+)(?: (asc|desc))?$/.exec(term.trim()) ?? [];
    if (!sortable.includes(property)) throw badRequest(`The $orderby '${term}' is not valid.`);
    return { property, sign: direction === 'desc' ? -1 : 1 };
  });
  const filtered = [...new Set(filter?.properties)];
  if (text !== undefined && filter && terms.some(({ property }, index) => filtered[index] !== property))
    throw new GraphError(
      400,
      'InefficientFilter',
      'The restriction or sort order is too complex for this operation.',
    );
  return (one, other) => {
    for (const { property, sign } of terms) {
      const [left, right] = [sortValue(one, property), sortValue(other, property)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
}

/** What may be changed after a message was sent too. https://learn.microsoft.com/graph/api/message-update [D] */
const afterwards = new Set(['categories', 'isRead', 'importance', 'singleValueExtendedProperties']);

export const updateMessage: Handler = (context) => {
  const { store, request } = context;
  const message = messageOf(context);
  demandMatch(message, context);
  const change = shaped(jsonOf(request), messageChange);
  for (const name of Object.keys(change)) if (!afterwards.has(name)) demandDraft(message, `'${name}'`);
  store.edit(message, changed(message.content, change), change.isRead);
  return { status: 200, body: messageResource(message, context) };
};

/** It goes to Deleted Items, and from there away. [I] */
export const deleteMessage: Handler = (context) => {
  const { store, doubts } = context;
  const message = messageOf(context);
  demandMatch(message, context);
  if (doubts.deleted === 'gone' || message.folder === 'deleteditems') store.remove(message);
  else store.move(message, 'deleteditems');
  return { status: 204 };
};

const destination = z.strictObject({ destinationId: z.string() });

/** The usual id is another one afterwards. https://learn.microsoft.com/graph/api/message-move [D] */
export const moveMessage: Handler = (context) => {
  const { store, mailbox, request } = context;
  const message = messageOf(context);
  const { destinationId } = shaped(jsonOf(request), destination);
  store.move(message, folderNamed(mailbox, destinationId));
  return { status: 201, body: messageResource(message, context) };
};

function demandMatch(message: MailMessage, { request }: Context): void {
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(message))
    throw new GraphError(
      412,
      'ErrorIrresolvableConflict',
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
    );
}
