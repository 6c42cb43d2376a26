/** What is used of the Atlassian Document Format. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */

type Mark =
  { readonly type: 'strong' } | { readonly type: 'link'; readonly attrs: { readonly href: string } };

export type AdfInline =
  | { readonly type: 'text'; readonly text: string; readonly marks?: readonly Mark[] }
  | { readonly type: 'hardBreak' }
  | { readonly type: 'mention'; readonly attrs: { readonly id: string; readonly text: string } };

export interface Paragraph {
  readonly type: 'paragraph';
  readonly content: readonly AdfInline[];
}

export interface TableRow {
  readonly type: 'tableRow';
  readonly content: readonly {
    readonly type: 'tableHeader' | 'tableCell';
    readonly content: readonly [Paragraph];
  }[];
}

export type AdfBlock =
  | Paragraph
  | { readonly type: 'rule' }
  | {
      readonly type: 'panel';
      readonly attrs: { readonly panelType: 'info' | 'warning' | 'note' };
      readonly content: readonly Paragraph[];
    }
  | { readonly type: 'table'; readonly content: readonly TableRow[] };

export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfBlock[];
}

export const paragraph = (content: readonly AdfInline[]): Paragraph => ({ type: 'paragraph', content });

export const panel = (panelType: 'info' | 'warning' | 'note', content: readonly AdfInline[]): AdfBlock => ({
  type: 'panel',
  attrs: { panelType },
  content: [paragraph(content)],
});

/** Outside text, as pieces that a paragraph takes: an empty text is refused, and a line end in one is none. */
export const textOf = (text: string, ...marks: readonly Mark[]): readonly AdfInline[] =>
  visible(text)
    .split(/\r?\n/)
    .flatMap((line, index) => [
      ...(index === 0 ? [] : [{ type: 'hardBreak' } as const]),
      ...(line === '' ? [] : [{ type: 'text', text: line, ...(marks.length > 0 ? { marks } : {}) } as const]),
    ]);

export const linkTo = (href: string): Mark => ({ type: 'link', attrs: { href } });
export const strong: Mark = { type: 'strong' };

/** The address where it is one to click on. */
export function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

/** Outside text without what no reader can see: control characters, and halves of characters. */
export const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');

export const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ')).trim();
