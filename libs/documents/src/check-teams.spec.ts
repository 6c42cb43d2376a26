import { builtInMessages } from '#domain';
import { z } from 'zod';
import { checkDocuments } from './check.js';
import type { ChannelShape, Plugins } from './plugins.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const plugins: Plugins = {
  sources: new Map([
    [
      'vtiger',
      { settings: z.strictObject({ teams: z.unknown() }).partial(), emits: ['kpi.openIssues', 'team'] },
    ],
    ['clockify', { settings: z.strictObject({}), emits: ['work.hours', 'leave'] }],
  ]),
  channels: new Map<string, ChannelShape>([
    [
      'google-chat',
      {
        settings: z.strictObject({}),
        destination: z.strictObject({ space: z.string() }),
        takes: 'messages',
        missing: ({ space }) =>
          space === 'spaces/Gone'
            ? [{ key: 'space', message: 'there is no `spaces/Gone`', remedy: 'there is `spaces/A`' }]
            : [],
      },
    ],
    ['table', { settings: z.strictObject({}), destination: z.strictObject({}), takes: 'records' }],
  ]),
};

const connections = `kind: Source
name: vtiger
type: vtiger
---
kind: Source
name: clockify
type: clockify
---
kind: Channel
name: google-chat
type: google-chat
audience: team`;

const rule = `kind: Rule
name: issue-index
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { open: { latest: kpi.openIssues, by: priority, keys: [Critical, 'In work', 높음] } }
let: { score: 'open.Critical * 10.0 + open["In work"] + open["높음"] + open.other' }
params: { target: 20.0 }
when: 'true'
say: kpi-index`;

const teams = `kind: Team
name: ferrari
---
kind: Team
name: tesla`;

const subscription = `kind: Subscription
name: ferrari
rules: [issue-index]
for: { team: ferrari }
schedule: { cron: '0 10 * * TUE,THU', timezone: Europe/Kyiv }
to: { channel: google-chat, space: spaces/A }`;

const good = { connections, rule, teams, subscription };
type Part = keyof typeof good;

const told = (changes: Partial<Record<Part | 'more', string>> = {}): readonly string[] => {
  const documents = Object.entries({ ...good, ...changes }).flatMap(
    ([name, text]) => readText(text, name).documents,
  );
  return checkDocuments(documents, plugins, builtInMessages).problems.map(formatProblem);
};

const replaced = (part: Part, from: string, to: string): Partial<Record<Part, string>> => {
  expect(good[part]).toContain(from);
  return { [part]: good[part].replace(from, to) };
};

describe('a rule about teams', () => {
  it('is right as it is', () => {
    expect(told()).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      'a period',
      'over: latest',
      'over: lastWeek',
      'rule:4:7 Rule issue-index: a rule about teams looks at how things stand, not at `lastWeek` — `over: latest`',
    ],
    [
      'what people have',
      'measure: {',
      'measure: { hours: { calendar: expectedHours },',
      'rule:7:21 Rule issue-index: people have a calendar, a team has none — `latest`, `oldest` or `overdue`, such as `{ latest: kpi.openIssues }`',
    ],
    [
      'what people did',
      'measure: {',
      'measure: { hours: { sum: work.hours },',
      'rule:7:21 Rule issue-index: `work.hours` is what people did, and the rule is about teams — `latest`, `oldest` or `overdue`, such as `{ latest: kpi.openIssues }`',
    ],
    [
      'the sum of a state',
      'measure: {',
      'measure: { all: { sum: kpi.openIssues },',
      'rule:7:19 Rule issue-index: `kpi.openIssues` is how things stand: over a period there is nothing to sum — `latest: kpi.openIssues` in a rule with `each: team` and `over: latest`',
    ],
    [
      'the state of what happens',
      'measure: {',
      'measure: { hours: { oldest: work.hours },',
      'rule:7:21 Rule issue-index: `work.hours` happens over time: there is no `oldest` of it — `sum` or `count` over a period',
    ],
    [
      'who is known',
      'measure: {',
      'measure: { teams: { latest: team },',
      'rule:7:21 Rule issue-index: `team` only says that a source knows the team — what it knows of the team, such as `kpi.openIssues`',
    ],
    [
      'an attribute that there is not',
      'by: priority',
      'by: prio',
      'rule:7:48 Rule issue-index: `kpi.openIssues` is not counted by `prio` — by `priority` or `status`',
    ],
    [
      'no keys',
      ", keys: [Critical, 'In work', 높음]",
      '',
      'rule:7:18 Rule issue-index: `by` and `keys` belong together — name the attribute and its values: `by: priority, keys: [High, Low]`',
    ],
    [
      'a key twice',
      '높음]',
      '높음, Critical]',
      'rule:7:64 Rule issue-index: a key is named twice — name each key once',
    ],
    [
      'the name of all others as a key',
      '높음]',
      '높음, other]',
      'rule:7:64 Rule issue-index: `other` stands for everything that is not among the keys — leave it out: it is there by itself',
    ],
    [
      'a source that has no teams',
      'vtiger: 30m',
      'clockify: 30m',
      'rule:7:28 Rule issue-index: none of the sources that the rule needs has `kpi.openIssues` — name one that has it in `needs`, such as `needs: { vtiger: 30m }`',
    ],
    [
      'a message about people',
      'say: kpi-index',
      'say: low-hours',
      'rule:11:6 Rule issue-index: `low-hours` is said of people, and the rule is about teams — there are `kpi-index`, `kpi-count`, `kpi-age`, `kpi-share`',
    ],
    [
      'nothing to tell',
      'let: { score:',
      'let: { points:',
      'rule:11:6 Rule issue-index: `kpi-index` tells a number called `score`, and the rule has none — give a measure or a `let` that name, such as `let: { score: open.High * 5.0 }`',
    ],
    [
      'no target',
      'params: { target: 20.0 }',
      'params: {}',
      'rule:11:6 Rule issue-index: `kpi-index` tells how far the target is, and the rule has none — a number, such as `params: { target: 20.0 }`',
    ],
    [
      'a side that is none',
      'target: 20.0',
      'target: 20.0, better: more',
      'rule:9:33 Rule issue-index: `more` says not which side of the target is good — `lower`, which it is without saying, or `higher`',
    ],
    [
      'a number for a name',
      'target: 20.0',
      'target: 20.0, label: 7',
      'rule:9:32 Rule issue-index: `label` is how the number is called — a text',
    ],
    [
      'a person',
      "when: 'true'",
      `when: person.name == "x"`,
      'rule:10:7 Rule issue-index: nothing here is called `person` — there are `open`, `target`, `team`, `previous`, `score`',
    ],
    [
      'people to leave out',
      'measure:',
      'where: person.locale == "uk"\nmeasure:',
      'rule:7:8 Rule issue-index: nothing here is called `person` — there are `team`',
    ],
    [
      'what may not have been said yet',
      "when: 'true'",
      'when: score > previous.score',
      'rule:10:15 Rule issue-index: the first time there is no `previous.score` — ask first: `has(previous.score) ? … : …`',
    ],
  ])('is refused with %s', (_name, from, to, problem) => {
    expect(told(replaced('rule', from, to))).toContain(problem);
  });

  it('is about no person', () => {
    expect(told(replaced('subscription', 'team: ferrari', 'person: olena@acme.example'))).toEqual([
      'subscription:4:16 Subscription ferrari: a rule about teams is about no person — `{ team: ferrari }`',
    ]);
    expect(
      told({ more: 'kind: Exception\nrule: issue-index\nperson: olena@acme.example\nexempt: true' }),
    ).toEqual([
      'more:3:9 Exception issue-index/olena@acme.example: Rule `issue-index` is about teams — name one, such as `team: ferrari`',
    ]);
  });

  it('is said in no room of a person', () => {
    const room = 'room: { name: kpi, members: [person, managers] }';

    expect(told(replaced('subscription', 'space: spaces/A', room))).toContain(
      'subscription:6:58 Subscription ferrari: a rule about teams has no `person` — name people by address: `{ email: olena@acme.example }`',
    );
  });
});

describe('what is said of a team', () => {
  it('leads to a place that the settings of the channel know', () => {
    expect(told(replaced('subscription', 'spaces/A', 'spaces/Gone'))).toEqual([
      'subscription:6:36 Subscription ferrari: there is no `spaces/Gone` — there is `spaces/A`',
    ]);
  });

  it('is no record', () => {
    expect(
      told({
        ...replaced(
          'subscription',
          'to: { channel: google-chat, space: spaces/A }',
          'to: { channel: table }',
        ),
        more: 'kind: Channel\nname: table\ntype: table\naudience: team',
      }),
    ).toEqual([
      'subscription:3:9 Subscription ferrari: `table` takes records, and `issue-index` is about teams, of which there are none — send it to a channel that takes messages, such as one of type `google-chat` or `slack`',
    ]);
  });
});

describe('who could read of a team', () => {
  it('is not everybody, where the rule is for the team', () => {
    expect(told(replaced('connections', '\naudience: team', ''))).toEqual([
      expect.stringContaining(
        '`issue-index` is for the team at the widest, but `google-chat` reaches anybody there',
      ),
    ]);
  });

  it('is no other team', () => {
    expect(told(replaced('subscription', 'for: { team: ferrari }\n', ''))).toEqual([
      'subscription:5:5 Subscription ferrari: `issue-index` is for the team at the widest, but all teams are told in the same place — a subscription for each team, with `for: { team: … }` and a place of its own',
    ]);
  });

  it('is each by themselves, where the place is the team’s own', () => {
    const own = subscription
      .replace('for: { team: ferrari }\n', '')
      .replace('spaces/A', '"spaces/{{ team.name }}"');

    expect(told({ subscription: own })).toEqual([]);
  });

  it('is everybody, where the rule is for everybody', () => {
    expect(
      told({
        ...replaced('rule', 'audience: team', 'audience: public'),
        ...replaced('subscription', 'for: { team: ferrari }\n', ''),
      }),
    ).toEqual([]);
  });
});

describe('a rule about people', () => {
  const hours = `kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 25.0
say: low-hours`;

  it('looks at no team', () => {
    const more = hours
      .replace('clockify: closed', 'vtiger: 1h')
      .replace('sum: work.hours', 'overdue: kpi.openIssues');

    expect(told({ more })).toEqual([
      'more:7:21 Rule low-hours: `kpi.openIssues` is of teams, and the rule is about people — `each: team`',
    ]);
  });

  it('sums nothing in a moment', () => {
    expect(told({ more: hours.replace('lastWeek', 'latest') })).toEqual([
      'more:4:7 Rule low-hours: `latest` is a moment, in which there is nothing to sum or count — a period, such as `yesterday` or `lastWeek`',
    ]);
  });

  it('says nothing that is of teams', () => {
    expect(told({ more: hours.replace('say: low-hours', 'say: kpi-index') })).toEqual([
      'more:9:6 Rule low-hours: `kpi-index` is said of teams, and the rule is about people — there are `low-hours`, `days-off`, `missing-holiday`, `exceptional-days`, `overtime`',
    ]);
  });
});

it('a source names only teams that there are', () => {
  const settings = (team: string): object => ({
    connections: good.connections.replace(
      'type: vtiger',
      `type: vtiger\nsettings:\n  teams:\n    ${team}: { groups: [Support] }`,
    ),
  });

  expect(told(settings('ferrari'))).toEqual([]);
  expect(told(settings('ferari'))).toEqual([
    expect.stringMatching(/connections:6:\d+.*there is no Team `ferari`.*did you mean `ferrari`\?/s),
  ]);
});
