import { Temporal } from 'temporal-polyfill';
import { channelObject } from './channel-object.js';
import { demandScope, isMember, type Context, type Handlers } from './context.js';
import { page } from './paging.js';
import { Refusal } from './refusal.js';
import { identity, slackbot, type SimulatedUser } from './state.js';
import { kindsOf } from './conversation-kinds.js';

/** Above this many people `users.list` wants a `limit`. Slack names no number; ours is low so that clients learn to page. */
const listedAtOnce = 1000;

/** A user as Slack tells it. https://docs.slack.dev/reference/objects/user-object */
function userObject(user: SimulatedUser, context: Context): Readonly<Record<string, unknown>> {
  const zone = user.deleted ? undefined : user.zone;
  return {
    id: user.id,
    team_id: identity.team,
    name: user.handle,
    deleted: user.deleted,
    real_name: user.name,
    ...(zone === undefined ? {} : zoneFields(zone, context.workspace.seconds())),
    profile: {
      real_name: user.name,
      real_name_normalized: user.name,
      display_name: user.id === slackbot ? 'Slackbot' : user.handle,
      image_72: `https://secure.gravatar.com/avatar/${user.id.toLowerCase()}?s=72`,
      team: identity.team,
      ...(user.email !== undefined && context.scopes.has('users:read.email') ? { email: user.email } : {}),
      ...(user.bot ? { bot_id: user.id === identity.user ? identity.bot : `B${user.id.slice(1)}` } : {}),
    },
    is_bot: user.bot,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: user.restricted !== false,
    is_ultra_restricted: user.restricted === 'single-channel',
    updated: user.updated,
    ...(context.args.flag('include_locale') ? { locale: user.locale } : {}),
  };
}

function zoneFields(zone: string, seconds: number): Readonly<Record<string, unknown>> {
  const now = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone);
  const label = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'long' })
    .formatToParts(seconds * 1000)
    .find((part) => part.type === 'timeZoneName')?.value;
  return { tz: zone, tz_label: label ?? zone, tz_offset: now.offsetNanoseconds / 1_000_000_000 };
}

export const userMethods: Handlers = {
  'auth.test': (context) => ({
    url: context.site,
    team: identity.teamName,
    user: identity.handle,
    team_id: identity.team,
    user_id: identity.user,
    bot_id: identity.bot,
    is_enterprise_install: false,
  }),

  'users.list': (context) => {
    const { users } = context.workspace;
    if (users.length > listedAtOnce && !context.args.has('limit')) throw new Refusal('limit_required');
    const rule = { byDefault: undefined, max: 1000 };
    const { items, nextCursor } = page(users, (user) => user.id, 'user', context.args, rule);
    return {
      members: items.map((user) => userObject(user, context)),
      cache_ts: context.workspace.seconds(),
      response_metadata: { next_cursor: nextCursor },
    };
  },

  'users.info': (context) => {
    const user = context.workspace.user(context.args.text('user') ?? '');
    if (!user) throw new Refusal('user_not_found');
    return { user: userObject(user, context) };
  },

  'users.lookupByEmail': (context) => {
    demandScope(context.scopes, ['users:read']);
    const email = context.args.text('email')?.toLowerCase();
    // People who left are not found by their address, though users.list still has them.
    const user = context.workspace.users.find((one) => !one.deleted && one.email?.toLowerCase() === email);
    if (!user) throw new Refusal('users_not_found');
    return { user: userObject(user, context) };
  },

  'users.conversations': (context) => {
    const kinds = kindsOf(context.args);
    for (const kind of kinds) demandScope(context.scopes, [kind.scope]);
    const who = context.args.text('user') ?? identity.user;
    if (!context.workspace.user(who)) throw new Refusal('user_not_found');
    const theirs = context.workspace.channels.filter(
      (channel) =>
        channel.members.includes(who) &&
        (channel.kind === 'public_channel' || isMember(channel)) &&
        kinds.some(({ kind }) => kind === channel.kind) &&
        !(channel.archived && context.args.flag('exclude_archived')),
    );
    const rule = { byDefault: 100, max: 999 };
    const { items, nextCursor } = page(theirs, (channel) => channel.id, 'channel', context.args, rule);
    return {
      channels: items.map((channel) => channelObject(channel)),
      response_metadata: { next_cursor: nextCursor },
    };
  },
};
