import { builtInMessages } from '#domain';
import { z } from 'zod';
import { checkDocuments } from './check.js';
import type { Plugins } from './plugins.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const nothing = z.strictObject({});
const plugins: Plugins = {
  sources: new Map([
    ['carillon', { settings: nothing, emits: ['connection.calls', 'connection.token'] }],
    ['clockify', { settings: nothing, emits: ['work.hours'] }],
  ]),
  channels: new Map([['slack', { settings: nothing, destination: z.strictObject({ to: z.string() }) }]]),
};

const documents = `kind: Source
name: carillon
type: carillon
owner: ops@acme.example
---
kind: Source
name: clockify
type: clockify
owner: ops@acme.example
expiresOn: 2026-12-31
callsPerDay: 1000
---
kind: Channel
name: slack
type: slack
owner: ops@acme.example
---
kind: Rule
name: token-expires
each: connection
over: today
audience: public
needs: { carillon: 1h }
measure: { left: { last: connection.token } }
where: connection.kind == "source" && connection.name != "slack"
when: left < 14.0
say: token-expires
---
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 25.0
say: low-hours
---
kind: Subscription
name: health
rules: [token-expires]
schedule: { cron: '0 9 * * *', timezone: Europe/Kyiv }
to: owner
---
kind: Exception
rule: token-expires
connection: clockify
exempt: true
`;

const told = (text: string): readonly string[] => {
  const read = readText(text, 'all');
  const checked = checkDocuments(read.documents, plugins, builtInMessages);
  return [...read.problems, ...checked.problems].map(formatProblem);
};

const replaced = (from: string, to: string): string => {
  expect(documents).toContain(from);
  return documents.replace(from, to);
};

describe('documents about connections', () => {
  it('are right', () => {
    expect(told(documents)).toEqual([]);
  });

  it.each([
    [
      'an owner missing',
      'type: slack\nowner: ops@acme.example',
      'type: slack',
      /`slack` has no owner, who would hear of it — an `owner` in the document of `slack`/,
    ],
    [
      'people, who have no owner',
      'rules: [token-expires]',
      'rules: [low-hours]',
      /`low-hours` is about people, who have no owner — a channel/,
    ],
    [
      'people and connections mixed',
      'rules: [token-expires]',
      'rules: [token-expires, low-hours]',
      /some of its rules are about connections, some about people/,
    ],
    [
      'no rules at all',
      "rules: [token-expires]\nschedule: { cron: '0 9 * * *', timezone: Europe/Kyiv }\n",
      '',
      /nobody owns what is about nothing/,
    ],
    [
      'a connection in a zone',
      "* * *', timezone: Europe/Kyiv",
      "* * *', timezone: person",
      /a connection is in no time zone/,
    ],
    [
      'one person',
      'to: owner',
      'to: owner\nfor: { person: olena@acme.example }',
      /a rule about connections is about no person and no team/,
    ],
    [
      'what people did',
      '{ last: connection.token }',
      '{ sum: work.hours }',
      /`work.hours` is what people did, and the rule is about connections/,
    ],
    [
      'a calendar',
      '{ last: connection.token }',
      '{ calendar: leaveDays }',
      /people have a calendar, a connection has none/,
    ],
    [
      'no number named',
      '{ last: connection.token }',
      '{ last: connection.calls }',
      /`connection.calls` holds many numbers — name one with `of`, such as `{ last: connection.calls, of: calls }`/,
    ],
    [
      'a number of connections for people',
      '{ sum: work.hours }',
      '{ last: connection.token }',
      /`connection.token` is about connections, and the rule is about people/,
    ],
    [
      'the last of what has no records',
      '{ sum: work.hours }',
      '{ last: work.hours }',
      /`work.hours` has no record of a day or month, of which there is a last/,
    ],
    [
      'a message about people',
      'say: token-expires',
      'say: low-hours',
      /`low-hours` is said of people, and the rule is about connections/,
    ],
    [
      'an Exception for nothing that is there',
      'connection: clockify',
      'connection: clokify',
      /there is no Source `clokify` — did you mean `clockify`\?/,
    ],
    [
      'an Exception for a person',
      'connection: clockify',
      'person: olena@acme.example',
      /Rule `token-expires` is about connections — name one, such as `connection: clockify`/,
    ],
    [
      'a day that there is not',
      'expiresOn: 2026-12-31',
      'expiresOn: 2026-02-30',
      /`2026-02-30` is no day of the calendar/,
    ],
  ])('are refused with %s', (_, from, to, problem) => {
    expect(told(replaced(from, to))).toContainEqual(expect.stringMatching(problem));
  });
});
