import { nearestName } from '#domain';
import type { z } from 'zod';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { hintAt, knownKeys } from './schema-shape.js';

type Issue = z.core.$ZodIssue;

/** A schema's complaints about a document, in words. `base` is where in the document the schema's value stands. */
export const schemaProblems = (
  document: RawDocument,
  schema: z.ZodType,
  issues: readonly Issue[],
  base: Path = [],
): Problem[] => issues.flatMap((issue) => explain(document, schema, issue, base));

function explain(document: RawDocument, schema: z.ZodType, issue: Issue, base: Path): Problem[] {
  const within = issue.path as Path;
  const path = [...base, ...within];
  const value = valueAt(document.content, path);
  const tell = (message: string, remedy: string): Problem[] => [problemIn(document, path, message, remedy)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(document, [...path, key], knownKeys(schema, within)));
    case 'invalid_key':
      return issue.issues.flatMap((inner) => {
        const { message, remedy } = custom(inner);
        return problemIn(document, path, message, remedy ?? 'give it another name', 'key');
      });
    case 'invalid_type':
      return value === undefined
        ? tell(`${name(path)} is missing`, `give it ${typeWords[issue.expected] ?? 'a value'}`)
        : tell(
            `${name(path)} must be ${typeWords[issue.expected] ?? issue.expected}, not ${wordsFor(value)}`,
            remedyFor(schema, within, issue.expected, value),
          );
    case 'invalid_value':
      return value === undefined
        ? tell(`${name(path)} is missing`, oneOf(issue.values, ''))
        : tell(`${name(path)} cannot be \`${String(value)}\``, oneOf(issue.values, value));
    case 'invalid_union':
      return explainUnion(document, schema, issue, base);
    case 'too_small':
      return tell(
        `${name(path)} is too ${issue.origin === 'number' ? 'small' : 'short'}`,
        bound(issue.minimum, issue.origin, issue.inclusive !== false ? 'at least' : 'more than'),
      );
    case 'too_big':
      return tell(
        `${name(path)} is too ${issue.origin === 'number' ? 'large' : 'long'}`,
        bound(issue.maximum, issue.origin, issue.inclusive !== false ? 'at most' : 'less than'),
      );
    case 'invalid_format':
      return tell(
        `${name(path)} is not right: ${issue.message.replace(/^Invalid \w+: must match pattern/, 'it must match')}`,
        hintAt(schema, within) ?? 'give it what it asks for',
      );
    default: {
      const { message, remedy } = custom(issue);
      return tell(message, remedy ?? hintAt(schema, within) ?? 'give it what it asks for');
    }
  }
}

/** Of several forms that a value may have, the one that was meant is that which complains least and deepest. */
function explainUnion(
  document: RawDocument,
  schema: z.ZodType,
  issue: Issue & { code: 'invalid_union' },
  base: Path,
): Problem[] {
  const path = [...base, ...(issue.path as Path)];
  const value = valueAt(document.content, path);
  if (value === undefined) return [problemIn(document, path, `${name(path)} is missing`, 'give it a value')];
  const branches = issue.errors.filter(
    (errors) => !errors.some((error) => error.code === 'invalid_type' && error.path.length === 0),
  );
  const [meant] = [...branches].sort((one, other) => weight(one) - weight(other));
  if (meant) {
    const keys = knownKeys(schema, issue.path as Path);
    // A key that no form knows is the mistake itself.
    const unknown = Object.keys(typeof value === 'object' && value ? value : {}).filter(
      (key) => keys.length > 0 && !keys.includes(key),
    );
    if (unknown.length > 0) return unknown.map((key) => unknownKey(document, [...path, key], keys));
    return meant.flatMap((inner) =>
      explain(document, schema, { ...inner, path: [...issue.path, ...inner.path] }, base),
    );
  }
  const forms = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [typeWords[first.expected] ?? first.expected] : [],
  );
  return [
    problemIn(
      document,
      path,
      `${name(path)} cannot be ${wordsFor(value)}`,
      `it must be ${[...new Set(forms)].join(' or ')}`,
    ),
  ];
}

const weight = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, { code, path }) =>
      sum + (code === 'unrecognized_keys' ? 4 : code === 'invalid_type' ? 3 : 1) - path.length / 10,
    0,
  );

function unknownKey(document: RawDocument, path: Path, known: readonly string[]): Problem {
  const key = String(path.at(-1));
  const near = nearestName(key, known);
  const remedy = near
    ? `did you mean \`${near}\`?`
    : known.length > 0
      ? `there are ${known.map((one) => `\`${one}\``).join(', ')}`
      : 'remove it';
  return problemIn(document, path, `\`${key}\` is not known here`, remedy, 'key');
}

function custom(issue: Issue): { message: string; remedy: string | undefined } {
  const params = issue.code === 'custom' ? issue.params : undefined;
  const remedy: unknown = params?.remedy;
  return { message: issue.message, remedy: typeof remedy === 'string' ? remedy : undefined };
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

const wordsFor = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'boolean' ? `\`${String(value)}\`` : (typeWords[typeof value] ?? typeof value);
};

function remedyFor(schema: z.ZodType, within: Path, expected: string, value: unknown): string {
  const example = hintAt(schema, within);
  if (example?.startsWith('such as')) return example;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: \`"${String(value)}"\``;
  if (
    expected === 'number' &&
    typeof value === 'string' &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  )
    return `write it without quotes: \`${value}\``;
  if (expected === 'boolean' && typeof value === 'string') return 'write `true` or `false`, without quotes';
  if (expected === 'array') return `write a list: \`[${typeof value === 'object' ? '…' : String(value)}]\``;
  return `give it ${typeWords[expected] ?? expected}`;
}

function oneOf(values: readonly unknown[], value: unknown): string {
  const names = values.map(String);
  const near = nearestName(String(value), names);
  if (near) return `did you mean \`${near}\`?`;
  return names.length === 1
    ? `write \`${names[0]}\``
    : `one of ${names.map((one) => `\`${one}\``).join(', ')}`;
}

const bound = (limit: number | bigint, origin: string, words: string): string =>
  origin === 'number'
    ? `${words} ${limit}`
    : origin === 'string'
      ? `${words} ${limit} letters`
      : `${words} ${limit} of them`;

const name = (path: Path): string => {
  const last = path.at(-1);
  if (last === undefined) return 'this';
  return typeof last === 'number' ? `entry ${last + 1} of \`${String(path.at(-2))}\`` : `\`${last}\``;
};

/** The value at a path of plain data; undefined where there is none. */
const valueAt = (content: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[key];
  }, content);
