import type { Arguments } from './call.js';
import { Refusal } from './refusal.js';

/** One page, and how to ask for the next. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** Empty at the end. */
  readonly nextCursor: string;
}

export interface PageRule {
  /** Every item where `undefined`. */
  readonly byDefault: number | undefined;
  readonly max: number;
}

/** `limit`, or what is taken without it; throws `invalid_limit`. */
function limitOf(args: Arguments, rule: PageRule): number {
  const limit = args.whole('limit');
  // Slack's own samples send 0 for "as you like".
  if (limit === undefined || limit === 0) return rule.byDefault ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(limit) || limit < 0 || limit > rule.max) throw new Refusal('invalid_limit');
  return limit;
}

/**
 * A page by cursor. The cursor names the item that comes next, so that items added meanwhile move nothing. Throws `invalid_cursor` for one
 * that was not given out for such a list. https://docs.slack.dev/apis/web-api/pagination
 */
export function page<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  kind: string,
  args: Arguments,
  rule: PageRule,
): Paged<Item> {
  const limit = limitOf(args, rule);
  const cursor = args.text('cursor');
  let from = 0;
  if (cursor !== undefined && cursor !== '') {
    const id = decode(cursor, kind);
    from = items.findIndex((item) => idOf(item) === id);
    if (from < 0) throw new Refusal('invalid_cursor');
  }
  const next = items[from + limit];
  return {
    items: items.slice(from, from + limit),
    nextCursor: next === undefined ? '' : Buffer.from(`${kind}:${idOf(next)}`).toString('base64'),
  };
}

function decode(cursor: string, kind: string): string {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  if (!text.startsWith(`${kind}:`)) throw new Refusal('invalid_cursor');
  return text.slice(kind.length + 1);
}
