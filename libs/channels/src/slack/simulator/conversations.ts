import { channelObject } from './channel-object.js';
import {
  channelOf,
  demandScope,
  isMember,
  manageableChannel,
  readableChannel,
  type Context,
  type Handler,
  type Handlers,
} from './context.js';
import { kindsOf } from './conversation-kinds.js';
import { page } from './paging.js';
import { Refusal } from './refusal.js';
import { identity, type SimulatedChannel } from './state.js';

const manage = { public: ['channels:manage'], private: ['groups:write'] };
const texts = {
  public: [...manage.public, 'channels:write.topic'],
  private: [...manage.private, 'groups:write.topic'],
};
/** https://docs.slack.dev/reference/methods/conversations.setTopic */
const longestText = 250;
/** https://docs.slack.dev/reference/methods/conversations.create */
const longestName = 80;

/** Slack checks a name and never mends it. */
function checkName(name: string): void {
  if (name === '') throw new Refusal('invalid_name_required');
  if (name.length > longestName) throw new Refusal('invalid_name_maxlength');
  if (/^[^\p{L}\p{N}]+$/u.test(name)) throw new Refusal('invalid_name_punctuation');
  if (!/^[a-z0-9_-]+$/.test(name)) throw new Refusal('invalid_name_specials');
}

const setText =
  (field: 'topic' | 'purpose'): Handler =>
  (context) => {
    const channel = manageableChannel(context, texts);
    if (channel.archived) throw new Refusal('is_archived');
    if (!isMember(channel)) throw new Refusal('not_in_channel');
    const value = context.args.text(field) ?? '';
    if (value.length > longestText) throw new Refusal('too_long');
    channel[field] = { value, creator: identity.user, last_set: context.workspace.seconds() };
    const note = `set the channel ${field === 'topic' ? 'topic' : 'description'}: ${value}`;
    context.workspace.noteDown(channel, identity.user, `channel_${field}`, note);
    return { channel: channelObject(channel) };
  };

function archiving(context: Context): SimulatedChannel {
  const channel = manageableChannel(context, manage);
  if (!isMember(channel)) throw new Refusal('not_in_channel');
  return channel;
}

/** Conversations themselves: making, listing, describing, putting away. */
export const conversationMethods: Handlers = {
  'conversations.create': (context) => {
    const secret = context.args.flag('is_private');
    demandScope(context.scopes, secret ? manage.private : manage.public);
    const name = context.args.text('name') ?? '';
    checkName(name);
    // Archived channels and private ones that the bot cannot see hold their names as well.
    if (context.workspace.named(name)) throw new Refusal('name_taken');
    const channel = context.workspace.addChannel({ name, private: secret, creator: identity.user });
    context.workspace.join(channel, identity.user);
    return { channel: { ...channelObject(channel), num_members: channel.members.length } };
  },

  'conversations.list': (context) => {
    const kinds = kindsOf(context.args);
    for (const kind of kinds) demandScope(context.scopes, [kind.scope]);
    const visible = context.workspace.channels.filter(
      (channel) => channel.kind === 'public_channel' || isMember(channel),
    );
    const rule = { byDefault: 100, max: 999 };
    const { items, nextCursor } = page(visible, (channel) => channel.id, 'channel', context.args, rule);
    // Filtered after paging, as at Slack: a page may be short or empty before the end.
    const channels = items.filter(
      (channel) =>
        kinds.some(({ kind }) => kind === channel.kind) &&
        !(channel.archived && context.args.flag('exclude_archived')),
    );
    return {
      channels: channels.map((channel) => ({
        ...channelObject(channel),
        ...(channel.kind === 'im' ? {} : { num_members: channel.members.length }),
      })),
      response_metadata: { next_cursor: nextCursor },
    };
  },

  'conversations.info': (context) => {
    const channel = readableChannel(context, 'read');
    const count = context.args.flag('include_num_members') ? { num_members: channel.members.length } : {};
    return { channel: { ...channelObject(channel), ...count } };
  },

  'conversations.archive': (context) => {
    const channel = archiving(context);
    if (channel.archived) throw new Refusal('already_archived');
    if (channel.general) throw new Refusal('cant_archive_general');
    context.workspace.noteDown(channel, identity.user, 'channel_archive', 'archived the channel');
    channel.archived = true;
    return {};
  },

  'conversations.unarchive': (context) => {
    const channel = archiving(context);
    if (!channel.archived) throw new Refusal('not_archived');
    channel.archived = false;
    context.workspace.noteDown(channel, identity.user, 'channel_unarchive', 'un-archived the channel');
    return {};
  },

  'conversations.setTopic': setText('topic'),
  'conversations.setPurpose': setText('purpose'),

  'conversations.join': (context) => {
    const channel = channelOf(context);
    if (channel.kind !== 'public_channel') throw new Refusal('method_not_supported_for_channel_type');
    if (channel.archived) throw new Refusal('is_archived');
    const there = isMember(channel);
    context.workspace.join(channel, identity.user);
    return {
      channel: channelObject(channel),
      ...(there
        ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
        : {}),
    };
  },
};
