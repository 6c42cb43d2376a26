import { z } from 'zod';
import { onForm, touch, type Call, type Handler } from './call.js';
import { owner, type Entry } from './company.js';
import type { Row, Transaction } from './model.js';
import { addRow, readSubmission, type Submission } from './new-rows.js';
import { refuse, type RefusalCode } from './refusal.js';
import { transactionId, transactionMs } from './transactions.js';
import { readValues, valuesAfter, type Written } from './write-values.js';

const mostRows = 100;
const record = z.record(z.string(), z.unknown());

/**
 * Up to a hundred new rows. With a `transaction_id` that is known since less than an hour the rows of the first call are overwritten, each by the
 * item in its place, and those that it lost are made now. The same id with a list of another length or for another form is refused with
 * 17026: the vendor promises the same task for the full list alone, and names no other code for it.
 */
const create: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data_list: z.array(record).min(1),
    data_creator: z.string().optional(),
    is_start_workflow: z.boolean().optional(),
    transaction_id: z.unknown().optional(),
  });
  limit(values.data_list, 17024);
  const id = transactionId(values.transaction_id);
  const submission = readSubmission(call, entry, values);
  const known = id === undefined ? undefined : repeated(call, entry, id, values.data_list.length);
  const lost = call.lost();
  // All are read before the first is written: a refusal leaves nothing behind.
  const items = values.data_list.map((data) => readValues(entry.widgets, data, call.writing));
  const rowIds = items.map((item, index) =>
    lost.has(index) ? null : put(call, entry, item, submission, known?.rowIds[index]),
  );
  if (id !== undefined) {
    const all = rowIds.map((own, index) => own ?? known?.rowIds[index] ?? null);
    const at = known?.at ?? call.now.getTime();
    call.company.transactions.set(id, { id, entryId: entry.entryId, at, rowIds: all });
  }
  touch(entry, call);
  const written = rowIds.filter((rowId) => rowId !== null);
  const counted = id === undefined ? rowIds : (call.company.transactions.get(id)?.rowIds ?? rowIds);
  return {
    status: 'success',
    success_count: counted.filter((rowId) => rowId !== null).length,
    success_ids: written,
  };
};

/** The transaction that goes on, or undefined for a new one. */
function repeated(call: Call, entry: Entry, id: string, length: number): Transaction | undefined {
  const known = call.company.transactions.get(id);
  if (!known || call.now.getTime() - known.at >= transactionMs) return undefined;
  const same = known.entryId === entry.entryId && known.rowIds.length === length;
  if (!same || call.refuseRepeatedTransactions) throw refuse(17026);
  return known;
}

function put(
  call: Call,
  entry: Entry,
  written: Written,
  submission: Submission,
  earlier: string | null | undefined,
): string {
  const row = earlier ? entry.rows.get(earlier) : undefined;
  if (!row) return addRow(call, entry, written, submission)._id;
  const serials = entry.widgets.filter(({ type }) => type === 'sn');
  const kept = Object.fromEntries(
    serials.flatMap(({ widgetName }) => {
      const serial = row.values[widgetName];
      return serial === undefined ? [] : [[widgetName, serial]];
    }),
  );
  write(call, row, valuesAfter(written, kept));
  return row._id;
}

/** One value set into every row. No sub-forms; fields of files are wiped. */
const update: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data_ids: z.array(z.string()).min(1),
    data: record,
    transaction_id: z.unknown().optional(),
  });
  limit(values.data_ids, 17023);
  transactionId(values.transaction_id);
  const written = new Map(readValues(entry.widgets, values.data, call.writing));
  for (const { type, widgetName } of entry.widgets) {
    if (type === 'subform' && written.has(widgetName)) throw refuse(17032);
    if (type === 'image' || type === 'upload') written.set(widgetName, undefined);
  }
  const rows = known(entry, values.data_ids);
  for (const row of rows) write(call, row, valuesAfter(written, row.values));
  touch(entry, call);
  return { status: 'success', success_count: rows.length };
};

const remove: Handler = (call) => {
  const { entry, values } = onForm(call, { data_ids: z.array(z.string()).min(1) });
  limit(values.data_ids, 17033);
  const rows = known(entry, values.data_ids);
  for (const { _id } of rows) entry.rows.delete(_id);
  touch(entry, call);
  return { status: 'success', success_count: rows.length };
};

/** Rows that are not there are left out, and not counted. */
const known = (entry: Entry, ids: readonly string[]): Row[] =>
  [...new Set(ids)].flatMap((id) => entry.rows.get(id) ?? []);

function write(call: Call, row: Row, values: Row['values']): void {
  row.values = values;
  row.updater = owner.username;
  row.updateTime = call.now.toISOString();
}

function limit(list: readonly unknown[], code: RefusalCode): void {
  if (list.length > mostRows) throw refuse(code);
}

export const batches = { create, update, delete: remove };
