import { shaped, type Call, type VtigerApi } from './api.js';
import { countReply, rowsReply, type Row } from './schema.js';

/** The vendor gives no more in one answer, whatever `LIMIT` says. */
export const rowsAPage = 100;

/** A text as the query language takes it: in single quotes, with inner quotes written twice. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const oneOf = (field: string, values: readonly string[]): string =>
  `${field} IN (${values.map(quoted).join(', ')})`;

export async function rowsOf(api: VtigerApi, query: string, call: Call): Promise<readonly Row[]> {
  return shaped(rowsReply, await api.ask('query', { query }, call), call.label);
}

export async function countOf(api: VtigerApi, query: string, call: Call): Promise<number> {
  const [{ count }] = shaped(countReply, await api.ask('query', { query }, call), call.label);
  return count;
}
