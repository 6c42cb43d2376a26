import { isMember } from './context.js';
import { identity, type SimulatedChannel } from './state.js';

/** A conversation as Slack tells it. https://docs.slack.dev/reference/objects/conversation-object */
export function channelObject(channel: SimulatedChannel): Readonly<Record<string, unknown>> {
  if (channel.kind === 'im')
    return {
      id: channel.id,
      created: channel.created,
      is_im: true,
      is_org_shared: false,
      user: channel.members.find((id) => id !== identity.user) ?? identity.user,
      is_user_deleted: false,
      is_archived: false,
    };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public_channel',
    is_group: channel.kind === 'private_channel',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public_channel',
    is_archived: channel.archived,
    is_general: channel.general,
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    is_member: isMember(channel),
    created: channel.created,
    creator: channel.creator,
    context_team_id: identity.team,
    topic: channel.topic,
    purpose: channel.purpose,
    previous_names: [],
  };
}
