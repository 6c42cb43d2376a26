import { SlackSimulator } from '#channels/simulators';
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator } from '#sources/simulators';
import { Documents } from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { storyDocuments } from '../story-documents.js';
import { carillon, onlyJson, startCarillon, type Ended } from './carillon-process.js';

const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'carillon-cli-'));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Of the embedded Postgres that a home has, as Postgres notes it. */
const postgresOf = async (home: string): Promise<number> =>
  Number((await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);

const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (const deadline = Date.now() + 60_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('it never came to be so');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

describe('a newcomer', () => {
  let home: string;
  let first: Ended;
  const once = ['up', '--sandbox', '--once', '--output', 'json'];

  beforeAll(async () => {
    home = await scratch();
    // Where root runs the tests, the embedded Postgres runs as another user.
    await chmod(home, 0o755);
    first = await carillon(once, { CARILLON_HOME: home });
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('sees the stories run, with every number that the books have', () => {
    const report = onlyJson(first) as Record<string, Record<string, unknown>[]>;

    expect(first.code).toBe(0);
    for (const source of ['clockify', 'vtiger', 'wecom'])
      expect(report['pulls']).toContainEqual(
        expect.objectContaining({ source, state: 'complete', rejected: 0, gone: 0, same: 0 }),
      );
    expect(report['decisions']?.map(({ rule }) => rule)).toEqual([
      'connection-errors',
      'connection-slow',
      'days-off',
      'exceptional-days',
      'issue-index',
      'low-hours',
      'missing-holiday',
      'oldest-issue',
      'open-issues',
      'overdue-share',
      'overtime',
      'quota-low',
      'run-missing',
      'stale-source',
      'token-expires',
    ]);
    expect(report['forwards']).toEqual([
      {
        forward: 'attendance-table',
        ...{ read: 4, created: 4, updated: 0, unchanged: 0, rejected: 0, vanished: 0 },
        ...{ rejections: [], vanishings: [] },
      },
    ]);
    expect(report['deliveries']).toContainEqual(
      expect.objectContaining({ channel: 'slack', failed: 0, unknown: 0 }),
    );
    expect(report['deliveries']).toContainEqual(
      expect.objectContaining({ channel: 'google-chat', sent: 4, failed: 0, unknown: 0 }),
    );
    expect(report['sandbox']).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    });
  });

  it('sees to whom it was said and why', () => {
    const { said } = onlyJson(first) as { said: Record<string, unknown>[] };

    expect(said.length).toBeGreaterThan(5);
    expect(said).toContainEqual(
      expect.objectContaining({
        channel: 'slack',
        state: 'sent',
        to: expect.stringMatching(/^#hours-/) as string,
        why: expect.stringMatching(/^[\d.]+ of [\d.]+ h, below 25/) as string,
      }),
    );
    expect(said).toContainEqual(
      expect.objectContaining({
        channel: 'google-chat',
        state: 'sent',
        person: 'Ferrari',
        to: 'spaces/AAAAferrari',
        why: expect.stringContaining('index ') as string,
      }),
    );
  });

  it('hears nothing twice, finds nothing left behind, and is told where the sandbox has gone', async () => {
    const again = await carillon(once, { CARILLON_HOME: home });
    const later = await carillon(['doctor'], { CARILLON_HOME: home });

    expect(again.code).toBe(0);
    expect(onlyJson(again)).toMatchObject({ deliveries: [], said: [] });
    expect(again.stderr).not.toMatch(/warn|deprecat/i);
    await expect(postgresOf(home)).rejects.toThrow('ENOENT');
    expect(later.code).toBe(2);
    expect(later.stderr).toContain('the sandbox is not running. Start it with `npm start`');
  });

  it('gets a health port that is free, one sandbox at a time, and everything ended by Ctrl-C', async () => {
    const up = startCarillon(['up', '--sandbox'], { CARILLON_HOME: home });
    await up.says('Ctrl-C ends everything');
    const [second, doctor] = await Promise.all([
      carillon([...once], { CARILLON_HOME: home }),
      carillon(['doctor', '--output', 'json'], { CARILLON_HOME: home }),
    ]);
    const postgres = await postgresOf(home);

    up.process.kill('SIGINT');

    expect(second.code).toBe(2);
    expect(onlyJson(second)['error']).toMatch(/^Carillon is up already in .* \(process \d+, see http/);
    expect(doctor.code).toBe(0);
    expect(onlyJson(doctor)['examinations']).toContainEqual({
      document: 'Forward attendance-table',
      findings: [expect.objectContaining({ level: 'ok', about: 'table' })],
    });
    expect((await up.ended).code).toBe(0);
    expect(isAlive(postgres)).toBe(false);
  });

  it('leaves no Postgres behind where it is killed', async () => {
    const up = startCarillon(['up', '--sandbox'], { CARILLON_HOME: home });
    await up.says('documents');
    const postgres = await postgresOf(home);

    up.process.kill('SIGKILL');

    await until(() => !isAlive(postgres));
  });
});

describe('documents of one’s own', () => {
  let test: TestDatabase;
  let folder: string;
  let clockify: SimulatedServer;
  let slack: SimulatedServer;
  let environment: Record<string, string>;
  let good: string;
  // A Monday that is over, whatever day it is: all of the week before it is in the past.
  const monday = Temporal.Now.plainDateISO('UTC').subtract({
    days: 7 + Temporal.Now.plainDateISO('UTC').dayOfWeek - 1,
  });
  const run = ['run', '--once', '--now', '--at', `${monday.toString()}T12:00:00Z`, '--output', 'json'];

  beforeAll(async () => {
    const vendors = { clockify: new ClockifySimulator(), slack: new SlackSimulator({ limits: 'none' }) };
    const workspaceId = vendors.clockify.addWorkspace({ name: 'Acme' });
    const owner = vendors.clockify.addUser({
      email: 'key@acme.example',
      name: 'Key Owner',
      zone: 'UTC',
      role: 'WORKSPACE_OWN',
    });
    vendors.clockify.addKey('clockify-test-key', owner);
    const day = monday.subtract({ days: 6 }).toString();
    for (const [email, name] of [
      ['olena@acme.example', 'Olena Kovalenko'],
      ['max@acme.example', 'Max Muster'],
    ] as const) {
      const userId = vendors.clockify.addUser({ email, name, zone: 'UTC', managers: [owner] });
      vendors.clockify.addEntry({ userId, start: `${day}T08:00:00Z`, end: `${day}T15:30:00Z` });
      vendors.slack.addUser({ email, name, zone: 'UTC' });
    }
    for (const email of ['key@acme.example', 'ops@acme.example'])
      vendors.slack.addUser({ email, name: email, zone: 'UTC' });
    [test, folder, clockify, slack] = await Promise.all([
      testDatabase(),
      scratch(),
      SimulatedServer.listen(vendors.clockify),
      SimulatedServer.listen(vendors.slack),
    ]);
    good = storyDocuments({ workspaceId, clockify: clockify.url, slack: slack.url });
    await writeFile(join(folder, 'good.yaml'), good);
    environment = {
      DATABASE_URL: test.url,
      CARILLON_HOME: join(folder, 'home'),
      CARILLON_SECRET_CLOCKIFY_API_KEY: 'clockify-test-key',
      CARILLON_SECRET_SLACK_BOT_TOKEN: vendors.slack.token,
    };
    const migrated = await carillon(['migrate', '--output', 'json'], environment);
    expect(migrated.code).toBe(0);
  });
  afterAll(async () => {
    await Promise.all([clockify.close(), slack.close(), rm(folder, { recursive: true, force: true })]);
    await test.drop();
  });

  it('are needed before anything runs', async () => {
    const ended = await carillon(run, environment);

    expect(ended.code).toBe(2);
    expect(onlyJson(ended)['error']).toContain('No documents are applied yet');
  });

  it('are applied, read, decided and said against a Postgres of one’s own, with 0 at the end', async () => {
    const applied = await carillon(
      ['apply', '-d', join(folder, 'good.yaml'), '--output', 'json'],
      environment,
    );
    const ended = await carillon(run, environment);

    expect(onlyJson(applied)).toMatchObject({ applied: true, changed: [], removed: [], same: 0 });
    expect(ended.stderr).not.toContain('✗');
    expect(onlyJson(ended)).toMatchObject({
      occurrences: 1,
      decisions: [{ rule: 'low-hours', fired: 3, held: 0 }],
      deliveries: [{ channel: 'slack', sent: 3, failed: 0, unknown: 0 }],
      timedOut: false,
    });
    expect(ended.code).toBe(0);
  });

  it('end with 1 where time runs out', async () => {
    clockify.plan({ kind: 'slow', delayMs: 5000, times: 1000 });

    const ended = await carillon([...run.with(4, earlier(monday, 1)), '--timeout', '1s'], environment);

    clockify.calm();
    expect(onlyJson(ended)['timedOut']).toBe(true);
    expect(ended.code).toBe(1);
  });

  it('end with 1 where a pull fails, and with 1 where a delivery fails', async () => {
    clockify.plan({ kind: 'answer', answer: { status: 401 }, times: 1000 });
    const unread = await carillon(run.with(4, earlier(monday, 2)), environment);
    clockify.calm();
    slack.plan({
      kind: 'answer',
      answer: { status: 200, body: { ok: false, error: 'restricted_action' } },
      match: ({ path }) => path.endsWith('chat.postMessage'),
      times: 1000,
    });
    const unsaid = await carillon(run.with(4, earlier(monday, 3)), environment);
    slack.calm();

    expect(onlyJson(unread)['pulls']).toContainEqual(
      expect.objectContaining({ source: 'clockify', state: 'failed', reason: 'unauthorized' }),
    );
    expect(unread.code).toBe(1);
    expect(onlyJson(unsaid)['said']).toContainEqual(
      expect.objectContaining({
        state: 'failed',
        detail: expect.stringContaining('restricted_action') as string,
      }),
    );
    expect(unsaid.code).toBe(1);
  });

  // Each fault alone is a spec of libs/documents; here they are met by processes, all in one look.
  it.each([
    [
      'every mistake in them',
      (text: string) =>
        text
          .replace('say: low-hours', 'says: low-hours')
          .replace('rules: [low-hours]', 'rules: [low-hour]')
          .replace('{ hours: { sum: work.hours },', '{ hours: { sum: work.hour },')
          .concat(wrongType, tooWide),
      [
        /:\d+:\d+ Rule low-hours: .*`says`.* — .*`say`/,
        /:\d+:\d+ Subscription weekly-hours: .*low-hour\b.* — .*low-hours/,
        /:\d+:\d+ Rule few-hours: .* — .*5\.0/,
        /:\d+:\d+ Subscription everybody: .*free-days.* — /,
      ],
    ],
    [
      'a secret that is not there',
      (text: string) => text.replace('secret: slack-bot-token', 'secret: slack-token'),
      [/:\d+:\d+ Channel slack: .*slack-token.* — .*CARILLON_SECRET_SLACK_TOKEN/],
    ],
  ])(
    'are refused for %s by check, apply and start, each with its place and what would be right, and nothing of them is applied',
    async (fault, spoil, mistakes) => {
      const file = join(folder, `${fault.replaceAll(/\W/g, '-')}.yaml`);
      // What is right in them must not stay behind either.
      await writeFile(file, spoil(good).replace('threshold: 25.0', 'threshold: 30.0'));
      const before = await new Documents(test.database).current();

      const all = await Promise.all([
        carillon(['check', '-d', file], environment),
        carillon(['apply', '-d', file], environment),
        carillon(['up', '--once', '-d', file, '--output', 'json'], environment),
      ]);

      for (const { code, stderr } of all) {
        for (const mistake of mistakes) expect(stderr).toMatch(mistake);
        expect(stderr).toContain(file);
        expect(code).toBe(2);
      }
      const { problems } = onlyJson(all[2]) as { problems: Record<string, unknown>[] };
      expect(problems.length).toBeGreaterThanOrEqual(mistakes.length);
      expect(problems[0]).toMatchObject({ file, line: expect.any(Number) as number });
      expect(await new Documents(test.database).current()).toEqual(before);
    },
  );
});

describe('arguments that are wrong', () => {
  it('end with 2, and are told as JSON where that is asked for', async () => {
    const wrong = {
      "unknown command 'dance'": ['dance'],
      'A duration has a number and a unit': ['run', '--timeout', 'soon'],
      'add --now': ['run', '--at', '2026-10-05T09:00:00Z'],
      'there are no holidays for the country "XX"': ['calendar', '--country', 'XX'],
    };

    const ended = await Promise.all(
      Object.values(wrong).map((args) => carillon([...args, '--output', 'json'], {})),
    );

    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(ended.map((one) => onlyJson(one)['error'])).toEqual(
      Object.keys(wrong).map((words) => expect.stringContaining(words) as string),
    );
  });
});

const wrongType = `---
kind: Rule
name: few-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 5
say: low-hours
`;

const tooWide = `---
kind: Rule
name: free-days
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { leave: { calendar: leaveDays } }
when: leave > 0.0
say: days-off
---
kind: Subscription
name: everybody
rules: [free-days]
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: slack, room: { name: everybody, members: [person, managers, { email: ops@acme.example }] } }
`;

/** The Monday so many weeks before. */
const earlier = (monday: Temporal.PlainDate, weeks: number): string =>
  `${monday.subtract({ weeks }).toString()}T12:00:00Z`;
