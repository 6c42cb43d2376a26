import { addLets, type CompiledRule } from './decide.js';
import type { Decision, Value } from './decision.js';
import { EvaluationError } from './expression.js';
import { otherKey } from './rule.js';
import type { Subject } from './subject.js';

/** One part of a number: how many there are of it, and where the rule weighs them, what each and all of them count for. */
export interface KpiPart {
  /** A value of the attribute; {@link otherKey} for all that the rule does not name. */
  readonly key: string;
  readonly count: number;
  readonly weighed?: { readonly weight: number; readonly points: number };
}

/** What a number is made up of. */
export interface KpiParts {
  /** The attribute by which it is counted. */
  readonly by: string;
  /** In the order of the rule; all other values are last, and only where there are any. */
  readonly parts: readonly KpiPart[];
}

/** What a KPI rule calls the number that it is about. */
export const kpiValue = 'score';

/**
 * The parts of the number that a rule concluded: of its first measure that counts by an attribute. Undefined where it has none.
 *
 * Weights are not written anywhere by themselves, they are in the rule's expressions. So they are found by trying: what the number would be
 * with one of a part and nothing else. They are told only where the number is what they add up to; of a rule that does something else with
 * its parts only the counts are.
 */
export function partsOf(compiled: CompiledRule, decision: Decision, subject: Subject): KpiParts | undefined {
  for (const [name, measure] of Object.entries(compiled.rule.measure)) {
    if (!('latest' in measure) || measure.by === undefined) continue;
    const counts = decision.inputs[name];
    if (typeof counts !== 'object') continue;
    const named = (measure.keys ?? []).map((key) => ({ key, count: countOf(counts, key) }));
    const others = { key: otherKey, count: countOf(counts, otherKey) };
    const all = [...named, others];
    const scoreOf = trial(compiled, decision, subject, name);
    const weights = all.map(({ key }) => weightOf(scoreOf, key));
    const weighed = all.flatMap(({ count }, index) => {
      const weight = weights[index];
      return weight === undefined ? [] : [{ weight, points: weight * count }];
    });
    const sum = weighed.reduce((total, { points }) => total + points, 0);
    const addsUp =
      weighed.length === all.length &&
      weighed.some(({ weight }) => weight !== 0) &&
      isSame(scoreOf({}), 0) &&
      isSame(decision.inputs[kpiValue], sum);
    const parts = all.map((part, index) => {
      const found = weighed[index];
      return addsUp && found ? { ...part, weighed: found } : part;
    });
    return { by: measure.by, parts: parts.filter(({ key, count }) => key !== otherKey || count !== 0) };
  }
  return undefined;
}

type Counts = Readonly<Record<string, number>>;

/** What the number would be with these counts, all others being 0; undefined where it is none. */
const trial =
  (compiled: CompiledRule, { inputs }: Decision, subject: Subject, measure: string) =>
  (counts: Counts): number | undefined => {
    const none = Object.fromEntries(Object.keys(Object(inputs[measure])).map((key) => [key, 0]));
    const values: Record<string, Value> = { ...inputs, [measure]: { ...none, ...counts } };
    try {
      addLets(compiled.lets, subject, values);
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
    const score = values[kpiValue];
    return typeof score === 'number' ? score : undefined;
  };

/** What one of the part counts for, where two count for twice as much. */
function weightOf(scoreOf: (counts: Counts) => number | undefined, key: string): number | undefined {
  const weight = scoreOf({ [key]: 1 });
  return weight !== undefined && isSame(scoreOf({ [key]: 2 }), 2 * weight) ? weight : undefined;
}

const countOf = (counts: Readonly<Record<string, Value>>, key: string): number => {
  const count = Object.hasOwn(counts, key) ? counts[key] : undefined;
  return typeof count === 'number' ? count : 0;
};

/** But for what doubles are off by. */
const isSame = (one: Value | undefined, other: number): boolean =>
  typeof one === 'number' && Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
