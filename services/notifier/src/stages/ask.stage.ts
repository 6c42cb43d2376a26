import type { Address, Receipt, Row } from '#channels';
import { RemoteError } from '#http';
import { maxAttempts } from '#queues';
import { faultPoint } from '#runtime';
import type { Accounts, DeliveryClaims, StoredAttempt } from '#storage';
import { laneRests } from '../pace.js';
import type { Passage, Stage } from './stage.js';

/** Where an earlier attempt's outcome is unknown, asks the provider before anything is sent again. */
export const ask = (claims: DeliveryClaims, accounts: Accounts): Stage => ({
  name: 'ask',
  async run(passage) {
    const { delivery } = passage;
    if (delivery.was !== 'unknown') return undefined;
    const open = await claims.openAttempt(delivery.id);
    if (!open) return undefined;
    const rests = passage.paused.get('method:ask');
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'the vendor asked to wait' };
    const resting = await laneRests(accounts, passage.connected, open.address);
    if (resting > 0) return { end: 'wait', delayMs: resting, why: 'the vendor asked to wait' };
    const found = await asked(passage, open, open.address);
    if (found === 'absent') {
      await claims.endAttempt(delivery, open.number, {
        outcome: 'refused',
        detail: 'the provider has not got it',
      });
      await faultPoint('deliver.absent');
      if (delivery.attempts >= maxAttempts)
        throw new RemoteError(
          passage.connected.plugin.id,
          'unavailable',
          'refused',
          `it has not arrived in ${delivery.attempts} attempts`,
        );
      return undefined;
    }
    if (found !== 'cannot-tell')
      return { end: 'arrived', revision: open.revision, receipt: found, attempt: open.number };
    // A correction says something else than what may have arrived.
    const isCorrected = open.revision < delivery.revision;
    if (delivery.when_unknown === 'leave' && !isCorrected)
      return { end: 'left-unknown', attempt: open.number };
    await claims.endAttempt(delivery, open.number, {
      outcome: 'refused',
      detail: `nobody can say whether it arrived; ${isCorrected ? 'a correction follows it' : 'the subscription repeats it'}`,
    });
    return undefined;
  },
});

/**
 * After a restore from a backup a delivery may have been sent without an attempt that we remember. Asked once its place is known again, by
 * whatever revision it may show; what nobody can say is left to the subscription's policy.
 */
export const askAfterRestore = (claims: DeliveryClaims): Stage => ({
  name: 'ask',
  async run(passage) {
    const { delivery, address } = passage;
    if (delivery.doubted_since === null || !address) return undefined;
    const revision = 'rows' in delivery.message ? delivery.revision : Math.max(1, delivery.sent_revision);
    const found = await asked(passage, { revision, number: 0, began_at: delivery.doubted_since }, address);
    if (found === 'cannot-tell' && delivery.when_unknown === 'leave') return { end: 'left-unknown' };
    if (found !== 'absent' && found !== 'cannot-tell') return { end: 'arrived', revision, receipt: found };
    await claims.believe(delivery);
    return undefined;
  },
});

async function asked(
  passage: Passage,
  attempt: Pick<StoredAttempt, 'revision' | 'number' | 'began_at'>,
  address: Address,
): Promise<Receipt | 'absent' | 'cannot-tell'> {
  const {
    delivery,
    connected: { channel },
    signal,
  } = passage;
  if (!channel.find) return 'cannot-tell';
  passage.asking = true;
  // What the answer is about, where it is that this is too much.
  passage.address ??= address;
  const found = await channel.find(
    {
      deliveryId: delivery.id,
      revision: attempt.revision,
      number: attempt.number,
      beganAt: attempt.began_at,
      signal,
    },
    address,
    attempt.began_at,
    'rows' in delivery.message ? (delivery.message.rows as readonly Row[]) : undefined,
  );
  passage.asking = false;
  await faultPoint('deliver.asked');
  return found;
}
