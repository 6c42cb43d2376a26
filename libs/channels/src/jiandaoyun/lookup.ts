import { RemoteError } from '#http';
import type { TableRow } from '../contract.js';
import type { JiandaoyunApi } from './api.js';
import { comparable, comparableStored } from './cells.js';
import { canBeAsked, type Form } from './form.js';
import { limits, mostRows } from './limits.js';
import { rowsReply, type StoredRow } from './schema.js';
import type { JiandaoyunDestination } from './settings.js';

/** No list is so long that it was asked for in hundreds of keys. */
const mostPages = 1000;

/**
 * Finds the id of each row that is in the form already, by the fields that tell rows apart. Where somebody has made two of a key, it is the older
 * one: pages come in order of their ids. Throws `RemoteError`.
 */
export async function lookUp(
  api: JiandaoyunApi,
  form: Form,
  to: JiandaoyunDestination,
  rows: readonly TableRow[],
  signal: AbortSignal,
): Promise<readonly (string | undefined)[]> {
  const found = new Map<string, string>();
  for (let begin = 0; begin < rows.length; begin += mostRows) {
    const some = rows.slice(begin, begin + mostRows);
    const [first] = some;
    if (!first) continue;
    for await (const stored of pages(api, to, bodyOf(form, first.by, some), signal)) {
      const key = keyOfStored(form, first, stored);
      if (key !== undefined && !found.has(key)) found.set(key, stored._id);
    }
  }
  return rows.map((row) => found.get(keyOf(row)));
}

/** One level of conditions is all that there is, so this finds at least the rows; which they are is seen by comparing. */
function bodyOf(
  form: Form,
  by: readonly string[],
  rows: readonly TableRow[],
): Readonly<Record<string, unknown>> {
  const asked = by.flatMap((field) => {
    const widget = form.find(field);
    return widget && canBeAsked(widget.type) ? [{ field, widget }] : [];
  });
  return {
    fields: by.map((field) => form.nameOf(field)),
    limit: mostRows,
    filter: {
      rel: 'and',
      cond: asked.map(({ field, widget }) => ({
        field: widget.name,
        type: widget.type,
        method: 'in',
        value: [...new Set(rows.flatMap(({ values }) => values[field]?.value ?? []))],
      })),
    },
  };
}

async function* pages(
  api: JiandaoyunApi,
  { app, form }: JiandaoyunDestination,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): AsyncGenerator<StoredRow> {
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { data } = await api.post('app/entry/data/list', {
      label: 'rows of the form',
      limit: limits.list,
      json: { app_id: app, entry_id: form, ...body, ...(after === undefined ? {} : { data_id: after }) },
      reply: rowsReply,
      signal,
      reads: true,
    });
    yield* data;
    if (data.length < mostRows) return;
    after = data.at(-1)?._id;
  }
  throw new RemoteError('jiandaoyun', 'unreadable', 'refused', 'rows of the form: the list never ends');
}

const keyOf = ({ by, values }: TableRow): string =>
  JSON.stringify(
    by.map((field) => {
      const cell = values[field];
      return cell === undefined ? null : comparable(cell);
    }),
  );

function keyOfStored(form: Form, { by, values }: TableRow, stored: StoredRow): string | undefined {
  const parts = by.map((field) => comparableStored(values[field]?.as ?? 'text', stored[form.nameOf(field)]));
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}
