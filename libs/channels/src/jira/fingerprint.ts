import { createHash } from 'node:crypto';

/**
 * Tells the words of an issue apart from others, whatever Jira adds to their form (it gives tables and panels ids of its own): whoever changed a word
 * changed this.
 */
export const fingerprintOf = ({
  summary,
  description,
}: {
  readonly summary: string;
  readonly description?: unknown;
}): string =>
  createHash('sha256')
    .update(JSON.stringify([summary, ...wordsIn(description)].map(plain)))
    .digest('base64url')
    .slice(0, 22);

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

function wordsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(wordsIn);
  if (typeof node !== 'object' || node === null) return [];
  const { text, content } = node as { readonly text?: unknown; readonly content?: unknown };
  return [...(typeof text === 'string' ? [text] : []), ...wordsIn(content)];
}
