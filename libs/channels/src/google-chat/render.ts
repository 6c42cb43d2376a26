import type { Message } from '#domain';
import { cut, ellipsis } from '../cut.js';
import { bytesOf, cardText, harmless, oneLine } from './card-text.js';
import { countOf, paragraph, type Card, type Widget } from './card.js';
import { mentionsIn } from './mentions.js';
import { widgetsOf } from './widgets.js';
import { missing, wordsOf } from '../left-out.js';

/** What is posted, thread aside. */
export interface ChatMessage {
  /** Only where somebody is mentioned, which cards cannot do. */
  readonly text?: string;
  /** For notifications, and where no card can be shown. */
  readonly fallbackText: string;
  readonly cardsV2: readonly [{ readonly cardId: string; readonly card: Card }];
}

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages and …/rest/v1/cards */
const limits = {
  /** Of the whole message as JSON: 32,000, less what the thread's key and the names around everything take. */
  bytes: 30_500,
  /** Of a card; the section that crosses it would be left out without a word. */
  widgets: 100,
  /** "The header has a fixed height", two lines. */
  title: 80,
  /** A title that the header has no place for stands below it as a whole, if it is not longer than a page. */
  longTitleBytes: 3000,
  fallbackText: 500,
  text: 4000,
} as const;

/**
 * A message as a card. Outside text is escaped, over-long text is cut with how much is missing, and where the whole does not fit it ends with how
 * many parts are not shown. Pure: the same message is the same payload.
 *
 * @param revision becomes the card's id, which nobody sees, and by which the revision is known again
 */
export function render(
  message: Message,
  revision: number,
  options: { readonly corrects?: boolean } = {},
): ChatMessage {
  const { locale } = message;
  const title = oneLine(message.title);
  const mentions = mentionsIn(message);
  const shell = {
    ...(mentions === '' ? {} : { text: cut(`${mentions} ${harmless(title)}`, limits.text) }),
    fallbackText: cut(harmless(title), limits.fallbackText) || ellipsis,
    cardId: idOf(revision),
  };
  const header = {
    title: cut(title, limits.title) || ellipsis,
    ...(options.corrects ? { subtitle: wordsOf(locale).correction } : {}),
  };

  const widgets: Widget[] =
    title.length > limits.title
      ? [paragraph(cardText([{ strong: title }], limits.longTitleBytes, locale))]
      : [];
  const omission = (count: number): Widget => paragraph(`<i>${missing(locale, 'partsNotShown', count)}</i>`);
  let bytes = limits.bytes - bytesOf([shell, header, widgets, omission(message.blocks.length)]);
  let count = limits.widgets - widgets.length - 1;
  for (const [index, block] of message.blocks.entries()) {
    const made = widgetsOf(block, { bytes, widgets: count, locale });
    if (!made) {
      widgets.push(omission(message.blocks.length - index));
      break;
    }
    widgets.push(...made);
    bytes -= bytesOf(made);
    count -= made.reduce((sum, widget) => sum + countOf(widget), 0);
  }
  const { cardId, ...texts } = shell;
  const card = { header, ...(widgets.length === 0 ? {} : { sections: [{ widgets }] }) };
  return { ...texts, cardsV2: [{ cardId, card }] };
}

const idOf = (revision: number): string => `revision-${revision}`;

/** Which revision a message shows; undefined where its cards do not say. */
export function revisionOf(cards: readonly { readonly cardId?: string | undefined }[]): number | undefined {
  const revisions = cards.flatMap(({ cardId }) => /^revision-(\d{1,9})$/.exec(cardId ?? '')?.[1] ?? []);
  return revisions.length === 0 ? undefined : Math.max(...revisions.map(Number));
}
