import type { Locale, MessageAction, MessageBlock } from '#domain';
import { cut } from '../cut.js';
import { sparkLine } from '../spark-line.js';
import { bytesOf, cardText, oneLine, visible, webAddress } from './card-text.js';
import { countOf, paragraph, type Button, type DecoratedText, type Widget } from './card.js';
import { missing } from '../left-out.js';

type Block<Type extends MessageBlock['type']> = Extract<MessageBlock, { readonly type: Type }>;

type Field = Block<'fields'>['fields'][number];

/** What is left of the card. */
interface Room {
  readonly bytes: number;
  readonly widgets: number;
  readonly locale: Locale;
}

/** In bytes of JSON, so that one long block leaves place for others. */
const limits = {
  text: 8000,
  value: 2000,
  table: 16_000,
  cell: 600,
  /** In characters, as these are plain text. */
  label: 100,
  button: 60,
  buttons: 10,
  /** Below this it is not worth beginning a block. */
  least: 400,
} as const;

/** Of a label and a value that stand well in half the width of a phone. */
const shortText = 24;
const grey = '#80868b';

/** A block as widgets, as much of it as goes in. None where there is nothing to show; undefined where there is no place for it. */
export function widgetsOf(block: MessageBlock, room: Room): readonly Widget[] | undefined {
  if (room.bytes < limits.least || room.widgets < 1) return undefined;
  const max = room.bytes - bytesOf([paragraph('')]);
  switch (block.type) {
    case 'text':
      return paragraphs(cardText(block.text, Math.min(limits.text, max), room.locale));
    case 'note': {
      const text = cardText(block.text, Math.min(limits.text, max) - bytesOf(small('')), room.locale);
      return text.trim() === '' ? [] : [paragraph(small(text))];
    }
    case 'trend': {
      const text = cardText([oneLine(block.text)], Math.min(limits.value, max), room.locale);
      return paragraphs(`${sparkLine(block.values)} ${text}`.trim());
    }
    case 'fields':
      return fields(block, room);
    case 'table':
      return paragraphs(table(block, Math.min(limits.table, max), room.locale));
    case 'actions':
      return buttons(block.actions, room);
    case 'divider':
      return [{ divider: {} }];
  }
}

const paragraphs = (text: string): readonly Widget[] => (text.trim() === '' ? [] : [paragraph(text)]);

const small = (text: string): string => `<font color="${grey}">${text}</font>`;

/** Label over value; two that are short stand side by side. What does not fit is counted. */
function fields(
  { fields: all }: Block<'fields'>,
  { bytes, widgets, locale }: Room,
): readonly Widget[] | undefined {
  const omission = (count: number): Widget => paragraph(`<i>${missing(locale, 'rowsNotShown', count)}</i>`);
  const made: Widget[] = [];
  let room = { bytes: bytes - bytesOf([omission(all.length)]), widgets: widgets - 1 };
  let shown = 0;
  while (shown < all.length) {
    const row = all.slice(shown, shown + (all.slice(shown, shown + 2).every(isShort) ? 2 : 1));
    const widget = inOneRow(row.map((one) => fieldOf(one, locale)));
    room = { bytes: room.bytes - bytesOf([widget]), widgets: room.widgets - countOf(widget) };
    if (room.bytes < 0 || room.widgets < 0)
      return shown === 0 ? undefined : [...made, omission(all.length - shown)];
    made.push(widget);
    shown += row.length;
  }
  return made;
}

const isShort = ({ label, value }: Field): boolean => label.length <= shortText && value.length <= shortText;

/** Labels are plain text, and Chat cuts them where the line ends; an empty value is refused. */
const fieldOf = ({ label, value }: Field, locale: Locale): DecoratedText => ({
  decoratedText: {
    ...(oneLine(label) === '' ? {} : { topLabel: cut(oneLine(label), limits.label) }),
    text: cardText([visible(value).trim() || '–'], limits.value, locale),
    wrapText: true,
  },
});

const inOneRow = (row: readonly DecoratedText[]): Widget =>
  row.length === 1 && row[0] ? row[0] : { columns: { columnItems: row.map((one) => ({ widgets: [one] })) } };

/**
 * A line for each row, its cells named by their columns: `**Critical** · Issues 2 · Points 20`. Cards have no tables, and columns of figures would
 * fall apart on a phone.
 */
function table({ columns, rows }: Block<'table'>, max: number, locale: Locale): string {
  if (columns.length === 0) return '';
  const omission = (count: number): string => `<i>${missing(locale, 'rowsNotShown', count)}</i>`;
  let room = max - bytesOf(omission(rows.length));
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    const line = lineOf(columns, row, locale);
    room -= bytesOf(`${line}<br>`);
    if (room < 0) return [...lines, omission(rows.length - index)].join('<br>');
    lines.push(line);
  }
  return lines.join('<br>');
}

function lineOf(
  columns: readonly string[],
  [first = '', ...rest]: readonly string[],
  locale: Locale,
): string {
  const cell = (...parts: Parameters<typeof cardText>[0]): string => cardText(parts, limits.cell, locale);
  const named = rest.slice(0, columns.length - 1).flatMap((text, index) => {
    const value = oneLine(text);
    return value === '' ? [] : [cell(`${oneLine(columns[index + 1] ?? '')} ${value}`.trim())];
  });
  return [cell({ strong: oneLine(first) || '–' }), ...named].join(' · ');
}

/** Those that lead somewhere. Nothing answers the others here, so they are not shown. */
function buttons(actions: readonly MessageAction[], { bytes }: Room): readonly Widget[] | undefined {
  const all = actions
    .flatMap(({ id, label, url }): readonly Button[] => {
      const address = url === undefined ? undefined : webAddress(url);
      return address === undefined
        ? []
        : [{ text: cut(oneLine(label) || id, limits.button), onClick: { openLink: { url: address } } }];
    })
    .slice(0, limits.buttons);
  if (all.length === 0) return [];
  const list: Widget = { buttonList: { buttons: all } };
  return bytesOf([list]) <= bytes ? [list] : undefined;
}
