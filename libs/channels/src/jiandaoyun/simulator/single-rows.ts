import { z } from 'zod';
import { found, onForm, shown, touch, type Call, type Handler } from './call.js';
import { owner, type Entry } from './company.js';
import { readFilter } from './filters.js';
import { addRow, readSubmission } from './new-rows.js';
import { refuse } from './refusal.js';
import { showRow } from './show.js';
import { transactionId } from './transactions.js';
import { readValues, valuesAfter } from './write-values.js';

const data = z.record(z.string(), z.unknown());
const dataId = z.string();

const get: Handler = (call) => {
  const { entry, values } = onForm(call, { data_id: dataId });
  return { data: shown(call, entry, found(entry, values.data_id)) };
};

/** Always by ascending `_id`, ten rows where no limit is named. */
const list: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data_id: dataId.regex(/^[0-9a-f]{24}$/).optional(),
    fields: z.array(z.string()).optional(),
    filter: z.unknown().optional(),
    limit: z.int().min(1).max(100).default(10),
  });
  const holds = values.filter === undefined ? () => true : readFilter(values.filter, entry, call.filtering);
  const page = entry.rows
    .page(values.data_id, values.limit, holds)
    .map((row) => showRow(entry, row, call.company));
  if (!values.fields) return { data: page };
  // What comes besides the wanted fields is not documented; nothing that a client could miss the lack of.
  const wanted = new Set(['_id', 'appId', 'entryId', ...values.fields]);
  return {
    data: page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name)))),
  };
};

/** `transaction_id` only binds uploaded files here: a repeated call makes a second row. */
const create: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data,
    data_creator: z.string().optional(),
    is_start_workflow: z.boolean().optional(),
    is_start_trigger: z.boolean().optional(),
    transaction_id: z.unknown().optional(),
  });
  transactionId(values.transaction_id);
  const submission = readSubmission(call, entry, values);
  const row = addRow(call, entry, readValues(entry.widgets, values.data, call.writing), submission);
  trigger(call, entry, row._id, values.is_start_trigger);
  call.effects.reminders += 1;
  touch(entry, call);
  return { data: shown(call, entry, row) };
};

/** Fields that are not mentioned stay as they are. */
const update: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data_id: dataId,
    data,
    is_start_trigger: z.boolean().optional(),
    transaction_id: z.unknown().optional(),
  });
  transactionId(values.transaction_id);
  const row = found(entry, values.data_id);
  row.values = valuesAfter(readValues(entry.widgets, values.data, call.writing, row.values), row.values);
  row.updater = owner.username;
  row.updateTime = call.now.toISOString();
  trigger(call, entry, row._id, values.is_start_trigger);
  call.effects.reminders += 1;
  touch(entry, call);
  return { data: shown(call, entry, row) };
};

const remove: Handler = (call) => {
  const { entry, values } = onForm(call, {
    data_id: dataId,
    is_start_trigger: z.boolean().optional(),
  });
  if (!entry.rows.delete(values.data_id)) throw refuse(4001);
  trigger(call, entry, values.data_id, values.is_start_trigger);
  touch(entry, call);
  return { status: 'success' };
};

function trigger({ effects, path }: Call, { entryId }: Entry, dataIdOfRow: string, wanted = false): void {
  if (wanted) effects.automations.push({ entryId, dataId: dataIdOfRow, by: path });
}

export const singleRows = { get, list, create, update, delete: remove };
