import { Environment, type ASTNode, serialize } from '@marcbachmann/cel-js';
import type { Value } from './decision.js';
import { explainMistake, findMistake } from './expression-words.js';

/** What a name in an expression stands for. An object has named parts: `person` in `person.locale`. */
export type ScopeType = 'double' | 'string' | 'boolean' | { readonly [part: string]: ScopeType };
export type Scope = Readonly<Record<string, ScopeType>>;

/** What an expression may be asked to yield; `any` is a number, a text or a condition. */
export type ExpectedType = 'boolean' | 'double' | 'string' | 'any';

/** Why a text is no expression here, in words for whoever wrote it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(
    /** What is wrong, such as "nothing here is called `housr`". */
    message: string,
    /** What would be right. */
    readonly remedy: string,
    /** Where in the expression, both from 1. */
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/** An expression could not be evaluated on these values. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  constructor(
    /** `missing`: a value that it reads is absent. `mismatch`: a value has another type. `undefined-number`: the result is no finite number. */
    readonly reason: 'missing' | 'mismatch' | 'undefined-number' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A checked expression, ready to be evaluated any number of times. */
export interface CompiledExpression {
  readonly text: string;
  readonly type: 'boolean' | 'double' | 'string';
  /** Throws {@link EvaluationError}. Values beyond the scope are ignored. */
  evaluate(values: Readonly<Record<string, Value>>): Value;
}

const longest = 2000;

/**
 * CEL (https://cel.dev), type-checked against the names in scope. Every number is a double, so a whole number is written `5.0`. What could
 * run long or escape the check (regular expressions, `dyn`) is not there; `min`, `max` are, and a division by zero is an error, not infinity.
 */
export function compileExpression(
  text: string,
  scope: Scope,
  expected: ExpectedType,
): CompiledExpression | ExpressionError {
  if (text.trim() === '') return new ExpressionError('the expression is empty', hint(expected), 1, 1);
  if (text.length > longest)
    return new ExpressionError(
      `the expression has ${text.length} characters`,
      `at most ${longest}; split it into named \`let\`s`,
      1,
      1,
    );

  const environment = environmentOf(scope);
  let ast: ASTNode;
  try {
    ast = environment.parse(text).ast;
  } catch (error) {
    return refuse(text, explainMistake(error, text, scope));
  }
  const mistake = findMistake(ast, scope);
  if (mistake) return refuse(text, mistake);

  const checked = environment.check(text);
  if (!checked.valid) return refuse(text, explainMistake(checked.error, text, scope));
  const type = typeNames[checked.type ?? ''];
  if (!type)
    return new ExpressionError('it yields neither a number nor a text nor a condition', hint(expected), 1, 1);
  if (expected !== 'any' && type !== expected)
    return new ExpressionError(`it yields ${words[type]}, not ${words[expected]}`, hint(expected), 1, 1);

  const run = environment.parse(serialize(withQuotients(ast)));
  return { text, type, evaluate: (values) => evaluated(() => run(values)) };
}

const typeNames: Readonly<Record<string, CompiledExpression['type']>> = {
  bool: 'boolean',
  double: 'double',
  string: 'string',
};

const words = { boolean: 'a condition', double: 'a number', string: 'a text' } as const;

const hint = (expected: ExpectedType): string =>
  ({
    boolean: 'a condition is needed, such as `hours < 25.0`',
    double: 'a number is needed, such as `hours * 1.5`',
    string: 'a text is needed, such as `person.locale`',
    any: 'a number, a text or a condition is needed, such as `expected - hours`',
  })[expected];

function refuse(text: string, mistake: { message: string; remedy: string; at: number }): ExpressionError {
  const before = text.slice(0, mistake.at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new ExpressionError(mistake.message, mistake.remedy, before.length, column);
}

const basis = new Environment({ unlistedVariablesAreDyn: false, limits: { maxDepth: 60, maxAstNodes: 1000 } })
  .registerFunction('min(double, double): double', (one: number, other: number) => Math.min(one, other))
  .registerFunction('max(double, double): double', (one: number, other: number) => Math.max(one, other))
  .registerFunction('quotient(double, double): double', (dividend: number, divisor: number) => {
    if (divisor === 0) throw new EvaluationError('undefined-number', 'a division by zero');
    return dividend / divisor;
  });

function environmentOf(scope: Scope): Environment {
  const environment = basis.clone();
  for (const [name, type] of Object.entries(scope)) {
    if (typeof type === 'string') environment.registerVariable(name, celType(type));
    else environment.registerVariable({ name, schema: schemaOf(type) });
  }
  return environment;
}

const celType = (type: 'double' | 'string' | 'boolean'): string => (type === 'boolean' ? 'bool' : type);

type Schema = { [part: string]: string | Schema };

const schemaOf = (parts: { readonly [part: string]: ScopeType }): Schema =>
  Object.fromEntries(
    Object.entries(parts).map(([name, type]) => [
      name,
      typeof type === 'string' ? celType(type) : schemaOf(type),
    ]),
  );

/** CEL says 1.0 / 0.0 is infinity, and `infinity > threshold` would be said about a person. So divisions go through a function that refuses. */
function withQuotients(node: ASTNode): ASTNode {
  const rewritten = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(rewritten);
    return isNode(part) ? withQuotients(part) : part;
  };
  if (node.op === '/')
    return { ...place(node), op: 'call', args: ['quotient', node.args.map(withQuotients)] } as ASTNode;
  // The library writes 1e300 as `1e+300.0`, which it cannot read.
  if (node.op === 'value' && typeof node.args === 'number' && String(node.args).includes('e'))
    return {
      ...place(node),
      op: 'call',
      args: ['double', [{ ...place(node), op: 'value', args: String(node.args) } as ASTNode]],
    } as ASTNode;
  return { ...place(node), op: node.op, args: rewritten(node.args) } as ASTNode;
}

const place = ({ pos, start, end, input, range }: ASTNode) => ({ pos, start, end, input, range });

const isNode = (part: unknown): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part;

function evaluated(run: () => unknown): Value {
  let value: unknown;
  try {
    value = run();
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    const { code, summary } = error as { code?: string; summary?: string };
    const reason =
      code === 'unknown_variable' || code === 'no_such_key'
        ? 'missing'
        : code?.includes('mismatch') || code === 'no_such_overload'
          ? 'mismatch'
          : 'failed';
    throw new EvaluationError(reason, summary ?? 'the expression could not be evaluated', { cause: error });
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new EvaluationError('undefined-number', `the result is ${value}`);
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new EvaluationError('failed', 'the result is neither a number nor a text nor a condition');
}
