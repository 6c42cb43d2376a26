import { z } from 'zod';

/** What is read of Google's answers, and nothing else. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages */

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().default(3600),
});

/** What create and patch answer; a webhook hears little more than the name. */
export const said = z.object({ name: z.string().regex(/^spaces\/[^/]+\/messages\/[^/]+$/) });

/** A message with the ids of its cards, by which we know what we said last. */
export const message = said.extend({
  cardsV2: z.array(z.object({ cardId: z.string().optional() })).default([]),
});

const space = z.object({ name: z.string().startsWith('spaces/'), displayName: z.string().default('') });

/** A space's own answer. */
export const oneSpace = space;

/** Where there are none the answer is `{}`. */
export const spaces = z.object({ spaces: z.array(space).default([]), nextPageToken: z.string().optional() });
