import type { Verdict } from '#queues';
import type { ConnectedChannel } from '#connections';
import type { RateLimit } from '#http';
import type { Accounts } from '#storage';
import type { Passage } from './stages/stage.js';

/** For how long nothing else is written to a destination after an attempt there, in ms. */
export const paceOf = ({ plugin: { destinationLimit: pace } }: Passage['connected']): number =>
  pace ? (pace.perSeconds * 1000) / pace.requests : 0;

/** Of a lane a tenth more: calls do not all travel equally fast. */
export const laneMs = ({ destinationLimit: pace }: ConnectedChannel['plugin']): number =>
  pace ? (pace.perSeconds * 1100) / pace.requests : 0;

/** What a channel's account bears. */
export const limitOf = ({ channel, plugin }: ConnectedChannel): RateLimit | 'none' =>
  channel.limit ?? plugin.limit;

/** For how long a destination rests after a failure, in ms. Vendors count what they refuse, too: whoever tried again at once would only hear that it is too much. */
export const restAfter = ({ attempt, connected }: Passage, verdict: Verdict): number =>
  Math.max(
    attempt ? paceOf(connected) : 0,
    verdict.next === 'pause' && verdict.scope === 'destination' ? (verdict.delayMs ?? 0) : 0,
  );

/** For how long a lane rests that has said that it is too much; 0 where it does not, though somebody may have its turn. Takes no turn. */
export async function laneRests(
  accounts: Accounts,
  { plugin, channel }: ConnectedChannel,
  address: { readonly id: string },
): Promise<number> {
  const lane = channel.lane?.(address);
  if (lane === undefined) return 0;
  const rests = await accounts.restsFor(plugin.id, lane);
  return rests > laneMs(plugin) ? rests : 0;
}

/** Whose budget a channel's calls are taken from, and what of it rests: the document's own, or that of an account which several lead to. */
export const accountOf = ({ plugin, channel }: ConnectedChannel, document: string): string =>
  channel.account === undefined ? document : `account of ${plugin.id}: ${channel.account}`;

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
    accountOf(connected, delivery.channel),
    verdict.scope === 'method' ? `method:${method}` : 'account',
    verdict.delayMs,
  );
}
