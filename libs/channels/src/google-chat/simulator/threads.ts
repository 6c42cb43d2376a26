import { invalid, notFound } from './api-error.js';
import { senderOf, type Context } from './context.js';
import type { NewMessage } from './message-body.js';
import type { SimulatedSpace, SpaceThread } from './state.js';

const options = [
  'MESSAGE_REPLY_OPTION_UNSPECIFIED',
  'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
  'REPLY_MESSAGE_OR_FAIL',
] as const;

/**
 * The thread that a message goes to. Without an option it is always a new one, whatever thread the message names; and only spaces with
 * threads have any to answer in. https://developers.google.com/workspace/chat/create-messages#create-message-thread [S]
 */
export function threadOf(
  message: NewMessage,
  space: SimulatedSpace,
  { workspace, query, caller }: Context,
): { readonly thread: SpaceThread; readonly isReply: boolean } {
  const owner = senderOf(caller).name;
  const option = query.oneOf('messageReplyOption', options);
  const name = message.thread?.name;
  if (name !== undefined && !name.startsWith(`${space.name}/threads/`))
    throw invalid('The thread is not in the space.');
  // The query parameter is deprecated and works. [D]
  const key = message.thread?.threadKey ?? (name === undefined ? query.text('threadKey') : undefined);
  const hasThreads = space.spaceType === 'SPACE' && space.threadingState !== 'UNTHREADED_MESSAGES';
  if (option === 'MESSAGE_REPLY_OPTION_UNSPECIFIED' || !hasThreads)
    return { thread: workspace.addThread(space.name, owner), isReply: false };
  const there =
    name !== undefined
      ? workspace.thread(name)
      : key !== undefined
        ? workspace.keyedThread(space.name, owner, key)
        : undefined;
  if (there) return { thread: there, isReply: true };
  const namesOne = name !== undefined || key !== undefined;
  if (namesOne && option === 'REPLY_MESSAGE_OR_FAIL') throw notFound('The thread was not found.');
  return { thread: workspace.addThread(space.name, owner, key), isReply: false };
}
