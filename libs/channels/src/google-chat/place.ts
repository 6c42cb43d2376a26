import { RemoteError } from '#http';
import type { Address } from '../contract.js';

/** Where messages go: a space by the app, or wherever a webhook leads. */
export type Place = ({ readonly space: string } | { readonly webhook: string }) & {
  /** The key of a thread in it. */
  readonly thread?: string | undefined;
};

/** `spaces/AAAA`, `webhooks/ferrari`, with a thread `spaces/AAAA#kpi-ferrari`. Never the URL of a webhook: addresses are stored and shown. */
export const addressOf = (place: Place): Address => ({
  id: `${'space' in place ? place.space : `webhooks/${encodeURIComponent(place.webhook)}`}${place.thread === undefined ? '' : `#${place.thread}`}`,
});

/** The place of an address; throws `RemoteError` `rejected` for what is none. */
export function placeOf({ id }: Address): Place {
  const [, kind, name = '', thread] = /^(spaces|webhooks)\/([^#/]+)(?:#(.+))?$/s.exec(id) ?? [];
  if (kind === undefined)
    throw new RemoteError(
      'google-chat',
      'rejected',
      'refused',
      'the address is neither a space nor a webhook',
    );
  return kind === 'spaces'
    ? { space: `spaces/${name}`, thread }
    : { webhook: decodeURIComponent(name), thread };
}

/** The space that a webhook's URL leads to. */
export const spaceOf = (url: string): string | undefined =>
  /\/v1\/(spaces\/[^/]+)\/messages$/.exec(new URL(url).pathname)?.[1];
