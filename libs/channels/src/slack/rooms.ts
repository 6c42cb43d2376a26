import { RemoteError } from '#http';
import type { Address, RoomSpec } from '../contract.js';
import type { SlackClient } from './client.js';
import { hasCode } from './errors.js';
import { matchMembers } from './members.js';
import { pages } from './paging.js';
import { markedPurpose, markOf, roomName } from './room-name.js';
import { channels, history, members, nothing, oneChannel, type SlackChannel } from './schema.js';

/** How many names are tried before somebody has to look. */
const triedNames = 20;

/**
 * The private channel with exactly the bot and the members: the one known, else one of ours that is found, else a new one.
 * Safe to call again after any failure, and by several replicas at once: `name_taken` leads both to the same channel.
 * Throws `RemoteError` `rejected` where it cannot be made exact; it names users by their ids.
 */
export async function room(client: SlackClient, spec: RoomSpec, botId: string): Promise<Address> {
  const id = (await known(client, spec)) ?? (await make(client, spec, botId));
  await matchMembers(client, id, spec.members, botId);
  return { id };
}

/** The room of the last time, if it still serves: private, with the bot in it, and open or to be opened again. */
async function known(client: SlackClient, spec: RoomSpec): Promise<string | undefined> {
  if (!spec.known) return undefined;
  try {
    const { channel } = await client.call('conversations.info', { channel: spec.known.id }, oneChannel);
    if (!channel.is_private || channel.is_member === false) return undefined;
    return (await opened(client, channel)) ? channel.id : undefined;
  } catch (error) {
    // Deleted, or private and the bot thrown out: then Slack does not even say that it exists.
    if (hasCode(error, 'channel_not_found', 'not_in_channel')) return undefined;
    throw error;
  }
}

async function make(client: SlackClient, spec: RoomSpec, botId: string): Promise<string> {
  let listed: readonly SlackChannel[] | undefined;
  for (let suffix = 1; suffix <= triedNames; suffix += 1) {
    const name = roomName(spec.name, suffix);
    const id = await create(client, name);
    if (id) return mark(client, id, spec);

    listed ??= await ownChannels(client);
    // Whatever it is called by now. It carries its mark, so it is complete.
    const marked = suffix === 1 ? await firstOpened(client, listed.filter(isMarked(spec.key))) : undefined;
    if (marked) return marked;
    const namesake = listed.find((channel) => channel.name === name);
    if (namesake?.creator !== botId) continue;
    if (await isUnfinished(client, namesake, botId)) return mark(client, namesake.id, spec);
    // Another replica may have made it just now, and finished it while we were looking.
    if (await isMarkedByNow(client, namesake, spec.key)) return namesake.id;
  }
  throw new RemoteError(
    'slack',
    'rejected',
    'refused',
    `channels called ${roomName(spec.name)} to ${roomName(spec.name, triedNames)} are there already and not ours`,
    { code: 'name_taken' },
  );
}

/** The new channel's id; undefined where the name is taken: archived channels and private ones that nobody shows us keep theirs. */
async function create(client: SlackClient, name: string): Promise<string | undefined> {
  try {
    const made = await client.call('conversations.create', { name, is_private: true }, oneChannel);
    return made.channel.id;
  } catch (error) {
    if (hasCode(error, 'name_taken')) return undefined;
    throw error;
  }
}

async function mark(client: SlackClient, channel: string, spec: RoomSpec): Promise<string> {
  const purpose = markedPurpose(spec.purpose, spec.key);
  await client.call('conversations.setPurpose', { channel, purpose }, nothing);
  return channel;
}

/** Private channels are listed only from the inside, so these are the ones that the bot is in. */
async function ownChannels(client: SlackClient): Promise<readonly SlackChannel[]> {
  const found: SlackChannel[] = [];
  const args = { types: 'private_channel', exclude_archived: false, limit: 200 };
  for await (const page of pages(client, 'conversations.list', args, channels)) found.push(...page.channels);
  return found.filter((channel) => channel.is_private);
}

const isMarked =
  (key: string) =>
  ({ purpose, topic }: SlackChannel): boolean =>
    [purpose, topic].some((text) => text?.value.includes(markOf(key)));

async function isMarkedByNow(client: SlackClient, { id }: SlackChannel, key: string): Promise<boolean> {
  const { channel } = await client.call('conversations.info', { channel: id }, oneChannel);
  return !channel.is_archived && isMarked(key)(channel);
}

/**
 * Whether it is a room that we made and were stopped before marking: ours, empty, and nothing was ever said in it.
 * An archived one is left alone: its maker would not have archived it.
 */
async function isUnfinished(client: SlackClient, channel: SlackChannel, botId: string): Promise<boolean> {
  if (channel.is_archived || channel.purpose?.value) return false;
  const inside = await client.call('conversations.members', { channel: channel.id, limit: 3 }, members);
  if (inside.members.some((member) => member !== botId)) return false;
  const said = await client.call('conversations.history', { channel: channel.id, limit: 200 }, history);
  // What has a subtype is Slack's own: somebody joined, the purpose was set.
  return !said.response_metadata?.next_cursor && said.messages.every(({ subtype }) => subtype !== undefined);
}

async function firstOpened(
  client: SlackClient,
  candidates: readonly SlackChannel[],
): Promise<string | undefined> {
  for (const channel of candidates.toSorted(
    (one, other) => Number(one.is_archived) - Number(other.is_archived),
  ))
    if (await opened(client, channel)) return channel.id;
  return undefined;
}

/** Open, or opened again. Bots are often not allowed to: then a new room has to do. */
async function opened(client: SlackClient, channel: SlackChannel): Promise<boolean> {
  if (!channel.is_archived) return true;
  try {
    await client.call('conversations.unarchive', { channel: channel.id }, nothing);
    return true;
  } catch (error) {
    if (hasCode(error, 'not_archived')) return true;
    if (error instanceof RemoteError && (error.reason === 'rejected' || error.reason === 'unauthorized'))
      return false;
    throw error;
  }
}
