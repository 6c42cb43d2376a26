import { createHash } from 'node:crypto';
import type { RawDocument } from './raw-document.js';

/** JSON with sorted keys: equal data gives equal text, however it was written. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inside]) => inside !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, inside]) => `${JSON.stringify(key)}:${canonical(inside)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** SHA-256 (hex) of what a document says: the order of keys, comments and where it is written do not count. */
export const hashOf = ({ kind, name, content }: Pick<RawDocument, 'kind' | 'name' | 'content'>): string =>
  sha256(canonical([kind, name, content]));

/** SHA-256 (hex) of a set of documents, in whatever order they come. */
export const hashOfAll = (documents: readonly RawDocument[]): string =>
  sha256(documents.map(hashOf).sort().join('\n'));
