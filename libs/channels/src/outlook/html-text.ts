import type { Inline, Locale } from '#domain';
import { charactersOf } from '../cut.js';
import { missing } from '../left-out.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Outside text as text of HTML, also inside attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

/** Outside text without what no reader can see: control characters, and halves of characters. */
const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

export const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ')).trim();

/** Running text without its marks, on one line. */
export const plain = (sentence: readonly Inline[]): string =>
  oneLine(sentence.map((part) => pieceOf(part).text).join(''));

/** The address where it is one to click on. */
export function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

/** Running text as HTML, of at most so many characters of text, with how many are missing. Mail calls nobody: a person is shown by name. */
export function inlineHtml(sentence: readonly Inline[], max: number, locale: Locale): string {
  let room = max;
  let lost = 0;
  let html = '';
  for (const { text, around } of sentence.map(pieceOf)) {
    const kept = text.length <= room ? text : lost > 0 ? '' : begin(text, room);
    lost += text.length - kept.length;
    room = lost > 0 ? 0 : room - kept.length;
    if (kept !== '') html += around(escaped(kept).replace(/\r?\n/g, '<br>'));
  }
  return lost === 0 ? html : `${html} <i>${missing(locale, 'charactersNotShown', lost)}</i>`;
}

/** As much of the beginning as goes in, never half a character. */
function begin(text: string, max: number): string {
  let kept = '';
  for (const character of charactersOf(text)) {
    if (kept.length + character.length > max) break;
    kept += character;
  }
  return kept;
}

interface Piece {
  readonly text: string;
  readonly around: (html: string) => string;
}

const asItIs = (html: string): string => html;
const bold = (html: string): string => (html.trim() === '' ? html : `<strong>${html}</strong>`);

function pieceOf(part: Inline): Piece {
  if (typeof part === 'string') return { text: visible(part), around: asItIs };
  if ('strong' in part) return { text: visible(part.strong), around: bold };
  if ('person' in part) return { text: visible(part.person), around: asItIs };
  const address = webAddress(part.url);
  return {
    text: visible(part.link),
    around:
      address === undefined
        ? asItIs
        : (html) => (html === '' ? '' : `<a href="${escaped(address)}">${html}</a>`),
  };
}
