import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  composeMessage,
  expectedDays,
  locales,
  type Inline,
  type Locale,
  type Message,
  type MessageBlock,
  type Person,
} from '#domain';
import { cut } from '../cut.js';
import { escapeAndCut, mrkdwn } from './mrkdwn.js';
import { render, type SlackPayload } from './render.js';
import { blockErrors, characters, hasTwoTables } from './simulator/block-kit/blocks.js';

describe('a message', () => {
  it('becomes blocks', () => {
    const blocks: MessageBlock[] = [
      {
        type: 'text',
        text: [
          { person: 'Olena', externalId: 'U1' },
          ': less than ',
          { strong: '25 h' },
          ', see ',
          { link: 'the report', url: 'https://example.com/?a=1&b=<2>|' },
          ' or ',
          { link: 'nothing', url: 'javascript:alert(1)' },
          ' or ask ',
          { person: 'Iван <b>' },
        ],
      },
      {
        type: 'fields',
        fields: [
          { label: 'Logged', value: '19 hours' },
          { label: 'Expected', value: '20 hours & more' },
        ],
      },
      {
        type: 'table',
        columns: ['Day', 'Logged', 'Note'],
        rows: [
          ['Mon, April 27', '7.5', ''],
          ['Fri, May 1', '0', '<holiday>'],
        ],
      },
      {
        type: 'table',
        columns: ['팀', 'n'],
        rows: [
          ['가나', '10'],
          ['abc', '7'],
        ],
      },
      { type: 'trend', values: [1, 5, 3, 9], text: 'up 6 since last week' },
      { type: 'actions', actions: [{ id: 'wrong', label: 'Wrong?', value: 'd-1' }] },
      { type: 'divider' },
      { type: 'note', text: ['Something wrong? Tell ', { person: 'Іван', externalId: 'U2' }] },
    ];

    expect(render({ locale: 'en', title: 'Olena & co: 19 of 20 h', blocks })).toMatchSnapshot();
  });

  it('without title or blocks still says something', () => {
    expect(valid(render({ locale: 'en', title: ' ', blocks: [] })).text).toBe('…');
  });

  it('shows over-long text cut', () => {
    const { text, blocks } = render(says({ type: 'text', text: ['x'.repeat(5000)] }, 'y'.repeat(5000)));

    expect(text).toHaveLength(3000);
    expect(text.endsWith('…')).toBe(true);
    expect(JSON.stringify(blocks[0])).toContain(`${'y'.repeat(149)}…`);
    expect(JSON.stringify(blocks[1])).toContain(`${'x'.repeat(2999)}…`);
  });

  it('that is too long as a whole ends visibly', () => {
    const many = Array.from({ length: 70 }, (): MessageBlock => ({ type: 'text', text: ['line'] }));
    const long = Array.from({ length: 7 }, (): MessageBlock => ({
      type: 'text',
      text: ['"\n'.repeat(2000)],
    }));

    for (const blocks of [many, long]) {
      const payload = valid(render({ locale: 'en', title: 'T', blocks }));
      expect(JSON.stringify(payload.blocks.at(-1))).toContain('…');
    }
  });

  it('shows a month day by day, and what is longer cut', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, day) => [`day ${day}`, '8', '8', 'note']);
    const columns = ['Day', 'Logged', 'Expected', 'Note'];

    const month = valid(render(says({ type: 'table', columns, rows: rows(31) })));
    const year = valid(render(says({ type: 'table', columns, rows: rows(365) })));

    expect(JSON.stringify(month.blocks)).toContain('day 30');
    expect(JSON.stringify(year.blocks)).toContain('…');
  });

  it('shows more fields than go into one section', () => {
    const fields = Array.from({ length: 23 }, (_, index) => ({ label: `label ${index}`, value: 'value' }));

    const { blocks } = valid(render(says({ type: 'fields', fields })));

    expect(blocks.filter(({ type }) => type === 'section')).toHaveLength(3);
    expect(JSON.stringify(blocks)).toContain('label 22');
  });

  it.each(locales)('about a whole month fits uncut in %s', (locale) => {
    const { message, lastDay } = monthlyDigest(locale);

    const { blocks } = valid(render(message));

    expect(JSON.stringify(blocks)).not.toContain('…');
    expect(JSON.stringify(blocks)).toContain(lastDay);
    expect(blocks.at(-1)?.type).toBe('context');
  });

  it('has no button twice', () => {
    const actions = ['a', 'b', 'a'].map((id, index) => ({ id, label: `${id}${index}` }));

    const { blocks } = valid(render(says({ type: 'actions', actions })));

    expect(JSON.stringify(blocks)).toContain('a0');
    expect(JSON.stringify(blocks)).not.toContain('a2');
  });

  it('of any kind is what Slack takes, and calls nobody', () => {
    const nasty = fc.oneof(
      fc.string({ maxLength: 50 }),
      fc.constantFrom('<!channel>', '<@U1>', '&lt;', '<https://x|y>', '<!here|x>', '👩‍👩‍👧‍👦', '"\\'),
      fc.string({ unit: 'grapheme', minLength: 2900, maxLength: 4000 }),
      fc.constant('&<>"\\\n'.repeat(1000)),
    );
    const inline: fc.Arbitrary<Inline> = fc.oneof(
      nasty,
      nasty.map((strong) => ({ strong })),
      nasty.map((person) => ({ person })),
      nasty.map((person) => ({ person, externalId: '!channel' })),
      fc.tuple(nasty, nasty).map(([link, url]) => ({ link, url })),
      nasty.map((link) => ({ link, url: `https://x.example/${link}` })),
    );
    const sentence = fc.array(inline, { maxLength: 5 });
    const cells = fc.array(nasty, { maxLength: 5 });
    const block: fc.Arbitrary<MessageBlock> = fc.oneof(
      sentence.map((text) => ({ type: 'text' as const, text })),
      sentence.map((text) => ({ type: 'note' as const, text })),
      fc
        .array(fc.record({ label: nasty, value: nasty }), { maxLength: 25 })
        .map((fields) => ({ type: 'fields' as const, fields })),
      fc
        .tuple(cells, fc.array(cells, { maxLength: 5 }))
        .map(([columns, rows]) => ({ type: 'table' as const, columns, rows })),
      fc
        .tuple(fc.array(fc.double(), { maxLength: 40 }), nasty)
        .map(([values, text]) => ({ type: 'trend' as const, values, text })),
      fc.constant({ type: 'divider' as const }),
    );

    fc.assert(
      fc.property(nasty, fc.array(block, { maxLength: 60 }), (title, blocks) => {
        const payload = valid(render({ locale: 'en', title, blocks }));

        expect(interpreted(payload)).not.toMatch(/<[!@#]/);
        expect(render({ locale: 'en', title, blocks })).toEqual(payload);
      }),
    );
  });
});

describe('cutting', () => {
  it('never splits a character or an entity', () => {
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toBe('👩‍👩‍👧‍👦…');
    expect(escapeAndCut('a&&&', 10)).toBe('a&amp;…');
    expect(escapeAndCut('a&&', 11)).toBe('a&amp;&amp;');
  });

  it('leaves a mention whole or out', () => {
    const sentence: Inline[] = ['x'.repeat(10), { person: 'Olena', externalId: 'U1' }, ' and more'];

    expect(mrkdwn(sentence, 100)).toBe(`${'x'.repeat(10)}<@U1> and more`);
    expect(mrkdwn(sentence, 16)).toBe(`${'x'.repeat(10)}<@U1>…`);
    expect(mrkdwn(sentence, 14)).toBe(`${'x'.repeat(10)}…`);
  });
});

/** Throws where Slack would refuse it. */
function valid(payload: SlackPayload): SlackPayload {
  expect(blockErrors(payload.blocks)).toEqual([]);
  expect(hasTwoTables(payload.blocks)).toBe(false);
  expect(payload.blocks.length).toBeLessThanOrEqual(50);
  expect(characters(payload.blocks)).toBeLessThanOrEqual(12_000);
  expect(JSON.stringify(payload.blocks).length).toBeLessThanOrEqual(12_000);
  expect(payload.text.length).toBeGreaterThan(0);
  expect(payload.text.length).toBeLessThanOrEqual(4000);
  return payload;
}

/** The texts in which Slack looks for markup. */
function interpreted({ text, blocks }: SlackPayload): string {
  const found: string[] = [text];
  JSON.stringify(blocks, (_, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === 'mrkdwn' &&
      'text' in value
    )
      found.push(String(value.text));
    return value;
  });
  return found.join('\n');
}

function says(block: MessageBlock, title = 'Title'): Message {
  return { locale: 'en', title, blocks: [block] };
}

/** The longest message that the built-in texts make: 31 days with holidays and days off, all texts at once. */
function monthlyDigest(locale: Locale): { readonly message: Message; readonly lastDay: string } {
  const person: Person = {
    id: 'p1',
    slug: 'olena',
    name: 'Олена Коваленко-Миколайчук',
    zone: 'Europe/Kyiv',
    locale,
    weekStart: 'MONDAY',
    workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
    dailyHours: 8,
    active: true,
    managers: [],
    teams: [],
    identities: {},
  };
  const period = { from: '2026-05-01', to: '2026-06-01' };
  const name = 'День пам’яті та перемоги над нацизмом у Другій світовій війні';
  const holidays = ['2026-05-01', '2026-05-08', '2026-05-25'].map((day) => ({ day, name, share: 1 }));
  const calendar = { name: 'ua', holidays, companyDays: [], workingDays: [] };
  const leave = [12, 14, 19].map((day) => ({
    source: 'clockify',
    key: `on ${day}`,
    firstDay: `2026-05-${day}`,
    lastDay: `2026-05-${day + 1}`,
    status: 'approved' as const,
    part: day === 19 ? ('first-half' as const) : ('whole' as const),
    hoursOff: null,
  }));
  const days = expectedDays({ person, calendar, holidays: [], leave }, period).map((expected) => ({
    day: expected.day,
    worked: 7.25,
    expected,
  }));
  const decision = {
    rule: 'r',
    subject: 'p1',
    period,
    outcome: 'fired' as const,
    inputs: { threshold: 120 },
  };
  const say = ['low-hours', 'days-off', 'missing-holiday'].map((text) => ({ say: text, decision }));
  const managers = [{ name: 'Ivan', externalId: 'U2' }, { name: 'Zoe' }];
  const inputs = { person, managers, period, days, decisions: [decision], missingHolidays: holidays };
  const message = composeMessage(say, inputs);
  const table = message.blocks.find((block) => block.type === 'table');
  const lastDay = table?.rows.at(-1)?.[0] ?? addDays(period.to, -1);
  return { message, lastDay };
}
