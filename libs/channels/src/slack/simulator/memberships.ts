import { channelObject } from './channel-object.js';
import {
  channelOf,
  demandScope,
  isMember,
  manageableChannel,
  readableChannel,
  type Context,
  type Handlers,
} from './context.js';
import { page } from './paging.js';
import { invalidArguments, Refusal } from './refusal.js';
import { identity, slackbot, type SimulatedChannel } from './state.js';

const inviting = {
  public: ['channels:manage', 'channels:write.invites'],
  private: ['groups:write', 'groups:write.invites'],
};
const kicking = { public: ['channels:manage'], private: ['groups:write'] };
const mostInvited = 100;
const mostInGroup = 8;

/** Why this user cannot be invited, if so. */
function inviteError(context: Context, channel: SimulatedChannel, id: string): string | undefined {
  const { workspace } = context;
  const user = workspace.user(id);
  if (!user) return 'user_not_found';
  if (id === identity.user) return 'cant_invite_self';
  if (user.deleted || id === slackbot) return 'cant_invite';
  if (channel.members.includes(id)) return 'already_in_channel';
  const elsewhere = workspace.channels.some(
    (one) => (one.kind === 'public_channel' || one.kind === 'private_channel') && one.members.includes(id),
  );
  if (user.restricted === 'single-channel' && elsewhere) return 'ura_max_channels';
  return undefined;
}

/** Who is in which conversation. */
export const membershipMethods: Handlers = {
  'conversations.invite': (context) => {
    const channel = manageableChannel(context, inviting);
    if (channel.archived) throw new Refusal('is_archived');
    if (!isMember(channel)) throw new Refusal('not_in_channel');
    const users = [...new Set(context.args.list('users') ?? [])];
    if (users.length === 0) throw new Refusal('no_user');
    if (users.length > mostInvited)
      throw invalidArguments(`no more than ${mostInvited} items allowed [json-pointer:/users]`);
    const errors = users.flatMap((user) => {
      const error = inviteError(context, channel, user);
      return error === undefined ? [] : [{ user, ok: false, error }];
    });
    // One user who cannot be invited keeps all others out, unless `force`: then the others come in, and the answer still names who did not.
    if (errors.length === 0 || context.args.flag('force')) {
      const refused = new Set(errors.map(({ user }) => user));
      for (const user of users) if (!refused.has(user)) context.workspace.join(channel, user);
    }
    if (errors[0]) throw new Refusal(errors[0].error, { errors });
    return { channel: channelObject(channel) };
  },

  'conversations.kick': (context) => {
    const channel = manageableChannel(context, kicking);
    if (channel.archived) throw new Refusal('is_archived');
    if (!isMember(channel)) throw new Refusal('not_in_channel');
    const user = context.args.text('user') ?? '';
    if (user === identity.user) throw new Refusal('cant_kick_self');
    if (!context.workspace.user(user)) throw new Refusal('user_not_found');
    if (channel.general) throw new Refusal('cant_kick_from_general');
    if (!channel.members.includes(user)) throw new Refusal('not_in_channel');
    context.workspace.leave(channel, user);
    return { errors: {} };
  },

  'conversations.members': (context) => {
    const channel = readableChannel(context, 'read');
    const rule = { byDefault: 100, max: 1000 };
    const { items, nextCursor } = page(channel.members, (id) => id, 'user', context.args, rule);
    return { members: items, response_metadata: { next_cursor: nextCursor } };
  },

  'conversations.open': (context) => {
    const asked = context.args.list('users');
    const whole = (channel: SimulatedChannel) =>
      context.args.flag('return_im') ? channelObject(channel) : { id: channel.id };
    if (context.args.has('channel')) {
      const channel = channelOf(context);
      if (channel.kind !== 'im' && channel.kind !== 'mpim') throw new Refusal('channel_not_found');
      demandScope(context.scopes, [channel.kind === 'im' ? 'im:write' : 'mpim:write']);
      return { no_op: true, already_open: true, channel: whole(channel) };
    }
    if (!asked) throw new Refusal('users_list_not_supplied');
    const users = [...new Set(asked)];
    if (users.length === 0) throw new Refusal('not_enough_users');
    if (users.length > mostInGroup) throw new Refusal('too_many_users');
    demandScope(context.scopes, [users.length === 1 ? 'im:write' : 'mpim:write']);
    for (const id of users) {
      const user = context.workspace.user(id);
      if (!user) throw new Refusal('user_not_found');
      if (user.deleted) throw new Refusal('user_disabled');
      if (id === identity.user) throw new Refusal('invalid_user_combination');
    }
    const { channel, made } = context.workspace.direct([identity.user, ...users]);
    return { ...(made ? {} : { no_op: true, already_open: true }), channel: whole(channel) };
  },
};
