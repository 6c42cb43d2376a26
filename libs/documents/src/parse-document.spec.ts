import { parseDocument } from './parse-document.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const parse = (text: string) => {
  const { documents, problems } = readText(text, 'f.yaml');
  const [document] = documents;
  if (!document) throw new Error(problems.map(formatProblem).join('\n'));
  return parseDocument(document);
};

const value = (text: string): unknown => {
  const result = parse(text);
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.parsed.value;
};

const told = (text: string): string[] => {
  const result = parse(text);
  return 'problems' in result
    ? result.problems.map((problem) => formatProblem(problem).replace(/^f\.yaml:/, ''))
    : [];
};

describe('what a document becomes', () => {
  it('a source, with its window and schedule', () => {
    expect(value('kind: Source\nname: clockify\ntype: clockify')).toEqual({
      name: 'clockify',
      type: 'clockify',
      settings: {},
      collect: { fromMs: -21 * 86_400_000, toMs: 0 },
    });
    expect(
      value(
        'kind: Source\nname: c\ntype: c\nowner: ops-room\ncollect: { from: -12h, to: +60d }\nschedule: { cron: "15 */6 * * *", timezone: Europe/Kyiv }',
      ),
    ).toMatchObject({
      owner: 'ops-room',
      collect: { fromMs: -43_200_000, toMs: 60 * 86_400_000 },
      schedule: { cron: '15 */6 * * *', timezone: 'Europe/Kyiv' },
    });
  });

  it('a channel, public unless its owner says otherwise', () => {
    expect(value('kind: Channel\nname: slack\ntype: slack')).toEqual({
      name: 'slack',
      type: 'slack',
      settings: {},
      audience: 'public',
    });
  });

  it('a calendar, whole days unless a share is given, for nobody unless it says so', () => {
    expect(
      value(
        'kind: Calendar\nname: de\nholidays: [{ day: 2026-12-25, name: Weihnachten }]\ncompanyDays: [{ day: 2026-12-24, name: Heiligabend, share: 0.5 }]',
      ),
    ).toEqual({
      name: 'de',
      for: { zones: [], default: false },
      holidays: [{ day: '2026-12-25', name: 'Weihnachten', share: 1 }],
      companyDays: [{ day: '2026-12-24', name: 'Heiligabend', share: 0.5 }],
      workingDays: [],
    });
  });

  it('a person, with addresses in lower case', () => {
    expect(
      value(
        'kind: Person\nemail: Olena@Acme.example\nmanagers: [Petro@Acme.example]\ncontract: { dailyHours: 6 }',
      ),
    ).toEqual({
      email: 'olena@acme.example',
      managers: ['petro@acme.example'],
      teams: [],
      contract: { dailyHours: 6 },
      identities: {},
    });
  });

  it('a rule, with what each source must have', () => {
    expect(
      value(
        'kind: Rule\nname: r\neach: person\nover: lastWeek\naudience: managers\nneeds: { clockify: closed, hr: 30m }\nmeasure: { hours: { sum: work.hours } }\nparams: { threshold: 25, unit: h }\nwhen: hours < threshold\nsay: low-hours',
      ),
    ).toEqual({
      name: 'r',
      each: 'person',
      over: 'lastWeek',
      audience: 'managers',
      needs: { clockify: { closed: true }, hr: { maxAgeMs: 1_800_000 } },
      measure: { hours: { sum: 'work.hours' } },
      let: {},
      params: { threshold: 25, unit: 'h' },
      when: 'hours < threshold',
      say: 'low-hours',
    });
  });

  it('a subscription, one message each, twelve hours long, left alone where nobody knows', () => {
    expect(
      value(
        'kind: Subscription\nname: s\nrules: [r]\nschedule: { cron: "0 9 * * MON", timezone: person, shift: nextWorkingDay }\nto: { channel: slack, channelId: C012 }',
      ),
    ).toEqual({
      name: 's',
      rules: ['r'],
      digest: false,
      schedule: { cron: '0 9 * * MON', timezone: 'person', shift: 'nextWorkingDay' },
      to: { channel: 'slack', channelId: 'C012' },
      untilMs: 43_200_000,
      whenUnknown: 'leave',
    });
  });

  it('an exception, named after what it is about', () => {
    expect(
      value('kind: Exception\nrule: low-hours\nperson: Olena@acme.example\nexempt: true\nuntil: 2027-03-31'),
    ).toEqual({
      name: 'low-hours/olena@acme.example',
      rule: 'low-hours',
      person: 'olena@acme.example',
      exempt: true,
      until: '2027-03-31',
    });
    expect(value('kind: Exception\nrule: low-hours\nteam: ferrari\nparams: { threshold: 30 }')).toMatchObject(
      {
        name: 'low-hours/team:ferrari',
      },
    );
  });
});

describe('what is refused in a document', () => {
  const rule = (line: string): string =>
    `kind: Rule\nname: r\neach: person\nover: lastWeek\naudience: managers\nwhen: "true"\nsay: x\n${line}`;
  const subscription = (line: string): string =>
    `kind: Subscription\nname: s\nto: { channel: slack }\n${line}`;
  const source = (line: string): string => `kind: Source\nname: s\ntype: clockify\n${line}`;
  const calendar = (line: string): string => `kind: Calendar\nname: c\n${line}`;
  const person = (line: string): string => `kind: Person\nemail: a@b.example\n${line}`;
  const exception = (line: string): string => `kind: Exception\nrule: r\nperson: a@b.example\n${line}`;

  it.each([
    [
      'kind: Team\nname: Ferrari',
      '2:7 Team Ferrari: `Ferrari` is no name — lower-case letters, digits and hyphens, at most 63, such as `low-hours`',
    ],
    ['kind: Team\nname: t\nmember: []', '3:1 Team t: `member` is not known here — did you mean `members`?'],
    [
      'kind: Team\nname: t\ncolour: red',
      '3:1 Team t: `colour` is not known here — there are `name`, `title`, `locale`, `members`, `lead`',
    ],
    [
      'kind: Team\nname: t\nmembers: [olena]',
      '3:11 Team t: `olena` is no e-mail address — an address such as `olena@acme.example`',
    ],
    [
      'kind: Team\nname: t\nmembers: a@b.example',
      '3:10 Team t: `members` must be a list, not a text — write a list: `[a@b.example]`',
    ],
    ['kind: Source\nname: s', '1:1 Source s: `type` is missing — give it a text'],
    [
      source('collect: { from: 21d }'),
      '4:18 Source s: `21d` is no distance from now — `now`, or a duration with its sign: `-21d`, `+60d`',
    ],
    [
      source('collect: { from: now, to: -1d }'),
      '4:10 Source s: `from` is not before `to` — a window such as `{ from: -21d, to: now }`',
    ],
    [
      source('schedule: { cron: "0 9 * *", timezone: UTC }'),
      '4:19 Source s: `0 9 * *` is no cron expression: it has not five fields — minute, hour, day of the month, month, day of the week: `0 9 * * MON`',
    ],
    [
      source('schedule: { cron: "0 9 30 2 *", timezone: UTC }'),
      '4:19 Source s: `0 9 30 2 *` is no cron expression: it never comes — minute, hour, day of the month, month, day of the week: `0 9 * * MON`',
    ],
    [
      source('schedule: { cron: "0 9 * * *", timezone: person }'),
      '4:42 Source s: `person` is no time zone — an IANA name, such as `Europe/Kyiv`',
    ],
    [
      source('schedule: { cron: "0 9 * * *", timezone: Europe/Kyv }'),
      '4:42 Source s: `Europe/Kyv` is no time zone — did you mean `Europe/Kyiv`?',
    ],
    [
      source('schedule: { cron: "0 9 * * *", timezone: "+02:00" }'),
      '4:42 Source s: `+02:00` is no time zone — an IANA name, such as `Europe/Kyiv`',
    ],
    [
      'kind: Channel\nname: c\ntype: slack\naudience: manager',
      '4:11 Channel c: `audience` cannot be `manager` — did you mean `managers`?',
    ],
    [
      calendar('holidays: [{ day: 2026-02-29, name: x }]'),
      '3:19 Calendar c: `2026-02-29` is no day of the calendar — year, month and day, such as `2026-12-31`',
    ],
    [
      calendar('holidays: [{ day: 2026-02-28, name: x, share: 2 }]'),
      '3:47 Calendar c: `share` is too large — at most 1',
    ],
    [
      calendar('holidays: [{ day: 2026-02-28, name: x, share: 0 }]'),
      '3:47 Calendar c: `share` is too small — more than 0',
    ],
    [
      calendar('holidays:\n  - { day: 2026-02-28, name: x }\n  - { day: 2026-02-28, name: y }'),
      '4:3 Calendar c: a day is named twice in one list — name each day once',
    ],
    [
      calendar('for: { zones: [Asia/seoul] }'),
      '3:16 Calendar c: `Asia/seoul` is no time zone — did you mean `Asia/Seoul`?',
    ],
    [
      calendar('region: { country: Germany }'),
      '3:20 Calendar c: `country` is not right: it has two capital letters — such as `DE`',
    ],
    [
      person('locale: de'),
      '3:9 Person a@b.example: `locale` cannot be `de` — one of `en`, `uk`, `ko`, `zh`, `ru`',
    ],
    [
      person('managers: [a@b.example]'),
      '3:11 Person a@b.example: nobody is their own manager — other people’s e-mail addresses',
    ],
    [
      person('contract: { dailyHours: "8" }'),
      '3:25 Person a@b.example: `dailyHours` must be a number, not a text — write it without quotes: `8`',
    ],
    [
      person('contract: { workingDays: [MON] }'),
      '3:27 Person a@b.example: entry 1 of `workingDays` cannot be `MON` — one of `MONDAY`, `TUESDAY`, `WEDNESDAY`, `THURSDAY`, `FRIDAY`, `SATURDAY`, `SUNDAY`',
    ],
    [
      person('joined: 2026-02-02\nleft: 2026-01-01'),
      '4:7 Person a@b.example: `left` is before `joined` — the last day of work, on or after `joined`',
    ],
    [
      rule('needs: { clockify: fresh }'),
      '8:20 Rule r: `fresh` says not how complete the source must be — `closed`, or the greatest age of its last pull, such as `30m`',
    ],
    [
      rule('measure: { x: { sum: work.hour } }'),
      '8:22 Rule r: `sum` cannot be `work.hour` — did you mean `work.hours`?',
    ],
    [
      rule('measure: { x: { calender: leaveDays } }'),
      '8:17 Rule r: `calender` is not known here — did you mean `calendar`?',
    ],
    [
      rule('measure: { x: { calendar: leavDays } }'),
      '8:27 Rule r: `calendar` cannot be `leavDays` — did you mean `leaveDays`?',
    ],
    [rule('measure: { x: work.hours }'), '8:15 Rule r: `x` cannot be a text — it must be a map'],
    [
      rule('measure: { x: { latest: leave, by: part } }'),
      '8:15 Rule r: `by` and `keys` belong together — name the attribute and its values: `by: priority, keys: [High, Low]`',
    ],
    [
      rule('measure: { person: { count: leave } }'),
      '8:12 Rule r: `person` already means something in expressions — a lower-case letter, then letters, digits and underscores, such as `expectedHours`',
    ],
    [
      rule('params: { low-limit: 25.0 }'),
      '8:11 Rule r: expressions cannot say `low-limit` — a lower-case letter, then letters, digits and underscores, such as `expectedHours`',
    ],
    [
      rule('params: { limit: true }'),
      '8:18 Rule r: `limit` cannot be `true` — it must be a number or a text',
    ],
    [
      'kind: Rule\nname: r\neach: person\nover: lastWeek\naudience: managers\nwhen: true\nsay: x',
      '6:7 Rule r: `when` must be a text, not `true` — put it in quotes: `"true"`',
    ],
    [
      subscription('rules: [r]'),
      '4:8 Subscription s: it has rules but no schedule — a schedule such as `{ cron: "0 9 * * MON", timezone: person }`',
    ],
    [
      subscription('schedule: { cron: "0 9 * * MON", timezone: person }'),
      '4:11 Subscription s: it has a schedule but no rules — name rules, or leave the schedule out: it then only hears of troubles',
    ],
    [
      subscription('schedule: { cron: "0 9 * * MON", timezone: people }\nrules: [r]'),
      '4:44 Subscription s: `people` is no time zone — an IANA name, such as `Europe/Kyiv` (or `person`: each in their own)',
    ],
    [subscription('until: 12'), '4:8 Subscription s: `until` must be a text, not a number — such as `30m`'],
    [
      subscription('until: 12 hours'),
      '4:8 Subscription s: `12 hours` is no duration — a number with s, m, h, d or w, such as `30m`, `12h`, `21d`',
    ],
    [
      subscription('until: 0m'),
      '4:8 Subscription s: `0m` is no duration — a number with s, m, h, d or w, such as `30m`, `12h`, `21d`',
    ],
    [
      subscription('for: { team: a, person: a@b.example }'),
      '4:6 Subscription s: `for` names one team or one person — `{ team: ferrari }`, or leave `for` out to mean everybody',
    ],
    [
      'kind: Subscription\nname: s\nto: { channel: slack, room: { name: x, members: [boss] } }',
      '3:50 Subscription s: entry 1 of `members` cannot be `boss` — one of `person`, `managers`',
    ],
    [
      'kind: Subscription\nname: s\nto: { channel: slack, room: { name: x, members: [{ mail: a@b.example }] } }',
      '3:52 Subscription s: `mail` is not known here — did you mean `email`?',
    ],
    [
      exception(''),
      '1:1 Exception r/a@b.example: an exception says either other `params` or `exempt` — either `params: { threshold: 30.0 }` or `exempt: true`',
    ],
    [exception('exempt: false'), '4:9 Exception r/a@b.example: `exempt` cannot be `false` — write `true`'],
    [
      exception('exempt: true\nteam: t'),
      '1:1 Exception r/team:t: an exception is about one person, one team or one connection — `person: olena@acme.example`, `team: ferrari` or `connection: clockify`',
    ],
    [
      'kind: Exception\nrule: r\nperson: Olena K\nexempt: true',
      '3:9 Exception r/olena k: `Olena K` names nobody — an e-mail address such as `olena@acme.example`, or a slug such as `olena-kovalenko`',
    ],
  ])('%s', (text, problem) => {
    expect(told(text)).toContain(problem);
  });

  it('is told all at once', () => {
    expect(told('kind: Team\nname: T\nmembers: [a]\nlead: 5\nx: 1')).toHaveLength(4);
  });

  it('also where a row of the database is kept under another name than it says', () => {
    const result = parseDocument({ kind: 'Team', name: 'a', content: { name: 'b' } });

    expect('problems' in result && result.problems.map(formatProblem)).toEqual([
      'name Team a: it is kept as `a` but says `b` — keep it under what it says',
    ]);
  });

  it('also an unknown kind in a row of the database', () => {
    const result = parseDocument({ kind: 'Forword', name: 'a', content: {} });

    expect('problems' in result && result.problems[0]?.message).toBe('there is no kind `Forword`');
  });
});
