import { RemoteError } from '#http';
import type { Attempt, Receipt, Row } from '#channels';
import type { Message } from '#domain';
import { faultPoint } from '#runtime';
import type { Accounts, ClaimedDelivery, DeliveryClaims } from '#storage';
import { currentTraceId } from '#telemetry';
import { laneMs } from '../pace.js';
import type { Passage, Stage } from './stage.js';

/** Says it, corrects it, or writes it. The attempt is noted before anything leaves us, so that a kill in between is seen as `unknown`. */
export const send = (claims: Pick<DeliveryClaims, 'begin'>, accounts: Accounts): Stage => ({
  name: 'send',
  async run(passage) {
    const { delivery, address, paused, signal } = passage;
    if (!address) throw new RangeError(`the delivery ${delivery.id} has no address`);
    const rests = paused.get(`method:${corrects(delivery) ? 'update' : 'send'}`);
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'the vendor asked to wait' };
    const others = await turn(passage, address, accounts);
    if (others > 0) return { end: 'wait', delayMs: others, why: 'somebody else is just writing there' };
    await faultPoint('deliver.paced');
    const begun = await claims.begin(delivery, address, currentTraceId());
    passage.attempt = { number: begun.number };
    await faultPoint('deliver.sending');
    const attempt = {
      deliveryId: delivery.id,
      revision: delivery.revision,
      number: begun.number,
      beganAt: begun.beganAt,
      signal,
    };
    const receipt = await deliver(passage, address, attempt);
    await faultPoint('deliver.accepted');
    return { end: 'arrived', revision: delivery.revision, receipt, attempt: begun.number };
  },
});

/** Takes our turn where several destinations share one pace; returns for how long somebody else has it. */
async function turn(
  { connected: { plugin, channel } }: Passage,
  address: { readonly id: string },
  accounts: Accounts,
): Promise<number> {
  const lane = channel.lane?.(address);
  return lane === undefined ? 0 : accounts.turn(plugin.id, lane, laneMs(plugin));
}

const isRefused = (error: unknown): boolean =>
  error instanceof RemoteError && error.reason === 'rejected' && error.outcome === 'refused';

/** The room was made anew since: nobody reads the old one any more. A plain address may be a name of what the receipt has the id of. */
const isElsewhere = ({ target, receipt }: ClaimedDelivery, address: { readonly id: string }): boolean =>
  target['room'] !== undefined && receipt !== null && receipt.address.id !== address.id;

const corrects = (delivery: ClaimedDelivery): boolean => delivery.sent_revision > 0;

async function deliver(
  { connected, delivery, trusted }: Passage,
  address: { readonly id: string },
  attempt: Attempt,
): Promise<Receipt> {
  const { channel } = connected;
  const system = connected.plugin.id;
  if ('rows' in delivery.message) {
    const receipts = await channel.write?.(delivery.message.rows as readonly Row[], address, attempt);
    const [first] = receipts ?? [];
    if (!first)
      throw new RemoteError(system, 'unreadable', 'unknown', 'the channel gave no receipt for the records');
    return receipts?.length === 1 ? first : { id: JSON.stringify(receipts?.map(({ id }) => id)), address };
  }
  const message: Message = delivery.message;
  // A correction takes the place of what it corrects; where that cannot be edited (any more), it follows it.
  if (corrects(delivery) && delivery.receipt && channel.update && !isElsewhere(delivery, address)) {
    try {
      return await channel.update(delivery.receipt, message, attempt, address);
    } catch (error) {
      if (trusted || !channel.send || channel.followsUp === false || !isRefused(error)) throw error;
    }
  }
  if (!channel.send) throw new RemoteError(system, 'rejected', 'refused', 'this channel takes no messages');
  return channel.send(message, address, attempt);
}
