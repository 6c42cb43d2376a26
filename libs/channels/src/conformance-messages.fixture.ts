import type { Message } from '#domain';

/** Somebody whose name must not come back in an error. */
export const confidential = 'Olena-of-payroll';

/** A message with one of every block. */
export const sample = (title = 'Hours of last week'): Message => ({
  locale: 'en',
  title,
  blocks: [
    { type: 'text', text: [{ person: confidential }, ' logged ', { strong: '12.5 hours' }] },
    {
      type: 'fields',
      fields: [
        { label: 'Due', value: '40' },
        { label: 'Logged', value: '12.5' },
      ],
    },
    { type: 'table', columns: ['Day', 'Hours'], rows: [['Mon', '8']] },
    { type: 'trend', values: [40, 38, 12.5], text: '40, 38, 12.5' },
    { type: 'divider' },
    { type: 'note', text: ['See ', { link: 'how it is counted', url: 'https://acme.example/how' }] },
  ],
});

const long = (length: number): string => '👩‍💻 дуже довго '.repeat(Math.ceil(length / 17));

/** Messages that rules may well make, however seldom. */
export const awkward: Readonly<Record<string, Message>> = {
  'every block': sample(),
  'nothing but a title': { locale: 'ko', title: '지난주 근무 시간', blocks: [] },
  'empty parts': {
    locale: 'uk',
    title: 'Порожньо',
    blocks: [
      { type: 'text', text: [] },
      { type: 'text', text: [''] },
      { type: 'fields', fields: [] },
      { type: 'table', columns: ['a', 'b'], rows: [] },
      { type: 'trend', values: [], text: '' },
      { type: 'actions', actions: [] },
      { type: 'note', text: [] },
    ],
  },
  'a title of two lines': { locale: 'en', title: 'one\ntwo', blocks: [] },
  'a ragged table': {
    locale: 'en',
    title: 'Ragged',
    blocks: [{ type: 'table', columns: ['a', 'b', 'c'], rows: [['1'], ['1', '2', '3', '4']] }],
  },
  'more of everything than fits': {
    locale: 'zh',
    title: long(5000),
    blocks: Array.from({ length: 120 }, (_, index) => ({ type: 'text', text: [`${index} ${long(900)}`] })),
  },
};

/** More than any place takes. */
export const overlong: Readonly<Record<string, Message>> = {
  'a title': { locale: 'en', title: long(20_000), blocks: [] },
  'a text': { locale: 'en', title: 'Long', blocks: [{ type: 'text', text: [long(100_000)] }] },
  'a value': {
    locale: 'en',
    title: 'Long',
    blocks: [{ type: 'fields', fields: [{ label: 'a', value: long(50_000) }] }],
  },
  'a table': {
    locale: 'en',
    title: 'Long',
    blocks: [
      {
        type: 'table',
        columns: ['Person', 'Hours'],
        rows: Array.from({ length: 2000 }, (_, row) => [`Person ${row}`, '40']),
      },
    ],
  },
  'too many blocks': {
    locale: 'en',
    title: 'Long',
    blocks: Array.from({ length: 2000 }, () => ({ type: 'text' as const, text: ['one of many'] })),
  },
};

/** The text at each place where outside text can stand. */
export const everywhere = (text: string): Readonly<Record<string, Message>> => ({
  'a title': { locale: 'en', title: text, blocks: [] },
  'running text': { locale: 'en', title: 't', blocks: [{ type: 'text', text: [text] }] },
  'strong text': { locale: 'en', title: 't', blocks: [{ type: 'text', text: [{ strong: text }] }] },
  "a person's name": { locale: 'en', title: 't', blocks: [{ type: 'text', text: [{ person: text }] }] },
  'a link': {
    locale: 'en',
    title: 't',
    blocks: [{ type: 'text', text: [{ link: text, url: 'https://acme.example' }] }],
  },
  'a note': { locale: 'en', title: 't', blocks: [{ type: 'note', text: [text] }] },
  'a field': {
    locale: 'en',
    title: 't',
    blocks: [{ type: 'fields', fields: [{ label: text, value: text }] }],
  },
  'a table': { locale: 'en', title: 't', blocks: [{ type: 'table', columns: [text], rows: [[text]] }] },
  'a trend': { locale: 'en', title: 't', blocks: [{ type: 'trend', values: [1, 2], text }] },
});
