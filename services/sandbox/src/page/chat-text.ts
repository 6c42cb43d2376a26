import { escape, html, Html, join } from './html.js';
import { fenced, inlineMarks } from './inline-marks.js';
import { link } from './names.js';

/** Who stands behind `users/…`; undefined for nobody. */
export type NameOf = (user: string) => string | undefined;

/** The text of a message, with Chat's few marks. https://developers.google.com/workspace/chat/format-messages#messages */
export const chatTextHtml = (text: string, nameOf: NameOf): Html =>
  html`<span class="text">${fenced(text, (part) => inline(part, nameOf), asItIs)}</span>`;

const asItIs = (text: string): Html => html`${text}`;

const inline = (text: string, nameOf: NameOf): Html =>
  inlineMarks(text, { plain: withLinks, code: asItIs, token: (token) => special(token, nameOf) });

/** Addresses become links by themselves. */
const withLinks = (text: string): Html =>
  join(
    text
      .split(/(https?:\/\/[^\s<>]+)/)
      .map((part, index) => (index % 2 === 1 ? link(part, part) : html`${part}`)),
  );

function special(token: string, nameOf: NameOf): Html {
  if (token === 'users/all') return html`<span class="mention loud">@all</span>`;
  if (token.startsWith('users/')) {
    const name = nameOf(token);
    return name === undefined
      ? html`<span class="mention unknown">@${token}</span>`
      : html`<span class="mention">@${name}</span>`;
  }
  const [url = '', label] = token.split('|', 2);
  return /^[a-z]+:/i.test(url) ? link(url, label ?? url) : html`${`<${token}>`}`;
}

const tags = /<(\/?)([a-z]+)((?:\s[^<>]*?)?)\/?>/gi;
/** Shown with an element of their own; `br` and what is unknown are told apart below. */
const paired: ReadonlySet<string> = new Set(['b', 'i', 'u', 's', 'font', 'a', 'time']);

/**
 * The text of a card, which knows a few of HTML's tags; anything else is shown as it was sent, so that what somebody forgot to escape is seen.
 * https://developers.google.com/workspace/chat/format-messages#card-formatting
 */
export function cardTextHtml(text: string): Html {
  const out: Html[] = [];
  const open: { readonly name: string; readonly end: string }[] = [];
  const close = (depth: number): void => {
    for (const { end } of open.splice(depth).toReversed()) out.push(new Html(end));
  };
  let from = 0;
  for (const match of text.matchAll(tags)) {
    const [whole, slash, tag = '', attributes = ''] = match;
    const name = tag.toLowerCase();
    out.push(decoded(text.slice(from, match.index)));
    from = match.index + whole.length;
    if (name === 'br') out.push(html`<br />`);
    else if (!paired.has(name)) out.push(html`${whole}`);
    else if (slash !== '') {
      const depth = open.findLastIndex((one) => one.name === name);
      if (depth >= 0) close(depth);
    } else {
      const { start, end } = elementOf(name, attributes);
      out.push(new Html(start));
      open.push({ name, end });
    }
  }
  out.push(decoded(text.slice(from)));
  close(0);
  return html`<span class="text">${out}</span>`;
}

interface Tags {
  readonly start: string;
  readonly end: string;
}

const nothingSpecial: Tags = { start: '<span>', end: '</span>' };

function elementOf(name: string, attributes: string): Tags {
  switch (name) {
    case 'a': {
      const url = unescaped(/\shref\s*=\s*"([^"]*)"/i.exec(attributes)?.[1] ?? '');
      return /^(https?:|mailto:)/i.test(url)
        ? { start: `<a href="${escape(url)}" rel="noreferrer noopener" target="_blank">`, end: '</a>' }
        : nothingSpecial;
    }
    case 'font': {
      const color = /\scolor\s*=\s*"(#[0-9a-f]{6})"/i.exec(attributes)?.[1];
      // The old element: the page's policy takes no styles in attributes.
      return color === undefined ? nothingSpecial : { start: `<font color="${color}">`, end: '</font>' };
    }
    case 'time':
      return nothingSpecial;
    default:
      return { start: `<${name}>`, end: `</${name}>` };
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': '\u00a0',
};

const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity);

const decoded = (text: string): Html => html`${unescaped(text)}`;
