import { z } from 'zod';
import { checkDocuments } from './check.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const company = `
kind: Source
name: clockify
type: clockify
---
kind: Channel
name: slack
type: slack
---
kind: Rule
name: low-hours
each: person
over: lastMonth
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 25.0
say: low-hours
---
kind: Subscription
name: monthly
rules: [low-hours]
schedule: { cron: '0 9 1 * *', timezone: person }
to: { channel: slack, room: { name: 'hours-{{ person.slug }}', members: [person, managers] } }
`;

const check = (retention: string, others = company): readonly string[] => {
  const { documents, problems } = readText(`${others}\n---\nkind: Retention\n${retention}`, 'all.yaml');
  const checked = checkDocuments(
    documents,
    {
      sources: new Map([['clockify', { settings: z.strictObject({}), emits: ['work.hours'] }]]),
      channels: new Map([['slack', { settings: z.strictObject({}), destination: z.looseObject({}) }]]),
    },
    ['low-hours'],
  );
  return [...problems, ...checked.problems].map((problem) => formatProblem(problem));
};

/** Of a source that reads half a year each time. */
const checkSource = (retention: string): readonly string[] =>
  check(retention, company.replace('type: clockify', 'type: clockify\ncollect: { from: -180d }'));

describe('a Retention document', () => {
  it.each(['facts: 92d', 'deliveries: 30d', 'facts: 400d\ndeliveries: 400d'])('may say %j', (retention) => {
    expect(check(retention)).toEqual([]);
  });

  it('may not remove facts that a run or its correction still looks at', () => {
    expect(check('facts: 90d')).toEqual([
      expect.stringMatching(
        /^all\.yaml:\d+:8 .*`facts` are kept for a shorter time than Rule `low-hours` needs: from the beginning of `lastMonth`.*hours that were logged would be missing.*`92d` or more/s,
      ),
    ]);
  });

  it('may not remove what the next read would bring back', () => {
    expect(checkSource('facts: 100d')).toEqual([
      expect.stringMatching(/than Source `clockify` needs: each read of `collect.from` would bring back/),
    ]);
  });

  it('may not remove what was said while it may have to be edited', () => {
    expect(check('deliveries: 7d')).toEqual([
      expect.stringMatching(
        /`deliveries` are kept for a shorter time than Subscription `monthly` needs.*`30d` or more/s,
      ),
    ]);
  });

  it('is refused where it says nothing', () => {
    expect(check('')).toEqual([expect.stringContaining('it says nothing')]);
  });
});
