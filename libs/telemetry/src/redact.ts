import { veil } from '#settings';

const hidden = '***';

/** A path under one of these holds a credential from there on: incoming webhooks of Slack, Mattermost, Discord and their like. */
const secretPath = /\/(services|workflows|triggers|hooks?|webhooks?|incoming)(?=\/|$)/i;
/** What an endpoint is called, as opposed to an id or a token: letters, at most two digits at the end, not long. */
const word = /^(?=.{1,24}$)[A-Za-z][A-Za-z._:-]*\d{0,2}$/;

/**
 * A URL path that may be shown: names of endpoints stay, ids, addresses and tokens become `***`. Everything below a webhook's
 * prefix goes. Traces get few distinct paths by it, and no credential.
 */
export function redactPath(path: string): string {
  const webhook = secretPath.exec(path);
  const kept = webhook === null ? path : path.slice(0, webhook.index + webhook[0].length);
  const shown = kept
    .split('/')
    .map((segment) => (segment === '' || word.test(segment) ? segment : hidden))
    .join('/');
  return kept.length === path.length ? shown : `${shown}/${hidden}`;
}

/** Origin and redacted path; without user, password, query and fragment. A text that is no URL becomes `***`. */
export function redactUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return hidden;
  return `${parsed.protocol}//${parsed.host}${redactPath(parsed.pathname)}`;
}

const urls = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const schemes = /\b(bearer|basic|token)\s+[\w.~+/=-]{6,}/gi;
const pairs =
  /\b([\w-]*(?:token|secret|password|passwd|api[_-]?key|authorization|signature))(["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi;
/** Slack's tokens, JSON web tokens: recognisable wherever they stand. */
const tokens = /\b(?:xox[a-z]-[\w-]+|xapp-[\w-]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/g;

/** A text, such as an error's message, without the secrets that this process knows and the credentials that can be recognised in it. */
export function redactText(text: string): string {
  return veil(text)
    .replace(urls, (url) => (url.startsWith('file:') ? url : redactUrl(url)))
    .replace(schemes, `$1 ${hidden}`)
    .replace(pairs, `$1$2${hidden}`)
    .replace(tokens, hidden);
}
