import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
} from 'yaml';
import type { Path, Place } from './problem.js';
import type { Origin } from './raw-document.js';

interface Found {
  readonly key?: Node;
  readonly value?: Node;
}

/** Finds the places of values in one YAML document; aliases and merged keys lead to where they are written. */
export function originOf(file: string, text: string, document: Document, lines: LineCounter): Origin {
  const placeOf = (node: Node | undefined): Place => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? document.contents?.range?.[0] ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const resolved = (node: Node | undefined): Node | undefined =>
    isAlias(node) ? node.resolve(document) : node;

  const step = (node: Node | undefined, key: string | number): Found | undefined => {
    const holder = resolved(node);
    if (isSeq(holder)) return { value: holder.items[Number(key)] as Node };
    if (!isMap(holder)) return undefined;
    const own = holder.items.find((pair) => nameOf(pair) === String(key));
    if (own) return { key: own.key as Node, value: own.value as Node };
    for (const pair of holder.items) {
      if (nameOf(pair) !== '<<') continue;
      const merged = resolved(pair.value as Node);
      for (const source of isSeq(merged) ? (merged.items as Node[]) : [merged]) {
        const found = step(source, key);
        if (found) return found;
      }
    }
    return undefined;
  };

  const find = (path: Path): { readonly found: Found; readonly whole: boolean } => {
    let found: Found = document.contents ? { value: document.contents } : {};
    for (const key of path) {
      const next = step(found.value, key);
      if (!next) return { found, whole: false };
      found = next;
    }
    return { found, whole: true };
  };

  return {
    file,
    valueAt: (path) => {
      const { found } = find(path);
      return placeOf(found.value ?? found.key);
    },
    keyAt: (path) => {
      const { found, whole } = find(path);
      return placeOf(whole ? (found.key ?? found.value) : found.value);
    },
    insideText: (path, line, column) => {
      const node = resolved(find(path).found.value);
      const start = placeOf(node);
      if (!isScalar(node) || !node.range) return start;
      return insideScalar(node, text, start, line, column);
    },
  };
}

const nameOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

/** Where the text is written as it is read, the exact letter; where YAML folds or escapes it, its beginning. */
function insideScalar(scalar: Scalar, text: string, start: Place, line: number, column: number): Place {
  const [from = 0, to = 0] = scalar.range ?? [];
  const source = text.slice(from, to);
  if (scalar.type === Scalar.BLOCK_LITERAL) {
    const written = text.split('\n');
    const indent = /^ */.exec(written[start.line] ?? '')?.[0].length ?? 0;
    return { ...start, line: start.line + line, column: indent + column };
  }
  if (line > 1 || source.includes('\n')) return start;
  const quotes = scalar.type === Scalar.PLAIN ? 0 : 1;
  const plain = source.slice(quotes, source.length - quotes) === scalar.value;
  return plain ? { ...start, column: start.column + quotes + column - 1 } : start;
}
