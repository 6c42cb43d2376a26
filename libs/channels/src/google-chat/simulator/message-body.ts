import { z } from 'zod';
import { invalid } from './api-error.js';
import { accessoryWidget, callsBack, card, shownOf, unknownTags } from './cards.js';
import type { Caller, Doubts } from './context.js';
import type { MessageContent } from './state.js';

/** Of the whole message, as UTF-8 JSON. [S] */
const mostBytes = 32_000;
/** [S] */
const longestThreadKey = 4000;

/**
 * What of a Message may be sent to the API. Google ignores output-only fields; refusing them shows the mistake. `actionResponse` stands in
 * answers to events only. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages#Message [S]
 */
const fields = {
  text: z.string().optional(),
  cardsV2: z.array(z.strictObject({ cardId: z.string().min(1).optional(), card })).optional(),
  fallbackText: z.string().optional(),
  accessoryWidgets: z.array(accessoryWidget).optional(),
  thread: z
    .strictObject({
      name: z
        .string()
        .regex(/^spaces\/[^/]+\/threads\/[^/]+$/, 'Invalid thread resource name.')
        .optional(),
      threadKey: z
        .string()
        .min(1)
        .max(longestThreadKey, `A thread key can have at most ${longestThreadKey} characters.`)
        .optional(),
    })
    .refine(
      ({ name, threadKey }) => name === undefined || threadKey === undefined,
      'A thread is given by name or by key, not both.',
    )
    .optional(),
  privateMessageViewer: z
    .strictObject({ name: z.string().regex(/^users\/[^/]+$/, 'Invalid user resource name.') })
    .optional(),
  // Nothing can be uploaded here, so nothing can be attached.
  attachment: z.array(z.unknown()).max(0, 'The attachment was not uploaded.').optional(),
  quotedMessageMetadata: z
    .strictObject({ name: z.string(), lastUpdateTime: z.iso.datetime({ offset: true }) })
    .optional(),
};

export const newMessage = z.strictObject(fields);
export type NewMessage = z.infer<typeof newMessage>;

/** An update may repeat the name that stands in the path. */
export const changedMessage = z.strictObject({ ...fields, name: z.string().optional() });

const webhooksCannot: readonly (readonly [keyof NewMessage, string])[] = [
  ['accessoryWidgets', 'Accessory widgets require app authentication.'],
  ['privateMessageViewer', 'Private messages require app authentication.'],
];

/** The rules on a message as a whole; throws `INVALID_ARGUMENT`. What comes back is what Chat keeps of it. */
export function contentOf(
  message: NewMessage,
  caller: Caller,
  doubts: Doubts,
): { readonly content: MessageContent; readonly remarks: readonly string[] } {
  const { text, cardsV2 = [], accessoryWidgets = [], quotedMessageMetadata } = message;
  if ((text ?? '') === '' && cardsV2.length === 0)
    throw invalid('Message cannot be empty. Discarding empty create message request.');
  if ([...(text ?? '')].length > doubts.longestText)
    throw invalid(`Message text can have at most ${doubts.longestText} characters.`);
  if (Buffer.byteLength(JSON.stringify(message)) > mostBytes)
    throw invalid(`Message is too long: at most ${mostBytes} bytes are allowed.`);
  checkCardIds(cardsV2.map(({ cardId }) => cardId));
  if (message.privateMessageViewer && accessoryWidgets.length > 0)
    throw invalid('Private messages cannot have accessory widgets.');
  if (caller.kind === 'webhook') {
    const cannot = webhooksCannot.find(([field]) => message[field] !== undefined);
    if (cannot) throw invalid(cannot[1]);
    if (callsBack(cardsV2))
      throw invalid('Webhooks cannot have interactive widgets: only openLink is allowed.');
  }
  const shown = cardsV2.map(({ cardId, card }) => ({
    ...(cardId === undefined ? {} : { cardId }),
    ...shownOf(card),
  }));
  const tags = cardsV2.flatMap((one) => unknownTags(one.card));
  return {
    content: {
      ...(text === undefined || text === '' ? {} : { text }),
      ...(shown.length === 0 ? {} : { cardsV2: shown.map(({ dropped: _, ...one }) => one) }),
      ...(accessoryWidgets.length === 0 ? {} : { accessoryWidgets }),
      ...(quotedMessageMetadata === undefined ? {} : { quotedMessageMetadata }),
    },
    remarks: [
      ...shown.filter(({ dropped }) => dropped > 0).map(({ dropped }) => `sections dropped: ${dropped}`),
      ...[...new Set(tags)].map((tag) => `unknown tag: ${tag}`),
    ],
  };
}

/** "Required if the message contains multiple cards", and then each its own. [S] */
function checkCardIds(ids: readonly (string | undefined)[]): void {
  if (ids.length > 1 && ids.includes(undefined))
    throw invalid('cards_v2: card_id is required when a message has more than one card.');
  if (new Set(ids).size < ids.length) throw invalid('cards_v2: card_id must be unique.');
}
