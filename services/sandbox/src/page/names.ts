import type { SlackSimulator } from '#channels/simulators';
import { escape, html, Html } from './html.js';

/** What mentions are called. */
export interface Names {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** Names as the workspace has them now. */
export const namesOf = (slack: SlackSimulator): Names => ({
  user: (id) => slack.users().find((user) => user.id === id)?.name,
  channel: (id) => slack.channels().find((channel) => channel.id === id)?.name,
});

/** `@Olena`, marked when nobody has that id. */
export function userMention(id: string, names: Names): Html {
  const name = names.user(id);
  return name === undefined
    ? html`<span class="mention unknown">@${id}</span>`
    : html`<span class="mention">@${name}</span>`;
}

export const channelMention = (id: string, names: Names, label?: string): Html =>
  names.channel(id) === undefined && label === undefined
    ? html`<span class="mention unknown">#${id}</span>`
    : html`<a class="mention" href="/slack/${encodeURIComponent(id)}">#${names.channel(id) ?? label}</a>`;

export const broadcastMention = (range: string): Html => html`<span class="mention loud">@${range}</span>`;

/** A link out of the sandbox, for the web and mail only; other schemes are shown as text. */
export const link = (url: string, label: Html | string): Html =>
  /^(https?:|mailto:)/i.test(url)
    ? html`<a href="${url}" rel="noreferrer noopener" target="_blank">${label}</a>`
    : html`${label}`;

/** The language tag that picks the right glyphs for Hangul and Han; browsers guess the rest well. */
function languageOf(text: string): string | undefined {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Han}/u.test(text)) return 'zh-Hans';
  return undefined;
}

/** ` lang="…"` for such texts, else nothing. */
export function langAttribute(text: string): Html {
  const language = languageOf(text);
  return new Html(language === undefined ? '' : ` lang="${escape(language)}"`);
}
