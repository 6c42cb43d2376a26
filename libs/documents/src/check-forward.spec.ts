import { z } from 'zod';
import { checkDocuments } from './check.js';
import { configurationOf } from './configuration.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';
import type { Plugins } from './plugins.js';

const plugins: Plugins = {
  sources: new Map([
    [
      'wecom',
      {
        settings: z.strictObject({}),
        emits: ['work.hours'],
        examples: {
          'work.hours': {
            base_info: { name: '张三', acctid: 'ZhangSan' },
            summary_info: { work_days: 22, regular_work_sec: 604_800 },
            exception_infos: [{ exception: 1, duration: 60 }],
          },
        },
      },
    ],
  ]),
  channels: new Map([
    [
      'table',
      { settings: z.strictObject({}), destination: z.strictObject({ form: z.string() }), takes: 'table' },
    ],
    ['chat', { settings: z.strictObject({}), destination: z.strictObject({}), takes: 'messages' }],
  ]),
};

const around = `
kind: Source
name: wecom
type: wecom
---
kind: Channel
name: tables
type: table
audience: managers
---
kind: Channel
name: open-tables
type: table
---
kind: Channel
name: slack
type: chat
---
`;

interface Parts {
  readonly fields?: string;
  readonly to?: string;
  readonly more?: string;
  readonly facts?: string;
  readonly key?: string;
}
const forward = ({
  fields = '',
  to = 'tables, form: f',
  more = '',
  facts = 'work.hours',
  key = '[id]',
}: Parts): string => `kind: Forward
name: attendance
source: wecom
facts: ${facts}
over: lastMonth
schedule: { cron: '0 6 1 * *', timezone: Asia/Shanghai }
to: { channel: ${to} }
key: ${key}
${more}
fields:
  id: '{{window.month}}:{{base_info.acctid}}'
${fields}
`;

const problemsOf = (parts: Parts): readonly string[] =>
  checkDocuments(
    [...readText(around, 'around.yaml').documents, ...readText(forward(parts), 'forward').documents],
    plugins,
    [],
  ).problems.map(formatProblem);

describe('a Forward', () => {
  it('is right where its mapping works on the example', () => {
    expect(
      problemsOf({
        fields: `  name: '{{base_info.name}}'
  worked: { from: '{{summary_info.regular_work_sec}}', as: hours }
  late: { from: '{{exception_infos[exception=4].duration}}', as: minutes, default: 0 }
  team: '{{team}}'
  who: { from: '{{person.email}}', as: user }
  manager: '{{person.manager.name}}'
  account: '{{person.identities.wecom}}'`,
      }),
    ).toEqual([]);
  });

  it('becomes what processes read', () => {
    const { documents } = readText(
      forward({ fields: `  days: { from: '{{summary_info.work_days}}', as: number }` }),
      'f',
    );

    expect(configurationOf(documents).forwards).toMatchObject([
      {
        name: 'attendance',
        needs: { closed: true },
        untilMs: 12 * 3_600_000,
        fields: { id: { as: 'text' }, days: { as: 'number' } },
      },
    ]);
  });

  it.each<[string, Parts, string]>([
    [
      'a reference to what there is not',
      { fields: `  name: '{{base_info.nme}}'` },
      'forward:12:9 Forward attendance: `{{base_info.nme}}`: the example has no `base_info.nme` — did you mean `name`?',
    ],
    [
      'one into a list’s items',
      { fields: `  late: '{{exception_infos[exception=1].secs}}'` },
      'forward:12:9 Forward attendance: `{{exception_infos[exception=1].secs}}`: the example has no `exception_infos.secs` — there is `exception`, `duration`',
    ],
    [
      'a reference that cannot be read',
      { fields: `  name: { from: '{{base_info.name' }` },
      'forward:12:17 Forward attendance: `{{` is not closed — such as `{{base_info.name}}`',
    ],
    [
      'a conversion that fails',
      { fields: `  days: { from: '{{base_info.name}}', as: number }` },
      'forward:12:17 Forward attendance: the example’s `{{base_info.name}}` cannot become `number`: a text of this kind cannot become a number — refer to another value, or name another conversion in `as`',
    ],
    [
      'a conversion that there is not',
      { fields: `  days: { from: '{{base_info.name}}', as: hour }` },
      'forward:12:43 Forward attendance: `as` cannot be `hour` — did you mean `hours`?',
    ],
    [
      'a key that is no field',
      { key: '[ext]' },
      'forward:8:7 Forward attendance: there is no field `ext` under `fields` — there are `id`',
    ],
    [
      'a required field that is none',
      { more: 'required: [naem]', fields: `  name: '{{base_info.name}}'` },
      'forward:9:12 Forward attendance: there is no field `naem` under `fields` — did you mean `name`?',
    ],
    [
      'facts that the source has not',
      { facts: 'leave', more: 'example: { base_info: { acctid: x } }' },
      'forward:4:8 Forward attendance: Source `wecom` has no `leave` — it has `work.hours`',
    ],
    [
      'a channel for messages',
      { to: 'slack' },
      'forward:7:16 Forward attendance: Channel `slack` takes messages, and no rows — a channel that writes tables, such as one of type `jiandaoyun`',
    ],
    [
      'a table that everybody reads',
      { to: 'open-tables, form: f' },
      'forward:7:16 Forward attendance: the rows are about people, and Channel `open-tables` is read by a wider audience (`public`) — let only those see the table who may, and vouch for it with `audience: managers` on the channel',
    ],
    [
      'a destination that is none',
      { to: 'tables, from: f' },
      'forward:7:24 Forward attendance: `from` is not known here — did you mean `form`?',
    ],
  ])('is refused with %s', (_, parts, problem) => {
    expect(problemsOf(parts)).toContain(problem);
  });

  it('is refused where nothing shows what a record looks like', () => {
    const shape = { settings: z.strictObject({}), emits: ['work.hours' as const] };
    const { problems } = checkDocuments(
      [...readText(around, 'around.yaml').documents, ...readText(forward({}), 'forward').documents],
      { ...plugins, sources: new Map([['wecom', shape]]) },
      [],
    );

    expect(problems.map(({ message }) => message)).toEqual([
      'nothing shows what a record of `work.hours` looks like, so the mapping cannot be tried',
    ]);
  });

  it('has a name that no Subscription has', () => {
    const subscription = `
---
kind: Subscription
name: attendance
to: { channel: slack }
`;
    const { problems } = checkDocuments(
      readText(`${around}${forward({})}${subscription}`, 'all').documents,
      plugins,
      [],
    );

    expect(problems.map(({ message }) => message)).toEqual([
      'a Subscription is called `attendance` too, and their runs are told apart by name',
    ]);
  });
});
