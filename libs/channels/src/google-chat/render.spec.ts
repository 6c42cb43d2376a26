import { describe, expect, it } from '@jest/globals';
import type { Inline, Locale, Message, MessageBlock } from '#domain';
import fc from 'fast-check';
import { render, revisionOf, type ChatMessage } from './render.js';
import { card as cardShape, shownOf, unknownTags } from './simulator/cards.js';

const message = (...blocks: readonly MessageBlock[]): Message => ({ locale: 'en', title: 'Title', blocks });
const text = (...parts: readonly Inline[]): MessageBlock => ({ type: 'text', text: parts });
const widgetsOf = ({ cardsV2: [{ card }] }: ChatMessage) =>
  card.sections?.flatMap(({ widgets }) => widgets) ?? [];
const textsOf = (rendered: ChatMessage): readonly string[] =>
  widgetsOf(rendered).flatMap((widget) => ('textParagraph' in widget ? [widget.textParagraph.text] : []));
const bytes = (rendered: unknown): number => Buffer.byteLength(JSON.stringify(rendered));

interface Words {
  readonly title: string;
  readonly labels: readonly [string, string, string];
  readonly values: readonly [string, string, string];
  readonly trend: string;
  readonly columns: readonly [string, string, string, string];
  readonly parts: readonly [string, string];
  readonly issue: string;
  readonly note: string;
  readonly open: string;
}

/** Titles as people write them into issues, in the languages of the product. */
const languages: Readonly<Record<Locale, Words>> = {
  en: {
    title: 'Ferrari · issue index: 34 (target 20)',
    labels: ['Value', 'Target', 'Distance'],
    values: ['34 points', '20 points', '14 points above the target: needs attention'],
    trend: '▲ 4 (30 → 34) since Thu, May 7',
    columns: ['Priority', 'Issues', 'Weight', 'Points'],
    parts: ['Critical', 'High'],
    issue: '*URGENT* _all_ ~gone~ <users/all> <b>R&D</b> `rm -rf`',
    note: 'From the open issues of the team in vtiger & “CRM”.',
    open: 'Open the list',
  },
  uk: {
    title: 'Ferrari · індекс задач: 34 (ціль 20)',
    labels: ['Значення', 'Ціль', 'Відстань'],
    values: ['34 бали', '20 балів', 'на 14 балів вище цілі: потребує уваги'],
    trend: '▲ 4 (30 → 34) з чт, 7 трав.',
    columns: ['Пріоритет', 'Задачі', 'Вага', 'Бали'],
    parts: ['Критичний', 'Високий'],
    issue: '*Терміново* _усім_ ~зникло~ <users/all> «Об’єкт» & <i>іще</i>',
    note: 'За відкритими задачами команди у vtiger.',
    open: 'Відкрити список',
  },
  ko: {
    title: 'Ferrari · 이슈 지수: 34 (목표 20)',
    labels: ['값', '목표', '차이'],
    values: ['34점', '20점', '목표보다 14점 높음: 주의 필요'],
    trend: '▲ 4 (30 → 34), 5월 7일 (목) 이후',
    columns: ['우선순위', '이슈', '가중치', '점수'],
    parts: ['심각', '높음'],
    issue: '*긴급* _모두_ ~삭제~ <users/all> 결제 & <font color="red">오류</font>',
    note: 'vtiger에 있는 팀의 열린 이슈를 기준으로 합니다.',
    open: '목록 열기',
  },
  zh: {
    title: 'Ferrari · 问题指数：34（目标 20）',
    labels: ['数值', '目标', '差距'],
    values: ['34 分', '20 分', '高于目标 14 分：需要关注'],
    trend: '▲ 4（30 → 34），自 5月7日周四',
    columns: ['优先级', '问题', '权重', '分数'],
    parts: ['紧急', '高'],
    issue: '*紧急* _全部_ ~消失~ <users/all> 支付＆订单 & </b>错误',
    note: '依据 vtiger 中该团队的未结问题。',
    open: '打开列表',
  },
  ru: {
    title: 'Ferrari · индекс задач: 34 (цель 20)',
    labels: ['Значение', 'Цель', 'Расстояние'],
    values: ['34 балла', '20 баллов', 'на 14 баллов выше цели: требует внимания'],
    trend: '▲ 4 (30 → 34) с чт, 7 мая',
    columns: ['Приоритет', 'Задачи', 'Вес', 'Баллы'],
    parts: ['Критический', 'Высокий'],
    issue: '*Срочно* _всем_ ~пропало~ <users/all> «Ёж» & <a href="javascript:x">тут</a>',
    note: 'По открытым задачам команды в vtiger.',
    open: 'Открыть список',
  },
};

const kpi = (locale: Locale): Message => {
  const { title, labels, values, trend, columns, parts, issue, note, open } = languages[locale];
  return {
    locale,
    title,
    blocks: [
      { type: 'fields', fields: labels.map((label, index) => ({ label, value: values[index] ?? '' })) },
      { type: 'trend', values: [22, 27, 30, 34], text: trend },
      {
        type: 'table',
        columns: [...columns],
        rows: [
          [parts[0], '2', '10', '20'],
          [parts[1], '3', '5', '15'],
        ],
      },
      text('• ', { link: issue, url: 'https://crm.acme.example/?record="12x34"&view=<all>' }, '\n• ', issue),
      { type: 'divider' },
      { type: 'note', text: [note] },
      {
        type: 'actions',
        actions: [
          { id: 'open', label: open, url: 'https://crm.acme.example/issues?team=ferrari&open=1' },
          { id: 'mute', label: 'Mute', value: 'a-week' },
        ],
      },
    ],
  };
};

describe.each(Object.keys(languages) as readonly Locale[])('a number of a team in %s', (locale) => {
  it('reads like this', () => {
    expect(render(kpi(locale), 1)).toMatchSnapshot();
  });

  it('holds nothing that Chat does not know, whatever stood in a title', () => {
    const { cardsV2 } = render(kpi(locale), 1);

    expect(unknownTags(cardShape.parse(cardsV2[0].card))).toEqual([]);
    expect(JSON.stringify(cardsV2)).not.toContain('<users/');
    expect(JSON.stringify(cardsV2)).not.toContain('<a href=\\"javascript');
  });
});

describe('the texts of a card', () => {
  it('make outside text bold or a link, and escape it in both', () => {
    const rendered = render(
      message(text({ strong: 'R&D <1>' }, ' of ', { link: '<all>', url: 'https://acme.example/?a="1"&b' })),
      1,
    );

    expect(textsOf(rendered)).toEqual([
      '<b>R&amp;D &lt;1&gt;</b> of <a href="https://acme.example/?a=%221%22&amp;b">&lt;all&gt;</a>',
    ]);
  });

  it.each(['javascript:alert(1)', 'no address', 'file:///etc/passwd'])('link nowhere with %s', (url) => {
    expect(textsOf(render(message(text({ link: 'here', url })), 1))).toEqual(['here']);
  });

  it('show labels and the title as they are, since those are plain text', () => {
    const { cardsV2 } = render(
      { ...message({ type: 'fields', fields: [{ label: 'R&D', value: 'R&D' }] }), title: 'R&D <2>' },
      1,
    );

    expect(cardsV2[0].card).toEqual({
      header: { title: 'R&D <2>' },
      sections: [{ widgets: [{ decoratedText: { topLabel: 'R&D', text: 'R&amp;D', wrapText: true } }] }],
    });
  });

  it('put a title that the header has no place for below it', () => {
    const title =
      'Ferrari · issue index: 34 (target 20), open issues: 12 (target 10), oldest open issue: 48 days';

    const rendered = render({ ...message(), title }, 1);

    expect(rendered.cardsV2[0].card.header.title).toMatch(/^Ferrari .{60,}…$/);
    expect(textsOf(rendered)).toEqual([`<b>${title}</b>`]);
  });

  it('leave out actions that nothing answers', () => {
    const rendered = render(message({ type: 'actions', actions: [{ id: 'mute', label: 'Mute' }] }), 1);

    expect(widgetsOf(rendered)).toEqual([]);
  });

  it('name the cells of a table by its columns, and leave empty ones out', () => {
    const rendered = render(
      message({
        type: 'table',
        columns: ['Day', 'Logged', 'Note'],
        rows: [['Mon', '8', ''], ['Tue', '0', 'sick'], ['Wed']],
      }),
      1,
    );

    expect(textsOf(rendered)).toEqual([
      '<b>Mon</b> · Logged 8<br><b>Tue</b> · Logged 0 · Note sick<br><b>Wed</b>',
    ]);
  });

  it('draw values as a line beside what they mean', () => {
    expect(textsOf(render(message({ type: 'trend', values: [1, 2, 3], text: 'up & up' }), 1))).toEqual([
      '▁▅█ up &amp; up',
    ]);
    expect(textsOf(render(message({ type: 'trend', values: [3], text: 'first' }), 1))).toEqual(['first']);
  });
});

describe('mentions', () => {
  const of = (...ids: readonly (string | undefined)[]): ChatMessage =>
    render(
      {
        ...message(
          text(...ids.map((id) => ({ person: 'Olena', ...(id === undefined ? {} : { externalId: id }) }))),
        ),
        title: '*Low* hours_of `Olena`',
      },
      1,
    );

  it('stand before the title in the text of the message, each once', () => {
    const rendered = of('users/123', '123', '456');

    expect(rendered.text).toBe('<users/123> <users/456> ∗Low∗ hours＿of ˋOlenaˋ');
    expect(textsOf(rendered)).toEqual(['OlenaOlenaOlena']);
  });

  it.each([undefined, 'olena@acme.example', 'all', 'users/all', 'U123'])('call nobody by %s', (id) => {
    expect(of(id).text).toBeUndefined();
  });
});

describe('what is too long', () => {
  const words = (count: number): string => '👩‍💻 дуже довго '.repeat(count);

  it('says how many characters of a text are missing, and cuts none in two', () => {
    const [shown = ''] = textsOf(render(message(text(words(2000))), 1));

    const [, kept = '', lost = ''] = /^(.*) <i>… characters not shown: ([\d,]+)<\/i>$/.exec(shown) ?? [];
    const characters = (one: string): number => [...new Intl.Segmenter().segment(one)].length;
    expect(words(2000).startsWith(kept)).toBe(true);
    expect(characters(kept) + Number(lost.replaceAll(',', ''))).toBe(characters(words(2000)));
  });

  it('says how many rows of a table are missing', () => {
    const rows = Array.from({ length: 3000 }, (_, row) => [`Issue ${row} <b>&`, '40']);

    const [shown = ''] = textsOf(render(message({ type: 'table', columns: ['Issue', 'Days'], rows }), 1));

    const lines = shown.split('<br>');
    expect(lines.at(-1)).toBe(
      `<i>… rows not shown: ${new Intl.NumberFormat('en').format(3000 - (lines.length - 1))}</i>`,
    );
    expect(lines[0]).toBe('<b>Issue 0 &lt;b&gt;&amp;</b> · Days 40');
  });

  it('says how many fields are missing, within a hundred widgets', () => {
    const fields = Array.from({ length: 300 }, (_, index) => ({
      label: `Field ${index}`,
      value: 'x'.repeat(40),
    }));

    const shown = widgetsOf(render(message({ type: 'fields', fields }), 1));

    expect(shown.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(shown.at(-1))).toContain(`rows not shown: ${300 - (shown.length - 1)}<`);
  });

  it('says how many parts are missing, in the language of the message', () => {
    const rendered = render(
      { ...message(...Array.from({ length: 2000 }, () => text('one of many'))), locale: 'uk' },
      1,
    );

    expect(widgetsOf(rendered)).toHaveLength(100);
    expect(textsOf(rendered).at(-1)).toMatch(/^<i>… не показано частин: 1\s901<\/i>$/);
  });

  it('never keeps Chat from taking it', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '\ud83d',
        '\u0000\u001b',
        '"\\"'.repeat(2000),
        '<&>'.repeat(3000),
        words(300),
        '',
        '\n',
        '漢字'.repeat(4000),
      ),
    );
    const anyInline: fc.Arbitrary<Inline> = fc.oneof(
      anyText,
      anyText.map((strong) => ({ strong })),
      fc.record({ person: anyText, externalId: fc.constantFrom('123', 'users/4', 'x') }),
      fc.record({ link: anyText, url: fc.oneof(anyText, fc.webUrl()) }),
    );
    const inlines = fc.array(anyInline, { maxLength: 4 });
    const anyBlock: fc.Arbitrary<MessageBlock> = fc.oneof(
      inlines.map((parts) => text(...parts)),
      inlines.map((parts) => ({ type: 'note' as const, text: parts })),
      fc
        .array(fc.record({ label: anyText, value: anyText }), { maxLength: 60 })
        .map((fields) => ({ type: 'fields' as const, fields })),
      fc
        .tuple(
          fc.array(anyText, { maxLength: 4 }),
          fc.array(fc.array(anyText, { maxLength: 5 }), { maxLength: 60 }),
        )
        .map(([columns, rows]) => ({ type: 'table' as const, columns, rows })),
      fc
        .tuple(fc.array(fc.double(), { maxLength: 40 }), anyText)
        .map(([values, said]) => ({ type: 'trend' as const, values, text: said })),
      fc
        .array(fc.record({ id: fc.constant('a'), label: anyText, url: fc.webUrl() }), { maxLength: 12 })
        .map((actions) => ({ type: 'actions' as const, actions })),
      fc.constant({ type: 'divider' as const }),
    );
    const anyMessage = fc.record({
      locale: fc.constantFrom(...(Object.keys(languages) as Locale[])),
      title: anyText,
      blocks: fc.array(anyBlock, { maxLength: 120 }),
    });

    fc.assert(
      fc.property(anyMessage, (any) => {
        const rendered = render(any, 1);
        const card = cardShape.parse(rendered.cardsV2[0].card);

        expect(bytes({ ...rendered, thread: { threadKey: '漢'.repeat(200) } })).toBeLessThanOrEqual(32_000);
        expect(shownOf(card).dropped).toBe(0);
        expect(unknownTags(card)).toEqual([]);
        expect(rendered.text?.length ?? 0).toBeLessThanOrEqual(4000);
        expect(JSON.stringify(rendered)).not.toMatch(/\\ud[89a-f]|\\u00[01]/i);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('a revision', () => {
  it('is known again by the id of the card', () => {
    expect(revisionOf(render(message(), 7).cardsV2)).toBe(7);
  });

  it.each([[[]], [[{ cardId: 'inc-42' }]], [[{}]]])('is unknown where the cards are %j', (cards) => {
    expect(revisionOf(cards)).toBeUndefined();
  });
});
