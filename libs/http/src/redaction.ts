import type { HttpRequest } from './client.js';

/** Ids as vendors make them: numbers, UUIDs, Mongo's object ids, short words and codes. None of them opens a door. */
const harmless = [
  /^\d{1,20}$/,
  /^[0-9a-f]{24}$/i,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^[a-z]{1,20}([._-][a-z]{1,20})*$/i,
  /^[\w.-]{1,12}$/,
];

/** Where an incoming webhook begins: whatever follows is as good as a password. */
const webhook = /hook/i;

/**
 * A request as an error or a log may name it: its label and host, or else method, host and what of the path can be no secret.
 * Never the query, the user of a URL, headers or the body.
 */
export function describe(request: Pick<HttpRequest, 'method' | 'label'>, url: URL): string {
  if (request.label !== undefined) return `${request.label} at ${url.host}`;
  return `${request.method} ${url.host}${redactPath(url)}`;
}

function redactPath(url: URL): string {
  if (webhook.test(url.hostname)) return '/…';
  const shown: string[] = [];
  for (const segment of url.pathname.split('/')) {
    if (webhook.test(segment)) return [...shown, segment.length > 20 ? '…' : segment, '…'].join('/');
    shown.push(segment === '' || harmless.some((shape) => shape.test(segment)) ? segment : '…');
  }
  return shown.join('/');
}
