import type { JiraDoubts } from '../context.js';
import { invalid } from '../jira-error.js';
import type { IssueView, SimulatedIssue } from '../state.js';
import { dateOf } from './dates.js';
import { searchField, type Asking, type SearchField } from './fields.js';
import type { Comparison, Condition, Operand } from './parse.js';
import { textSearch } from './text-search.js';
import { jqlError } from './tokens.js';

export type Predicate = (view: IssueView, issue: SimulatedIssue) => boolean;

export interface Compiling extends Asking {
  readonly doubts: JiraDoubts;
}

/** The condition as a function; throws 400 for fields, operators and values that there are not. */
export function compile(condition: Condition, compiling: Compiling): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => compile(part, compiling));
      return (view, issue) => parts.every((part) => part(view, issue));
    }
    case 'or': {
      const parts = condition.parts.map((part) => compile(part, compiling));
      return (view, issue) => parts.some((part) => part(view, issue));
    }
    case 'not': {
      const part = compile(condition.part, compiling);
      return (view, issue) => !part(view, issue);
    }
    case 'comparison':
      return comparison(condition, compiling);
  }
}

export const unknownField = (name: string) =>
  invalid(`Field '${name}' does not exist or you do not have permission to view it.`);

function comparison(condition: Comparison, compiling: Compiling): Predicate {
  const property = /^issue\.property\[(.+)\](?:\.(.+))?$/.exec(condition.field);
  if (property) return ofProperty(condition, property[1] ?? '', property[2]?.split('.') ?? [], compiling);
  const field = searchField(condition.field, compiling);
  if (!field) throw unknownField(condition.field);
  const { operator, operands } = condition;
  const refused = () =>
    invalid(`The operator '${operator}' is not supported by the '${condition.field}' field.`);
  if (operator === 'is' || operator === 'is not' || operands.includes('empty')) {
    if (operands.length !== 1 || operands[0] !== 'empty') throw refused();
    if (!['is', 'is not', '=', '!='].includes(operator)) throw refused();
    const wantsEmpty = operator === 'is' || operator === '=';
    return (view, issue) => (field.of(view, issue).length === 0) === wantsEmpty;
  }
  if (field.kind === 'text') {
    if (operator !== '~' && operator !== '!~') throw refused();
    const search = textSearch(textOf(operands[0], field));
    const isThere: Predicate = (view, issue) => field.of(view, issue).some(search);
    return operator === '~' ? isThere : (view, issue) => !isThere(view, issue);
  }
  if (operator === '~' || operator === '!~') throw refused();
  if (field.kind === 'date') return ofDate(field, condition, compiling);
  if (operator !== '=' && operator !== '!=' && operator !== 'in' && operator !== 'not in') throw refused();
  const wanted = new Set(operands.flatMap((operand) => idsOf(operand, field, compiling)));
  const holds = operator === '=' || operator === 'in';
  return (view, issue) => {
    const held = field.of(view, issue);
    // Whatever is empty is neither equal nor unequal.
    return held.length > 0 && held.some((value) => wanted.has(value)) === holds;
  };
}

function ofDate(
  field: SearchField,
  { operator, operands }: Comparison,
  { site, caller }: Compiling,
): Predicate {
  const wanted = operands.map((operand) =>
    dateOf(textOf(operand, field), { now: site.now(), timeZone: caller.timeZone }),
  );
  const [bound = ''] = wanted;
  const meets: Readonly<Record<string, (at: string) => boolean>> = {
    '=': (at) => at === bound,
    '!=': (at) => at !== bound,
    '>': (at) => at > bound,
    '>=': (at) => at >= bound,
    '<': (at) => at < bound,
    '<=': (at) => at <= bound,
    in: (at) => wanted.includes(at),
    'not in': (at) => !wanted.includes(at),
  };
  const test = meets[operator];
  if (!test) throw jqlError(`The operator '${operator}' is not supported by the '${field.name}' field.`);
  // A due date is a day of nobody's zone; it begins with the caller's day.
  const instantOf = (at: string): string =>
    at.length === 10 ? dateOf(at, { now: site.now(), timeZone: caller.timeZone }) : at;
  return (view, issue) => field.of(view, issue).some((at) => test(instantOf(at)));
}

function idsOf(operand: Operand, field: SearchField, { caller }: Compiling): readonly string[] {
  if (typeof operand === 'object' && 'function' in operand) {
    if (operand.function.toLowerCase() !== 'currentuser' || !['assignee', 'reporter'].includes(field.name))
      throw jqlError(`Unable to find JQL function '${operand.function}()'.`);
    return [caller.accountId];
  }
  const text = textOf(operand, field);
  const ids = field.known ? field.known(text) : [text];
  if (ids.length === 0) throw invalid(`The value '${text}' does not exist for the field '${field.name}'.`);
  return ids;
}

function textOf(operand: Operand | undefined, field: Pick<SearchField, 'name'>): string {
  if (typeof operand === 'object' && 'text' in operand) return operand.text;
  throw jqlError(`The field '${field.name}' does not take this value.`);
}

/** Only properties that an app declared are in the index; an API token can declare none. [S] */
function ofProperty(
  { field, operator, operands }: Comparison,
  key: string,
  path: readonly string[],
  { site, doubts }: Compiling,
): Predicate {
  if (!site.isIndexed(key)) {
    if (doubts.unindexedProperty === 'refused') throw unknownField(field);
    return () => false;
  }
  if (operator !== '=' && operator !== 'in') throw jqlError(`The operator '${operator}' is not simulated.`);
  const wanted = new Set(operands.map((operand) => textOf(operand, { name: field })));
  return (_, { properties }) => {
    const value = path.reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
      properties[key],
    );
    return value !== undefined && wanted.has(String(value));
  };
}
