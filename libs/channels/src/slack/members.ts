import { z } from 'zod';
import { RemoteError } from '#http';
import { InvitationRefused, type SlackClient } from './client.js';
import { hasCode } from './errors.js';
import { pages } from './paging.js';
import { invited, members, nothing } from './schema.js';

/** https://docs.slack.dev/reference/methods/conversations.invite */
const invitedAtOnce = 100;

/**
 * Makes the channel's members exactly the bot and those wanted. Those too many go first, so that whoever is no longer meant does not see
 * who comes instead.
 */
export async function matchMembers(
  client: SlackClient,
  channel: string,
  wanted: readonly string[],
  botId: string,
): Promise<void> {
  const inside = await membersOf(client, channel);
  const meant = new Set(wanted.filter((user) => user !== botId));
  const tooMany = [...inside].filter((user) => user !== botId && !meant.has(user));
  const missing = [...meant].filter((user) => !inside.has(user));

  for (const user of tooMany) await kick(client, channel, user);
  for (let from = 0; from < missing.length; from += invitedAtOnce)
    await invite(client, channel, missing.slice(from, from + invitedAtOnce));
}

async function membersOf(client: SlackClient, channel: string): Promise<ReadonlySet<string>> {
  const inside = new Set<string>();
  for await (const page of pages(client, 'conversations.members', { channel, limit: 200 }, members))
    for (const user of page.members) inside.add(user);
  return inside;
}

async function kick(client: SlackClient, channel: string, user: string): Promise<void> {
  try {
    await client.call('conversations.kick', { channel, user }, nothing);
  } catch (error) {
    // Gone by themselves in the meantime.
    if (hasCode(error, 'not_in_channel', 'user_not_found')) return;
    if (error instanceof RemoteError && error.reason === 'rejected')
      throw notExact(channel, `${user} cannot be removed (${error.code})`, error);
    throw error;
  }
}

/** With `force`, so that one who cannot come in does not keep the others out; then each is answered by itself. */
async function invite(client: SlackClient, channel: string, users: readonly string[]): Promise<void> {
  try {
    const answer = await client.call(
      'conversations.invite',
      { channel, users: users.join(','), force: true },
      invited,
    );
    refuseUnlessIn(channel, answer.errors ?? []);
  } catch (error) {
    if (hasCode(error, 'already_in_channel')) return;
    if (error instanceof InvitationRefused) {
      if (error.cause.reason === 'rejected') return refuseUnlessIn(channel, error.answers, error.cause);
      throw error.cause;
    }
    if (error instanceof RemoteError && error.reason === 'rejected' && error.code && users.length === 1)
      throw notExact(channel, `${users.join()} cannot be invited (${error.code})`, error);
    throw error;
  }
}

const perUser = z.object({
  user: z.string().optional(),
  ok: z.boolean().optional(),
  error: z.string().optional(),
});

function refuseUnlessIn(channel: string, answers: readonly unknown[], cause?: RemoteError): void {
  const refused = answers.flatMap((answer) => {
    const { data } = perUser.safeParse(answer);
    if (data?.ok === true || data?.error === 'already_in_channel') return [];
    return [`${data?.user ?? 'somebody'} cannot be invited (${data?.error ?? 'no reason given'})`];
  });
  if (refused.length > 0) throw notExact(channel, refused.join(', '), cause);
}

const notExact = (channel: string, why: string, cause: RemoteError | undefined): RemoteError =>
  new RemoteError('slack', 'rejected', 'refused', `the members of ${channel} cannot be made exact: ${why}`, {
    ...(cause?.code === undefined ? {} : { code: cause.code }),
    ...(cause ? { cause } : {}),
  });
