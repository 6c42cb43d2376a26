import type { Identity } from '#domain';
import type { SlackClient } from './client.js';
import { pages } from './paging.js';
import { users, type SlackUser } from './schema.js';

/** Slack's own helper is no bot by its flag. */
const slackbot = 'USLACKBOT';

/**
 * Everybody in the workspace, guests included, 200 at a time as Slack advises. Without zone: Slack's follows the laptop on its travels.
 * https://docs.slack.dev/reference/methods/users.list
 */
export async function* people(client: SlackClient): AsyncGenerator<readonly Identity[]> {
  const args = { limit: 200, include_locale: true };
  for await (const page of pages(client, 'users.list', args, users)) yield page.members.map(toIdentity);
}

function toIdentity(user: SlackUser): Identity {
  const name = [user.profile?.real_name, user.real_name, user.name].find((text) => text?.trim());
  return {
    externalId: user.id,
    active: !user.deleted && !user.is_invited_user,
    bot: user.is_bot || user.id === slackbot,
    ...(user.profile?.email ? { email: user.profile.email } : {}),
    ...(name ? { name } : {}),
    ...(user.locale ? { locale: user.locale } : {}),
  };
}
