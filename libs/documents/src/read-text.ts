import { nearestName } from '#domain';
import { LineCounter, parseAllDocuments, visit, type Document } from 'yaml';
import { isKind, kindNames, kinds, type Kind } from './kinds/index.js';
import { originOf } from './origin.js';
import type { Place, Problem } from './problem.js';
import type { Origin, RawDocument } from './raw-document.js';

interface Read {
  readonly documents: readonly RawDocument[];
  readonly problems: readonly Problem[];
}

/** What is wrong with a text as YAML, `pos` beginning with the offset. */
interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, ...number[]];
}

/** Reads one file's text: any number of YAML 1.2 documents, or one of JSON. `file` is only named in problems. */
export function readText(text: string, file: string): Read {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    merge: true,
    logLevel: 'silent',
  });
  const documents: RawDocument[] = [];
  const problems: Problem[] = [];
  for (const document of parsed) {
    if (!('contents' in document)) continue;
    const complaints: Complaint[] = [
      ...document.errors,
      ...document.warnings,
      ...directiveErrors(document),
      ...aliasErrors(document),
    ];
    for (const { code, message, pos } of complaints) {
      const { line, col } = lines.linePos(pos[0]);
      problems.push({ at: { file, line, column: col }, path: [], ...explainYaml(code, message) });
    }
    if (complaints.length > 0) continue;
    const result = fromYaml(document, originOf(file, text, document, lines));
    if (!result) continue;
    if ('message' in result) problems.push(result);
    else documents.push(result);
  }
  return { documents, problems };
}

/** The parser finds these only when values are made, and then without a place. */
function aliasErrors(document: Document): Complaint[] {
  const errors: Complaint[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        errors.push({ code: 'BAD_ALIAS', message: '', pos: [alias.range?.[0] ?? 0] });
    },
  });
  return errors;
}

/** YAML 1.1 reads `no` as false and `2026-01-01` as a date: nobody should get that unasked. */
const directiveErrors = (document: Document): Complaint[] =>
  document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2'
    ? [{ code: 'BAD_DIRECTIVE', message: 'Only YAML 1.2 is read', pos: [0] }]
    : [];

/** What the parser says in its own words, with what to do. */
function explainYaml(code: string, message: string): { message: string; remedy: string } {
  const remedies: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
    TAB_AS_INDENT: ['a tab indents this line', 'indent with spaces'],
    DUPLICATE_KEY: ['this key is there twice', 'keep one of them'],
    TAG_RESOLVE_FAILED: ['tags such as `!this` are not known here', 'write the value without a tag'],
    BAD_DIRECTIVE: ['only YAML 1.2 is read', 'remove the `%YAML` line'],
    NON_STRING_KEY: ['a key must be a plain text', 'write `key: value`'],
    BAD_ALIAS: ['this alias names no anchor', 'define the anchor before it: `&name`'],
    MULTILINE_IMPLICIT_KEY: [
      'the indentation does not fit',
      'indent the fields of one map by the same number of spaces',
    ],
    BAD_INDENT: ['the indentation does not fit', 'indent the fields of one map by the same number of spaces'],
    BLOCK_AS_IMPLICIT_KEY: [
      'a `: ` stands where a text should',
      'put a text that has a colon and a space into quotes',
    ],
  };
  const known = remedies[code];
  if (known) return { message: known[0], remedy: known[1] };
  return {
    message: `this is no YAML: ${message}`,
    remedy: 'quote texts with special signs, close every bracket',
  };
}

function fromYaml(document: Document, origin: Origin): RawDocument | Problem | undefined {
  const at = origin.valueAt([]);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return {
      at,
      path: [],
      message: 'its aliases unfold to too much',
      remedy: 'write the values out, or use fewer aliases',
    };
  }
  if (value === null || value === undefined) return undefined;
  const oddity = odd(value);
  if (oddity) return { at: origin.valueAt(oddity.path), ...oddity };
  if (!isRecord(value))
    return { at, path: [], message: 'a document is a map of fields', remedy: 'begin it with `kind: …`' };
  return envelope(value, origin, at);
}

function envelope(fields: Record<string, unknown>, origin: Origin, at: Place): RawDocument | Problem {
  const { kind, ...content } = fields;
  if (kind === undefined)
    return { at, path: [], message: '`kind` is missing', remedy: `one of ${kindNames.join(', ')}` };
  if (!isKind(kind)) {
    const near = nearestName(String(kind), kindNames);
    return {
      at: origin.valueAt(['kind']),
      path: ['kind'],
      message: `there is no kind \`${String(kind)}\``,
      remedy: near ? `did you mean \`${near}\`?` : `one of ${kindNames.join(', ')}`,
    };
  }
  const name = kinds[kind].nameOf(content);
  if (name !== undefined) return { kind, name, content, origin };
  return nameless(kind, content, origin, at);
}

function nameless(kind: Kind, content: Record<string, unknown>, origin: Origin, at: Place): Problem {
  const field = kinds[kind].nameField ?? 'name';
  const remedy =
    field === 'email' ? '`email: olena@acme.example`' : `\`${field}: low-hours\`, unique within its kind`;
  if (!(field in content))
    return { at, document: kind, path: [], message: `\`${field}\` is missing`, remedy };
  return {
    at: origin.valueAt([field]),
    document: kind,
    path: [field],
    message: `\`${field}\` must be a text`,
    remedy,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first value that JSON could not hold, and so neither could the database. */
function odd(value: unknown, path: (string | number)[] = []): Omit<Problem, 'at'> | undefined {
  if (path.length > 40)
    return {
      path: [],
      message: 'it is nested too deeply',
      remedy: 'at most 40 levels, and no alias to itself',
    };
  if (typeof value === 'number' && !Number.isFinite(value))
    return { path, message: 'this is no finite number', remedy: 'write a number such as `25.0`' };
  if (
    typeof value === 'bigint' ||
    (isRecord(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value) as object))
  )
    return { path, message: 'this is neither text, number, list nor map', remedy: 'write it without a tag' };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inside] of Object.entries(value)) {
    const found = odd(inside, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}
