import { blockErrors, hasTwoTables } from './blocks.js';

const x = (length: number) => 'x'.repeat(length);
const plain = (length: number) => ({ type: 'plain_text', text: x(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: x(length) });
const button = (more: object = {}) => ({ type: 'button', text: plain(3), ...more });
const raw = (text: string) => ({ type: 'raw_text', text });
const many = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => item(i));

describe('blocks that Slack takes', () => {
  it.each([
    ['a section at its limit', { type: 'section', text: mrkdwn(3000) }],
    ['ten fields', { type: 'section', fields: many(10, () => mrkdwn(2000)) }],
    ['a header at its limit', { type: 'header', text: plain(150) }],
    ['ten context elements', { type: 'context', elements: many(10, () => mrkdwn(1)) }],
    ['an empty-styled divider', { type: 'divider', block_id: x(255) }],
    ['25 buttons', { type: 'actions', elements: many(25, (i) => button({ action_id: `a${i}` })) }],
    [
      'a button at its limits',
      {
        type: 'actions',
        elements: [button({ text: plain(75), value: x(2000), url: x(3000), action_id: x(255) })],
      },
    ],
    [
      'an image',
      { type: 'image', image_url: 'https://acme.example/a.png', alt_text: x(2000), title: plain(2000) },
    ],
    [
      'a table of 100 rows',
      {
        type: 'table',
        rows: many(100, () => [raw('a'), raw('b')]),
        column_settings: [null, { align: 'right' }],
      },
    ],
    [
      'rich text',
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'a', style: { bold: true } },
              { type: 'user', user_id: 'U1' },
            ],
          },
        ],
      },
    ],
    ['markdown', { type: 'markdown', text: '# x' }],
    [
      'an overflow with five options',
      {
        type: 'section',
        text: mrkdwn(1),
        accessory: { type: 'overflow', options: many(5, (i) => ({ text: plain(75), value: `${i}` })) },
      },
    ],
  ])('%s', (_, block) => {
    expect(blockErrors([block])).toEqual([]);
  });

  it('up to fifty of them', () => {
    expect(blockErrors(many(50, () => ({ type: 'divider' })))).toEqual([]);
  });
});

describe('blocks that Slack refuses, with the place', () => {
  it.each<[string, unknown[], string]>([
    ['an unknown type', [{ type: 'paragraph' }], 'unsupported type: paragraph [json-pointer:/blocks/0/type]'],
    ['no type', [{ text: plain(1) }], 'missing required field: type [json-pointer:/blocks/0]'],
    [
      '51 blocks',
      many(51, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      'a long section',
      [{ type: 'section', text: mrkdwn(3001) }],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'an empty section text',
      [{ type: 'section', text: mrkdwn(0) }],
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a section of nothing',
      [{ type: 'section' }],
      'missing required field: text or fields [json-pointer:/blocks/0]',
    ],
    [
      'a text that is a string',
      [{ type: 'section', text: 'x' }],
      'must be an object [json-pointer:/blocks/0/text]',
    ],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, () => mrkdwn(1)) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'no fields at all',
      [{ type: 'section', fields: [] }],
      'must have at least 1 item [json-pointer:/blocks/0/fields]',
    ],
    [
      'a long field',
      [{ type: 'section', fields: [mrkdwn(2001)] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain(151) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: mrkdwn(1) }],
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    ['a header of nothing', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'eleven context elements',
      [{ type: 'context', elements: many(11, () => mrkdwn(1)) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'a button in a context',
      [{ type: 'context', elements: [button()] }],
      'unsupported type: button [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      '26 buttons',
      [{ type: 'actions', elements: many(26, () => button()) }],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'a long button',
      [{ type: 'actions', elements: [button({ text: plain(76) })] }],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a long value',
      [{ type: 'actions', elements: [button({ value: x(2001) })] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'a long url',
      [{ type: 'actions', elements: [button({ url: x(3001) })] }],
      'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
    ],
    [
      'a made-up style',
      [{ type: 'actions', elements: [button({ style: 'blue' })] }],
      'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'six overflow options',
      [
        {
          type: 'actions',
          elements: [{ type: 'overflow', options: many(6, () => ({ text: plain(1), value: 'v' })) }],
        },
      ],
      'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      '101 table rows',
      [{ type: 'table', rows: many(101, () => [raw('a')]) }],
      'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
    ],
    [
      '21 cells',
      [{ type: 'table', rows: [many(21, () => raw('a'))] }],
      'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
    ],
    [
      'an empty cell',
      [{ type: 'table', rows: [[raw('')]] }],
      'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]',
    ],
    [
      'a table of too much text',
      [{ type: 'table', rows: many(3, () => [raw(x(4000))]) }],
      'must be less than 10001 characters across all cells [json-pointer:/blocks/0/rows]',
    ],
    [
      'an image without words',
      [{ type: 'image', image_url: 'https://acme.example/a.png' }],
      'missing required field: alt_text [json-pointer:/blocks/0]',
    ],
    [
      'an image without an image',
      [{ type: 'image', alt_text: 'x' }],
      'missing required field: image_url [json-pointer:/blocks/0]',
    ],
    [
      'a property that is not there',
      [{ type: 'divider', color: 'red' }],
      'invalid additional property: color [json-pointer:/blocks/0]',
    ],
    [
      'a block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '`block_id` already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'an action_id twice',
      [
        { type: 'actions', elements: [button({ action_id: 'a' })] },
        { type: 'section', text: mrkdwn(1), accessory: button({ action_id: 'a' }) },
      ],
      '`action_id` already exists [json-pointer:/blocks/1/accessory/action_id]',
    ],
    [
      'long markdown',
      [{ type: 'markdown', text: x(12_001) }],
      'must be less than 12001 characters [json-pointer:/blocks/0/text]',
    ],
  ])('%s', (_, blocks, error) => {
    expect(blockErrors(blocks)).toContain(error);
  });

  it('names each mistake', () => {
    const errors = blockErrors([{ type: 'header', text: plain(151) }, { type: 'section' }]);

    expect(errors).toHaveLength(2);
  });
});

it('a second table is seen', () => {
  const table = { type: 'table', rows: [[raw('a')]] };

  expect(hasTwoTables([table, { type: 'divider' }])).toBe(false);
  expect(hasTwoTables([table, { type: 'divider' }, table])).toBe(true);
});
