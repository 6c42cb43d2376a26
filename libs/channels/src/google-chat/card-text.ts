import type { Inline, Locale } from '#domain';
import { charactersOf } from '../cut.js';
import { missing } from '../left-out.js';

/** How many bytes a text takes inside JSON, which is what Chat counts. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Outside text without what no reader can see and JSON would write with six letters: control characters, and halves of characters. */
export const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

export const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ')).trim();

/**
 * Outside text in the texts of a card, which know a few tags. Line ends are kept.
 * https://developers.google.com/workspace/chat/format-messages#card-formatting
 */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\r?\n/g, '<br>');

/**
 * Running text for a card, of at most `max` bytes of JSON: escaped, cut between characters, with how many are missing. A link is there as a
 * whole or not at all. Cards know no mentions: a person is shown by name.
 */
export function cardText(sentence: readonly Inline[], max: number, locale: Locale): string {
  const pieces = sentence.map(pieceOf);
  const whole = pieces.map(({ text, around }) => around(escaped(text))).join('');
  if (bytesOf(whole) <= max) return whole;

  const note = (count: number): string => ` <i>${missing(locale, 'charactersNotShown', count)}</i>`;
  let room = max - bytesOf(note(Number.MAX_SAFE_INTEGER));
  let html = '';
  let lost = 0;
  for (const { text, around, isWhole } of pieces) {
    const all = around(escaped(text));
    if (lost === 0 && bytesOf(all) <= room) {
      html += all;
      room -= bytesOf(all);
      continue;
    }
    let kept = '';
    room -= bytesOf(around(''));
    for (const character of charactersOf(text)) {
      const size = bytesOf(escaped(character)) - quotes;
      if (lost > 0 || isWhole || size > room) lost += 1;
      else {
        kept += escaped(character);
        room -= size;
      }
    }
    if (kept !== '') html += around(kept);
  }
  return `${html}${note(lost)}`;
}

const quotes = 2;

interface Piece {
  readonly text: string;
  readonly around: (html: string) => string;
  readonly isWhole?: true;
}

const asItIs = (html: string): string => html;

function pieceOf(part: Inline): Piece {
  if (typeof part === 'string') return { text: visible(part), around: asItIs };
  if ('strong' in part) return { text: visible(part.strong), around: bold };
  if ('person' in part) return { text: visible(part.person), around: asItIs };
  const text = visible(part.link);
  const address = webAddress(part.url);
  return address === undefined
    ? { text, around: asItIs }
    : { text, around: (html) => `<a href="${escaped(address)}">${html}</a>`, isWhole: true };
}

const bold = (html: string): string => (html.trim() === '' ? html : `<b>${html}</b>`);

/** The address where it is one to click on, with nothing in it that would end the attribute. */
export function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol)
    ? url.href.replaceAll('"', '%22')
    : undefined;
}

/** What begins markup in the text of a message, and what stands for it: Chat knows no way to escape. https://developers.google.com/workspace/chat/format-messages */
const lookAlikes: Readonly<Record<string, string>> = {
  '*': '∗',
  _: '＿',
  '~': '∼',
  '`': 'ˋ',
  '<': '‹',
  '>': '›',
};

/** Outside text as it may stand in the text of a message: it formats nothing and calls nobody. */
export const harmless = (text: string): string =>
  text.replace(/[*_~`<>]/g, (letter) => lookAlikes[letter] ?? '');
