import { faultPoint } from '#runtime';
import type { Deliveries } from '#storage';
import type { Row } from '#channels';
import type { Stage } from './stage.js';

/** Where an earlier attempt's outcome is unknown, asks the provider before anything is sent again. */
export const ask = (deliveries: Deliveries): Stage => ({
  name: 'ask',
  async run({ delivery, connected: { channel }, signal }) {
    if (delivery.was !== 'unknown') return undefined;
    const open = await deliveries.openAttempt(delivery.id);
    if (!open) return undefined;
    const found = channel.find
      ? await channel.find(
          {
            deliveryId: delivery.id,
            revision: open.revision,
            number: open.number,
            beganAt: open.began_at,
            signal,
          },
          open.address,
          open.began_at,
          'rows' in delivery.message ? (delivery.message.rows as readonly Row[]) : undefined,
        )
      : 'cannot-tell';
    await faultPoint('deliver.asked');
    if (found === 'absent') {
      await deliveries.endAttempt(delivery.id, open.number, {
        outcome: 'refused',
        detail: 'the provider has not got it',
      });
      return undefined;
    }
    if (found !== 'cannot-tell')
      return { end: 'arrived', revision: open.revision, receipt: found, attempt: open.number };
    if (delivery.when_unknown === 'leave') return { end: 'left-unknown', attempt: open.number };
    await deliveries.endAttempt(delivery.id, open.number, {
      outcome: 'refused',
      detail: 'nobody can say whether it arrived; the subscription repeats it',
    });
    return undefined;
  },
});
