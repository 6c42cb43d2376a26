import { html, type Html } from './html.js';
import { bell } from './icons.js';

/** Carillon's own. */
export const appAvatar: Html = html`<span class="avatar app" aria-hidden="true">${bell}</span>`;

/** Two letters (one where the script has no case) on a colour that stays with the person. */
export function personAvatar(id: string, name: string): Html {
  const hue = [...id].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 997, 7) % 10;
  const words = name.split(/\s+/).filter((word) => word !== '');
  const initials = words
    .slice(0, /\p{Lu}/u.test(name) ? 2 : 1)
    .map((word) => [...word][0] ?? '')
    .join('');
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${initials}</span>`;
}
