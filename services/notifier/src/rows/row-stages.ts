import type { Receipt, TableRow } from '#channels';
import { RemoteError } from '#http';
import { maxAttempts } from '#queues';
import { faultPoint } from '#runtime';
import type { DeliveryClaims, StoredAttempt, WriteBatches } from '#storage';
import { currentTraceId } from '#telemetry';
import type { Passage, Stage } from '../stages/stage.js';
import { tableOf, type RowCalls, type RowOnItsWay } from './row-calls.js';

/** A table drops in silence what does not fit it: so it is looked at before anything is sent, and what does not fit is held. */
export const fit: Stage = {
  name: 'fit',
  async run(passage) {
    const { row, address, signal } = rowOf(passage);
    const misfits = await tableOf(passage.connected).misfits([row], address, signal);
    return misfits.length === 0 ? undefined : { end: 'held', why: misfits.join('; '), tell: true };
  },
};

/** Where an earlier attempt's outcome is unknown: the very same call again, where that is possible, else the table is asked. */
export const askForRow = (claims: DeliveryClaims, calls: RowCalls, batches: WriteBatches): Stage => ({
  name: 'ask',
  async run(passage) {
    const { delivery, paused } = passage;
    // After a restore a row is looked for anyway before it is added.
    if (delivery.doubted_since !== null) await claims.believe(delivery);
    if (delivery.was !== 'unknown') return undefined;
    const open = await claims.openAttempt(delivery.id);
    if (!open) return undefined;
    const refused = (detail: string): Promise<void> =>
      claims.endAttempt(delivery, open.number, { outcome: 'refused', detail });
    if (changes(passage)) {
      await refused('a change is made again: twice shows it once');
      return undefined;
    }
    const rests = paused.get('method:ask');
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'the vendor asked to wait' };
    passage.asking = true;
    const receipt =
      (await repeated(passage, open, calls, batches)) ??
      (await calls.locate(passage.connected, rowOf(passage)));
    passage.asking = false;
    await faultPoint('row.asked');
    if (receipt) return { end: 'arrived', revision: open.revision, receipt, attempt: open.number };
    await refused('the table has not got it');
    await faultPoint('row.absent');
    if (delivery.attempts >= maxAttempts)
      throw new RemoteError(
        passage.connected.plugin.id,
        'unavailable',
        'refused',
        `it has not arrived in ${delivery.attempts} attempts`,
      );
    return undefined;
  },
});

/** The row's receipt from the call that was to add it, made again; undefined where there is none to repeat. */
async function repeated(
  passage: Passage,
  open: StoredAttempt,
  calls: RowCalls,
  batches: WriteBatches,
): Promise<Receipt | undefined> {
  const row = rowOf(passage);
  const table = tableOf(passage.connected);
  const batch = await batches.of(row.delivery.id, open.began_at);
  if (!batch || batch.ageMs >= table.batch(batch.address).repeatableMs) return undefined;
  try {
    const receipts = await calls.repeat(table, batch, row);
    return receipts[batch.deliveries.indexOf(row.delivery.id)];
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (error.reason === 'unreadable' || isRefused(error)) await batches.close(batch.id);
    // Refused as a whole, so it had not been taken before either.
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** Adds the row, or changes it where it is there already. The attempt is noted before anything leaves us. */
export const writeRow = (claims: DeliveryClaims, calls: RowCalls): Stage => ({
  name: 'send',
  async run(passage) {
    const { delivery, connected, paused, signal } = passage;
    const row = rowOf(passage);
    const rests = paused.get(`method:${changes(passage) ? 'update' : 'send'}`);
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'the vendor asked to wait' };
    // Written by an earlier installation, by hand, or before a backup was restored: the vendor would take it twice.
    const there = changes(passage) ? delivery.receipt : await calls.locate(connected, row);
    await faultPoint('row.paced');
    const begun = await claims.begin(delivery, row.address, currentTraceId());
    passage.attempt = { number: begun.number };
    await faultPoint('row.sending');
    const receipt = there
      ? await tableOf(connected).change(there, row.row, row.address, { signal })
      : await calls.add(connected, row);
    await faultPoint('row.accepted');
    return { end: 'arrived', revision: delivery.revision, receipt, attempt: begun.number };
  },
});

const changes = ({ delivery }: Passage): boolean => delivery.sent_revision > 0 && delivery.receipt !== null;

const isRefused = ({ reason, outcome }: RemoteError): boolean =>
  reason === 'rejected' && outcome === 'refused';

/** A delivery to a table has one row. */
function rowOf({ delivery, address, signal }: Passage): RowOnItsWay {
  const [row] = 'rows' in delivery.message ? (delivery.message.rows as readonly TableRow[]) : [];
  if (!row || !address) throw new RangeError(`the delivery ${delivery.id} has no row, or no place for it`);
  return { delivery, row, address, signal };
}
