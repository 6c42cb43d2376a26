import type { Instant, Message } from '#domain';
import type { Address, Attempt, Receipt } from '../contract.js';
import type { SlackClient } from './client.js';
import { hasCode } from './errors.js';
import { pages } from './paging.js';
import { render } from './render.js';
import { history, posted } from './schema.js';

/** The mark by which a message is found again; whoever is in the workspace can read it, so it says nothing. */
const eventType = 'carillon_delivery';

/** Slack's clock and ours need not agree; five minutes is more than any server should be off. */
const clockSkewSeconds = 5 * 60;

/** A history that is longer is not read to its end: the host is told that nobody can tell. */
const longestHistoryPages = 50;

/** Posts once; https://docs.slack.dev/reference/methods/chat.postMessage knows no idempotency key, hence {@link find}. */
export async function send(
  client: SlackClient,
  message: Message,
  to: Address,
  attempt: Attempt,
): Promise<Receipt> {
  const { text, blocks } = render(message);
  const { channel, ts } = await client.call(
    'chat.postMessage',
    {
      channel: to.id,
      text,
      blocks,
      metadata: metadataOf(attempt),
      unfurl_links: false,
      unfurl_media: false,
    },
    posted,
  );
  return { id: ts, address: { id: channel } };
}

/** Edits in place. The metadata goes along with its new revision, so that a lost answer can be asked for. */
export async function update(
  client: SlackClient,
  previous: Receipt,
  message: Message,
  attempt: Attempt,
): Promise<Receipt> {
  const { text, blocks } = render(message);
  const { channel, ts } = await client.call(
    'chat.update',
    { channel: previous.address.id, ts: previous.id, text, blocks, metadata: metadataOf(attempt) },
    posted,
  );
  return { ...previous, id: ts, address: { id: channel } };
}

/**
 * Looks for the delivery in the history. A first version can only have been posted since the attempt began; a correction edits a message
 * that may be much older, so for that the whole history is read. `absent` only where all of it was seen.
 */
export async function find(
  client: SlackClient,
  attempt: Attempt,
  to: Address,
  since: Instant,
): Promise<Receipt | 'absent' | 'cannot-tell'> {
  const oldest =
    attempt.revision > 1
      ? {}
      : { oldest: String(Math.floor(since.epochMilliseconds / 1000) - clockSkewSeconds) };
  const args = { channel: to.id, limit: 200, inclusive: true, include_all_metadata: true, ...oldest };
  let read = 0;
  try {
    for await (const page of pages(client, 'conversations.history', args, history)) {
      const found = page.messages.find(
        ({ metadata }) =>
          metadata?.event_type === eventType && metadata.event_payload['delivery_id'] === attempt.deliveryId,
      );
      if (found) {
        // An older revision is the message that the lost edit was to change.
        const revision = Number(found.metadata?.event_payload['revision']);
        return revision >= attempt.revision ? { id: found.ts, address: to } : 'absent';
      }
      read += 1;
      if (read >= longestHistoryPages && page.response_metadata?.next_cursor) return 'cannot-tell';
    }
  } catch (error) {
    // Posted without being a member, or without the scope for this kind of conversation: it may have arrived, and we may not look.
    if (hasCode(error, 'not_in_channel', 'channel_not_found', 'missing_scope')) return 'cannot-tell';
    throw error;
  }
  return 'absent';
}

const metadataOf = ({ deliveryId, revision }: Attempt): object => ({
  event_type: eventType,
  event_payload: { delivery_id: deliveryId, revision },
});
