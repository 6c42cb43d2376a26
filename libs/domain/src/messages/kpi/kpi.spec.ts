import fc from 'fast-check';
import type { Decision, Value } from '../../decision.js';
import { instant } from '../../instant.js';
import { locales, type Inline, type Locale, type Message, type MessageBlock } from '../../message.js';
import type { Team } from '../../team.js';
import { kpiCatalogue } from './catalogue.js';
import { composeKpiMessage } from './compose.js';
import { kpiMessages } from './phrases.js';
import type { SaidIssue, SaidKpi, SaidToTeam } from './said-kpi.js';

const at = instant('2026-11-19T08:00:00Z');

const to = (locale: Locale, over: Partial<Team> = {}): SaidToTeam => ({
  team: { id: 't', name: 'ferrari', title: 'Ferrari', locale, size: 7, ...over },
  zone: 'Europe/Kyiv',
  sources: ['vtiger'],
});

const said = (say: string, inputs: Readonly<Record<string, Value>>, over: Partial<SaidKpi> = {}): SaidKpi => {
  const decision: Decision = {
    rule: say,
    subject: 't',
    period: { from: '2026-11-19', to: '2026-11-20' },
    outcome: 'fired',
    inputs,
  };
  return { say, decision, at, history: [], ...over };
};

const index = (inputs: Readonly<Record<string, Value>> = { score: 34, target: 20 }): SaidKpi =>
  said('kpi-index', inputs, {
    history: [
      { value: 41, on: '2026-11-12' },
      { value: 30, on: '2026-11-17' },
    ],
    parts: {
      by: 'priority',
      parts: [
        { key: 'Critical', count: 2, weighed: { weight: 10, points: 20 } },
        { key: 'Högh *bold* <b>', count: 2, weighed: { weight: 7, points: 14 } },
        { key: 'other', count: 3, weighed: { weight: 0, points: 0 } },
      ],
    },
  });

const issue = (number: number, over: Partial<SaidIssue> = {}): SaidIssue => ({
  title: `Issue ${number}`,
  url: `https://crm.acme.example/issues/${number}`,
  daysOpen: 50 - number,
  due: `2026-11-0${number}`,
  ...over,
});
const titles = [
  '*_~<>& everything',
  '登录页面打不开',
  '결제가 실패합니다',
  'Не працює вхід',
  '<!channel> & <@U1>',
];
const issues = titles.map((title, position) => issue(position + 1, { title }));

const age = said(
  'kpi-age',
  { score: 49, target: 30 },
  {
    history: [{ value: 49, on: '2026-11-17' }],
    issues: { which: 'oldest', shown: issues, total: 26 },
  },
);
const share = said(
  'kpi-share',
  { score: 0.225, target: 0.1 },
  {
    history: [{ value: 0.3, on: '2026-11-17' }],
    issues: { which: 'overdue', shown: issues, total: 6 },
  },
);
const count = said(
  'kpi-count',
  { score: 12, target: 15 },
  {
    parts: {
      by: 'status',
      parts: [
        { key: 'Open', count: 12 },
        { key: '', count: 0 },
      ],
    },
  },
);

describe.each(locales)('in %s', (locale) => {
  it.each([
    ['an index', index()],
    ['a count', count],
    ['an age', age],
    ['a share', share],
  ])('tells %s', (_name, kpi) => {
    expect(shown(composeKpiMessage([kpi], to(locale)))).toMatchSnapshot();
  });

  it('tells all of a team’s numbers as one', () => {
    expect(shown(composeKpiMessage([share, index(), count, age], to(locale)))).toMatchSnapshot();
  });

  it('has real plural forms', () => {
    const { points, issues: some, days } = kpiCatalogue[locale];

    expect(
      [1, 2, 5, 21, 1.5].map((number) => [points(number), some(number), days(number)]),
    ).toMatchSnapshot();
  });
});

describe('how far the target is', () => {
  it.each([
    [34, 20, undefined, '14 points above the target: needs attention'],
    [15, 20, undefined, '5 points below the target: good progress'],
    [34, 20, 'higher', '14 points above the target: good progress'],
    [15, 20, 'higher', '5 points below the target: needs attention'],
    [20, 20, undefined, 'on target'],
    [20.001, 20, undefined, 'on target'],
    [0, 0, 'higher', 'on target'],
    [-4, 0, undefined, '4 points below the target: good progress'],
  ])('is told of %d against %d, where better is %s', (score, target, better, words) => {
    const message = composeKpiMessage(
      [said('kpi-index', { score, target, ...(better === undefined ? {} : { better }) })],
      to('en'),
    );

    expect(fieldsOf(message)['Distance']).toBe(words);
  });

  it('is not told where there is no target', () => {
    const message = composeKpiMessage([said('kpi-count', { score: 3 })], to('en'));

    expect(message.title).toBe('Ferrari · open issues: 3');
    expect(fieldsOf(message)).toEqual({ Value: '3 issues' });
  });
});

describe('the trend', () => {
  const trendOf = (kpi: SaidKpi) =>
    composeKpiMessage([kpi], to('en')).blocks.find((block) => block.type === 'trend');

  it('says what has changed since it was last said, and draws the last eight', () => {
    const history = Array.from({ length: 12 }, (_, number) => ({
      value: number,
      on: `2026-11-${String(number + 1).padStart(2, '0')}`,
    }));

    expect(trendOf({ ...index(), history })).toEqual({
      type: 'trend',
      values: [5, 6, 7, 8, 9, 10, 11, 34],
      text: '▲ 23 (11 → 34) since Thu, November 12',
    });
  });

  it('is not there the first time', () => {
    expect(trendOf({ ...index(), history: [] })).toBeUndefined();
  });

  it('is none where the number is the same', () => {
    expect(trendOf(age)).toMatchObject({ text: 'no change since Tue, November 17' });
  });
});

describe('issues', () => {
  const listOf = (shown: readonly SaidIssue[], total = shown.length): readonly Inline[] => {
    const message = composeKpiMessage([{ ...age, issues: { which: 'oldest', shown, total } }], to('en'));
    return message.blocks.flatMap((block) => (block.type === 'text' ? block.text : []));
  };

  it('are five at most, with how many there are beside them', () => {
    const text = listOf(
      [1, 2, 3, 4, 5, 6, 7].map((number) => issue(number)),
      1007,
    );

    expect(text.filter((part) => typeof part === 'object' && 'link' in part)).toHaveLength(5);
    expect(text.at(-1)).toContain('… and 1,002 issues more');
  });

  it('are links only where a browser goes, and whatever they are called stays text', () => {
    const text = listOf([issue(1, { url: 'javascript:alert(1)' }), issue(2, { title: ' \n ' })]);

    expect(JSON.stringify(text)).not.toContain('javascript');
    expect(text).toContainEqual({ link: '–', url: 'https://crm.acme.example/issues/2' });
  });

  it('with long titles are cut between letters, and say so', () => {
    const [, link] = listOf([issue(1, { title: `${'🧑‍🧑‍🧒'.repeat(130)}` })]).filter(
      (part) => typeof part === 'object',
    );

    expect(link).toEqual({ link: `${'🧑‍🧑‍🧒'.repeat(119)}…`, url: issue(1).url });
  });

  it('that are none need no words', () => {
    expect(listOf([])).toEqual([]);
  });
});

describe('the small print', () => {
  it('tells of what the rule does not name', () => {
    expect(shown(composeKpiMessage([index()], to('en')))).toContain(
      'Not named in the rule, and shown as “other”: 3 issues.',
    );
  });

  it('does not explain a number that the rule calls by a name of its own', () => {
    const own = said('kpi-count', { score: 3, target: 5, label: 'Blocked releases' });

    const text = shown(composeKpiMessage([own], to('en')));

    expect(text).toContain('# Ferrari · Blocked releases: 3 (target 5)');
    expect(text).not.toContain('Counted are');
  });
});

describe('a message to a team', () => {
  it('is the same JSON whatever the order in which rules fired', () => {
    const kpis = [share, index(), { ...index(), decision: { ...index().decision, rule: 'a' } }, age];

    expect(JSON.stringify(composeKpiMessage(kpis.toReversed(), to('uk')))).toBe(
      JSON.stringify(composeKpiMessage(kpis, to('uk'))),
    );
  });

  it('refuses what is no message about teams, and nothing at all', () => {
    expect(() => composeKpiMessage([], to('en'))).toThrow(RangeError);
    expect(() => composeKpiMessage([said('low-hours', {})], to('en'))).toThrow(RangeError);
  });

  it('can be composed from anything, and never contradicts itself', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const inputs = fc.record(
      {
        score: fc.oneof(number, fc.constant(Number.NaN), fc.string()),
        target: number,
        better: fc.constantFrom('higher', 'lower', 'nonsense'),
        label: fc.oneof(fc.string(), number),
      },
      { requiredKeys: [] },
    );
    const kpi = fc.record({
      say: fc.constantFrom(...kpiMessages),
      inputs,
      history: fc.array(fc.record({ value: number, on: fc.constant('2026-11-17') }), { maxLength: 9 }),
      issues: fc.option(
        fc.record({
          which: fc.constantFrom('oldest' as const, 'overdue' as const),
          shown: fc.array(
            fc.record({
              title: fc.string({ unit: 'grapheme' }),
              daysOpen: fc.nat(),
              due: fc.constantFrom('2026-01-01', null),
            }),
          ),
          total: fc.nat(),
        }),
        { nil: undefined },
      ),
    });

    fc.assert(
      fc.property(
        fc.constantFrom(...locales),
        fc.array(kpi, { minLength: 1, maxLength: 4 }),
        (locale, kpis) => {
          const message = composeKpiMessage(
            kpis.map(({ say, inputs: some, issues: list, history }) =>
              said(say, some as Record<string, Value>, { history, ...(list ? { issues: list } : {}) }),
            ),
            to(locale),
          );

          const phrases = kpiCatalogue[locale];
          for (const { type, fields = [] } of message.blocks as (MessageBlock & { fields?: never[] })[]) {
            if (type !== 'fields') continue;
            const [value, target, distance] = fields as { value: string }[];
            if (distance) expect(distance.value === phrases.onTarget).toBe(value?.value === target?.value);
          }
          expect(JSON.stringify(message)).not.toMatch(/NaN|undefined/);
        },
      ),
    );
  });
});

const fieldsOf = (message: Message): Readonly<Record<string, string>> =>
  Object.fromEntries(
    message.blocks
      .flatMap((block) => (block.type === 'fields' ? block.fields : []))
      .map(({ label, value }) => [label, value]),
  );

/** A message as plain text, for people who review snapshots. */
function shown(message: Message): string {
  const blocks = message.blocks.map((block) => {
    switch (block.type) {
      case 'text':
        return sentence(block.text);
      case 'note':
        return `(${sentence(block.text)})`;
      case 'fields':
        return block.fields.map(({ label, value }) => `${label}: ${value}`).join(' | ');
      case 'table':
        return [block.columns, ...block.rows].map((row) => row.join(' | ')).join('\n');
      case 'trend':
        return `${block.values.join(' ')} ~ ${block.text}`;
      default:
        return '---';
    }
  });
  return [`# ${message.title}`, ...blocks].join('\n');
}

const sentence = (text: readonly Inline[]): string =>
  text
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('strong' in part) return `*${part.strong}*`;
      if ('person' in part) return part.person;
      return `[${part.link}](${part.url})`;
    })
    .join('');
