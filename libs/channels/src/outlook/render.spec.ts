import { locales, type Locale, type Message } from '#domain';
import { mailText } from './simulator.js';
import { render } from './render.js';

const text = (...parts: Extract<Message['blocks'][number], { type: 'text' }>['text']) => ({
  type: 'text' as const,
  text: parts,
});
const message = (...blocks: Message['blocks']): Message => ({ locale: 'en', title: 'Title', blocks });
const html = (given: Message, options = {}): string => render(given, options).body.content;
/** What stands in the one column. */
const column = (given: Message): string =>
  /<td class="cell"[^>]*>(.*)<\/td><\/tr><\/table><\/body>/s.exec(html(given))?.[1] ?? '';
/** As somebody reads it whose client shows plain text, which the simulated Exchange makes. */
const plainOf = (given: Message): string =>
  mailText({ content: { body: { contentType: 'html', content: html(given) } } } as Parameters<
    typeof mailText
  >[0]);

const said: Readonly<
  Record<Locale, { readonly title: string; readonly intro: string; readonly columns: readonly string[] }>
> = {
  en: {
    title: 'Olena: 20 of 40 h logged (2 – 8 Nov)',
    intro: 'fewer hours were logged than expected {}*|.',
    columns: ['Day', 'Logged'],
  },
  uk: {
    title: 'Олена: записано 20 з 40 год (2 – 8 лист.)',
    intro: 'записано менше годин, ніж очікувалося «є» & <b>.',
    columns: ['День', 'Записано'],
  },
  ko: {
    title: '올레나: 40시간 중 20시간 기록',
    intro: '기록된 시간이 예상보다 적습니다 <script>.',
    columns: ['날짜', '기록'],
  },
  zh: {
    title: '奥列娜：40 小时中已记录 20 小时',
    intro: '记录的工时少于预期 “<i>”。',
    columns: ['日期', '已记录'],
  },
  ru: {
    title: 'Олена: записано 20 из 40 ч',
    intro: 'записано меньше часов, чем ожидалось </td>.',
    columns: ['День', 'Записано'],
  },
};

const hours = (locale: Locale): Message => ({
  locale,
  title: said[locale].title,
  blocks: [
    text({ person: 'Olena', externalId: 'olena@acme.example' }, ': ', said[locale].intro),
    {
      type: 'fields',
      fields: [
        { label: said[locale].columns[1] ?? '', value: '20' },
        { label: 'R&D', value: '' },
      ],
    },
    {
      type: 'table',
      columns: [...said[locale].columns],
      rows: [
        ['2', '8'],
        ['3', '7.5'],
      ],
    },
    { type: 'trend', values: [40, 38, 20], text: '40 → 38 → 20' },
    { type: 'divider' },
    { type: 'note', text: ['UTC ', { link: 'acme', url: 'https://acme.example/?a="1"&b' }] },
    {
      type: 'actions',
      actions: [
        { id: 'open', label: '→ Clockify', url: 'https://clockify.example/' },
        { id: 'mute', label: 'Mute' },
      ],
    },
  ],
});

describe.each(locales)('a mail in %s', (locale) => {
  it('reads like this where only plain text is shown', () => {
    expect(plainOf(hours(locale))).toMatchSnapshot();
  });

  it('says its language, and holds nothing of what stood in the text as markup', () => {
    const content = html(hours(locale));

    expect(content).toMatch(new RegExp(`^<!doctype html><html lang="${locale}">`));
    expect(content).not.toMatch(/<script|<b>|<i>|\.<\/td>\./);
    expect(content.match(/<td class="cell"/g)).toHaveLength(1);
  });
});

describe('what a mail looks like', () => {
  it('is this', () => {
    expect(html(hours('en'))).toMatchSnapshot();
  });

  it('is left to whoever reads it, light or dark', () => {
    const content = html(hours('en'), { corrects: true });

    expect(content).toContain('<meta name="color-scheme" content="light dark">');
    expect(content).toContain('prefers-color-scheme:dark');
    // Only buttons have a background, with a text that reads on it.
    expect(content.match(/background[^;"]*/g)).toEqual(['background-color:#2f5bd0']);
    expect(content).not.toMatch(/bgcolor|#fff\b|black|white;/i);
  });

  it('reads well where a client leaves the style sheet out: greys with contrast on white and on black', () => {
    const greys = new Set(
      html(hours('en'))
        .replace(/<style>.*<\/style>/s, '')
        .match(/[^-]color:(#[0-9a-f]{6})/g)
        ?.map((one) => one.slice(-7)),
    );
    greys.delete('#ffffff');

    expect(greys.size).toBeGreaterThan(0);
    for (const grey of greys)
      for (const paper of ['#ffffff', '#000000']) expect(contrast(grey, paper)).toBeGreaterThan(4.2);
    expect(contrast('#2f5bd0', '#ffffff')).toBeGreaterThan(4.5);
    expect(contrast('#a6a6a6', '#1f1f1f')).toBeGreaterThan(4.5);
  });

  it('is one column, no wider than 600, in sizes that can be read on a phone', () => {
    const content = html(hours('en'));

    const widths = [...content.matchAll(/width[:=]"?(\d+)(px)?/g)].map(([, width]) => Number(width));
    expect(Math.max(...widths)).toBeLessThanOrEqual(600);
    expect(content).not.toMatch(/[^-]width:\d{3}px/);
    expect(
      Math.min(...[...content.matchAll(/font-size:(\d+)px/g)].map(([, size]) => Number(size))),
    ).toBeGreaterThanOrEqual(14);
  });

  it('shows behind the subject the figures or what is said first, and of a correction its title', () => {
    const preheader = (content: string): string | undefined =>
      /mso-hide:all;">([^<]*)<\/div>/.exec(content)?.[1];
    const given = message(text('\n'), text('R&D: ', { strong: 'fewer' }, ` hours${' and hours'.repeat(30)}`));

    expect(preheader(html(given))).toMatch(/^R&amp;D: fewer hours.{60,90}…$/);
    expect(preheader(html(given, { corrects: true }))).toBe('Correction: Title');
    expect(preheader(html(hours('en')))).toBe('Logged: 20 · R&amp;D: –');
    expect(preheader(html(message()))).toBeUndefined();
  });
});

describe('the texts of a mail', () => {
  it.each(['javascript:alert(1)', 'no address', 'file:///etc/passwd'])('link nowhere with %s', (url) => {
    expect(column(message(text({ link: 'here', url })))).toContain('>here</p>');
  });

  it('keep line ends, and lose what nobody sees', () => {
    expect(column(message(text('one\ntwo\u0000\ud83d')))).toContain('>one<br>two�</p>');
  });

  it('are cut with how much is missing, never within a character', () => {
    const long = message(text('a'.repeat(7999), { strong: '👩‍💻👩‍💻' }));

    expect(column(long)).toContain(`${'a'.repeat(7999)} <i>… characters not shown: 10</i>`);
  });

  it('of a table are cut with how many rows are missing', () => {
    const rows = Array.from({ length: 500 }, (_, row) => [`Person ${row}`, '40']);

    expect(column(message({ type: 'table', columns: ['Person', 'Hours'], rows }))).toContain(
      '… rows not shown: 300',
    );
  });

  it('fill short rows and leave out what has no column', () => {
    const cells = column(
      message({ type: 'table', columns: ['a', 'b'], rows: [['1'], ['1', '2', '3']] }),
    ).match(/<td[^>]*>[^<]*/g);

    expect(cells?.map((cell) => cell.replace(/.*>/, ''))).toEqual(['1', '', '1', '2']);
  });

  it('stay below what Gmail shows of a mail, in every language, with how many parts are missing', () => {
    for (const sign of ['a', 'є', '한'])
      expect(
        Buffer.byteLength(html(message(...Array.from({ length: 60 }, () => text(sign.repeat(5000)))))),
      ).toBeLessThan(102_000);
    expect(html(message(...Array.from({ length: 60 }, () => text('a'.repeat(5000)))))).toContain(
      '… parts not shown: 4',
    );
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).toSorted((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
