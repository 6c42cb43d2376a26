import type { Inline, Message, MessageBlock } from '#domain';
import { cut, ellipsis } from '../cut.js';
import { drawnValues, sparkLine } from '../spark-line.js';
import {
  linkTo,
  oneLine,
  panel,
  paragraph,
  strong,
  textOf,
  visible,
  webAddress,
  type AdfBlock,
  type AdfDocument,
  type AdfInline,
  type TableRow,
} from './adf.js';
import { wordsOf } from './words.js';

/** What an issue says. */
export interface IssueText {
  readonly summary: string;
  readonly description: AdfDocument;
}

const limits = {
  /** One line: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post */
  summary: 255,
  /** Of the description as JSON. Jira takes some 32,767 characters of a text and publishes no number. */
  description: 30_000,
  /** A title that has no place in the summary stands at the top of the description, if it is not longer than a page. */
  longTitle: 3000,
  label: 200,
  cell: 1000,
  columns: 30,
  buttons: 10,
  /** Less than this is not worth beginning a block for. */
  least: 100,
} as const;

/**
 * A message as the text of an issue. Markup in outside text is only text; over-long text is cut with `…`, and where not everything fits the
 * description says so at its end. Pure: the same message is the same text.
 *
 * @param unassigned whom it was meant for, where they cannot be assigned
 */
export function render(message: Message, unassigned?: string): IssueText {
  const { locale, blocks } = message;
  const { cut: cutHere, notAssigned } = wordsOf(locale);
  const title = oneLine(message.title);
  const notice = panel('warning', textOf(cutHere));
  const content: AdfBlock[] = [];
  if (unassigned !== undefined)
    content.push(panel('note', textOf(notAssigned(cut(oneLine(unassigned), limits.label)))));
  if (title.length > limits.summary) content.push(paragraph(textOf(cut(title, limits.longTitle), strong)));
  let room = limits.description - sizeOf([...content, notice]);
  let isCut = title.length > limits.longTitle;
  for (const block of blocks) {
    const made = fitting(block, room);
    isCut ||= made.isCut;
    content.push(...made.blocks);
    room -= sizeOf(made.blocks);
    if (made.isCut && room < limits.least * 4) break;
  }
  if (isCut) content.push(notice);
  return {
    summary: cut(title, limits.summary) || ellipsis,
    description: { type: 'doc', version: 1, content },
  };
}

/** A message as a comment: all of it, with its title on top. Pure. */
export function renderComment(message: Message): AdfDocument {
  const { description } = render(message);
  const title = oneLine(message.title);
  // A longer one stands there already.
  if (title === '' || title.length > limits.summary) return description;
  return { ...description, content: [paragraph(textOf(title, strong)), ...description.content] };
}

interface Made {
  readonly blocks: readonly AdfBlock[];
  readonly isCut: boolean;
}

/** As much of the block as goes in, to within a hundred characters; nothing where nothing worth showing does. */
function fitting(block: MessageBlock, room: number): Made {
  const whole = blocksOf(block, Number.MAX_SAFE_INTEGER);
  if (sizeOf(whole.blocks) <= room) return whole;
  let best: readonly AdfBlock[] = [];
  let [fits, tooMuch] = [0, room + 1];
  while (tooMuch - fits > limits.least) {
    const max = Math.floor((fits + tooMuch) / 2);
    const { blocks } = blocksOf(block, max);
    if (sizeOf(blocks) > room) tooMuch = max;
    else [fits, best] = [max, blocks];
  }
  return { blocks: best, isCut: true };
}

/** `max`: characters of text. */
function blocksOf(block: MessageBlock, max: number): Made {
  switch (block.type) {
    case 'text':
      return whole(paragraphs(inlines(block.text, max)));
    case 'note': {
      const content = inlines(block.text, max);
      return whole(content.length === 0 ? [] : [panel('info', content)]);
    }
    case 'trend':
      return whole(
        paragraphs(
          textOf(
            `${sparkLine(block.values)} ${cut(oneLine(block.text), Math.max(1, max - drawnValues))}`.trim(),
          ),
        ),
      );
    case 'fields':
      return tableOf(
        block.fields.map(({ label, value }) => [
          cellOf('tableHeader', cut(oneLine(label), limits.label)),
          cellOf('tableCell', cut(value, Math.min(max, limits.cell * 10))),
        ]),
        max,
        block.fields.some(({ value }) => value.length > limits.cell * 10),
      );
    case 'table':
      return table(block, max);
    case 'actions':
      return whole(actions(block));
    case 'divider':
      return whole([{ type: 'rule' }]);
  }
}

const whole = (blocks: readonly AdfBlock[]): Made => ({ blocks, isCut: false });

const paragraphs = (content: readonly AdfInline[]): readonly AdfBlock[] =>
  content.length === 0 ? [] : [paragraph(content)];

/** Running text of at most so many characters. A person is mentioned where the account is known, else named. */
function inlines(sentence: readonly Inline[], max: number): readonly AdfInline[] {
  const made: AdfInline[] = [];
  let room = max;
  for (const part of sentence) {
    if (room < 1) break;
    const text = typeof part === 'string' ? part : shownOf(part);
    const shown = cut(visible(text), room);
    room -= text.length;
    made.push(...pieceOf(part, shown));
  }
  // What is blank is no text.
  return made.some((piece) => piece.type === 'mention' || (piece.type === 'text' && piece.text.trim() !== ''))
    ? made
    : [];
}

type Piece = Exclude<Inline, string>;

const shownOf = (part: Piece): string =>
  'strong' in part ? part.strong : 'person' in part ? part.person : part.link;

function pieceOf(part: Inline, shown: string): readonly AdfInline[] {
  if (typeof part === 'string') return textOf(shown);
  if ('strong' in part) return textOf(shown, strong);
  if ('person' in part)
    return part.externalId === undefined || oneLine(shown) === ''
      ? textOf(shown)
      : [{ type: 'mention', attrs: { id: part.externalId, text: `@${oneLine(shown)}` } }];
  const href = webAddress(part.url);
  return href === undefined ? textOf(shown) : textOf(shown, linkTo(href));
}

function table({ columns, rows }: Extract<MessageBlock, { readonly type: 'table' }>, max: number): Made {
  const shown = columns.slice(0, limits.columns);
  if (shown.length === 0) return whole([]);
  return tableOf(
    [
      shown.map((text) => cellOf('tableHeader', cut(oneLine(text), limits.label))),
      ...rows.map((row) =>
        shown.map((_, index) => cellOf('tableCell', cut(oneLine(row[index] ?? ''), limits.cell))),
      ),
    ],
    max,
    rows.some((row) => row.some((text) => text.length > limits.cell)),
  );
}

/** As many rows as take so many characters of JSON. */
function tableOf(rows: readonly TableRow['content'][], max: number, hasCutCells: boolean): Made {
  const kept: TableRow[] = [];
  let room = max;
  for (const content of rows) {
    const row: TableRow = { type: 'tableRow', content };
    room -= sizeOf(row);
    if (room < 0 && kept.length > 0) break;
    kept.push(row);
  }
  return {
    blocks: kept.length === 0 ? [] : [{ type: 'table', content: kept }],
    isCut: hasCutCells || kept.length < rows.length,
  };
}

const cellOf = (type: 'tableHeader' | 'tableCell', text: string): TableRow['content'][number] => ({
  type,
  content: [paragraph(textOf(text.trim() || '–'))],
});

/** Those that lead somewhere; nothing answers the others here. */
const actions = ({
  actions: all,
}: Extract<MessageBlock, { readonly type: 'actions' }>): readonly AdfBlock[] =>
  paragraphs(
    all
      .flatMap(({ id, label, url }) => {
        const href = url === undefined ? undefined : webAddress(url);
        return href === undefined ? [] : [textOf(cut(oneLine(label) || id, limits.label), linkTo(href))];
      })
      .slice(0, limits.buttons)
      .flatMap((link, index) => (index === 0 ? link : [...textOf(' · '), ...link])),
  );

const sizeOf = (value: unknown): number => JSON.stringify(value).length;
