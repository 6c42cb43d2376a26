import { z } from 'zod';

/**
 * The Atlassian Document Format, as far as the product needs it: a node, mark or attribute that is not listed is refused.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ [D]
 */

const text = z.string().min(1, 'text must not be empty');

const link = z.strictObject({
  type: z.literal('link'),
  attrs: z.strictObject({
    href: z.string().refine((href) => URL.canParse(href), 'not a URL'),
    title: z.string().optional(),
  }),
});
const code = z.strictObject({ type: z.literal('code') });
const mark = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('strong') }),
  z.strictObject({ type: z.literal('em') }),
  z.strictObject({ type: z.literal('strike') }),
  z.strictObject({ type: z.literal('underline') }),
  code,
  link,
  z.strictObject({
    type: z.literal('textColor'),
    attrs: z.strictObject({ color: z.string().regex(/^#[0-9a-f]{6}$/i) }),
  }),
  z.strictObject({ type: z.literal('subsup'), attrs: z.strictObject({ type: z.enum(['sub', 'sup']) }) }),
]);

const marks = z
  .array(mark)
  .refine((all) => new Set(all.map(({ type }) => type)).size === all.length, 'a mark is given twice')
  .refine(
    (all) =>
      !all.some(({ type }) => type === 'code') || all.every(({ type }) => type === 'code' || type === 'link'),
    'code goes with link only',
  );

const plainText = z.strictObject({ type: z.literal('text'), text });

const inline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text, marks: marks.optional() }),
  z.strictObject({
    type: z.literal('hardBreak'),
    attrs: z.strictObject({ text: z.literal('\n') }).optional(),
  }),
  z.strictObject({
    type: z.literal('mention'),
    attrs: z.strictObject({ id: z.string().min(1), text: z.string().optional() }),
  }),
  z.strictObject({
    type: z.literal('emoji'),
    attrs: z.strictObject({ shortName: z.string().regex(/^:[^:\s]+:$/) }),
  }),
  z.strictObject({
    type: z.literal('inlineCard'),
    attrs: z.strictObject({ url: z.string().refine((url) => URL.canParse(url), 'not a URL') }),
  }),
  z.strictObject({
    type: z.literal('date'),
    attrs: z.strictObject({ timestamp: z.string().regex(/^\d+$/) }),
  }),
  z.strictObject({
    type: z.literal('status'),
    attrs: z.strictObject({
      text,
      color: z.enum(['neutral', 'purple', 'blue', 'red', 'yellow', 'green']),
    }),
  }),
]);

const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(inline).optional() });
const heading = z.strictObject({
  type: z.literal('heading'),
  attrs: z.strictObject({ level: z.int().min(1).max(6) }),
  content: z.array(inline).optional(),
});
const codeBlock = z.strictObject({
  type: z.literal('codeBlock'),
  attrs: z.strictObject({ language: z.string().optional() }).optional(),
  content: z.array(plainText).optional(),
});
const rule = z.strictObject({ type: z.literal('rule') });

// Lists within lists and code within items are not in the part of the format that we go by.
const listItem = z.strictObject({ type: z.literal('listItem'), content: z.array(paragraph).min(1) });
const bulletList = z.strictObject({ type: z.literal('bulletList'), content: z.array(listItem).min(1) });
const orderedList = z.strictObject({ type: z.literal('orderedList'), content: z.array(listItem).min(1) });

const blockquote = z.strictObject({ type: z.literal('blockquote'), content: z.array(paragraph).min(1) });
// Which blocks a panel may hold is not given; these are the safe ones. [I]
const panel = z.strictObject({
  type: z.literal('panel'),
  attrs: z.strictObject({ panelType: z.enum(['info', 'note', 'warning', 'success', 'error']) }),
  content: z.array(z.discriminatedUnion('type', [paragraph, heading, bulletList, orderedList])).min(1),
});

const cellOf = <Type extends 'tableHeader' | 'tableCell'>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    attrs: z.strictObject({}).optional(),
    content: z.array(paragraph).min(1),
  });
const tableRow = z.strictObject({
  type: z.literal('tableRow'),
  content: z.array(z.discriminatedUnion('type', [cellOf('tableHeader'), cellOf('tableCell')])).min(1),
});
const table = z.strictObject({ type: z.literal('table'), content: z.array(tableRow).min(1) });

const block = z.discriminatedUnion('type', [
  paragraph,
  heading,
  bulletList,
  orderedList,
  codeBlock,
  blockquote,
  panel,
  rule,
  table,
]);

const document = z.strictObject({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(block),
});

/** Longest text of a field, in characters. [I] */
export const longestText = 32_767;

const notADocument = 'Operation value must be an Atlassian Document';

/** What is wrong with a value where a document is due; `undefined` where nothing is. Where the document is wrong is said beside it. [I] */
export function documentTrouble(value: unknown): string | undefined {
  const parsed = document.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return where === '' ? notADocument : `${notADocument} (${where}: ${issue?.message ?? ''})`;
  }
  if (textOf(value).length > longestText)
    return `The entered text is too long. It exceeds the allowed limit of ${longestText} characters.`;
  return undefined;
}

/** The text of a document, a line for each block that holds some. */
export function textOf(value: unknown): string {
  const lines: string[] = [''];
  const add = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, text: said, attrs, content } = node as Record<string, unknown>;
    const shown = said ?? (isText(attrs) ? (attrs.text ?? '') : '');
    if (type === 'hardBreak') lines.push('');
    else lines[lines.length - 1] += String(shown);
    if (!Array.isArray(content)) return;
    content.forEach(add);
    if (lineEnding.has(String(type))) lines.push('');
  };
  add(value);
  return lines.join('\n').trimEnd();
}

const lineEnding = new Set(['paragraph', 'heading', 'codeBlock']);

const isText = (attrs: unknown): attrs is { readonly text?: string } =>
  typeof attrs === 'object' && attrs !== null;
