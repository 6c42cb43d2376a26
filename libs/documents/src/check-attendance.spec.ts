import { builtInMessages } from '#domain';
import { z } from 'zod';
import { checkDocuments } from './check.js';
import type { Plugins } from './plugins.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const nothing = z.strictObject({});
const plugins: Plugins = {
  sources: new Map([
    ['wecom', { settings: nothing, emits: ['attendance'] }],
    ['clockify', { settings: nothing, emits: ['work.hours', 'leave'] }],
  ]),
  channels: new Map(),
};
const sources = `kind: Source
name: wecom
type: wecom
---
kind: Source
name: clockify
type: clockify`;
const rule = `kind: Rule
name: overtime
each: person
over: lastMonth
audience: managers
needs: { wecom: closed }
measure: { overtime: { sum: attendance, of: overtime }, records: { count: attendance } }
when: overtime > 36.0
say: overtime`;

const told = (text: string): readonly string[] => {
  const { documents, problems } = readText(sources, 'sources');
  const read = readText(text, 'rule');
  const checked = checkDocuments([...documents, ...read.documents], plugins, builtInMessages);
  return [...problems, ...read.problems, ...checked.problems].map(formatProblem);
};
const replaced = (from: string, to: string): string => {
  expect(rule).toContain(from);
  return rule.replace(from, to);
};

describe('a rule about records of a month', () => {
  it('is right', () => {
    expect(told(rule)).toEqual([]);
  });

  it.each([
    [
      'no number named',
      'sum: attendance, of: overtime',
      'sum: attendance',
      /rule:7:24 .*`attendance` holds many numbers — name one with `of`, such as `{ sum: attendance, of: worked }`; there are `worked`, /,
    ],
    [
      'a number that there is not',
      'of: overtime',
      'of: overtme',
      /rule:7:45 .*`attendance` holds no number `overtme` — did you mean `overtime`\?/,
    ],
    [
      'a number of what holds one',
      'sum: attendance, of: overtime',
      'sum: leave, of: overtime',
      /`leave` holds one number — `{ sum: leave }`/,
    ],
    [
      'another period than a month',
      'lastMonth',
      'lastWeek',
      /rule:4:7 .*`attendance` is told of whole months, and of `lastWeek` nothing is — `lastMonth`, or `thisMonth` for how far it is/,
    ],
    [
      'a source that has no such records',
      'wecom: closed',
      'clockify: closed',
      /none of the sources that the rule needs has `attendance` — name one that has it in `needs`, such as `needs: { wecom: closed }`/,
    ],
    [
      'nothing to tell',
      'say: overtime',
      'say: exceptional-days',
      /rule:9:6 .*`exceptional-days` tells a number called `days`, and the rule has none — give a measure or a `let` that name/,
    ],
  ])('is refused with %s', (_, from, to, problem) => {
    expect(told(replaced(from, to))).toContainEqual(expect.stringMatching(problem));
  });
});
