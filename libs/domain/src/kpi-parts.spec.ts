import fc from 'fast-check';
import { compileRule, decide } from './decide.js';
import type { Decision } from './decision.js';
import { partsOf, type KpiParts } from './kpi-parts.js';
import type { Rule } from './rule.js';
import { teamSubject } from './subject.js';

const subject = teamSubject(
  { id: 't', name: 'ferrari', title: 'Ferrari', locale: 'en', size: 4 },
  'Europe/Kyiv',
);
const keys = ['Critical', 'High', 'Low'];
const rule = (lets: Readonly<Record<string, string>>, over: Partial<Rule> = {}): Rule => ({
  name: 'issue-index',
  each: 'team',
  over: 'latest',
  audience: 'team',
  needs: {},
  measure: { open: { latest: 'kpi.openIssues', by: 'priority', keys } },
  let: lets,
  params: { target: 20, high: 5 },
  when: 'true',
  say: 'kpi-index',
  ...over,
});

const parts = (
  document: Rule,
  counts: Readonly<Record<string, number>>,
  params: Readonly<Record<string, number>> = {},
): KpiParts | undefined => {
  const compiled = compileRule(document);
  const decision: Decision = decide(compiled, {
    subject,
    period: { from: '2026-11-17', to: '2026-11-18' },
    measures: { open: { Critical: 0, High: 0, Low: 0, other: 0, ...counts }, all: 9 },
    exception: { name: 'own', rule: 'issue-index', team: 'ferrari', params },
    unknownIn: [],
    incomplete: [],
    expectedHours: undefined,
  });
  return partsOf(compiled, decision, subject);
};

describe('what a number is made up of', () => {
  const weighted = rule({
    most: 'open.Critical * 10.0',
    score: 'most + open.High * high + open.other * 0.5',
  });

  it('is each part with what it weighs, as the expressions and this team’s params have it', () => {
    expect(parts(weighted, { Critical: 2, High: 1 }, { high: 7 })).toEqual({
      by: 'priority',
      parts: [
        { key: 'Critical', count: 2, weighed: { weight: 10, points: 20 } },
        { key: 'High', count: 1, weighed: { weight: 7, points: 7 } },
        { key: 'Low', count: 0, weighed: { weight: 0, points: 0 } },
      ],
    });
  });

  it('names all that is not among the keys, where there is any', () => {
    expect(parts(weighted, { other: 3 })?.parts.at(-1)).toEqual({
      key: 'other',
      count: 3,
      weighed: { weight: 0.5, points: 1.5 },
    });
  });

  it.each([
    ['does not add up', 'max(open.Critical * 10.0, open.High * 5.0)', { Critical: 2, High: 1 }],
    ['begins somewhere else', 'open.Critical * 10.0 + 3.0', { Critical: 1 }],
    ['is no sum', 'open.Critical * open.Critical', { Critical: 1 }],
    ['is capped', 'min(open.Critical * 10.0, 15.0)', { Critical: 3 }],
    ['cannot be computed for other numbers', '10.0 / open.Critical', { Critical: 1 }],
    ['has nothing to do with them', 'target', { Critical: 1 }],
  ])('is counted and not weighed, where the number %s', (_name, score, counts) => {
    const found = parts(rule({ score }), counts);

    expect(found?.parts.map(({ count }) => count)).toEqual([
      counts.Critical,
      'High' in counts ? counts.High : 0,
      0,
    ]);
    expect(found?.parts.every(({ weighed }) => weighed === undefined)).toBe(true);
  });

  it('is nothing, where the rule counts by nothing', () => {
    expect(
      parts(rule({ score: 'all' }, { measure: { all: { latest: 'kpi.openIssues' } } }), {}),
    ).toBeUndefined();
  });

  it('adds up to the number, whatever the weights', () => {
    const weight = fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10);
    const count = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.tuple(weight, weight, weight), fc.tuple(count, count, count), (weights, counts) => {
        const text = weights
          .map((one, index) => `open.${keys[index] ?? ''} * (${one.toFixed(1)})`)
          .join(' + ');
        const values = Object.fromEntries(keys.map((key, index) => [key, counts[index] ?? 0]));

        const found = parts(rule({ score: text }), values)?.parts ?? [];

        const isWeighed = weights.some((one) => one !== 0);
        expect(found.map(({ weighed }) => weighed?.weight)).toEqual(
          weights.map((one) => (isWeighed ? one : undefined)),
        );
        const sum = found.reduce((total, { weighed }) => total + (weighed?.points ?? 0), 0);
        const score = weights.reduce((total, one, index) => total + one * (counts[index] ?? 0), 0);
        expect(sum).toBeCloseTo(isWeighed ? score : 0, 3);
      }),
    );
  });
});
