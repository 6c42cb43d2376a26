import { identity, type SimulatedMessage } from './state.js';
import type { Workspace } from './workspace.js';

/** A message as Slack tells it in histories and answers. https://docs.slack.dev/reference/events/message */
export function messageObject(
  message: SimulatedMessage,
  workspace: Workspace,
  withMetadata: boolean,
): Readonly<Record<string, unknown>> {
  const replies = workspace.replies(message);
  const last = replies.at(-1);
  return {
    type: 'message',
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    ...(message.broadcast && message.subtype === undefined ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ts: message.ts,
    text: message.text,
    ...(message.bot === undefined ? {} : { bot_id: message.bot, app_id: identity.app, team: identity.team }),
    ...(message.username === undefined ? {} : { username: message.username }),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(last === undefined
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          latest_reply: last.ts,
        }),
  };
}
