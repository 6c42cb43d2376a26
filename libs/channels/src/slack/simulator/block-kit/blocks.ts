import { isRecord } from '../call.js';
import { all, anything, flag, items, number, oneOf, shape, string, variant, type Check } from './check.js';
import { picture, plainText, text, textShapes } from './composition.js';
import { accessories, inputs, interactive } from './elements.js';
import { richText } from './rich-text.js';

/** Slack's limits on the blocks of one message. https://docs.slack.dev/reference/block-kit/blocks */
export const blockLimits = {
  blocks: 50,
  /** All `markdown` blocks together. */
  markdown: 12_000,
  /** All cells of a table together. */
  tableCharacters: 10_000,
  /** Undocumented; about what people report to give `msg_blocks_too_long`. */
  allText: 13_200,
} as const;

const blockId = { block_id: string(255) };
const block = (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}) =>
  shape(required, { ...optional, ...blockId });

const textOrFields: Check = (value, at, errors) => {
  if (isRecord(value) && value['text'] === undefined && value['fields'] === undefined)
    errors.push(`missing required field: text or fields [json-pointer:${at}]`);
};

const cell = variant({
  raw_text: shape({ text: string(blockLimits.tableCharacters, 1) }),
  raw_number: shape({ value: number, text: string(blockLimits.tableCharacters, 1) }),
  rich_text: richText,
});

const table = all(
  block(
    { rows: items(items(cell, 20), 100) },
    {
      column_settings: items(
        // `null` skips a column.
        (value, at, errors) => {
          if (value !== null)
            shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag })(value, at, errors);
        },
        20,
        0,
      ),
    },
  ),
  (value, at, errors) => {
    if (characters(isRecord(value) ? value['rows'] : undefined) > blockLimits.tableCharacters)
      errors.push(
        `must be less than ${blockLimits.tableCharacters + 1} characters across all cells [json-pointer:${at}/rows]`,
      );
  },
);

/** Blocks that Slack knows in messages and whose insides are not looked at here: nobody here sends them. */
const unlooked = [
  'alert',
  'card',
  'carousel',
  'container',
  'context_actions',
  'data_table',
  'data_visualization',
  'plan',
  'task_card',
];

const known: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(unlooked.map((type) => [type, anything])),
  actions: block({ elements: items(variant(interactive), 25) }),
  context: block({ elements: items(variant({ ...textShapes(3000), image: picture() }), 10) }),
  divider: block({}),
  header: block({ text: plainText(150) }),
  image: picture({ title: plainText(2000), ...blockId }),
  input: block(
    { label: plainText(2000), element: variant(inputs) },
    { hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  markdown: block({ text: string(blockLimits.markdown, 1) }),
  rich_text: richText,
  section: all(
    block(
      {},
      {
        text: text(3000),
        fields: items(text(2000), 10),
        accessory: variant(accessories),
        expand: flag,
      },
    ),
    textOrFields,
  ),
  table,
  video: block(
    {
      alt_text: string(2000, 1),
      title: plainText(200),
      thumbnail_url: string(3000, 1),
      video_url: string(3000, 1),
    },
    {
      title_url: string(3000),
      author_name: string(50),
      provider_name: string(255),
      provider_icon_url: string(3000),
      description: plainText(200),
    },
  ),
};

const list = items(variant(known), blockLimits.blocks, 0);

/** What Slack would not take in these blocks; empty where all is well. */
export function blockErrors(blocks: readonly unknown[], at = '/blocks'): readonly string[] {
  const errors: string[] = [];
  list(blocks, at, errors);
  repeated(blocks, 'block_id', at, errors);
  repeatedActions(blocks, at, errors);
  return errors;
}

/** Whether a second `table` is there: Slack takes one per message. https://docs.slack.dev/reference/block-kit/blocks/table-block */
export const hasTwoTables = (blocks: readonly unknown[]): boolean =>
  blocks.filter((one) => isRecord(one) && one['type'] === 'table').length > 1;

/** Characters of all texts in it, however deep. */
export function characters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + characters(one), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + (name === 'text' && typeof one === 'string' ? one.length : characters(one)),
    0,
  );
}

/** Characters of all `markdown` blocks, for their common limit. */
export const markdownCharacters = (blocks: readonly unknown[]): number =>
  characters(blocks.filter((one) => isRecord(one) && one['type'] === 'markdown'));

function repeated(things: readonly unknown[], name: string, at: string, errors: string[]): void {
  const seen = new Set<unknown>();
  things.forEach((thing, index) => {
    const id = isRecord(thing) ? thing[name] : undefined;
    if (id === undefined) return;
    if (seen.has(id)) errors.push(`\`${name}\` already exists [json-pointer:${at}/${index}/${name}]`);
    seen.add(id);
  });
}

function repeatedActions(blocks: readonly unknown[], at: string, errors: string[]): void {
  const seen = new Set<unknown>();
  const look = (element: unknown, pointer: string): void => {
    const id = isRecord(element) ? element['action_id'] : undefined;
    if (id === undefined) return;
    if (seen.has(id)) errors.push(`\`action_id\` already exists [json-pointer:${pointer}/action_id]`);
    seen.add(id);
  };
  blocks.forEach((one, index) => {
    if (!isRecord(one)) return;
    look(one['accessory'], `${at}/${index}/accessory`);
    look(one['element'], `${at}/${index}/element`);
    if (one['type'] === 'actions' && Array.isArray(one['elements']))
      one['elements'].forEach((element, place) => {
        look(element, `${at}/${index}/elements/${place}`);
      });
  });
}
