import type { z } from 'zod';
import { RemoteError } from '#http';
import type { SlackClient } from './client.js';

interface Page {
  readonly response_metadata?: { readonly next_cursor?: string | undefined } | undefined;
}

/**
 * Every page of a listing, to the end: an absent or empty cursor. A page may be empty and yet not be the last.
 * https://docs.slack.dev/apis/web-api/pagination
 */
export async function* pages<Answer extends Page>(
  client: SlackClient,
  method: string,
  args: Readonly<Record<string, unknown>>,
  answer: z.ZodType<Answer>,
): AsyncGenerator<Answer> {
  const seen = new Set<string>();
  for (let cursor = ''; ;) {
    const page = await client.call(method, { ...args, ...(cursor ? { cursor } : {}) }, answer);
    yield page;
    cursor = page.response_metadata?.next_cursor ?? '';
    if (!cursor) return;
    if (seen.has(cursor))
      throw new RemoteError('slack', 'unreadable', 'refused', `${method} goes round in circles`);
    seen.add(cursor);
  }
}
