import { invalid } from './api-error.js';
import type { NewMessage } from './message-body.js';
import type { SpaceMessage } from './state.js';

type Path = 'text' | 'attachment' | 'cards' | 'cardsV2' | 'accessoryWidgets' | 'quotedMessageMetadata';

/** What may be updated. [S] The names of the JSON are taken as well. [I] */
const paths: Readonly<Record<string, Path>> = {
  text: 'text',
  attachment: 'attachment',
  cards: 'cards',
  cards_v2: 'cardsV2',
  cardsV2: 'cardsV2',
  accessory_widgets: 'accessoryWidgets',
  accessoryWidgets: 'accessoryWidgets',
  quoted_message_metadata: 'quotedMessageMetadata',
  quotedMessageMetadata: 'quotedMessageMetadata',
};

/** Reads `updateMask`, which is compulsory; `*` is everything. Throws `INVALID_ARGUMENT`. */
export function maskOf(text: string | undefined): readonly Path[] {
  if (text === undefined) throw invalid('update_mask is required.');
  if (text === '*') return [...new Set(Object.values(paths))];
  return text.split(',').map((name) => {
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (path === undefined) throw invalid(`Invalid update_mask path: ${name}`);
    return path;
  });
}

/** The message as it will be: of what the mask names, what was sent or nothing; of the rest, what was there. */
export function masked(
  { content, privateTo }: SpaceMessage,
  sent: NewMessage,
  mask: readonly Path[],
): NewMessage {
  const { cardsV2, accessoryWidgets, ...rest } = content;
  const before = { ...rest, cardsV2, accessoryWidgets } as NewMessage;
  const fields = ['text', 'cardsV2', 'accessoryWidgets', 'quotedMessageMetadata'] as const;
  const kept = fields.map((field) => [field, mask.includes(field) ? sent[field] : before[field]]);
  return {
    ...(Object.fromEntries(kept) as NewMessage),
    ...(privateTo === undefined ? {} : { privateMessageViewer: { name: privateTo } }),
  };
}
