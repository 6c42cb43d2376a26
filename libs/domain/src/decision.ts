import type { DateRange, Instant } from './instant.js';

export const decisionOutcomes = ['fired', 'quiet', 'suppressed', 'held'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];

/** Why a decision is `suppressed` or `held`: a closed set, shown in words by `explain`; also the metric's label. */
export const decisionReasons = [
  /** An Exception document says that nobody hears. */
  'exempt',
  /** Nothing was expected of this person in the whole period. */
  'nothing-expected',
  /** The subject is not known in a source that the rule needs. */
  'no-identity',
  /** No source has a record of the subject in the period: nothing is known, which is not zero. */
  'no-record',
  /** A source's facts are not as complete as the rule asks. */
  'incomplete',
  /** The expression failed on these inputs. */
  'expression-error',
] as const;
export type DecisionReason = (typeof decisionReasons)[number];

/** A value that an expression can see. */
export type Value = number | string | boolean | { readonly [key: string]: Value };

/** What one rule version concluded for one subject and period, and from which inputs. */
export interface Decision {
  readonly rule: string;
  readonly subject: string;
  readonly period: DateRange;
  /** Of a rule over `latest`: the id of the occurrence, which stands in the period's place in every key. */
  readonly snapshot?: string;
  /** Of a rule that looks at a state: by what was known then. It stands for ever: what is known later is another state. */
  readonly knownAt?: Instant;
  readonly outcome: DecisionOutcome;
  readonly reason?: DecisionReason;
  /** Measures, lets and params as the expression saw them; where it asked, also `previous`. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** For people who ask: what the reason is about, such as the source's name. */
  readonly detail?: string;
}
