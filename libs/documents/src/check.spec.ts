import { z } from 'zod';
import { checkDocuments } from './check.js';
import type { Plugins } from './plugins.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const plugins: Plugins = {
  sources: new Map([
    [
      'clockify',
      {
        settings: z.strictObject({
          workspaceId: z
            .string()
            .regex(/^[0-9a-f]{24}$/)
            .describe('The 24 digits in the address of the workspace'),
          apiKey: z.string().startsWith('key-').meta({ secret: true }).describe('Key of an admin'),
          baseUrl: z.url().default('https://api.clockify.me/api'),
        }),
        emits: ['work.hours', 'leave'],
      },
    ],
  ]),
  channels: new Map([
    [
      'slack',
      {
        settings: z.strictObject({
          token: z.string().meta({ secret: true }),
          bots: z.array(z.strictObject({ token: z.string().optional().meta({ secret: true }) })).default([]),
        }),
        destination: z.strictObject({
          channelId: z
            .string()
            .regex(/^C/, 'the id of a conversation')
            .meta({ examples: ['C012'] }),
        }),
      },
    ],
  ]),
};

/** A folder where all is right. */
const good = {
  source: `kind: Source
name: clockify
type: clockify
owner: ops-room
settings: { workspaceId: 64a687e29ae1f428e7ebe303, apiKey: { secret: clockify-api-key } }`,
  channel: `kind: Channel
name: slack
type: slack
settings: { token: { secret: slack-bot-token } }`,
  calendar: `kind: Calendar
name: ua
for: { zones: [Europe/Kyiv], default: true }`,
  team: `kind: Team
name: ferrari
members: [olena@acme.example]
lead: petro@acme.example`,
  person: `kind: Person
email: olena@acme.example
calendar: ua
identities: { clockify: "1", slack: U1 }`,
  rule: `kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure:
  hours: { sum: work.hours }
  expected: { calendar: expectedHours }
params: { threshold: 25.0 }
let: { short: threshold - hours }
when: short > 0.0 && hours < expected
say: low-hours`,
  subscription: `kind: Subscription
name: weekly-hours
rules: [low-hours]
schedule: { cron: "0 9 * * MON", timezone: person }
to: { channel: slack, room: { name: "hours-{{ person.slug }}", members: [person, managers] } }`,
  room: `kind: Subscription
name: ops-room
to: { channel: slack, channelId: C012 }`,
  exception: `kind: Exception
rule: low-hours
person: olena@acme.example
params: { threshold: 30.0 }`,
};
type Part = keyof typeof good;

const check = (changes: Partial<Record<Part | 'more', string>> = {}) => {
  // Each part is a file of its own, so that places are easy to count.
  const { more, ...parts } = changes;
  const texts: Record<string, string> = { ...good, ...parts, ...(more && { more }) };
  const read = Object.entries(texts).map(([name, text]) => readText(text, name));
  expect(read.flatMap(({ problems }) => problems)).toEqual([]);
  return checkDocuments(
    read.flatMap(({ documents }) => documents),
    plugins,
    ['low-hours', 'days-off', 'kpi-count'],
  );
};

const told = (changes: Partial<Record<Part | 'more', string>>): string[] =>
  check(changes).problems.map(formatProblem);

const replaced = (part: Part, from: string, to: string): Partial<Record<Part, string>> => {
  expect(good[part]).toContain(from);
  return { [part]: good[part].replace(from, to) };
};

describe('documents that are right', () => {
  it('become the configuration', () => {
    const { configuration, problems } = check();

    expect(problems).toEqual([]);
    expect(configuration?.rules.map(({ name }) => name)).toEqual(['low-hours']);
    expect(configuration?.subscriptions.map(({ name }) => name)).toEqual(['ops-room', 'weekly-hours']);
    expect(configuration?.people[0]?.teams).toEqual(['ferrari']);
  });

  it('may be none at all', () => {
    expect(checkDocuments([], plugins, []).configuration?.rules).toEqual([]);
  });
});

describe('owners', () => {
  it('do not hear of troubles where a person hears of hours', () => {
    expect(told({ source: good.source.replace('ops-room', 'weekly-hours') })).toEqual([
      'source:4:8 Source clockify: `weekly-hours` cannot be an owner: it is told what rules say — a Subscription without rules and with one fixed place, such as `ops-room`, or an e-mail address',
    ]);
  });

  it('do not hear of troubles in a place for each person', () => {
    const room = good.room.replace('C012', '"{{ person.slug }}"');

    expect(told({ room })).toContain(
      'source:4:8 Source clockify: `ops-room` cannot be an owner: it is another place for each person — a Subscription without rules and with one fixed place, such as `ops-room`, or an e-mail address',
    );
  });
});

describe('names that nothing has', () => {
  it.each<[Part, string, string, string]>([
    [
      'source',
      'ops-room',
      'ops-rom',
      'source:4:8 Source clockify: `ops-rom` is neither a Subscription nor an e-mail address — did you mean `ops-room`?',
    ],
    [
      'source',
      'type: clockify',
      'type: clokify',
      'source:3:7 Source clockify: there is no source plugin `clokify` — did you mean `clockify`?',
    ],
    [
      'channel',
      'type: slack',
      'type: teams',
      'channel:3:7 Channel slack: there is no channel plugin `teams` — there are `slack`',
    ],
    [
      'person',
      'calendar: ua',
      'calendar: xx',
      'person:3:11 Person olena@acme.example: there is no Calendar `xx` — there are `ua`',
    ],
    [
      'person',
      'slack: U1',
      'slak: U1',
      'person:4:30 Person olena@acme.example: there is no Source `slak` — did you mean `slack`?',
    ],
    [
      'person',
      'calendar: ua',
      'teams: [ferari]',
      'person:3:9 Person olena@acme.example: there is no Team `ferari` — did you mean `ferrari`?',
    ],
    [
      'rule',
      'clockify: closed',
      'clokify: closed',
      'rule:6:10 Rule low-hours: there is no Source `clokify` — did you mean `clockify`?',
    ],
    [
      'rule',
      'say: low-hours',
      'say: low-hour',
      'rule:13:6 Rule low-hours: there is no message `low-hour` — did you mean `low-hours`?',
    ],
    [
      'subscription',
      '[low-hours]',
      '[low-hour]',
      'subscription:3:9 Subscription weekly-hours: there is no Rule `low-hour` — did you mean `low-hours`?',
    ],
    [
      'subscription',
      'channel: slack',
      'channel: slak',
      'subscription:5:16 Subscription weekly-hours: there is no Channel `slak` — did you mean `slack`?',
    ],
    [
      'subscription',
      'rules:',
      'for: { team: bugatti }\nrules:',
      'subscription:3:14 Subscription weekly-hours: there is no Team `bugatti` — there are `ferrari`',
    ],
    [
      'exception',
      'rule: low-hours',
      'rule: high-hours',
      'exception:2:7 Exception high-hours/olena@acme.example: there is no Rule `high-hours` — there are `low-hours`',
    ],
    [
      'exception',
      'person: olena@acme.example',
      'team: ferari',
      'exception:3:7 Exception low-hours/team:ferari: there is no Team `ferari` — did you mean `ferrari`?',
    ],
    [
      'exception',
      'threshold',
      'treshold',
      'exception:4:11 Exception low-hours/olena@acme.example: Rule `low-hours` has no param `treshold` — did you mean `threshold`?',
    ],
    [
      'exception',
      '30.0',
      'many',
      'exception:4:22 Exception low-hours/olena@acme.example: `threshold` must be a number, as in Rule `low-hours` — such as `25`',
    ],
  ])('in %s: %s as %s', (part, from, to, problem) => {
    expect(told(replaced(part, from, to))).toEqual([problem]);
  });

  it('are not told again where what they name is there but wrong itself', () => {
    expect(told(replaced('rule', 'over: lastWeek', 'over: lastYear'))).toEqual([
      'rule:4:7 Rule low-hours: `over` cannot be `lastYear` — one of `today`, `yesterday`, `lastWeek`, `thisWeek`, `lastMonth`, `thisMonth`, `latest`',
    ]);
  });
});

describe('settings are checked by their plugin', () => {
  it.each<[Part, string, string, string]>([
    [
      'source',
      '64a687e29ae1f428e7ebe303',
      '"64"',
      'source:5:26 Source clockify: `workspaceId` is not right: it must match /^[0-9a-f]{24}$/ — the 24 digits in the address of the workspace',
    ],
    [
      'source',
      'workspaceId:',
      'workspace:',
      'source:5:11 Source clockify: `workspaceId` is missing — give it a text',
    ],
    [
      'source',
      'workspaceId:',
      'workspaceid:',
      'source:5:13 Source clockify: `workspaceid` is not known here — did you mean `workspaceId`?',
    ],
    [
      'source',
      '{ secret: clockify-api-key }',
      'key-1234',
      'source:5:60 Source clockify: `apiKey` is a secret and must not be written here — `{ secret: clockify-api-key }`, and the secret itself where secrets are kept',
    ],
    [
      'source',
      '{ secret: clockify-api-key }',
      '{ secrt: clockify-api-key }',
      'source:5:60 Source clockify: `apiKey` must name a secret — `{ secret: clockify-api-key }`, and the secret itself where secrets are kept',
    ],
    [
      'source',
      '64a687e29ae1f428e7ebe303',
      '{ secret: workspace }',
      'source:5:26 Source clockify: `workspaceId` is no secret — write its value',
    ],
    [
      'channel',
      '} }',
      '}, bots: [{ token: xoxb }] }',
      'channel:4:65 Channel slack: `token` is a secret and must not be written here — `{ secret: slack-token }`, and the secret itself where secrets are kept',
    ],
  ])('in %s: %s as %s', (part, from, to, problem) => {
    expect(told(replaced(part, from, to))).toContain(problem);
  });

  it('and a secret that is written is never shown', () => {
    const problems = check(replaced('source', '{ secret: clockify-api-key }', 'key-1234')).problems;

    expect(JSON.stringify(problems)).not.toContain('key-1234');
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      'chanelId: C012',
      'room:3:23 Subscription ops-room: `chanelId` is not known here — did you mean `channelId`?',
    ],
    [
      'a wrong value',
      'channelId: general',
      'room:3:34 Subscription ops-room: `channelId` is not right: the id of a conversation — such as `C012`',
    ],
    ['no destination', '', 'room:3:5 Subscription ops-room: `channelId` is missing — give it a text'],
  ])('so is a destination: %s', (_, to, problem) => {
    expect(told(replaced('room', 'channelId: C012', to))).toContain(problem);
  });

  it('where a subscription names a room it names no destination too', () => {
    expect(told(replaced('subscription', 'slack, room', 'slack, channelId: C1, room'))).toEqual([
      'subscription:5:23 Subscription weekly-hours: `channelId` has no meaning beside a room — name a room or a destination, not both',
    ]);
  });
});

describe('expressions are checked where they stand', () => {
  it.each<[string, string, string]>([
    [
      'hours < expected',
      'housr < expected',
      'rule:12:22 Rule low-hours: nothing here is called `housr` — did you mean `hours`?',
    ],
    [
      'hours < expected',
      'hours < 25',
      'rule:12:30 Rule low-hours: `25` is a whole number, and every number here is a decimal one — write `25.0`',
    ],
    [
      'short > 0.0 && hours < expected',
      'short',
      'rule:12:7 Rule low-hours: it yields a number, not a condition — a condition is needed, such as `hours < 25.0`',
    ],
    [
      'threshold - hours',
      'threshold - hour',
      'rule:11:27 Rule low-hours: nothing here is called `hour` — did you mean `hours`?',
    ],
    [
      'say:',
      'where: person.local == "ko"\nsay:',
      'rule:13:15 Rule low-hours: `person` has no part `local` — did you mean `person.locale`?',
    ],
    [
      'say:',
      'where: hours > 1.0\nsay:',
      'rule:13:8 Rule low-hours: nothing here is called `hours` — there are `person`',
    ],
    [
      '{ threshold: 25.0 }',
      '{ threshold: 25.0, hours: 1.0 }',
      'rule:10:28 Rule low-hours: `hours` is already the name of a `measure` — give one of them another name',
    ],
  ])('%s as %s', (from, to, problem) => {
    expect(told(replaced('rule', from, to))).toEqual([problem]);
  });

  it('and a fact that no needed source has is refused', () => {
    expect(told(replaced('rule', 'needs: { clockify: closed }', 'needs: {}'))).toEqual([
      'rule:8:17 Rule low-hours: none of the sources that the rule needs has `work.hours` — name one that has it in `needs`, such as `needs: { clockify: closed }`',
    ]);
    expect(told(replaced('rule', 'sum: work.hours', 'count: holiday'))).toEqual([
      'rule:8:19 Rule low-hours: none of the sources that the rule needs has `holiday` — name one that has it in `needs`, such as `needs: { clockify: closed }`',
    ]);
  });
});

describe('who could read it', () => {
  const remedy =
    'send it to a room of those people; or, where nobody else reads there, state the `audience` of Channel `slack`';
  const members = (list: string) => good.subscription.replace('[person, managers]', list);
  const audience = (wide: string) => good.rule.replace('audience: managers', `audience: ${wide}`);
  const plain = good.subscription.replace(/room: .* \}/, 'channelId: C1 }').replace('} }', '}');
  const vouched = (wide: string) => `${good.channel}\naudience: ${wide}`;

  it.each<[string, Partial<Record<Part, string>>, string[]]>([
    ['a rule for the managers in a room with them', {}, []],
    [
      'a rule for the person in a room with the managers',
      { rule: audience('person') },
      [
        'subscription:5:82 Subscription weekly-hours: `low-hours` is for the person alone at the widest, but the managers are in the room — leave `managers` out of the room',
      ],
    ],
    [
      'a rule for the person in a room with the person',
      { rule: audience('person'), subscription: members('[person]') },
      [],
    ],
    [
      'somebody else in the room',
      { subscription: members('[person, { email: hr@acme.example }]') },
      [
        'subscription:5:82 Subscription weekly-hours: `low-hours` is for the person and the managers at the widest, but `hr@acme.example` is in the room — leave the address out, or give the rule a wider `audience`',
      ],
    ],
    [
      'somebody else in the room, and a public rule',
      { rule: audience('public'), subscription: members('[person, { email: hr@acme.example }]') },
      [],
    ],
    [
      'a team’s lead, in a subscription for the team',
      {
        rule: audience('team'),
        subscription: members('[person, { email: petro@acme.example }]').replace(
          'rules:',
          'for: { team: ferrari }\nrules:',
        ),
      },
      [],
    ],
    [
      'a team’s lead, in a subscription for everybody',
      { rule: audience('team'), subscription: members('[person, { email: petro@acme.example }]') },
      [
        'subscription:5:82 Subscription weekly-hours: `low-hours` is for the team at the widest, but `petro@acme.example` is in the room — leave the address out, or give the rule a wider `audience`',
      ],
    ],
    [
      'an open channel',
      { subscription: plain },
      [
        `subscription:5:5 Subscription weekly-hours: \`low-hours\` is for the person and the managers at the widest, but \`slack\` reaches anybody there — ${remedy}`,
      ],
    ],
    ['an open channel and a public rule', { rule: audience('public'), subscription: plain }, []],
    [
      'a channel whose owner vouches for managers alone',
      { channel: vouched('managers'), subscription: plain },
      [],
    ],
    [
      'a channel whose owner vouches for the team',
      { channel: vouched('team'), subscription: plain },
      [
        `subscription:5:5 Subscription weekly-hours: \`low-hours\` is for the person and the managers at the widest, but \`slack\` reaches the team there — ${remedy}`,
      ],
    ],
  ])('%s', (_, changes, problems) => {
    expect(told(changes)).toEqual(problems);
  });
});

describe('rooms, calendars and rhythms', () => {
  it.each<[string, Partial<Record<Part | 'more', string>>, string]>([
    [
      'a room’s name that names an unknown part',
      replaced('subscription', 'person.slug', 'person.slog'),
      'subscription:5:37 Subscription weekly-hours: the room’s name cannot be made: undefined variable: person.slog — such as `hours-{{ person.slug }}`',
    ],
    [
      'a room’s name that is no template',
      replaced('subscription', '{{ person.slug }}', '{{ person.slug'),
      'subscription:5:37 Subscription weekly-hours: the room’s name cannot be made: output "{{ person.slug" not closed — such as `hours-{{ person.slug }}`',
    ],
    [
      'one room’s name for all',
      replaced('subscription', '-{{ person.slug }}', ''),
      'subscription:5:37 Subscription weekly-hours: every person would get a room of the same name — such as `hours-{{ person.slug }}`',
    ],
    [
      'a person in a room for troubles',
      replaced('room', 'channelId: C012', 'room: { name: ops, members: [managers] }'),
      'room:3:52 Subscription ops-room: without rules there is no `managers` — name people by address: `{ email: olena@acme.example }`',
    ],
    [
      'a person’s name for a room for troubles',
      replaced(
        'room',
        'channelId: C012',
        'room: { name: "ops-{{ person.slug }}", members: [{ email: olena@acme.example }] }',
      ),
      'room:3:37 Subscription ops-room: the room’s name cannot be made: undefined variable: person — a fixed name, such as `ops`',
    ],
    [
      'two calendars for one zone',
      { more: 'kind: Calendar\nname: xx\nfor: { zones: [Asia/Seoul, Europe/Kyiv] }' },
      'more:3:28 Calendar xx: Calendar `ua` already applies to `Europe/Kyiv` — let one calendar apply to them; people elsewhere name theirs in `calendar`',
    ],
    [
      'two default calendars',
      { more: 'kind: Calendar\nname: xx\nfor: { default: true }' },
      'more:3:17 Calendar xx: Calendar `ua` already applies to everybody else — let one calendar apply to them; people elsewhere name theirs in `calendar`',
    ],
  ])('%s', (_, changes, problem) => {
    expect(told(changes)).toEqual([problem]);
  });

  it('a room of people named by address may have a fixed name', () => {
    const room = replaced(
      'room',
      'channelId: C012',
      'room: { name: ops, members: [{ email: olena@acme.example }] }',
    );

    expect(told(room)).toEqual([]);
  });

  describe('two subscriptions in rooms of one name', () => {
    const other = good.subscription.replace('name: weekly-hours', 'name: daily-hours');

    it('share it where its members are the same', () => {
      expect(told({ more: other })).toEqual([]);
    });

    it.each([
      ['of other members', other.replace('[person, managers]', '[person]')],
      [
        'whose template is spelled otherwise',
        other.replace('[person, managers]', '[person]').replace('{{ person.slug }}', '{{person.slug}}'),
      ],
    ])('are refused: %s', (_, more) => {
      expect(told({ more })).toEqual([
        expect.stringContaining(
          'Subscription daily-hours: the room has other members in Subscription `weekly-hours` — a name of its own, or the same members in both',
        ),
      ]);
    });

    it('are refused where each is for another person', () => {
      const own = (text: string, email: string) =>
        text
          .replace('hours-{{ person.slug }}', 'hours')
          .replace('rules:', `for: { person: ${email} }\nrules:`);

      expect(
        told({
          subscription: own(good.subscription, 'olena@acme.example'),
          more: own(other, 'max@acme.example'),
        }),
      ).toEqual([expect.stringContaining('the room has other members')]);
    });
  });

  it('a team has no time zone, and people and teams are told apart', () => {
    const rule = `kind: Rule
name: team-size
each: team
over: latest
audience: team
params: { target: 1.0 }
let: { score: team.size }
when: 'true'
say: kpi-count`;

    expect(
      told({ more: rule, ...replaced('subscription', '[low-hours]', '[low-hours, team-size]') }),
    ).toEqual([
      'subscription:3:8 Subscription weekly-hours: some of its rules are about people, some about teams — make one subscription for each',
      'subscription:4:44 Subscription weekly-hours: a team is in no time zone — an IANA name, such as `Europe/Kyiv`',
    ]);
  });
});
