import type { Decision } from '#domain';
import type { Decisions, StoredDecision } from '#storage';
import type { Conclusion } from './evaluator.js';

/**
 * What an occurrence concluded from a state stands. How things stand today is no correction of how they stood on Tuesday, so whatever wakes an
 * occurrence later, its conclusions are the ones it came to; only of whom it could conclude nothing yet it does now.
 */
export async function asStatesStand(
  occurrence: string,
  conclusions: readonly Conclusion[],
  decisions: Decisions,
): Promise<readonly Conclusion[]> {
  return Promise.all(
    conclusions.map(async (conclusion) => {
      if (conclusion.decisions.every(({ knownAt }) => knownAt === undefined)) return conclusion;
      const latest = await decisions.latest(occurrence, conclusion.rule.name);
      const before = new Map(
        latest.filter(({ outcome }) => outcome !== 'held').map((stored) => [stored.subject, stored]),
      );
      return {
        ...conclusion,
        decisions: conclusion.decisions.map((decision) => {
          const stored = before.get(decision.subject);
          return stored ? asConcluded(decision, stored) : decision;
        }),
      };
    }),
  );
}

const asConcluded = ({ snapshot }: Decision, stored: StoredDecision): Decision => ({
  rule: stored.rule,
  subject: stored.subject,
  period: { from: stored.period_from, to: stored.period_to },
  ...(snapshot === undefined ? {} : { snapshot }),
  knownAt: stored.as_of,
  outcome: stored.outcome,
  ...(stored.reason === null ? {} : { reason: stored.reason }),
  ...(stored.detail === null ? {} : { detail: stored.detail }),
  inputs: stored.inputs,
});
