import { invalid } from './api-error.js';
import type { Query } from './request.js';

/** One page, and how to ask for the next. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** Absent at the end. */
  readonly nextPageToken?: string;
}

/**
 * A page by token. The token names the item that comes next and the list that it was given out for: Google demands that all other
 * parameters stay the same from page to page. https://google.aip.dev/158 [D]
 */
export function page<Item extends { readonly name: string }>(
  items: readonly Item[],
  query: Query,
  rule: { readonly byDefault: number; readonly max: number; readonly list: string },
): Paged<Item> {
  const size = query.pageSize(rule.byDefault, rule.max);
  const token = query.text('pageToken');
  let from = 0;
  if (token !== undefined) {
    const [list, name] = Buffer.from(token, 'base64url').toString('utf8').split('\n');
    from = list === rule.list ? items.findIndex((item) => item.name === name) : -1;
    if (from < 0) throw invalid('Invalid page token.');
  }
  const next = items[from + size];
  return {
    items: items.slice(from, from + size),
    ...(next === undefined
      ? {}
      : { nextPageToken: Buffer.from(`${rule.list}\n${next.name}`).toString('base64url') }),
  };
}
