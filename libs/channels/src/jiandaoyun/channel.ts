import { RemoteError, type Finding, type HttpClient } from '#http';
import type { Address, Channel, Receipt, RowsAttempt, TableRow } from '../contract.js';
import { JiandaoyunApi } from './api.js';
import { written } from './cells.js';
import { TRANSACTION_IS_KNOWN } from './errors.js';
import { Forms } from './form.js';
import { limits, mostRows, repeatableMs } from './limits.js';
import { lookUp } from './lookup.js';
import { appsReply, batchReply, rowReply } from './schema.js';
import {
  jiandaoyunDestination,
  readAddress,
  writeAddress,
  type JiandaoyunDestination,
  type JiandaoyunSettings,
} from './settings.js';

/** Forms, written: rows that are added in batches and changed one by one. */
export const connectJiandaoyun = (settings: JiandaoyunSettings, http: HttpClient): Channel => {
  const api = new JiandaoyunApi(settings, http);
  const forms = new Forms(api);

  const addOne = async (row: TableRow, to: JiandaoyunDestination, signal: AbortSignal): Promise<string> => {
    const form = await forms.get(to, signal);
    const { data } = await api.post('app/entry/data/create', {
      label: 'add a row',
      limit: limits.create,
      json: {
        ...placeOf(to),
        ...creatorOf(to),
        is_start_workflow: to.workflow,
        is_start_trigger: to.trigger,
        data: written(row.values, (field) => form.nameOf(field)),
      },
      reply: rowReply,
      signal,
      reads: false,
    });
    return data._id;
  };

  const addMany = async (
    rows: readonly TableRow[],
    to: JiandaoyunDestination,
    { batch, signal }: RowsAttempt,
  ): Promise<readonly string[]> => {
    const form = await forms.get(to, signal);
    const reply = await api
      .post('app/entry/data/batch_create', {
        label: 'add rows',
        limit: limits.batchCreate,
        json: {
          ...placeOf(to),
          ...creatorOf(to),
          is_start_workflow: to.workflow,
          transaction_id: batch,
          data_list: rows.map(({ values }) => written(values, (field) => form.nameOf(field))),
        },
        reply: batchReply,
        signal,
        reads: false,
      })
      .catch((error: unknown) => {
        if (error instanceof RemoteError && error.code === String(TRANSACTION_IS_KNOWN)) return undefined;
        throw error;
      });
    if (reply?.success_ids.length === rows.length) return reply.success_ids;
    // Known already, or fewer than were sent: the form itself says which are there.
    const there = await lookUp(api, form, to, rows, signal).catch((error: unknown) => {
      throw error instanceof RemoteError ? afterWriting(error) : error;
    });
    const ids = there.filter((id) => id !== undefined);
    if (ids.length === rows.length) return ids;
    throw new RemoteError(
      'jiandaoyun',
      'unreadable',
      'unknown',
      `add rows: ${ids.length} of ${rows.length} are there`,
    );
  };

  return {
    /** Only rows go here; a message becomes nothing. */
    render: () => null,

    // Calls are paced by kind, not rows by account.
    limit: 'none',

    address: (destination) => Promise.resolve({ id: writeAddress(jiandaoyunDestination.parse(destination)) }),

    table: {
      // Automations are started by single calls only.
      batch: ({ id }) =>
        readAddress(id).trigger ? { rows: 1, repeatableMs: 0 } : { rows: mostRows, repeatableMs },

      async misfits(rows, { id }, signal) {
        const to = readAddress(id);
        const misfits = (await forms.get(to, signal)).misfits(rows);
        // Whoever mends it need not wait for us to look again.
        if (misfits.length > 0) forms.forget(to);
        return misfits;
      },

      async locate(rows, address, signal) {
        const to = readAddress(address.id);
        const ids = await lookUp(api, await forms.get(to, signal), to, rows, signal);
        return ids.map((id) => (id === undefined ? undefined : receiptOf(id, address)));
      },

      async add(rows, address, attempt) {
        const to = readAddress(address.id);
        const [first] = rows;
        if (!first) return [];
        if (!to.trigger) return (await addMany(rows, to, attempt)).map((id) => receiptOf(id, address));
        if (rows.length > 1) throw new RangeError('rows that start automations are added one at a time');
        return [receiptOf(await addOne(first, to, attempt.signal), address)];
      },

      async change(previous, row, address, { signal }) {
        const to = readAddress(address.id);
        const form = await forms.get(to, signal);
        await api.post('app/entry/data/update', {
          label: 'change a row',
          limit: limits.update,
          json: {
            ...placeOf(to),
            data_id: previous.id,
            is_start_trigger: to.trigger,
            data: written(row.values, (field) => form.nameOf(field)),
          },
          reply: rowReply,
          signal,
          reads: false,
        });
        return previous;
      },
    },

    probe: (signal) => probe(api, signal),
  };
};

const placeOf = ({ app, form }: JiandaoyunDestination): object => ({ app_id: app, entry_id: form });

const creatorOf = ({ creator }: JiandaoyunDestination): object =>
  creator === undefined ? {} : { data_creator: creator };

const receiptOf = (id: string, address: Address): Receipt => ({ id, address });

/** A look after a write: whatever it fails with, the write before it may have been done. */
const afterWriting = (error: RemoteError): RemoteError =>
  new RemoteError(error.system, error.reason, 'unknown', error.message, {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.scope === undefined ? {} : { scope: error.scope }),
  });

async function probe(api: JiandaoyunApi, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const { apps } = await api.post('app/list', {
      label: 'apps',
      limit: limits.apps,
      json: { limit: 100, skip: 0 },
      reply: appsReply,
      signal,
      reads: true,
    });
    return [
      apps.length === 0
        ? {
            level: 'problem',
            about: 'api key',
            message: 'The key sees no app.',
            remedy: 'Allow it the app of the form, in the management of API keys.',
          }
        : {
            level: 'ok',
            about: 'api key',
            message: `It sees ${apps.length} app${apps.length === 1 ? '' : 's'}.`,
          },
    ];
  } catch (error) {
    if (!(error instanceof RemoteError) || error.reason !== 'unauthorized') throw error;
    return [
      {
        level: 'problem',
        about: 'api key',
        message: error.message,
        remedy: 'Put a key that may read and write the form into the secret of the channel.',
      },
    ];
  }
}
