import { SlackSimulator } from '#channels/simulators';
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator } from '#sources/simulators';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { storyDocuments } from '../story-documents.js';
import { carillon, onlyJson, type Ended } from './carillon-process.js';

/** The last month in UTC, whatever day it is today; elsewhere another month may have begun, so it is asked for by its days. */
const first = Temporal.Now.plainDateISO('UTC').with({ day: 1 }).subtract({ months: 1 });
const last = first.add({ months: 1 }).subtract({ days: 1 });
const mondays = Array.from({ length: last.day }, (_, index) => first.add({ days: index })).filter(
  ({ dayOfWeek }) => dayOfWeek === 1,
);

interface Occasions {
  readonly occasions: readonly {
    readonly counts: Readonly<Record<'fired' | 'quiet' | 'held', number>>;
    readonly sayings: readonly { readonly people: readonly string[] }[];
  }[];
}

describe('the past, right after an installation', () => {
  let test: TestDatabase;
  let folder: string;
  let servers: readonly SimulatedServer[];
  let environment: Record<string, string>;

  const collect = (...args: readonly string[]): Promise<Ended> =>
    carillon(['collect', ...args, '--output', 'json'], environment);
  const preview = (...args: readonly string[]): Promise<Ended> =>
    carillon(
      ['preview', 'low-hours', '--over', `${first.toString()}..${last.add({ days: 1 }).toString()}`, ...args],
      environment,
    );
  const count = (ended: Ended, outcome: 'fired' | 'quiet' | 'held'): number =>
    (onlyJson(ended) as unknown as Occasions).occasions.reduce((sum, { counts }) => sum + counts[outcome], 0);

  beforeAll(async () => {
    const clockify = new ClockifySimulator();
    const slack = new SlackSimulator({ limits: 'none' });
    const workspaceId = clockify.addWorkspace({ name: 'Acme' });
    const key = clockify.addUser({ email: 'key@acme.example', role: 'WORKSPACE_OWN', workingDays: [] });
    clockify.addKey('clockify-test-key', key);
    // Olena logs six hours a week and hears of it; Min-jun logs all that is due.
    for (const [name, zone, hours] of [
      ['olena', 'Europe/Kyiv', 3],
      ['minjun', 'Asia/Seoul', 8],
    ] as const) {
      const userId = clockify.addUser({ email: `${name}@acme.example`, name, zone });
      for (let day = first.subtract({ days: 10 }); day.until(last).days >= 0; day = day.add({ days: 1 })) {
        if (hours === 3 ? day.dayOfWeek > 2 : day.dayOfWeek > 5) continue;
        const start = day.toZonedDateTime({ timeZone: zone, plainTime: '09:00' });
        clockify.addEntry({
          userId,
          start: start.toInstant().toString(),
          end: start.add({ hours }).toInstant().toString(),
        });
      }
    }
    const [database, scratch, ...listening] = await Promise.all([
      testDatabase(),
      mkdtemp(join(tmpdir(), 'carillon-window-')),
      SimulatedServer.listen(clockify),
      SimulatedServer.listen(slack),
    ]);
    [test, folder, servers] = [database, scratch, listening];
    await writeFile(
      join(folder, 'all.yaml'),
      storyDocuments({
        workspaceId,
        clockify: listening[0]?.url ?? '',
        slack: listening[1]?.url ?? '',
      }),
    );
    environment = {
      DATABASE_URL: test.url,
      CARILLON_HOME: join(folder, 'home'),
      CARILLON_SECRET_CLOCKIFY_API_KEY: 'clockify-test-key',
      CARILLON_SECRET_SLACK_BOT_TOKEN: slack.token,
    };
    await carillon(['migrate'], environment);
    const applied = await carillon(['apply', '-d', join(folder, 'all.yaml')], environment);
    expect(applied.code).toBe(0);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all([rm(folder, { recursive: true, force: true }), test.drop()]);
  });

  it.each([
    [['--from', last.toString(), '--to', first.toString()], /comes after --to/],
    [['--from', '2019-01-01', '--to', '2019-01-31'], /too long ago.*expected hours/],
    [['--from', first.toString(), '--due'], /cannot be used with/],
    [['--from', first.toString(), '--source', 'clockfy'], /There is no source clockfy; there are: clockify/],
  ])(
    'is refused where %j cannot work',
    async (args, why) => {
      const ended = await collect(...args);

      expect(onlyJson(ended)['error']).toMatch(why);
      expect(ended.code).toBe(2);
    },
    30_000,
  );

  it('is read as the days that were asked for and those that their runs look back to, with the cost said before', async () => {
    const ended = await collect('--from', first.toString(), '--to', last.toString());

    const begins = mondays[0]?.subtract({ days: 7 }).toString();
    expect(ended.stderr).toMatch(/^Reading clockify, .*: about \d+ calls for 3 people/m);
    expect(ended.stderr).toContain('since runs of weekly-hours look back so far');
    const { reading, pulls } = onlyJson(ended);
    expect(reading).toMatchObject([{ source: 'clockify', dates: { from: begins } }]);
    expect(pulls).toMatchObject([{ source: 'clockify', state: 'complete', rejected: 0 }]);
    expect(ended.code).toBe(0);
  }, 60_000);

  it('then is previewed whole: who would have heard what, and nobody is held', async () => {
    const ended = await preview('--output', 'json');
    const text = await preview();

    expect(count(ended, 'held')).toBe(0);
    expect(count(ended, 'fired')).toBe(mondays.length);
    const { occasions } = onlyJson(ended) as unknown as Occasions;
    expect(new Set(occasions.flatMap(({ sayings }) => sayings).flatMap(({ people }) => people))).toEqual(
      new Set(['olena']),
    );
    expect(text.stdout).not.toContain('carillon collect');
  }, 30_000);

  it('that nobody has read is held, and the preview names the command that reads it', async () => {
    const before = first.subtract({ months: 2 });
    const end = before.add({ months: 1 });
    const over = ['--over', `${before.toString()}..${end.toString()}`];

    const held = await carillon(['preview', 'low-hours', ...over], environment);
    const [, command] = /^ {2}carillon (collect .*)$/m.exec(held.stdout) ?? [];
    await carillon(command?.split(' ') ?? [], environment);
    const read = await carillon(['preview', 'low-hours', ...over, '--output', 'json'], environment);

    expect(command).toMatch(/^collect --from \d{4}-\d\d-\d\d --to \d{4}-\d\d-\d\d$/);
    expect(count(read, 'held')).toBe(0);
  }, 60_000);
});
