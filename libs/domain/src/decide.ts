import type { Decision, Value } from './decision.js';
import {
  compileExpression,
  EvaluationError,
  ExpressionError,
  type CompiledExpression,
  type Scope,
} from './expression.js';
import type { FactKind } from './fact.js';
import type { DateRange, LocalDate } from './instant.js';
import { otherKey, type Rule, type RuleException } from './rule.js';
import { isThere, namedBy, subjectScopes, type Subject } from './subject.js';

/** A rule whose expressions are checked and ready. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly where: CompiledExpression | undefined;
  readonly lets: readonly { readonly name: string; readonly expression: CompiledExpression }[];
  readonly when: CompiledExpression;
}

/** The names that a rule's expressions can use, without its `let`s. */
export const scopeOf = (rule: Rule): Scope => ({
  ...measured(rule),
  ...Object.fromEntries(
    Object.entries(rule.params).map(([name, value]) => [
      name,
      typeof value === 'number' ? ('double' as const) : ('string' as const),
    ]),
  ),
  [rule.each]: subjectScopes[rule.each],
  // Of what was said before only numbers can be asked for; all of it may be absent.
  previous: {
    ...measured(rule),
    ...Object.fromEntries(Object.keys(rule.let).map((name) => [name, 'double' as const])),
  },
});

const measured = ({ measure }: Rule): Scope =>
  Object.fromEntries(
    Object.entries(measure).map(([name, one]) => [
      name,
      'latest' in one && one.by !== undefined
        ? Object.fromEntries([...(one.keys ?? []), otherKey].map((key) => [key, 'double' as const]))
        : ('double' as const),
    ]),
  );

/** The names that tell subjects apart before anything is measured. */
export const whereScopeOf = ({ each }: Rule): Scope => ({ [each]: subjectScopes[each] });

/** Compiles every expression of a rule; throws `ExpressionError` for the first that is wrong. Documents are checked before, so this is a last line. */
export function compileRule(rule: Rule): CompiledRule {
  let scope = scopeOf(rule);
  const lets = Object.entries(rule.let).map(([name, text]) => {
    const expression = compiled(text, scope, 'any');
    scope = { ...scope, [name]: expression.type };
    return { name, expression };
  });
  return {
    rule,
    where: rule.where === undefined ? undefined : compiled(rule.where, whereScopeOf(rule), 'boolean'),
    lets,
    when: compiled(rule.when, scope, 'boolean'),
  };
}

function compiled(text: string, scope: Scope, expected: 'boolean' | 'any'): CompiledExpression {
  const expression = compileExpression(text, scope, expected);
  if (expression instanceof ExpressionError) throw expression;
  return expression;
}

/** What one decision is made from. */
export interface DecisionInputs {
  readonly subject: Subject;
  readonly period: DateRange;
  readonly measures: Readonly<Record<string, Value>>;
  /** Measures and lets as the same rule last said them of this subject to the same subscription; absent at first. */
  readonly previous?: Readonly<Record<string, Value>> | undefined;
  /** The exception that holds for this subject on the day of the decision, if any. */
  readonly exception: RuleException | undefined;
  /** Sources that the rule needs and that do not know this subject. */
  readonly unknownIn: readonly string[];
  /** Sources whose facts are not as complete as the rule asks. */
  readonly incomplete: readonly string[];
  /** The kind of record that the rule measures and that no source has of this subject and period, after it was read as a whole. */
  readonly unrecorded?: FactKind | undefined;
  /** Hours expected in the period, where the rule measures them: nothing expected is nothing to say. */
  readonly expectedHours: number | undefined;
}

/**
 * What the rule concludes about one subject. Pure: the same inputs give the same decision, at any time and in any process.
 * An exemption comes first, then completeness: a number from incomplete data is not even looked at.
 */
export function decide({ rule, lets, when }: CompiledRule, inputs: DecisionInputs): Decision {
  const params = { ...rule.params, ...inputs.exception?.params };
  const base = { rule: rule.name, subject: inputs.subject.id, period: inputs.period };
  if (inputs.exception?.exempt)
    return {
      ...base,
      outcome: 'suppressed',
      reason: 'exempt',
      detail: inputs.exception.name,
      inputs: params,
    };
  const unknown = inputs.unknownIn[0];
  if (unknown !== undefined)
    return { ...base, outcome: 'suppressed', reason: 'no-identity', detail: unknown, inputs: params };
  if (inputs.incomplete.length > 0) {
    return {
      ...base,
      outcome: 'held',
      reason: 'incomplete',
      detail: inputs.incomplete.join(', '),
      inputs: params,
    };
  }
  if (inputs.unrecorded !== undefined)
    return { ...base, outcome: 'suppressed', reason: 'no-record', detail: inputs.unrecorded, inputs: params };
  const values: Record<string, Value> = {
    ...inputs.measures,
    ...params,
    ...(inputs.previous && { previous: inputs.previous }),
  };
  if (measuresExpectedHours(rule) && inputs.expectedHours === 0) {
    return { ...base, outcome: 'suppressed', reason: 'nothing-expected', inputs: values };
  }
  try {
    addLets(lets, inputs.subject, values);
    const fires = when.evaluate(seenOf(inputs.subject, values)) === true;
    return { ...base, outcome: fires ? 'fired' : 'quiet', inputs: values };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { ...base, outcome: 'held', reason: 'expression-error', detail: error.message, inputs: values };
  }
}

/** Whatever the rule calls them. */
const measuresExpectedHours = ({ measure }: Rule): boolean =>
  Object.values(measure).some((one) => 'calendar' in one && one.calendar === 'expectedHours');

/** What expressions see: the values, the subject, and what was said before, which is empty the first time. */
const seenOf = (
  subject: Subject,
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> => ({ previous: {}, ...values, [subject.kind]: subject.visible });

/** Adds the `let`s to the values in order, each seeing those before it. Throws {@link EvaluationError}; those before it are there then. */
export function addLets(lets: CompiledRule['lets'], subject: Subject, values: Record<string, Value>): void {
  for (const { name, expression } of lets) values[name] = expression.evaluate(seenOf(subject, values));
}

/** Whether an expression of the rule asks for what was said before. */
export const asksForPrevious = (rule: Rule): boolean =>
  [...Object.values(rule.let), rule.when].some((text) => /\bprevious\b/.test(text));

/** Of the inputs of a decision that was said, what the rule of today may ask for as `previous`: its measures and lets, as far as they are numbers. */
export const previousOf = (rule: Rule, said: Decision['inputs']): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    [...Object.keys(rule.measure), ...Object.keys(rule.let)].flatMap((name) => {
      const value = Object.hasOwn(said, name) ? said[name] : undefined;
      return typeof value === 'number' || typeof value === 'object' ? [[name, value]] : [];
    }),
  );

/** Whether the rule is about this subject at all: there in the period, and within `where`. */
export const isSubject = ({ where }: CompiledRule, subject: Subject, period: DateRange): boolean =>
  isThere(subject, period) &&
  (where === undefined || where.evaluate({ [subject.kind]: subject.visible }) === true);

/** The exception that holds for a subject on a day: one for itself before one for its team; an exemption before parameters. */
export function exceptionFor(
  exceptions: readonly RuleException[],
  rule: string,
  subject: Subject,
  on: LocalDate,
): RuleException | undefined {
  const holding = exceptions.filter(
    (one) => one.rule === rule && (one.until === undefined || on <= one.until),
  );
  const own = holding.filter((one) => namedBy(one, subject) === 'own');
  const found = own.length > 0 ? own : holding.filter((one) => namedBy(one, subject) === 'of-team');
  return found.find((one) => one.exempt) ?? found[0];
}
