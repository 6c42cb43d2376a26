import type { Locale, MessageAction, MessageBlock } from '#domain';
import { cut } from '../cut.js';
import { sparkLine } from '../spark-line.js';
import { escaped, inlineHtml, oneLine, webAddress } from './html-text.js';
import { aligned, styles } from './style.js';
import { missing } from '../left-out.js';

type Block<Type extends MessageBlock['type']> = Extract<MessageBlock, { readonly type: Type }>;

/** In characters of text, so that one long block leaves place for others; and rows and cells. */
const limits = {
  text: 8000,
  value: 2000,
  label: 200,
  cell: 400,
  columns: 12,
  rows: 200,
  button: 60,
  buttons: 10,
} as const;

/** A block as HTML; empty where there is nothing to show. */
export function blockHtml(block: MessageBlock, locale: Locale): string {
  switch (block.type) {
    case 'text':
      return paragraph(inlineHtml(block.text, limits.text, locale), styles.text);
    case 'note':
      return paragraph(inlineHtml(block.text, limits.text, locale), styles.note, 'quiet');
    case 'trend':
      return trend(block, locale);
    case 'fields':
      return fields(block, locale);
    case 'table':
      return table(block, locale);
    case 'actions':
      return buttons(block.actions);
    case 'divider':
      return `<hr class="line" style="${styles.rule}">`;
  }
}

const paragraph = (html: string, style: string, kind?: string): string =>
  html.trim() === '' ? '' : `<p${kind === undefined ? '' : ` class="${kind}"`} style="${style}">${html}</p>`;

/** Bars are for the eye: who listens hears the text. */
function trend({ values, text }: Block<'trend'>, locale: Locale): string {
  const bars = sparkLine(values);
  const drawn = bars === '' ? '' : `<span aria-hidden="true" style="${styles.bars}">${bars}</span> `;
  return paragraph(`${drawn}${inlineHtml([oneLine(text)], limits.value, locale)}`, styles.trend);
}

/** Label and value side by side, in lines that a phone has place for. */
function fields({ fields: all }: Block<'fields'>, locale: Locale): string {
  const rows = all.slice(0, limits.rows).map(({ label, value }) => {
    const name = escaped(cut(oneLine(label), limits.label));
    const text = inlineHtml([value], limits.value, locale);
    return `<tr><th scope="row" class="quiet" style="${styles.label}">${name}</th><td style="${styles.value}">${text.trim() === '' ? '–' : text}</td></tr>`;
  });
  return tableOf(rows, all.length, styles.fields, locale);
}

function table({ columns, rows }: Block<'table'>, locale: Locale): string {
  const shown = columns.slice(0, limits.columns);
  if (shown.length === 0 || rows.length === 0) return '';
  const last = shown.length - 1;
  const cell = (text: string): string => escaped(cut(oneLine(text), limits.cell));
  const head = shown.map(
    (column, index) =>
      `<th scope="col" class="quiet line" style="${styles.head}${aligned(index, last)}">${cell(column)}</th>`,
  );
  const kept = rows.slice(0, limits.rows);
  const body = kept.map((row, at) => {
    // What comes next stands apart by itself; a rule below the last line would be one too many.
    const style = at === kept.length - 1 ? styles.lastData : styles.data;
    const cells = shown.map(
      (_, index) => `<td class="line" style="${style}${aligned(index, last)}">${cell(row[index] ?? '')}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return tableOf([`<tr>${head.join('')}</tr>`, ...body], rows.length + 1, styles.table, locale);
}

/** Rows as a table, and how many of all are not there. */
function tableOf(rows: readonly string[], all: number, style: string, locale: Locale): string {
  if (rows.length === 0) return '';
  const lost = all - rows.length;
  const omission =
    lost === 0 ? '' : paragraph(`<i>${missing(locale, 'rowsNotShown', lost)}</i>`, styles.text);
  return `<table cellpadding="0" cellspacing="0" style="${style}">${rows.join('')}</table>${omission}`;
}

/** Those that lead somewhere. Nothing answers the others here, so they are not shown. */
function buttons(actions: readonly MessageAction[]): string {
  const all = actions
    .flatMap(({ id, label, url }) => {
      const address = url === undefined ? undefined : webAddress(url);
      const text = escaped(cut(oneLine(label) || id, limits.button));
      return address === undefined
        ? []
        : `<a class="button" href="${escaped(address)}" style="${styles.button}">${text}</a>`;
    })
    .slice(0, limits.buttons);
  return paragraph(all.join(' '), styles.actions);
}
