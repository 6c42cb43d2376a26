import type { MessageBlock } from '#domain';
import type { RichTextBlock, TableBlock } from '@slack/web-api';
import { cut, ellipsis } from '../cut.js';

type Table = Extract<MessageBlock, { readonly type: 'table' }>;

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
const limits = { rows: 100, columns: 20, cell: 500 } as const;

/** Slack's own table. A message may hold one only; cells may not be empty; their text is taken literally. */
export function nativeTable(table: Table, maxCharacters: number): TableBlock {
  const { rows, columns } = shaped(table);
  return {
    type: 'table',
    rows: fitting(rows, maxCharacters).map((row) =>
      row.map((text) => ({ type: 'raw_text', text: text || ' ' })),
    ),
    column_settings: columns.map((numeric) => (numeric ? { align: 'right' } : { is_wrapped: true })),
  };
}

/** A further table: the same cells in a fixed-width block. */
export function preformattedTable(table: Table, maxCharacters: number): RichTextBlock {
  const { rows, columns } = shaped(table);
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => width(row[index] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((text, index) => {
        const padding = ' '.repeat((widths[index] ?? 0) - width(text));
        return columns[index] ? padding + text : text + padding;
      })
      .join('  ')
      .trimEnd(),
  );
  const text = fitting(
    lines.map((line) => [line]),
    maxCharacters,
  )
    .map(([line]) => line)
    .join('\n');
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || ' ' }] }],
  };
}

/** Rows of equal length with the head as the first, and which columns hold figures. */
function shaped(table: Table): {
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly boolean[];
} {
  const count = Math.min(limits.columns, table.columns.length);
  const rows = [table.columns, ...table.rows].map((row) =>
    Array.from({ length: count }, (_, index) =>
      cut((row[index] ?? '').replace(/\s+/g, ' ').trim(), limits.cell),
    ),
  );
  const figures = Array.from({ length: count }, (_, index) => {
    const texts = rows.slice(1).map((row) => row[index] ?? '');
    return (
      index > 0 &&
      texts.some((text) => text !== '') &&
      texts.every((text) => text === '' || figure.test(text))
    );
  });
  return { rows, columns: figures };
}

/** As many rows as go in; a row of … stands for the rest. */
function fitting(
  rows: readonly (readonly string[])[],
  maxCharacters: number,
): readonly (readonly string[])[] {
  let left = maxCharacters - rowCost([ellipsis]);
  const kept: (readonly string[])[] = [];
  for (const [index, row] of rows.entries()) {
    left -= rowCost(row);
    const isLast = index === rows.length - 1;
    if (left < 0 || (kept.length === limits.rows - 1 && !isLast))
      return [...kept, row.map((_, place) => (place === 0 ? ellipsis : ''))];
    kept.push(row);
  }
  return kept;
}

/** In characters of JSON: `{"type":"raw_text","text":""},` around each text. */
const rowCost = (row: readonly string[]): number =>
  row.reduce((sum, text) => sum + JSON.stringify(text).length + 28, 2);

const figure = /^[-+−]?[\d\s.,\u00a0\u202f]+\s?\S{0,4}$/u;

/** How many columns a text takes in a fixed-width face; East Asian letters take two. */
const width = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
