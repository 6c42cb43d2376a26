import type { Verdict } from '#queues';
import type { Accounts } from '#storage';
import type { Passage } from './stages/stage.js';

/** For how long nothing else is written to a destination after an attempt there, in ms. */
export const paceOf = ({ plugin: { destinationLimit: pace } }: Passage['connected']): number =>
  pace ? (pace.perSeconds * 1000) / pace.requests : 0;

/** A limit rests for everybody whom it is about, and for nobody else. */
export async function pause(
  accounts: Accounts,
  { delivery, address, connected, at }: Passage,
  verdict: Verdict,
): Promise<void> {
  if (verdict.next !== 'pause' || verdict.delayMs === undefined) return;
  if (verdict.scope === 'destination') {
    const lane = address && connected.channel.lane?.(address);
    if (lane !== undefined) await accounts.rest(connected.plugin.id, lane, verdict.delayMs);
    return;
  }
  const method =
    at === 'ask' ? 'ask' : at === 'place' ? 'room' : delivery.sent_revision > 0 ? 'update' : 'send';
  await accounts.pause(
    delivery.channel,
    verdict.scope === 'method' ? `method:${method}` : 'account',
    verdict.delayMs,
  );
}
