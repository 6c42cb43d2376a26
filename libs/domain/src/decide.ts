import type { Decision, Value } from './decision.js';
import {
  compileExpression,
  EvaluationError,
  ExpressionError,
  type CompiledExpression,
  type Scope,
} from './expression.js';
import type { DateRange, LocalDate } from './instant.js';
import type { Person } from './person.js';
import type { Rule, RuleException } from './rule.js';

/** A rule whose expressions are checked and ready. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly where: CompiledExpression | undefined;
  readonly lets: readonly { readonly name: string; readonly expression: CompiledExpression }[];
  readonly when: CompiledExpression;
}

/** What expressions can see of a person. */
export const personScope = {
  slug: 'string',
  name: 'string',
  email: 'string',
  zone: 'string',
  locale: 'string',
  calendar: 'string',
  dailyHours: 'double',
} as const satisfies Scope;

/** The names that a rule's expressions can use, without its `let`s. */
export function scopeOf(rule: Rule): Scope {
  return {
    ...Object.fromEntries(
      Object.entries(rule.measure).map(([name, measure]) => [
        name,
        'latest' in measure && measure.by
          ? Object.fromEntries((measure.keys ?? []).map((key) => [key, 'double' as const]))
          : ('double' as const),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(rule.params).map(([name, value]) => [
        name,
        typeof value === 'number' ? ('double' as const) : ('string' as const),
      ]),
    ),
    person: personScope,
  };
}

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
    where: rule.where === undefined ? undefined : compiled(rule.where, { person: personScope }, 'boolean'),
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
  readonly person: Person;
  readonly period: DateRange;
  readonly measures: Readonly<Record<string, Value>>;
  /** The exception that holds for this person on the day of the decision, if any. */
  readonly exception: RuleException | undefined;
  /** Sources that the rule needs and that do not know this person. */
  readonly unknownIn: readonly string[];
  /** Sources whose facts are not as complete as the rule asks. */
  readonly incomplete: readonly string[];
  /** Hours expected in the period, where the rule measures them: nothing expected is nothing to say. */
  readonly expectedHours: number | undefined;
}

/**
 * What the rule concludes about one person. Pure: the same inputs give the same decision, at any time and in any process.
 * An exemption comes first, then completeness: a number from incomplete data is not even looked at.
 */
export function decide({ rule, lets, when }: CompiledRule, inputs: DecisionInputs): Decision {
  const params = { ...rule.params, ...inputs.exception?.params };
  const base = { rule: rule.name, subject: inputs.person.id, period: inputs.period };
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
  const values: Record<string, Value> = { ...inputs.measures, ...params };
  if (measuresExpectedHours(rule) && inputs.expectedHours === 0) {
    return { ...base, outcome: 'suppressed', reason: 'nothing-expected', inputs: values };
  }
  const seen: Record<string, Value> = { ...values, person: visible(inputs.person) };
  try {
    for (const { name, expression } of lets) {
      const value = expression.evaluate(seen);
      seen[name] = value;
      values[name] = value;
    }
    return { ...base, outcome: when.evaluate(seen) === true ? 'fired' : 'quiet', inputs: values };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { ...base, outcome: 'held', reason: 'expression-error', detail: error.message, inputs: values };
  }
}

/** Whatever the rule calls them. */
const measuresExpectedHours = ({ measure }: Rule): boolean =>
  Object.values(measure).some((one) => 'calendar' in one && one.calendar === 'expectedHours');

/** Whether the rule is about this person at all: active, within joining and leaving dates in the period, and within `where`. */
export function isSubject({ where }: CompiledRule, person: Person, period: DateRange): boolean {
  if (!person.active) return false;
  if (person.joined !== undefined && person.joined >= period.to) return false;
  if (person.left !== undefined && person.left < period.from) return false;
  return where === undefined || where.evaluate({ person: visible(person) }) === true;
}

/** The exception that holds for a person on a day: one for the person before one for a team; an exemption before parameters. */
export function exceptionFor(
  exceptions: readonly RuleException[],
  rule: string,
  person: Person,
  on: LocalDate,
): RuleException | undefined {
  const holding = exceptions.filter(
    (one) => one.rule === rule && (one.until === undefined || on <= one.until),
  );
  const personal = holding.filter(
    (one) =>
      one.person !== undefined && (one.person === person.slug || one.person.toLowerCase() === person.email),
  );
  const ofTeam = holding.filter((one) => one.team !== undefined && person.teams.includes(one.team));
  const found = personal.length > 0 ? personal : ofTeam;
  return found.find((one) => one.exempt) ?? found[0];
}

const visible = (person: Person): Record<string, Value> => ({
  slug: person.slug,
  name: person.name,
  email: person.email ?? '',
  zone: person.zone,
  locale: person.locale,
  calendar: person.calendar ?? '',
  dailyHours: person.dailyHours,
});
