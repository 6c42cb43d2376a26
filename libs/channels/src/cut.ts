/** What shows that something was cut. */
export const ellipsis = '…';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What people take for single characters: a family of emoji is one. */
export function* charactersOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/** Plain text of at most `max` UTF-16 units, cut visibly and never inside a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of charactersOf(text)) {
    if (kept.length + character.length + ellipsis.length > max) break;
    kept += character;
  }
  return kept + ellipsis;
}
