import { nearestName } from '#domain';
import { isKind, kindNames, kinds, type DocumentByKind, type Kind } from './kinds/index.js';
import type { Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { schemaProblems } from './schema-problems.js';

/** A document whose own fields are right; whether what it names exists is another question. */
export type ParsedDocument = {
  [K in Kind]: { readonly kind: K; readonly value: DocumentByKind[K]; readonly raw: RawDocument };
}[Kind];

/** Reads a document by the schema of its kind. */
export function parseDocument(
  raw: RawDocument,
): { readonly parsed: ParsedDocument } | { readonly problems: readonly Problem[] } {
  const { kind, name, content } = raw;
  if (!isKind(kind)) {
    const near = nearestName(kind, kindNames);
    const remedy = near ? `did you mean \`${near}\`?` : `one of ${kindNames.join(', ')}`;
    return { problems: [problemIn(raw, ['kind'], `there is no kind \`${kind}\``, remedy)] };
  }
  const { schema, nameOf, nameField } = kinds[kind];
  const result = schema.safeParse(content);
  if (!result.success) return { problems: schemaProblems(raw, schema, result.error.issues) };
  if (nameOf(content) !== name)
    return {
      problems: [
        problemIn(
          raw,
          nameField ? [nameField] : [],
          `it is kept as \`${name}\` but says \`${nameOf(content) ?? ''}\``,
          'keep it under what it says',
        ),
      ],
    };
  return { parsed: { kind, value: result.data, raw } as ParsedDocument };
}
