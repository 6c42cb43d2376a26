import { randomUUID } from 'node:crypto';
import type { Address, Receipt, Table, TableRow } from '#channels';
import type { ConnectedChannel } from '#connections';
import { RemoteError } from '#http';
import { faultPoint } from '#runtime';
import type { ClaimedDelivery, StoredWriteBatch, WriteBatches } from '#storage';
import { Gather } from './gather.js';

/** A row that is on its way. */
export interface RowOnItsWay {
  readonly delivery: ClaimedDelivery;
  readonly row: TableRow;
  readonly address: Address;
  readonly signal: AbortSignal;
}

/** Calls of one table, shared by the rows that are on their way to it. */
interface Calls {
  readonly locate: Gather<RowOnItsWay, Receipt | undefined>;
  readonly add: Gather<RowOnItsWay, Receipt>;
}

/** Rows in one question, whatever the vendor takes: what it answers is paged. */
const MOST_LOCATED = 100;

/** The calls that rows on their way to a table make together. Before any that adds rows it is kept what exactly is sent, and under which id. */
export class RowCalls {
  readonly #calls = new WeakMap<ConnectedChannel, Map<string, Calls>>();
  readonly #repeats = new Map<string, Promise<readonly Receipt[]>>();

  constructor(private readonly batches: WriteBatches) {}

  /** Where the row is in the table; undefined where it is not. Throws `RemoteError`. */
  locate(connected: ConnectedChannel, row: RowOnItsWay): Promise<Receipt | undefined> {
    return this.#callsOf(connected, row.address).locate.do(row);
  }

  /** Adds the row. Throws `RemoteError`, of its own where the others were taken. */
  add(connected: ConnectedChannel, row: RowOnItsWay): Promise<Receipt> {
    return this.#callsOf(connected, row.address).add.do(row);
  }

  /** Makes a call again, exactly as it was made, for all whose rows it has: they share the answer. Throws `RemoteError`. */
  async repeat(table: Table, batch: StoredWriteBatch, { signal }: RowOnItsWay): Promise<readonly Receipt[]> {
    const under = this.#repeats.get(batch.id);
    if (under) return under;
    const repeated = table.add(batch.rows as readonly TableRow[], batch.address, { batch: batch.id, signal });
    this.#repeats.set(batch.id, repeated);
    // Kept for those who ask in a moment: they were in the same call.
    const forget = (): void => {
      setTimeout(() => this.#repeats.delete(batch.id), 5000).unref();
    };
    repeated.then(forget, () => this.#repeats.delete(batch.id));
    return repeated;
  }

  #callsOf(connected: ConnectedChannel, address: Address): Calls {
    const tables = this.#calls.get(connected) ?? new Map<string, Calls>();
    this.#calls.set(connected, tables);
    const table = tableOf(connected);
    const calls = tables.get(address.id) ?? {
      locate: new Gather<RowOnItsWay, Receipt | undefined>(MOST_LOCATED, (some) =>
        table.locate(
          some.map(({ row }) => row),
          address,
          signalOf(some),
        ),
      ),
      add: new Gather<RowOnItsWay, Receipt>(table.batch(address).rows, (some) =>
        this.#add(connected, address, some),
      ),
    };
    tables.set(address.id, calls);
    return calls;
  }

  /** One refused row must not be in the others' way: what is refused as a whole is halved until it is known which. */
  async #add(
    connected: ConnectedChannel,
    address: Address,
    some: readonly RowOnItsWay[],
  ): Promise<readonly (Receipt | Error)[]> {
    const id = randomUUID();
    const rows = some.map(({ row }) => row);
    const table = tableOf(connected);
    const isRepeatable = table.batch(address).repeatableMs > 0;
    if (isRepeatable) {
      const deliveries = some.map(({ delivery }) => delivery.id);
      const channel = some[0]?.delivery.channel ?? '';
      await this.batches.keep({ id, channel, address, deliveries, rows });
      await faultPoint('row.kept');
    }
    try {
      return await table.add(rows, address, { batch: id, signal: signalOf(some) });
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      // What was refused is not to be repeated, nor what nobody can read: then the table itself is asked.
      if (isRepeatable && (error.outcome === 'refused' || error.reason === 'unreadable'))
        await this.batches.close(id);
      if (error.outcome !== 'refused' || error.reason !== 'rejected') return some.map(() => error);
      if (some.length === 1) return [error];
      const half = Math.ceil(some.length / 2);
      return [
        ...(await this.#add(connected, address, some.slice(0, half))),
        ...(await this.#add(connected, address, some.slice(half))),
      ];
    }
  }
}

export function tableOf({ channel, plugin }: ConnectedChannel): Table {
  if (!channel.table) throw new RangeError(`${plugin.id} has no tables`);
  return channel.table;
}

/** Passages of one moment end at about the same time. */
const signalOf = ([first]: readonly RowOnItsWay[]): AbortSignal => first?.signal ?? AbortSignal.abort();
