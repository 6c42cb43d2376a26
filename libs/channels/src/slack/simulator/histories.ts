import { readableChannel, isMember, type Context, type Handlers } from './context.js';
import { messageObject } from './message-object.js';
import { page } from './paging.js';
import { Refusal } from './refusal.js';
import type { SimulatedChannel, SimulatedMessage } from './state.js';

/** `seconds.micros` as a whole number of microseconds, so that two can be compared; `undefined` where it is no time. */
function micros(ts: string): number | undefined {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(ts);
  if (!match) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}

/** Whether a message lies between `oldest` and `latest`, both exclusive unless `inclusive`. Throws for a time that is none. */
function bounds(context: Context): (message: SimulatedMessage) => boolean {
  const read = (name: 'oldest' | 'latest'): number | undefined => {
    const text = context.args.text(name);
    if (text === undefined || text === '') return undefined;
    const at = micros(text);
    if (at === undefined) throw new Refusal(`invalid_ts_${name}`);
    return at;
  };
  const oldest = read('oldest');
  const latest = read('latest');
  const inclusive = context.args.flag('inclusive');
  return (message) => {
    const at = micros(message.ts) ?? 0;
    if (inclusive && (at === oldest || at === latest)) return true;
    return (oldest === undefined || at > oldest) && (latest === undefined || at < latest);
  };
}

function open(context: Context): SimulatedChannel {
  const channel = readableChannel(context, 'history');
  if (!isMember(channel)) throw new Refusal('not_in_channel');
  return channel;
}

/** Reading what was said. */
export const historyMethods: Handlers = {
  'conversations.history': (context) => {
    const channel = open(context);
    const inside = bounds(context);
    const messages = context.workspace
      .messages(channel.id)
      .filter((one) => one.threadTs === undefined || one.threadTs === one.ts || one.broadcast)
      .filter(inside)
      .toReversed();
    const rule = { byDefault: 100, max: 999 };
    const { items, nextCursor } = page(messages, (one) => one.ts, 'next_ts', context.args, rule);
    const withMetadata = context.args.flag('include_all_metadata');
    return {
      messages: items.map((one) => messageObject(one, context.workspace, withMetadata)),
      has_more: nextCursor !== '',
      pin_count: 0,
      ...(nextCursor === '' ? {} : { response_metadata: { next_cursor: nextCursor } }),
    };
  },

  'conversations.replies': (context) => {
    const channel = open(context);
    const { workspace } = context;
    const asked = workspace.message(channel.id, context.args.text('ts') ?? '');
    // The `ts` of a reply finds its thread as well.
    const parent = asked && (workspace.message(channel.id, asked.threadTs ?? asked.ts) ?? asked);
    if (!parent) throw new Refusal('thread_not_found');
    const inside = bounds(context);
    // The first message of the thread comes along, whatever the bounds.
    const thread = [parent, ...workspace.replies(parent).filter(inside)];
    const rule = { byDefault: 1000, max: 1000 };
    const { items, nextCursor } = page(thread, (one) => one.ts, 'next_ts', context.args, rule);
    const withMetadata = context.args.flag('include_all_metadata');
    return {
      messages: items.map((one) => messageObject(one, workspace, withMetadata)),
      has_more: nextCursor !== '',
      ...(nextCursor === '' ? {} : { response_metadata: { next_cursor: nextCursor } }),
    };
  },
};
