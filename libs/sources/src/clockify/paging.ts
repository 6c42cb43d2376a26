import { changedWhilePaging, neverEnds, readReply, type ClockifyApi } from './api.js';
import { listReply } from './schema.js';
import { SeenIds } from './seen-ids.js';
import { idOf } from './to-facts.js';

/**
 * Core lists take up to 5,000 by a statement of the vendor's support of 2021, policies and requests 200 by the documentation; 200 is safe
 * everywhere.
 */
export const corePageSize = 200;

/** A million records; a list that goes on beyond answers the same thing for ever. */
const mostPages = 5_000;

/**
 * The pages of a core list, up to the one that `Last-Page` marks, that is short, or that is empty. Only for the lists that page:
 * holidays and workspaces ignore `page` and would repeat themselves.
 *
 * Throws `unavailable` where an id comes twice: the list moved between two pages, and then something may also have been left out.
 */
export async function* pagesOf(
  api: ClockifyApi,
  path: string,
  query: Readonly<Record<string, string | number | boolean>>,
  call: { readonly label: string; readonly signal: AbortSignal },
): AsyncGenerator<readonly unknown[]> {
  const seen = new SeenIds();
  for (let page = 1; page <= mostPages; page += 1) {
    const response = await api.getInWorkspace(path, { ...query, page, 'page-size': corePageSize }, call);
    const records = readReply(listReply, response, call.label);
    noteIds(seen, records, call.label);
    yield records;
    if (response.headers['last-page'] === 'true' || records.length < corePageSize) return;
  }
  throw neverEnds(call.label);
}

/** All pages in one. */
export async function listOf(...args: Parameters<typeof pagesOf>): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  for await (const page of pagesOf(...args)) records.push(...page);
  return records;
}

/** Adds the ids of a page to those seen; throws `unavailable` where one was seen before. */
export const noteIds = (seen: SeenIds, records: readonly unknown[], label: string): void => {
  for (const record of records) {
    const id = idOf(record);
    if (id !== undefined && !seen.add(id)) throw changedWhilePaging(label);
  }
};
