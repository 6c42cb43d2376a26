import { withEmoji } from './emoji.js';
import { html, join, type Html } from './html.js';
import { fenced, inlineMarks } from './inline-marks.js';
import { broadcastMention, channelMention, link, userMention, type Names } from './names.js';

/** What Slack writes for the three signs that it gives a meaning to. https://docs.slack.dev/messaging/formatting-message-text#escaping */
const decode = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Plain text with emoji, for `plain_text` objects: nothing else in it has a meaning. */
export const plainHtml = (text: string): Html => html`${withEmoji(text)}`;

/** Slack's mrkdwn as HTML. Whatever is no mark-up is text. https://docs.slack.dev/messaging/formatting-message-text */
export const mrkdwnHtml = (text: string, names: Names): Html =>
  fenced(
    text,
    (part) => paragraphs(part, names),
    (part) => html`${decode(part)}`,
  );

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

const inline = (text: string, names: Names): Html =>
  inlineMarks(text, {
    plain: (part) => plainHtml(decode(part)),
    code: (part) => html`${decode(part)}`,
    token: (token) => special(token, names),
  });

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
