import { channelPluginOf } from '#connections';
import { looksAtState } from '#domain';
import type { Deliveries, Delivery, Transaction } from '#storage';
import { subscriptionOf } from './evaluator.js';
import type { Look } from './look.js';
import type { Saying } from './say.js';

/** What this run or an earlier one has said and still says, by which rules. */
export type Matter = Delivery & { readonly rules: readonly string[] };

/**
 * What goes on, from earlier runs or as this one has said it, on a channel of matters: what rules about a state have said and nothing has ended. A period
 * that is over is another matter than the next one, so of rules about periods there is none.
 */
export async function ongoingMatters(
  { company, occurrence }: Pick<Look, 'company' | 'occurrence'>,
  deliveries: Deliveries,
  tx: Transaction,
): Promise<readonly Matter[]> {
  const subscription = subscriptionOf(company, occurrence);
  const { configuration } = company;
  const plugin = await channelPluginOf(configuration, subscription?.to.channel);
  if (!subscription || !plugin?.matters) return [];
  const states = new Set(configuration.rules.filter(looksAtState).map(({ name }) => name));
  const all = await deliveries.ongoing(subscription.name, occurrence.nominal_at, tx);
  return all.filter(({ rules }) => rules.every((rule) => states.has(rule)));
}

/** What is to be said, each in the place of the matter that it continues, where there is one. */
export const continued = (
  sayings: readonly Saying[],
  matters: readonly Matter[],
  digest: boolean,
): readonly Saying[] =>
  sayings.map((saying) => {
    const rules = new Set(saying.fired.map(({ rule }) => rule));
    const before = matters.find(
      (matter) =>
        matter.subject === (saying.subject ?? null) &&
        matter.channel === saying.channel &&
        matter.destination === saying.destination &&
        (digest || matter.rules.some((rule) => rules.has(rule))),
    );
    return before ? { ...saying, id: before.id } : saying;
  });
