import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExpectationStep, ExpectedDay } from '../calendar.js';
import type { Decision } from '../decision.js';
import { instant, type LocalDate } from '../instant.js';
import { locales, type Inline, type Locale, type Message } from '../message.js';
import type { Person } from '../person.js';
import { catalogue } from './catalogue.js';
import { composeMessage, composeWithdrawn, messagesAbout } from './compose.js';
import { runTroubleReasons, troubleReasons } from './phrases.js';
import type { SaidDay, SaidInputs } from './said-inputs.js';
import { testMessage } from './test-message.js';
import { deliveryTrouble, roomTrouble, runTrouble, sourceTrouble, unmatched } from './troubles.js';

const period = { from: '2026-04-27', to: '2026-05-04' };

const person = (locale: Locale): Person => ({
  id: 'p1',
  slug: 'olena-kovalenko',
  name: 'Olena Kovalenko',
  zone: 'Europe/Kyiv',
  locale,
  weekStart: 'MONDAY',
  workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  dailyHours: 8,
  active: true,
  managers: ['p2'],
  teams: [],
  identities: {},
});

const expectedDay = (
  day: LocalDate,
  extra: readonly ExpectationStep[] = [],
  shares = [0, 0],
): ExpectedDay => {
  const [holidayShare = 0, leaveShare = 0] = shares;
  const hours = 8 * Math.max(0, 1 - holidayShare - leaveShare);
  return {
    day,
    hours,
    contractHours: 8,
    holidayShare,
    leaveShare,
    steps: [{ step: 'contract', hours: 8, workingDay: true }, ...extra],
  };
};

const weekend = (day: LocalDate): ExpectedDay => ({
  day,
  hours: 0,
  contractHours: 0,
  holidayShare: 0,
  leaveShare: 0,
  steps: [{ step: 'contract', hours: 0, workingDay: false }],
});

const holiday = { step: 'public-holiday', name: 'День праці', share: 1, hours: 0 } as const;
const week: readonly SaidDay[] = [
  { day: '2026-04-27', worked: 8, expected: expectedDay('2026-04-27') },
  { day: '2026-04-28', worked: 7.505, expected: expectedDay('2026-04-28') },
  {
    day: '2026-04-29',
    worked: 2.5,
    expected: expectedDay('2026-04-29', [{ step: 'leave', part: 'first-half', hours: 4 }], [0, 0.5]),
  },
  {
    day: '2026-04-30',
    worked: 0,
    expected: expectedDay('2026-04-30', [{ step: 'leave', part: 'whole', hours: 0 }], [0, 1]),
  },
  { day: '2026-05-01', worked: 0, expected: expectedDay('2026-05-01', [holiday], [1, 0]) },
  { day: '2026-05-02', worked: 1, expected: weekend('2026-05-02') },
  { day: '2026-05-03', worked: 0, expected: weekend('2026-05-03') },
];

const fired = (rule: string, inputs: Decision['inputs'] = {}): Decision => ({
  rule,
  subject: 'p1',
  period,
  outcome: 'fired',
  inputs,
});
const low = fired('low-hours', { hours: 19.005, expected: 20, threshold: 25 });
const off = fired('days-off', { leave: 1.5, holidays: 1 });
const missing = fired('missing-holiday');
const exceptional = fired('exceptional-days', {
  days: 4,
  due: 22,
  late: 2,
  leftEarly: 1,
  missing: 0,
  absent: 1,
  limit: 3,
});
const overtime = fired('overtime', {
  overtime: 41.5,
  onWorkingDays: 21,
  onRestDays: 20.5,
  onHolidays: 0,
  limit: 36,
});

const inputs = (locale: Locale, change: Partial<SaidInputs> = {}): SaidInputs => ({
  person: person(locale),
  managers: [{ name: 'Іван Мельник', externalId: 'U2' }, { name: 'Zoe' }],
  missingHolidays: [{ day: '2026-05-01', name: 'День праці' }],
  personExternalId: 'U1',
  period,
  days: week,
  decisions: [low, off, missing],
  ...change,
});

describe.each(locales)('in %s', (locale) => {
  it('tells of low hours', () => {
    expect(shown(composeMessage([{ say: 'low-hours', decision: low }], inputs(locale)))).toMatchSnapshot();
  });

  it('tells of days off', () => {
    expect(shown(composeMessage([{ say: 'days-off', decision: off }], inputs(locale)))).toMatchSnapshot();
  });

  it('tells of exceptional days', () => {
    const say = [{ say: 'exceptional-days', decision: exceptional }];

    expect(shown(composeMessage(say, inputs(locale)))).toMatchSnapshot();
  });

  it('tells of overtime', () => {
    expect(
      shown(composeMessage([{ say: 'overtime', decision: overtime }], inputs(locale))),
    ).toMatchSnapshot();
  });

  it('says everything at once in a digest', () => {
    const say = [
      { say: 'missing-holiday', decision: missing },
      { say: 'low-hours', decision: low },
      { say: 'days-off', decision: off },
    ];

    expect(shown(composeMessage(say, inputs(locale, { managers: [] })))).toMatchSnapshot();
  });

  it('takes back what no longer applies', () => {
    expect(shown(composeWithdrawn('Olena: 19 of 20', locale))).toMatchSnapshot();
  });

  it('tells owners of troubles', () => {
    const since = instant('2026-05-04T06:30:00Z');
    const at = { since, zone: 'Europe/Kyiv' };
    const messages = [
      sourceTrouble(
        { source: 'clockify', reason: 'unauthorized', held: 21, detail: 'Api key does not exist', ...at },
        locale,
      ),
      deliveryTrouble(
        {
          channel: 'slack',
          reason: 'timeout',
          outcome: 'unknown',
          deliveryIds: ['d-1'],
          subscription: 'weekly-hours',
          attempts: 3,
          ...at,
        },
        locale,
      ),
      unmatched(
        {
          system: 'clockify',
          accounts: [{ externalId: 'u1', name: 'Ann', email: 'ann@acme.example' }, { externalId: 'u2' }],
          ...at,
        },
        locale,
      ),
      roomTrouble(
        { channel: 'slack', rooms: ['hours-olena'], detail: 'U9 cannot be invited', ...at },
        locale,
      ),
      ...runTroubleReasons.map((reason) =>
        runTrouble({ subscription: 'weekly-hours', reason, ...at }, locale),
      ),
    ];

    expect(messages.map(shown).join('\n\n')).toMatchSnapshot();
  });

  it('tells owners of many troubles in one message', () => {
    const at = { since: instant('2026-05-04T06:30:00Z'), zone: 'Europe/Kyiv', channel: 'slack' };
    const deliveryIds = Array.from({ length: 5000 }, (_, index) => `d-${index}`);

    const records = {
      count: 22,
      first: Array.from({ length: 20 }, (_, index) => ({
        name: `Tasks 9x${index}`,
        ...(index === 0 ? { url: 'https://crm.acme.example/9x0', of: 'Ferrari' } : {}),
        why: 'it has no status',
      })),
    };
    const messages = [
      sourceTrouble({ source: 'vtiger', reason: 'records', held: 4, records, ...at }, locale),
      deliveryTrouble({ reason: 'unauthorized', outcome: 'refused', deliveryIds, ...at }, locale),
      roomTrouble({ rooms: ['hours-olena', 'hours-max'], ...at }, locale),
      roomTrouble({ rooms: ['carillon-ops'], isUsed: true, ...at }, locale),
    ];

    expect(messages.map(shown).join('\n\n')).toMatchSnapshot();
  });

  it('says of a test that it is one, when it was asked for in the receiver’s zone, and that it asks for nothing', () => {
    const at = { at: instant('2026-05-04T06:30:00Z'), zone: 'Europe/Kyiv' };

    expect(shown(testMessage({ channel: 'slack', ...at }, locale))).toMatchSnapshot();
  });

  it('has words for every reason', () => {
    for (const reason of troubleReasons)
      expect(
        sourceTrouble({ source: 's', reason, since: instant('2026-01-01T00:00:00Z'), zone: 'UTC' }, locale)
          .blocks,
      ).not.toHaveLength(0);
  });
});

describe('plural forms', () => {
  it.each([
    ['en', ['0 hours', '1 hour', '1.5 hours', '2 hours', '5 hours', '11 hours', '21 hours', '22 hours']],
    [
      'uk',
      ['0 годин', '1 година', '1,5 години', '2 години', '5 годин', '11 годин', '21 година', '22 години'],
    ],
    ['ru', ['0 часов', '1 час', '1,5 часа', '2 часа', '5 часов', '11 часов', '21 час', '22 часа']],
    ['ko', ['0시간', '1시간', '1.5시간', '2시간', '5시간', '11시간', '21시간', '22시간']],
    ['zh', ['0 小时', '1 小时', '1.5 小时', '2 小时', '5 小时', '11 小时', '21 小时', '22 小时']],
  ] as const)('of hours in %s', (locale, texts) => {
    expect([0, 1, 1.5, 2, 5, 11, 21, 22].map(catalogue[locale].hours)).toEqual(texts);
  });

  it.each([
    ['en', ['1 day off', '2 days off', '5 days off', '0.5 days off']],
    ['uk', ['1 вихідний', '2 вихідні', '5 вихідних', '0,5 вихідного']],
    ['ru', ['1 выходной', '2 выходных', '5 выходных', '0,5 выходного']],
  ] as const)('of days off in %s', (locale, texts) => {
    expect([1, 2, 5, 0.5].map(catalogue[locale].daysOff)).toEqual(texts);
  });

  it.each([
    ['en', ['1 h off', '2 h off', '5 h off', '2.5 h off', '21 h off']],
    [
      'uk',
      ['1 вільна година', '2 вільні години', '5 вільних годин', '2,5 вільної години', '21 вільна година'],
    ],
    [
      'ru',
      ['1 свободный час', '2 свободных часа', '5 свободных часов', '2,5 свободного часа', '21 свободный час'],
    ],
    ['ko', ['휴무 1시간', '휴무 2시간', '휴무 5시간', '휴무 2.5시간', '휴무 21시간']],
    ['zh', ['休息 1 小时', '休息 2 小时', '休息 5 小时', '休息 2.5 小时', '休息 21 小时']],
  ] as const)('of hours off in %s', (locale, texts) => {
    expect([1, 2, 5, 2.5, 21].map(catalogue[locale].hoursOff)).toEqual(texts);
  });

  it('follow the number as it is shown', () => {
    expect(catalogue.uk.hours(1.004)).toBe('1 година');
    expect(catalogue.en.hours(24.9999)).toBe('24.99 hours');
  });
});

describe('a message', () => {
  it('is the same JSON whatever the order in which rules fired', () => {
    const say = [
      { say: 'low-hours', decision: low },
      { say: 'days-off', decision: off },
      { say: 'missing-holiday', decision: missing },
    ];

    const one = composeMessage(say, inputs('uk'));
    const other = composeMessage(say.toReversed(), inputs('uk', { days: week.toReversed() }));

    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it('never shows a total that reached the threshold which it missed', () => {
    const justBelow = fired('low-hours', { hours: 25 - 1 / 3_600_000, expected: 40, threshold: 25 });

    expect(composeMessage([{ say: 'low-hours', decision: justBelow }], inputs('en')).title).toContain(
      '24.99 of 40 h',
    );
  });

  it('sums the days where the decision has no numbers, and names no threshold', () => {
    const text = shown(composeMessage([{ say: 'low-hours', decision: fired('x') }], inputs('en')));

    expect(text).toContain('Logged: 19 hours | Expected: 20 hours');
    expect(text).not.toContain('below');
  });

  describe('of a part of a day that was asked for by hours', () => {
    const day = (number: string, hoursOff: number, before: readonly ExpectationStep[] = []): SaidDay => {
      const due = before.at(-1)?.hours ?? 8;
      const hours = due - hoursOff;
      const shares = [0, 1 - hours / 8];
      const step = { step: 'leave', part: 'hours', hours } as const;
      return {
        day: number,
        worked: 0,
        expected: { ...expectedDay(number, [...before, step], shares), hours },
      };
    };
    const half = { step: 'leave', part: 'first-half', hours: 4 } as const;
    const lowHours = (...days: readonly SaidDay[]): string =>
      shown(composeMessage([{ say: 'low-hours', decision: low }], inputs('en', { days })));
    const daysOff = (...days: readonly SaidDay[]): string =>
      shown(composeMessage([{ say: 'days-off', decision: off }], inputs('en', { days })));

    it('reads as hours', () => {
      expect(lowHours(day('2026-04-28', 3))).toContain('Already taken into account: 3 h off.');
      expect(daysOff(day('2026-04-28', 3))).toContain('Tue, April 28: 3 h off');
    });

    it('reads as hours beside days and halves', () => {
      const text = lowHours(
        ...week.slice(0, 1),
        day('2026-04-28', 3),
        day('2026-04-29', 2.3, [half]),
        ...week.slice(3),
      );

      expect(text).toContain('Already taken into account: 1 holiday, 1.5 days off, and 5.3 h off.');
      expect(daysOff(day('2026-04-29', 2.3, [half]))).toContain('Wed, April 29: half day off; 2.3 h off');
    });

    it('reads as a day where it is all of the day', () => {
      expect(lowHours(day('2026-04-28', 8))).toContain('Already taken into account: 1 day off.');
      expect(daysOff(day('2026-04-28', 8), day('2026-04-29', 4, [half]))).toContain(
        'Tue, April 28 – Wed, April 29: day off',
      );
    });
  });

  it('joins neighbouring days off over a weekend', () => {
    const leave = [{ step: 'leave', part: 'whole', hours: 0 }] as const;
    const days = ['2026-04-30', '2026-05-01', '2026-05-04', '2026-05-05'].map((day) => ({
      day,
      worked: 0,
      expected: expectedDay(day, leave, [0, 1]),
    }));
    const long = { ...off, period: { from: '2026-04-27', to: '2026-05-11' } };
    const withWeekend = [...days, { day: '2026-05-02', worked: 0, expected: weekend('2026-05-02') }];

    const text = shown(
      composeMessage([{ say: 'days-off', decision: long }], inputs('en', { days: withWeekend })),
    );

    expect(text).toContain('Thu, April 30 – Tue, May 5: day off');
  });

  it('tells of exceptional days and overtime what the decision has', () => {
    const days = shown(
      composeMessage([{ say: 'exceptional-days', decision: fired('x', { days: 1 }) }], inputs('en')),
    );
    const hours = shown(
      composeMessage([{ say: 'overtime', decision: fired('x', { overtime: 7 }) }], inputs('en')),
    );

    expect(days).toContain('Olena Kovalenko: 1 day to look at');
    expect(days).not.toMatch(/Late|above/);
    expect(hours).toContain('Overtime: 7 hours');
    expect(hours).not.toMatch(/rest days|above/);
  });

  it('names the missing holidays of its period', () => {
    const missingHolidays = [
      { day: '2026-05-01', name: 'Labour Day' },
      { day: '2026-06-01', name: 'another period' },
    ];

    const text = shown(
      composeMessage([{ say: 'missing-holiday', decision: missing }], inputs('en', { missingHolidays })),
    );

    expect(text).toContain('Fri, May 1: Labour Day');
    expect(text).not.toContain('another period');
  });

  it('refuses what is no built-in message, and nothing at all', () => {
    expect(() => composeMessage([{ say: 'horoscope', decision: low }], inputs('en'))).toThrow(RangeError);
    expect(() => composeMessage([], inputs('en'))).toThrow(RangeError);
  });

  it('can be composed from anything, and never tells why somebody was away', () => {
    // What a source could smuggle in beside the fields of a step: the type, the note and the hours of a leave.
    const secret = 'SECRET-POLICY-maternity';
    const step = fc.oneof(
      fc.record({
        step: fc.constant('leave' as const),
        part: fc.constantFrom(
          'whole' as const,
          'first-half' as const,
          'second-half' as const,
          'hours' as const,
        ),
        hours: fc.double({ min: 0, max: 24, noNaN: true }),
        policy: fc.constant(secret),
        note: fc.constant(secret),
        status: fc.constant(secret),
      }),
      fc.record({
        step: fc.constantFrom('public-holiday' as const, 'company-day' as const, 'source-holiday' as const),
        name: fc.string(),
        share: fc.constantFrom(0.5, 1),
        hours: fc.constant(0),
      }),
      fc.record({
        step: fc.constantFrom('before-joining' as const, 'after-leaving' as const),
        hours: fc.constant(0),
      }),
    );
    const saidDay = fc.record({
      day: fc.integer({ min: 1, max: 31 }).map((day) => `2026-05-${String(day).padStart(2, '0')}`),
      worked: fc.double({ min: 0, max: 24, noNaN: true }),
      expected: fc.record({
        day: fc.constant('2026-05-01'),
        hours: fc.double({ min: 0, max: 24, noNaN: true }),
        contractHours: fc.constantFrom(0, 4, 8),
        holidayShare: fc.constantFrom(0, 0.5, 1),
        leaveShare: fc.constantFrom(0, 0.5, 1),
        steps: fc.array(step, { maxLength: 3 }),
      }),
    });
    const decision = fc.record({
      rule: fc.string(),
      subject: fc.string(),
      period: fc.constant({ from: '2026-05-01', to: '2026-06-01' }),
      outcome: fc.constant('fired' as const),
      inputs: fc.dictionary(
        fc.constantFrom('hours', 'expected', 'threshold', 'leave', '__proto__'),
        fc.oneof(
          fc.double({ min: -1e6, max: 1e6 }),
          fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
          fc.constant(secret),
          fc.boolean(),
        ),
      ),
    });

    fc.assert(
      fc.property(
        fc.constantFrom(...locales),
        fc.array(saidDay, { maxLength: 31 }),
        fc.array(fc.record({ say: fc.constantFrom(...messagesAbout.person), decision }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.string(),
        (locale, days, say, name) => {
          const made = inputs(locale, { days, person: { ...person(locale), name } });

          const text = JSON.stringify(composeMessage(say, made));

          expect(text).not.toContain(secret);
          expect(JSON.stringify(composeMessage(say, made))).toBe(text);
        },
      ),
    );
  });
});

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
      case 'divider':
        return '---';
      default:
        return block.type;
    }
  });
  return [`# ${message.title}`, ...blocks].join('\n');
}

function sentence(text: readonly Inline[]): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('strong' in part) return `*${part.strong}*`;
      if ('person' in part) return part.externalId ? `@${part.person}` : part.person;
      return part.link;
    })
    .join('');
}
