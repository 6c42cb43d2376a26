import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels } from '#channels';
import { JiandaoyunSimulator } from '#channels/simulators';
import { checkDocuments, loadPlugins, formatProblem, loadDocuments, secretReferences } from '#documents';
import { builtInMessages } from '#domain';
import { sources } from '#sources';
import { attendanceForm, fillJiandaoyun } from '../services/sandbox/src/company-jiandaoyun.js';
import { carillonMailbox } from '../services/sandbox/src/company-mail.js';
import { staff } from '../services/sandbox/src/company-people.js';
import { Sandbox } from '../services/sandbox/src/sandbox.js';

const check = async (...folders: readonly string[]) => {
  const { documents, problems } = await loadDocuments(folders.map((folder) => `examples/${folder}`));
  const plugins = await loadPlugins({ sources, channels }, documents);
  const checked = checkDocuments(documents, plugins, builtInMessages);
  return { ...checked, problems: [...problems, ...checked.problems].map(formatProblem) };
};

/** All of them together, as the sandbox applies them. */
const all = '';

describe.each<[folder: string, rules: readonly string[], secrets: readonly string[]]>([
  ['weekly-hours', ['days-off', 'low-hours', 'missing-holiday'], ['clockify-api-key', 'slack-bot-token']],
  [
    'team-kpis',
    ['issue-index', 'oldest-issue', 'open-issues', 'overdue-share'],
    ['google-chat-service-account', 'vtiger-access-key'],
  ],
  ['attendance', ['exceptional-days', 'overtime'], ['slack-bot-token', 'wecom-app-secret']],
])('the example documents of %s', (folder, rules, secrets) => {
  it('have nothing wrong with them, and need no others', async () => {
    const { problems, configuration } = await check(folder);

    expect(problems).toEqual([]);
    expect(configuration?.rules.map(({ name }) => name)).toEqual(rules);
  });

  it('need the secrets that their README names', async () => {
    const { configuration } = await check(folder);

    expect(new Set(configuration && secretReferences(configuration).map(({ name }) => name))).toEqual(
      new Set(secrets),
    );
  });
});

describe('the example documents of attendance-table', () => {
  it('need those of attendance, and its secrets beside their own', async () => {
    const { problems, configuration } = await check('attendance', 'attendance-table');

    expect(problems).toEqual([]);
    expect(configuration?.forwards.map(({ name }) => name)).toEqual(['attendance-table']);
    expect(new Set(configuration && secretReferences(configuration).map(({ name }) => name))).toEqual(
      new Set(['jiandaoyun-api-key', 'slack-bot-token', 'wecom-app-secret']),
    );
  });

  it('name every field that people do not fill in themselves in the sandbox’s form', async () => {
    const { configuration } = await check('attendance', 'attendance-table');
    const jiandaoyun = new JiandaoyunSimulator();
    fillJiandaoyun(jiandaoyun);

    const aliases = attendanceForm(jiandaoyun).widgets.flatMap(({ alias }) => alias ?? []);

    expect(new Set(Object.keys(configuration?.forwards[0]?.fields ?? {}))).toEqual(new Set(aliases));
  });
});

describe('the example documents of connection-health', () => {
  it('go with any others, and need no secrets of their own', async () => {
    const others = await check('weekly-hours');
    const { problems, configuration } = await check('weekly-hours', 'connection-health');

    expect(problems).toEqual([]);
    expect(configuration && secretReferences(configuration)).toEqual(
      others.configuration && secretReferences(others.configuration),
    );
  });
});

describe('all example documents together', () => {
  it('have nothing wrong with them', async () => {
    const { problems } = await check(all);

    expect(problems).toEqual([]);
  });

  it('name people of the sandbox’s company', async () => {
    const { configuration } = await check(all);
    const addresses = JSON.stringify(configuration).match(/[\w.]+@acme\.example/g) ?? [];

    expect(addresses.length).toBeGreaterThan(0);
    expect([...staff.map(({ email }) => email), carillonMailbox]).toEqual(expect.arrayContaining(addresses));
  });

  it('have a calendar for everybody in it, for this year and the next', async () => {
    const { configuration } = await check(all);
    const zones = configuration?.calendars.flatMap((calendar) => calendar.for.zones) ?? [];

    expect(zones).toEqual(expect.arrayContaining(staff.map(({ zone }) => zone)));
    for (const { holidays } of configuration?.calendars ?? [])
      expect(new Set(holidays.map(({ day }) => day.slice(0, 4)))).toEqual(new Set(['2026', '2027']));
  });

  it('name every Space that the app is in there, with the people of its team, and the secrets that it gives out', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'examples-'));
    const sandbox = await Sandbox.start({ directory, today: '2026-11-20' });
    const { googleChat } = sandbox.simulators;
    const { configuration } = await check(all);
    const spaces = googleChat.spaces().filter(({ app }) => app);

    const told = configuration?.subscriptions.flatMap(({ to }) =>
      to.channel === undefined ? [] : ((to['space'] as string | undefined) ?? []),
    );

    expect(new Set(told)).toEqual(new Set(spaces.map(({ name }) => name)));
    expect(Object.keys(sandbox.secrets)).toEqual(
      expect.arrayContaining((configuration ? secretReferences(configuration) : []).map(({ name }) => name)),
    );
    for (const team of configuration?.teams ?? [])
      expect(
        googleChat
          .members(`spaces/AAAA${team.name}`)
          .map(({ email }) => email ?? '')
          .toSorted(),
      ).toEqual(team.members.toSorted());
    await sandbox.stop();
    await rm(directory, { recursive: true });
  });
});
