import {
  compileExpression,
  ExpressionError,
  scopeOf,
  whereScopeOf,
  type ExpectedType,
  type Rule,
  type Scope,
  type ScopeType,
} from '#domain';
import { checkMeasures } from './check-measures.js';
import { checkSay } from './check-say.js';
import type { Path, Problem } from './problem.js';
import { problemIn, titleOf, type RawDocument } from './raw-document.js';

/** A rule's names and expressions; what it needs of other documents is looked at elsewhere. */
export function checkRule(document: RawDocument, rule: Rule, messages: readonly string[]): Problem[] {
  const problems = [...checkMeasures(document, rule), ...clashes(document, rule)];
  const compile = (path: Path, text: string, scope: Scope, expected: ExpectedType): ScopeType | undefined => {
    const result = compileExpression(text, scope, expected);
    if (!(result instanceof ExpressionError)) return result.type;
    problems.push(expressionProblem(document, path, result));
    return undefined;
  };

  if (rule.where !== undefined) compile(['where'], rule.where, whereScopeOf(rule), 'boolean');
  let scope = scopeOf(rule);
  let complete = true;
  for (const [name, text] of Object.entries(rule.let)) {
    const type = compile(['let', name], text, scope, 'any');
    if (type) scope = { ...scope, [name]: type };
    else complete = false;
  }
  // A `let` that is wrong is told once, not again wherever it is used.
  const mentions = Object.keys(rule.let).some((name) => !(name in scope) && rule.when.includes(name));
  if (complete || !mentions) compile(['when'], rule.when, scope, 'boolean');

  // Whether a number is there cannot be known where an expression is wrong.
  problems.push(...checkSay(document, rule, messages, complete ? scope : undefined));
  return problems;
}

function expressionProblem(document: RawDocument, path: Path, error: ExpressionError): Problem {
  const at = document.origin?.insideText(path, error.line, error.column);
  return {
    ...(at && { at }),
    document: titleOf(document),
    path,
    message: error.message,
    remedy: error.remedy,
  };
}

/** Measures, params and lets share one space of names. */
function* clashes(document: RawDocument, rule: Rule): Generator<Problem> {
  const seen = new Map<string, string>();
  for (const part of ['measure', 'params', 'let'] as const)
    for (const name of Object.keys(rule[part])) {
      const earlier = seen.get(name);
      if (earlier)
        yield problemIn(
          document,
          [part, name],
          `\`${name}\` is already the name of a \`${earlier}\``,
          'give one of them another name',
          'key',
        );
      seen.set(name, part);
    }
}
