import type { ASTNode } from '@marcbachmann/cel-js';
import type { Scope, ScopeType } from './expression.js';
import { nearestName } from './nearest-name.js';

/** A mistake in an expression, `at` an offset from 0. */
export interface Mistake {
  readonly message: string;
  readonly remedy: string;
  readonly at: number;
}

/** Functions that an expression may call; what CEL has beyond these works on other types or may run long. */
const functions = ['has', 'min', 'max', 'double', 'string'] as const;
const methods = [
  'contains',
  'startsWith',
  'endsWith',
  'substring',
  'trim',
  'lowerAscii',
  'upperAscii',
] as const;

/** Visits a node and what is inside it, outermost first; `skip` leaves out what is inside. */
function walk(node: ASTNode, visit: (node: ASTNode) => 'into' | 'skip'): void {
  if (visit(node) === 'skip') return;
  for (const part of partsOf(node)) walk(part, visit);
}

function partsOf(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(collect);
    else if (typeof part === 'object' && part !== null && 'op' in part) found.push(part as ASTNode);
  };
  collect(node.args);
  return found;
}

/** What the type checker would let pass, or would explain in words that only programmers understand. */
export function findMistake(ast: ASTNode, scope: Scope): Mistake | undefined {
  let mistake: Mistake | undefined;
  walk(ast, (node) => {
    mistake ??= mistakeOf(node, scope);
    // `substring` counts letters: its arguments are whole numbers.
    return mistake || (node.op === 'rcall' && node.args[0] === 'substring') ? 'skip' : 'into';
  });
  return mistake ?? findUnguarded(ast, scope);
}

/** What was said before is not there the first time, and an expression that reads it all the same would fail then. */
function findUnguarded(ast: ASTNode, scope: Scope): Mistake | undefined {
  const known = partsAt('previous', scope);
  const asked = new Set<string>();
  const read: { readonly part: string; readonly at: number }[] = [];
  walk(ast, (node) => {
    const isQuestion = node.op === 'call' && node.args[0] === 'has';
    const part = partOfPrevious(isQuestion ? partsOf(node)[0] : node);
    if (part === undefined || !Object.hasOwn(known, part)) return 'into';
    if (isQuestion) asked.add(part);
    else read.push({ part, at: node.start });
    return 'skip';
  });
  const unguarded = read.find(({ part }) => !asked.has(part));
  return (
    unguarded && {
      message: `the first time there is no \`previous.${unguarded.part}\``,
      remedy: `ask first: \`has(previous.${unguarded.part}) ? … : …\``,
      at: unguarded.at,
    }
  );
}

/** `score` of `previous.score` and `previous["score"]`. */
function partOfPrevious(node: ASTNode | undefined): string | undefined {
  if (node?.op !== '.' && node?.op !== '[]') return undefined;
  const [owner, part] = node.args as readonly [ASTNode, string | ASTNode];
  if (owner.op !== 'id' || owner.args !== 'previous') return undefined;
  const name = typeof part === 'string' ? part : part.args;
  return typeof name === 'string' ? name : undefined;
}

function mistakeOf(node: ASTNode, scope: Scope): Mistake | undefined {
  const at = node.start;
  if (node.op === 'value' && typeof node.args === 'bigint')
    return {
      message: `\`${node.args}\` is a whole number, and every number here is a decimal one`,
      remedy: `write \`${node.args}.0\``,
      at,
    };
  if (node.op === 'value' && node.args === null)
    return {
      message: '`null` is not known here',
      remedy: 'ask `has(previous.score)` whether a value is there',
      at,
    };
  if (node.op === '%')
    return { message: '`%` is not defined for decimal numbers', remedy: 'use `+`, `-`, `*` or `/`', at };
  if (node.op === 'call' && !includes(functions, node.args[0]))
    return unknownFunction(node.args[0], functions, at, scope);
  if (node.op === 'rcall' && !includes(methods, node.args[0]))
    return unknownFunction(node.args[0], methods, node.input.indexOf(node.args[0], node.args[1].end), scope);
  if (node.op === 'map')
    return { message: 'a map is of no use here', remedy: 'compare numbers, texts and conditions', at };
  return undefined;
}

const includes = (names: readonly string[], name: string): boolean => names.includes(name);

function unknownFunction(name: string, known: readonly string[], at: number, scope: Scope): Mistake {
  const near = nearestName(name, known);
  const remedy = name in scope ? `\`${name}\` is a value: write it without parentheses` : undefined;
  return {
    message: `there is no function \`${name}\` here`,
    remedy: remedy ?? (near ? `did you mean \`${near}\`?` : `there are ${list(known)}`),
    at,
  };
}

interface CelError {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number };
}

/** The library's error in plain words. */
export function explainMistake(error: unknown, text: string, scope: Scope): Mistake {
  const { code, summary = 'it cannot be read', range } = error as CelError;
  const at = range?.start ?? 0;
  switch (code) {
    case 'unknown_variable':
      return unknownName(wordAt(text, at), Object.keys(scope), at);
    case 'no_such_key':
      return unknownPart(text, error as CelError, scope);
    case 'cannot_index_type': {
      const owner = text.slice(0, at).match(/([\w.]+)\.$/)?.[1] ?? 'it';
      return { message: `\`${owner}\` has no parts`, remedy: `write \`${owner}\` alone`, at };
    }
    case 'no_such_overload':
      return wrongOperands(summary, at);
    case 'invalid_logical_operand':
      return {
        message: `\`&&\`, \`||\` and \`!\` join conditions, and one side is ${celWords(summary.match(/'(\w+)'/)?.[1])}`,
        remedy: 'compare it with something, such as `hours < 25.0`',
        at,
      };
    case 'incompatible_ternary_branches':
      return {
        message: 'what `? :` yields must be of one type on both sides',
        remedy: 'make both a number, both a text or both a condition',
        at,
      };
    case 'no_matching_overload': {
      const call = summary.match(/'(.*)'/)?.[1] ?? 'this call';
      return {
        message: `\`${call}\` does not fit: these are not the arguments it takes`,
        remedy:
          signatures[call.match(/(\w+)\(/)?.[1] ?? ''] ?? 'numbers, texts and conditions as it needs them',
        at,
      };
    }
    case 'invalid_macro_argument':
      return {
        message: '`has` asks for a part of something',
        remedy: 'write it with the part, such as `has(previous.score)`',
        at,
      };
    case 'limit_exceeded':
      return { message: 'the expression is too deep or too long', remedy: 'split it into named `let`s', at };
    default:
      return unreadable(text, at, summary);
  }
}

const signatures: Readonly<Record<string, string>> = {
  min: '`min` takes two numbers: `min(hours, 40.0)`',
  max: '`max` takes two numbers: `max(expected - hours, 0.0)`',
  substring: '`substring` takes one or two whole numbers: `name.substring(0, 3)`',
  contains: '`contains` takes a text: `person.name.contains("x")`',
  startsWith: '`startsWith` takes a text: `person.zone.startsWith("Europe/")`',
  endsWith: '`endsWith` takes a text: `person.email.endsWith("@acme.example")`',
  double: '`double` takes a text or a number',
  string: '`string` takes a number, a text or a condition',
  has: '`has` takes one part of something: `has(previous.score)`',
};

function unknownName(name: string, known: readonly string[], at: number): Mistake {
  const near = nearestName(name, known);
  const remedy = near
    ? `did you mean \`${near}\`?`
    : known.length > 0
      ? `there are ${list(known)}`
      : 'no values are at hand here';
  return { message: `nothing here is called \`${name}\``, remedy, at };
}

function unknownPart(text: string, { range, summary }: CelError, scope: Scope): Mistake {
  const part = summary?.match(/: (.*)$/)?.[1] ?? '';
  const at = text.indexOf(part, range?.start ?? 0);
  const owner = text.slice(0, at).match(/([\w.]+)(\.|\[\s*["'])$/)?.[1] ?? '';
  const known = Object.keys(partsAt(owner, scope));
  const near = nearestName(part, known);
  const others = known.length > 0 ? `it has ${list(known)}` : 'it has no parts';
  return {
    message: `\`${owner}\` has no part \`${part}\``,
    remedy: near ? `did you mean \`${owner}.${near}\`?` : others,
    at,
  };
}

function partsAt(path: string, scope: Scope): { readonly [part: string]: ScopeType } {
  let found: ScopeType | undefined = scope;
  for (const name of path.split('.')) found = typeof found === 'object' ? found[name] : undefined;
  return typeof found === 'object' ? found : {};
}

function wrongOperands(summary: string, at: number): Mistake {
  const [, one = '', operator = '', other = ''] = summary.match(/: (\S+) (\S+) (\S+)$/) ?? [];
  const message = `\`${operator}\` does not work between ${celWords(one)} and ${celWords(other)}`;
  const kinds = [one, other];
  if (kinds.includes('string') && kinds.includes('double'))
    return {
      message,
      remedy: 'both sides must be numbers, or both texts; `string(…)` makes a number a text',
      at,
    };
  return { message, remedy: 'both sides must be numbers, or both texts', at };
}

const celWords = (type = ''): string =>
  ({ double: 'a number', int: 'a whole number', string: 'a text', bool: 'a condition' })[type] ??
  (type.startsWith('$')
    ? `\`${type.slice(1)}\` as a whole`
    : type.startsWith('list')
      ? 'a list'
      : 'something else');

/** What people who know other languages write, as it stands around the place where CEL stops reading, and what to write instead. */
const habits: readonly { readonly wrong: string; readonly before: RegExp; readonly right: string }[] = [
  { wrong: '<>', before: /<>$/, right: '`!=` means different' },
  { wrong: '=', before: /[^=!<>]=$/, right: '`==` compares' },
  { wrong: 'and', before: /\band(\s+\S)?$/i, right: '`&&` means and' },
  { wrong: 'or', before: /\bor(\s+\S)?$/i, right: '`||` means or' },
  { wrong: 'not', before: /\bnot(\s+\S)?$/i, right: '`!` means not' },
  { wrong: ',', before: /\d,$/, right: 'decimals are written with a point: `7.5`' },
];

function unreadable(text: string, at: number, summary: string): Mistake {
  if (at >= text.trimEnd().length || summary.includes('EOF'))
    return { message: 'the expression ends too early', remedy: 'something is missing at its end', at };
  // The library stops sometimes in the middle of a word.
  const wordEnd = at + (text.slice(at).match(/^\w*/)?.[0].length ?? 0);
  for (const seen of [text.slice(0, at + 1), text.slice(0, wordEnd)])
    for (const { wrong, before, right } of habits)
      if (before.test(seen))
        return {
          message: `\`${wrong}\` is not known here`,
          remedy: right,
          at: seen.toLowerCase().lastIndexOf(wrong),
        };
  const wordStart = at - (text.slice(0, at).match(/[A-Za-z_]*$/)?.[0].length ?? 0);
  const unexpected = text.slice(wordStart).match(/^\w+|^./)?.[0] ?? '';
  return {
    message: `\`${unexpected}\` is not expected here`,
    remedy: 'an operator or the end should stand here',
    at: wordStart,
  };
}

const wordAt = (text: string, at: number): string =>
  text.slice(at).match(/^["']?([\w$]+)/)?.[1] ?? text.slice(at, at + 1);

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
