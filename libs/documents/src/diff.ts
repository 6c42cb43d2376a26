import { canonical, hashOf } from './canonical.js';
import { formatPath, type Path } from './problem.js';
import { titleOf, type RawDocument } from './raw-document.js';

export interface ChangedDocument {
  readonly before: RawDocument;
  readonly after: RawDocument;
  /** What differs, such as `params.threshold` or `holidays[3].day`; a value that came or went counts too. */
  readonly paths: readonly string[];
}

/** What applying documents would do; each list by kind and name. */
export interface DocumentDiff {
  readonly added: readonly RawDocument[];
  readonly changed: readonly ChangedDocument[];
  readonly removed: readonly RawDocument[];
  readonly same: readonly RawDocument[];
}

export function diffDocuments(before: readonly RawDocument[], after: readonly RawDocument[]): DocumentDiff {
  const old = new Map(before.map((document) => [titleOf(document), document]));
  const wanted = new Set(after.map(titleOf));
  const added: RawDocument[] = [];
  const changed: ChangedDocument[] = [];
  const same: RawDocument[] = [];
  for (const document of inOrder(after)) {
    const earlier = old.get(titleOf(document));
    if (!earlier) added.push(document);
    else if (hashOf(earlier) === hashOf(document)) same.push(document);
    else
      changed.push({
        before: earlier,
        after: document,
        paths: differences(earlier.content, document.content).map(formatPath),
      });
  }
  return {
    added,
    changed,
    removed: inOrder(before).filter((document) => !wanted.has(titleOf(document))),
    same,
  };
}

const inOrder = (documents: readonly RawDocument[]): RawDocument[] =>
  [...documents].sort((one, other) => (titleOf(one) < titleOf(other) ? -1 : 1));

type Fields = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The shortest paths below which something differs; where one side is no map or list, the whole value does. */
function differences(one: unknown, other: unknown, path: Path = []): Path[] {
  // What is absent and what is empty (`null`) are two things.
  if ((one === undefined) !== (other === undefined)) return [path];
  if (canonical(one) === canonical(other)) return [];
  if (!isMap(one) || !isMap(other) || Array.isArray(one) !== Array.isArray(other)) return [path];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) =>
    differences(one[key], other[key], [...path, Array.isArray(one) ? Number(key) : key]),
  );
}
