import { channelOf, demandScope, isMember, type Context, type Handlers } from './context.js';
import { readContent, readMetadata, type Content } from './content.js';
import { messageObject } from './message-object.js';
import { invalidArguments, Refusal } from './refusal.js';
import { identity, slackbot, type SimulatedChannel, type SimulatedMessage } from './state.js';

/** https://docs.slack.dev/reference/methods/chat.update */
const longestUpdate = 4_000;

/** Where a message goes: an id, a name with or without `#`, or a user's id for the direct conversation. */
function destination(context: Context): SimulatedChannel {
  const { workspace } = context;
  const asked = context.args.text('channel') ?? '';
  const user = workspace.user(asked);
  if (user) {
    if (user.deleted || user.id === identity.user || user.id === slackbot)
      throw new Refusal('channel_not_found');
    return workspace.direct([identity.user, user.id]).channel;
  }
  const channel = workspace.channel(asked) ?? workspace.named(asked.replace(/^#/, ''));
  if (!channel) throw new Refusal('channel_not_found');
  if (isMember(channel)) return channel;
  if (channel.kind !== 'public_channel') throw new Refusal('channel_not_found');
  if (!context.scopes.has('chat:write.public')) throw new Refusal('not_in_channel');
  return channel;
}

const says = (content: Content): boolean =>
  content.text !== undefined || (content.blocks ?? []).length > 0 || (content.attachments ?? []).length > 0;

/** Fields that name another sender need a scope of their own. */
function disguise(context: Context): Pick<SimulatedMessage, 'username' | 'icon'> {
  const { args } = context;
  const username = args.text('username');
  const icon = args.text('icon_emoji') ?? args.text('icon_url');
  if (username !== undefined || icon !== undefined) demandScope(context.scopes, ['chat:write.customize']);
  return { ...(username === undefined ? {} : { username }), ...(icon === undefined ? {} : { icon }) };
}

/** The thread to answer in. Slack does not reliably refuse one that is unknown, so neither does this. */
function threadOf(context: Context, channel: SimulatedChannel): string | undefined {
  const ts = context.args.text('thread_ts');
  if (ts === undefined || ts === '') return undefined;
  if (!/^\d+\.\d{6}$/.test(ts))
    throw invalidArguments('must be a timestamp of a message [json-pointer:/thread_ts]');
  const parent = context.workspace.message(channel.id, ts);
  if (parent?.subtype !== undefined || (parent?.threadTs !== undefined && parent.threadTs !== ts))
    throw new Refusal('cannot_reply_to_message');
  return ts;
}

/** A message that is there; its channel only by id. Throws `message_not_found`. */
function existing(context: Context, channel: SimulatedChannel, name = 'ts'): SimulatedMessage {
  const message = context.workspace.message(channel.id, context.args.text(name) ?? '');
  if (!message) throw new Refusal('message_not_found');
  return message;
}

const blockId = (context: Context) => (): string =>
  Buffer.from(context.workspace.nextTs()).toString('base64').slice(-7, -2);

/** Saying, mending and taking back. https://docs.slack.dev/reference/methods/chat.postMessage */
export const chatMethods: Handlers = {
  'chat.postMessage': (context) => {
    const { workspace } = context;
    const channel = destination(context);
    if (channel.archived) throw new Refusal('is_archived');
    const content = readContent(context, blockId(context));
    if (!says(content)) throw new Refusal('no_text');
    const metadata = readMetadata(context);
    const threadTs = threadOf(context, channel);
    const looks = disguise(context);
    context.limits?.post(channel.id);
    const message = workspace.post({
      channel: channel.id,
      user: identity.user,
      bot: identity.bot,
      text: content.text ?? '',
      ...content,
      ...looks,
      ...(metadata === undefined || metadata === 'remove' ? {} : { metadata }),
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(threadTs !== undefined && context.args.flag('reply_broadcast') ? { broadcast: true } : {}),
    });
    return {
      channel: channel.id,
      ts: message.ts,
      message: messageObject(message, workspace, true),
    };
  },

  'chat.update': (context) => {
    const { workspace } = context;
    const channel = channelOf(context);
    const message = existing(context, channel);
    if (message.bot !== identity.bot || message.subtype !== undefined)
      throw new Refusal('cant_update_message');
    if (channel.archived) throw new Refusal('is_inactive');
    if (isLate(context, message)) throw new Refusal('edit_window_closed');
    if ((context.args.text('text') ?? '').length > longestUpdate) throw new Refusal('msg_too_long');
    const content = readContent(context, blockId(context));
    const metadata = readMetadata(context);
    if (!says(content) && metadata === undefined) throw new Refusal('no_text');
    const ts = workspace.nextTs();
    message.versions.push({
      text: message.text,
      ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
      ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
      until: ts,
    });
    // What was not sent stays as it was; an empty array takes blocks or attachments away.
    Object.assign(message, content, { edited: { user: identity.user, ts } });
    if (metadata === 'remove') delete message.metadata;
    else if (metadata !== undefined) message.metadata = metadata;
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: messageObject(message, workspace, true),
    };
  },

  'chat.delete': (context) => {
    const { workspace } = context;
    const channel = channelOf(context);
    const message = existing(context, channel);
    if (message.bot !== identity.bot || message.subtype !== undefined)
      throw new Refusal('cant_delete_message');
    message.deleted = workspace.nextTs();
    return { channel: channel.id, ts: message.ts };
  },

  'chat.getPermalink': (context) => {
    const channel = channelOf(context);
    const message = existing(context, channel, 'message_ts');
    const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
    return {
      channel: channel.id,
      permalink: `${context.site}archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`,
    };
  },
};

const isLate = (context: Context, message: SimulatedMessage): boolean =>
  context.editWindowSeconds !== undefined &&
  context.workspace.seconds() - Number(message.ts) > context.editWindowSeconds;
