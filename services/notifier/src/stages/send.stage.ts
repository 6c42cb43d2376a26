import { RemoteError } from '#http';
import type { Attempt, Channel, Receipt, Row } from '#channels';
import type { Message } from '#domain';
import { faultPoint } from '#runtime';
import type { ClaimedDelivery, Deliveries } from '#storage';
import { currentTraceId } from '#telemetry';
import type { Stage } from './stage.js';

/** Says it, corrects it, or writes it. The attempt is noted before anything leaves us, so that a kill in between is seen as `unknown`. */
export const send = (deliveries: Deliveries): Stage => ({
  name: 'send',
  async run(passage) {
    const { delivery, connected, address, paused, signal } = passage;
    if (!address) throw new RangeError(`the delivery ${delivery.id} has no address`);
    const rests = paused.get(`method:${corrects(delivery) ? 'update' : 'send'}`);
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'the vendor asked to wait' };
    await faultPoint('deliver.paced');
    const begun = await deliveries.begin(delivery, address, currentTraceId());
    passage.attempt = { number: begun.number };
    await faultPoint('deliver.sending');
    const attempt = {
      deliveryId: delivery.id,
      revision: delivery.revision,
      number: begun.number,
      beganAt: begun.beganAt,
      signal,
    };
    const receipt = await deliver(connected.channel, connected.plugin.id, delivery, address, attempt);
    await faultPoint('deliver.accepted');
    return { end: 'arrived', revision: delivery.revision, receipt, attempt: begun.number };
  },
});

const corrects = (delivery: ClaimedDelivery): boolean => delivery.sent_revision > 0;

async function deliver(
  channel: Channel,
  system: string,
  delivery: ClaimedDelivery,
  address: { readonly id: string },
  attempt: Attempt,
): Promise<Receipt> {
  if ('rows' in delivery.message) {
    const receipts = await channel.write?.(delivery.message.rows as readonly Row[], address, attempt);
    const [first] = receipts ?? [];
    if (!first)
      throw new RemoteError(system, 'unreadable', 'unknown', 'the channel gave no receipt for the records');
    return receipts?.length === 1 ? first : { id: JSON.stringify(receipts?.map(({ id }) => id)), address };
  }
  const message: Message = delivery.message;
  // A correction takes the place of what it corrects; where the channel cannot edit, it follows it.
  if (corrects(delivery) && delivery.receipt && channel.update)
    return channel.update(delivery.receipt, message, attempt);
  if (!channel.send) throw new RemoteError(system, 'rejected', 'refused', 'this channel takes no messages');
  return channel.send(message, address, attempt);
}
