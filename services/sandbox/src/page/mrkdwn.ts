import { withEmoji } from './emoji.js';
import { html, join, type Html } from './html.js';
import { broadcastMention, channelMention, link, userMention, type Names } from './names.js';

/** What Slack writes for the three signs that it gives a meaning to. https://docs.slack.dev/messaging/formatting-message-text#escaping */
const decode = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Plain text with emoji, for `plain_text` objects: nothing else in it has a meaning. */
export const plainHtml = (text: string): Html => html`${withEmoji(text)}`;

/** Slack's mrkdwn as HTML. Whatever is no mark-up is text. https://docs.slack.dev/messaging/formatting-message-text */
export function mrkdwnHtml(text: string, names: Names): Html {
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  // Every second part stood between two fences.
  return join(
    parts.map((part, index) =>
      index % 2 === 1 ? html`<pre>${decode(part)}</pre>` : paragraphs(part, names),
    ),
  );
}

/** Lines, with runs of `>` lines as quotes. */
function paragraphs(text: string, names: Names): Html {
  const out: Html[] = [];
  let quote: string[] = [];
  const closeQuote = (): void => {
    if (quote.length > 0) out.push(html`<blockquote>${inline(quote.join('\n'), names)}</blockquote>`);
    quote = [];
  };
  let plain: string[] = [];
  const closePlain = (): void => {
    if (plain.length > 0) out.push(inline(plain.join('\n'), names));
    plain = [];
  };
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      closePlain();
      quote.push(quoted[1] ?? '');
    } else {
      closeQuote();
      plain.push(line);
    }
  }
  closeQuote();
  closePlain();
  return join(out);
}

// Marks count only at the edges of words, as in Slack: 2*3*4 and snake_case_names stay as they are.
const edge = (mark: string): string =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?=\\S)([^${mark}\\n]+?)(?<=\\S)${mark}(?![\\p{L}\\p{N}${mark}])`;
const marks = new RegExp(`\`([^\`\\n]+)\`|<([^<>\\n]+)>|${edge('\\*')}|${edge('_')}|${edge('~')}`, 'gu');

function inline(text: string, names: Names): Html {
  const out: Html[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    out.push(plainHtml(decode(text.slice(from, match.index))));
    from = match.index + match[0].length;
    const [, code, token, bold, italic, strike] = match;
    if (code !== undefined) out.push(html`<code>${decode(code)}</code>`);
    else if (token !== undefined) out.push(special(token, names));
    else if (bold !== undefined) out.push(html`<strong>${inline(bold, names)}</strong>`);
    else if (italic !== undefined) out.push(html`<em>${inline(italic, names)}</em>`);
    else out.push(html`<del>${inline(strike ?? '', names)}</del>`);
  }
  out.push(plainHtml(decode(text.slice(from))));
  return join(out);
}

/** What stands between angle brackets. */
function special(token: string, names: Names): Html {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? undefined : decode(token.slice(bar + 1));
  if (target.startsWith('@')) return userMention(target.slice(1), names);
  if (target.startsWith('#')) return channelMention(target.slice(1), names, label);
  if (/^!(here|channel|everyone)$/.test(target)) return broadcastMention(target.slice(1));
  // Dates come with a text for those who cannot work them out.
  if (target.startsWith('!')) return html`<span class="mention">${label ?? target.slice(1)}</span>`;
  if (/^[a-z]+:/i.test(target))
    return link(decode(target), plainHtml(label ?? decode(target).replace(/^mailto:/, '')));
  return html`${decode(`<${token}>`)}`;
}
