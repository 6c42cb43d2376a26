import { html, join, type Html } from './html.js';

/** How what stands between the marks is shown. */
interface Reading {
  readonly plain: (text: string) => Html;
  readonly code: (text: string) => Html;
  /** What stands between angle brackets, these left out. */
  readonly token: (token: string) => Html;
}

// Marks count only at the edges of words, as in Slack: 2*3*4 and snake_case_names stay as they are.
const edge = (mark: string): string =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?=\\S)([^${mark}\\n]+?)(?<=\\S)${mark}(?![\\p{L}\\p{N}${mark}])`;
const marks = new RegExp(`\`([^\`\\n]+)\`|<([^<>\\n]+)>|${edge('\\*')}|${edge('_')}|${edge('~')}`, 'gu');

/** `*bold*`, `_italic_`, `~struck~`, `code` and `<token>` as HTML: the marks that Slack and Google Chat share. */
export function inlineMarks(text: string, reading: Reading): Html {
  const out: Html[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    out.push(reading.plain(text.slice(from, match.index)));
    from = match.index + match[0].length;
    const [, code, token, bold, italic, strike] = match;
    if (code !== undefined) out.push(html`<code>${reading.code(code)}</code>`);
    else if (token !== undefined) out.push(reading.token(token));
    else if (bold !== undefined) out.push(html`<strong>${inlineMarks(bold, reading)}</strong>`);
    else if (italic !== undefined) out.push(html`<em>${inlineMarks(italic, reading)}</em>`);
    else out.push(html`<del>${inlineMarks(strike ?? '', reading)}</del>`);
  }
  out.push(reading.plain(text.slice(from)));
  return join(out);
}

/** Text with what stands between fences taken apart, which is shown as it is. */
export function fenced(text: string, between: (part: string) => Html, code: (part: string) => Html): Html {
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  // Every second part stood between two fences.
  return join(parts.map((part, index) => (index % 2 === 1 ? html`<pre>${code(part)}</pre>` : between(part))));
}
