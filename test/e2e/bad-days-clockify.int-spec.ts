import { randomUUID } from 'node:crypto';
import type { SimulatedRequest, Trouble } from '#http/simulation';
import type { StoredPull } from '#storage';
import { Temporal } from 'temporal-polyfill';
import { Collect } from '../../services/collector/src/collect.js';
import { World } from './world.js';

/** Weeks of the past, each lived through once: their Mondays, and what of them Olena has to hear. */
const firstMonday = Temporal.PlainDate.from('2026-08-03');
const weekNumber = (number: number) => {
  const monday = firstMonday.add({ weeks: number });
  const day = (ahead: number): string => monday.add({ days: ahead }).toString();
  const said = (at: Temporal.PlainDate): string =>
    at.toLocaleString('en', { month: 'long', day: 'numeric', calendar: 'iso8601' });
  return {
    day,
    /** The Monday after, when it is looked back upon. */
    after: `${day(7)}T10:00:00Z`,
    title: (hours: string) =>
      `Olena Kovalenko: ${hours} of 40 h logged (${said(monday)} – ${said(monday.add({ days: 6 }))})`,
  };
};
type Week = ReturnType<typeof weekNumber>;

const at =
  (...endings: readonly string[]) =>
  ({ path }: SimulatedRequest): boolean =>
    endings.some((ending) => path.endsWith(ending));
const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Trouble => ({
  kind: 'answer',
  answer: { status, headers, body: { message: 'Olena Kovalenko may not', code: 501 } },
});

/** Entries as the detailed report has them, of nobody in particular. */
const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    _id: `e${(from + index).toString(16).padStart(23, '0')}`,
    userId: 'b'.repeat(24),
    type: 'REGULAR',
    billable: false,
    projectId: null,
    timeInterval: { start: '2026-01-05T08:00:00Z', end: '2026-01-05T08:01:00Z', duration: 60 },
  }));
const report = (entriesCount: number, timeentries: readonly unknown[]): Trouble => ({
  kind: 'answer',
  match: at('/detailed'),
  answer: { status: 200, body: { totals: [{ entriesCount }], timeentries } },
});

describe('Clockify on a bad day', () => {
  let world: World;
  let olena: string;
  let weeks = 0;

  beforeAll(async () => {
    world = await World.start({
      at: '2026-11-30T12:00:00Z',
      patienceMs: 1500,
      clockify: { reportsShowType: true },
    });
    const { clockify, slack } = world;
    // Nothing is due from the manager, so whatever is said is said of Olena.
    const manager = clockify.addUser({
      email: 'max@acme.example',
      name: 'Max Muster',
      zone: 'Europe/Kyiv',
      workingDays: [],
    });
    olena = clockify.addUser({
      email: 'olena@acme.example',
      name: 'Olena Kovalenko',
      zone: 'Europe/Kyiv',
      managers: [manager],
    });
    for (const name of ['max', 'olena', 'ops', 'carillon-key'])
      slack.addUser({ email: `${name}@acme.example`, name, zone: 'Europe/Kyiv' });
    await world.apply(world.documents());
    await world.knowPeople();
  });
  afterEach(() => world.clockifyServer.calm());
  afterAll(() => world.stop());

  /** A week of which nobody has heard yet, with an entry of seven and a half hours. */
  const aWeek = (): Week => {
    const week = weekNumber(weeks++);
    work(week.day(1), 7.5);
    return week;
  };
  const work = (day: string, hours: number): string =>
    world.clockify.addEntry({
      userId: olena,
      start: `${day}T06:00:00Z`,
      end: Temporal.Instant.from(`${day}T06:00:00Z`)
        .add({ minutes: hours * 60 })
        .toString(),
    });
  const inRoom = (): readonly string[] => world.rooms()['hours-olena-kovalenko']?.messages ?? [];
  const ownersMessages = () => {
    const room = world.slack.channels().find(({ name }) => name === 'carillon-ops');
    return room ? world.slack.messages(room.id) : [];
  };
  /** One pull serves all occurrences that began together, and is asked for by any of them. */
  const pullsFor = async (occurrences: readonly string[]): Promise<readonly StoredPull[]> =>
    (await world.books()).pulls.filter(
      ({ asked_by, what }) => what === 'facts' && occurrences.some((id) => asked_by.includes(id)),
    );
  /** Of Olena's occurrence; the other is in the zone of the owner of the key, of whom nothing is said. */
  const stateOf = async ([id]: readonly string[]) => (await world.occurrence(id)).state;
  const expectBalance = async (): Promise<void> => expect((await world.books()).unbalanced).toEqual([]);

  it.each<[string, readonly Trouble[]]>([
    ['429 that does not say how long', [answer(429)]],
    ['429 that says how long', [{ ...answer(429, { 'retry-after': '40' }), times: 3 }]],
    ['500', [{ ...answer(500), match: at('/time-off/requests') }]],
    ['503 in the list of people', [{ ...answer(503), match: at('/users'), times: 2 }]],
    ['a connection that is cut', [{ kind: 'cut-before', match: at('/holidays') }]],
    ['a connection that is cut after the answer was made', [{ kind: 'cut-after', match: at('/detailed') }]],
    ['no answer at all', [{ kind: 'silence', match: at('/detailed') }]],
    ['a count that changes while paging', [report(1500, entries(0, 1000)), report(1501, entries(1000, 501))]],
    ['an entry on two pages', [report(1500, entries(0, 1000)), report(1500, entries(999, 500))]],
  ])('%s: the pull is tried again, and only then is anything said', async (_, troubles) => {
    const week = aWeek();
    const before = { said: inRoom(), told: ownersMessages().length };
    for (const trouble of troubles) world.clockifyServer.plan(trouble);

    const ids = await world.begin(week.after);
    await world.until(async () => (await pullsFor(ids)).some(({ reason }) => reason !== null));
    // The next try waits until it was seen that the decision does.
    await world.test.database.query(
      `update pull set due_at = clock_timestamp() + interval '1 hour' where state = 'due' and reason is not null`,
    );
    await world.until(async () => (await stateOf(ids)) === 'held');

    expect(inRoom()).toEqual(before.said);

    await world.settleNow(ids);

    expect(inRoom()).toEqual([...before.said, week.title('7.5')]);
    expect(new Set((await pullsFor(ids)).map(({ state }) => state))).toEqual(new Set(['complete']));
    expect(await stateOf(ids)).toBe('done');
    // It was over before its owner could have done anything.
    expect(ownersMessages()).toHaveLength(before.told);
    await expectBalance();
  });

  it.each<[string, Trouble, string]>([
    ['401', answer(401), 'It does not accept the credentials'],
    ['403', { ...answer(403), match: at('/users') }, 'It does not accept the credentials'],
    ['400', { ...answer(400), match: at('/detailed') }, 'It refused the request'],
    ['nonsense', { kind: 'nonsense', match: at('/holidays') }, 'Its answer could not be understood'],
    ['a page that never ends', report(1000, entries(0, 1001)), 'Its answer could not be understood'],
  ])('%s: the pull fails, its owner hears of it once, and that it is over', async (_, trouble, words) => {
    const week = aWeek();
    const before = { said: inRoom(), told: ownersMessages().length };
    world.clockifyServer.plan({ ...trouble, times: Infinity });

    const ids = await world.begin(week.after);
    await world.until(
      async () => (await pullsFor(ids)).filter(({ state }) => state === 'failed').length >= 2,
      'hurry',
    );
    await world.until(async () => ownersMessages().length > before.told && (await stateOf(ids)) === 'held');

    expect(inRoom()).toEqual(before.said);
    expect(JSON.stringify(ownersMessages().at(-1)?.blocks)).toContain(words);

    world.clockifyServer.calm();
    await world.settleNow(ids);

    expect(inRoom()).toEqual([...before.said, week.title('7.5')]);
    expect(await stateOf(ids)).toBe('done');
    expect(
      ownersMessages()
        .slice(before.told)
        .map(({ text }) => text),
    ).toEqual(['No longer applies: Source clockify cannot be read']);
    expect(JSON.stringify(ownersMessages())).not.toContain('may not');
    await expectBalance();
  });

  it('an entry that is deleted while paging: what only the first try saw is gone', async () => {
    const week = aWeek();
    const before = inRoom();
    const deleted = {
      ...entries(0, 1)[0],
      userId: olena,
      timeInterval: { start: `${week.day(2)}T00:00:00Z`, end: `${week.day(3)}T12:00:00Z`, duration: 129_600 },
    };
    world.clockifyServer.plan(report(1500, [deleted, ...entries(1, 999)]));
    world.clockifyServer.plan(report(1499, entries(1000, 499)));

    const ids = await world.begin(week.after);
    await world.settleNow(ids);

    // With those 36 hours nobody would have to hear anything.
    expect(inRoom()).toEqual([...before, week.title('7.5')]);
    expect((await world.books()).pulls.some(({ gone }) => gone === 1)).toBe(true);
    await expectBalance();
  });

  it('entries without fields: they are rejected and counted, and nobody is told a sum that lacks them', async () => {
    const week = aWeek();
    const before = inRoom();
    const good = {
      ...entries(0, 1)[0],
      userId: olena,
      timeInterval: { start: `${week.day(1)}T06:00:00Z`, end: `${week.day(1)}T08:00:00Z`, duration: 7200 },
    };
    world.clockifyServer.plan(
      report(3, [good, { _id: 'c'.repeat(24) }, { ...good, _id: 'd'.repeat(24), timeInterval: null }]),
    );

    const ids = await world.begin(week.after);
    await world.until(
      async () => (await pullsFor(ids)).some(({ fetched, rejected }) => fetched === 3 && rejected === 2),
      'hurry turns',
    );
    await world.until(async () => (await stateOf(ids)) === 'held', 'hurry turns');

    expect(inRoom()).toEqual(before);

    // The entries are mended in Clockify: since the run waits they are read again, and nobody has to ask for it.
    await world.settleNow(ids);

    expect(inRoom()).toEqual([...before, week.title('7.5')]);
    await expectBalance();
  });

  it('no report, by its plan or key: each person is asked for, and nothing is amiss', async () => {
    const week = aWeek();
    const before = { said: inRoom(), told: ownersMessages().length };
    world.clockifyServer.plan({ ...answer(403), match: at('/detailed'), times: Infinity });

    const ids = await world.begin(week.after);
    await world.settleNow(ids);

    expect(inRoom()).toEqual([...before.said, week.title('7.5')]);
    expect(ownersMessages()).toHaveLength(before.told);
  });
});

describe('Clockify on a day that stays bad', () => {
  let world: World;
  let weeks = 0;
  const inRoom = (name: string): readonly string[] => world.rooms()[name]?.messages ?? [];

  beforeAll(async () => {
    world = await World.start({ at: '2026-11-30T12:00:00Z', clockify: { reportsShowType: true } });
    const { clockify, slack } = world;
    clockify.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'UTC' });
    for (const name of ['olena', 'ops', 'carillon-key'])
      slack.addUser({ email: `${name}@acme.example`, name, zone: 'UTC' });
    await world.apply(world.documents());
    await world.knowPeople();
  }, 60_000);
  afterEach(() => world.clockifyServer.calm());
  afterAll(() => world.stop());

  it.each<[string, Trouble]>([
    ['429', answer(429, { 'retry-after': '1' })],
    ['500', { ...answer(500), match: at('/time-off/requests') }],
    ['a connection that is cut', { kind: 'cut-before', match: at('/holidays') }],
  ])(
    '%s: its owner hears of it when it has been tried again for a minute, and that it is over',
    async (_, trouble) => {
      const week = weekNumber(weeks++);
      const [said, told] = [inRoom('hours-olena-kovalenko').length, inRoom('carillon-ops').length];
      const news = (): readonly string[] => inRoom('carillon-ops').slice(told);
      world.clockifyServer.plan({ ...trouble, times: Infinity });

      const [id] = await world.begin(week.after);
      await world.until(async () => (await world.books()).pulls.some(({ reason }) => reason !== null));
      await world.sweep();
      expect(news()).toEqual([]);

      // A minute later.
      await world.test.database.query(
        `update trouble set opened_at = opened_at - interval '1 minute', closed_at = closed_at - interval '1 minute'`,
      );
      await world.until(() => news().length > 0);
      expect(news()).toEqual(['Source clockify cannot be read']);
      expect(inRoom('hours-olena-kovalenko')).toHaveLength(said);

      world.clockifyServer.calm();
      await world.settleNow([id ?? '']);

      expect(inRoom('hours-olena-kovalenko').slice(said)).toEqual([week.title('0')]);
      expect(news()).toEqual(['No longer applies: Source clockify cannot be read']);
    },
    60_000,
  );
});

describe('a pull in the middle of which it is time to decide', () => {
  let world: World;
  let olena: string;
  let entry: string;
  const week = weekNumber(14);
  /** What stands in her room, all of it. */
  const room = (): readonly string[] => {
    const found = world.slack.channels().find(({ name }) => name === 'hours-olena-kovalenko');
    return found ? world.slack.messages(found.id).map(({ blocks }) => JSON.stringify(blocks)) : [];
  };
  const pulls = async () => (await world.books()).pulls.filter(({ what }) => what === 'facts');

  beforeAll(async () => {
    world = await World.start({ at: '2026-11-23T12:00:00Z', clockify: { reportsShowType: true } });
    const { clockify, slack } = world;
    olena = clockify.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'UTC' });
    for (const name of ['olena', 'ops', 'carillon-key'])
      slack.addUser({ email: `${name}@acme.example`, name, zone: 'UTC' });
    entry = clockify.addEntry({
      userId: olena,
      start: `${week.day(0)}T06:00:00Z`,
      end: `${week.day(0)}T16:00:00Z`,
    });
    const policy = clockify.addPolicy({ name: 'Vacation' });
    // Four days of leave: with them ten hours are all that was due, and there is no low week to speak of.
    clockify.requestTimeOff({
      userId: olena,
      policyId: policy,
      firstDay: week.day(1),
      days: 4,
      status: 'APPROVED',
    });
    await world.apply(world.documents());
    await world.knowPeople();
  });
  afterEach(() => world.clockifyServer.calm());
  afterAll(() => world.stop());

  it('gives no decision from the half that is there: hours without the leave beside them', async () => {
    world.clockifyServer.plan({ ...answer(500), match: at('/time-off/requests'), times: 3 });

    const [id] = await world.begin(week.after);
    await world.until(async () => (await world.occurrence(id)).state === 'held');
    const [half] = await pulls();

    expect(half).toMatchObject({ state: 'due', new: 1 });
    expect(world.rooms()).not.toHaveProperty('hours-olena-kovalenko');

    await world.settleNow([id ?? '']);

    expect(room()).toEqual([expect.stringContaining('days off')]);
    expect((await world.books()).unbalanced).toEqual([]);
  });

  it('nor from the half of one that was given up', async () => {
    const said = room();
    world.clockify.editEntry(entry, { end: `${week.day(0)}T07:00:00Z` });
    world.clockifyServer.plan({ ...answer(400), match: at('/holidays'), times: Infinity });

    await world.pull(`${week.day(-1)}T00:00:00Z`, `${week.day(8)}T00:00:00Z`);
    await world.wakeOccurrences();
    await world.settle();

    expect((await pulls()).at(-1)).toMatchObject({ state: 'failed', changed: 1 });
    expect(room()).toEqual(said);

    world.clockifyServer.calm();
    await world.pull(`${week.day(-1)}T00:00:00Z`, `${week.day(8)}T00:00:00Z`);

    expect(room()).toEqual([expect.stringContaining('1 of 8 h logged')]);
  });

  it('is left to the one who has it, and goes on where a lost lease left it', async () => {
    const collect = world.service.app.get(Collect);
    const { signal } = new AbortController();
    world.clockifyServer.plan({ kind: 'slow', delayMs: 400, match: at('/time-off/requests') });
    const before = world.clockifyServer.requests.length;
    const pulling = world.pull(`${week.day(-1)}T00:00:00Z`, `${week.day(8)}T00:00:00Z`);
    await world.until(() =>
      world.clockifyServer.requests.slice(before).some(({ path }) => path.endsWith('/requests')),
    );
    const running = (await pulls()).find(({ state }) => state === 'running');

    await Promise.all([collect.run(running?.id ?? '', signal), collect.run(running?.id ?? '', signal)]);

    expect((await pulls()).find(({ id }) => id === running?.id)).toMatchObject({ state: 'running' });

    // Another process takes it over, as it would from one that seems dead.
    await world.test.database.query(
      `update pull set lease_token = $2, lease_until = clock_timestamp() - interval '1 second' where id = $1`,
      [running?.id, randomUUID()],
    );
    await pulling;

    expect((await pulls()).find(({ id }) => id === running?.id)).toMatchObject({
      state: 'complete',
      fetched: 2,
      same: 2,
    });
    expect(room()).toEqual([expect.stringContaining('1 of 8 h logged')]);
    expect((await world.books()).unbalanced).toEqual([]);
  });
});

describe('a source that stays silent until the time is over', () => {
  it('leaves nothing said, also when it is there again, and a failed occurrence', async () => {
    const world = await World.start({ at: '2026-11-23T12:00:00Z', clockify: { reportsShowType: true } });
    const { clockify, slack, test } = world;
    const olena = clockify.addUser({ email: 'olena@acme.example', name: 'Olena Kovalenko', zone: 'UTC' });
    for (const name of ['olena', 'ops', 'carillon-key'])
      slack.addUser({ email: `${name}@acme.example`, name, zone: 'UTC' });
    const week = weekNumber(9);
    const late = weekNumber(10);
    for (const { day } of [week, late])
      clockify.addEntry({ userId: olena, start: `${day(0)}T06:00:00Z`, end: `${day(0)}T07:00:00Z` });
    try {
      await world.apply(world.documents());
      await world.knowPeople();
      world.clockifyServer.plan({ ...answer(401), times: Infinity });
      const [id] = await world.begin(week.after);
      await world.until(async () => (await world.occurrence(id)).state === 'held');

      // Twelve hours later.
      await test.database.query(
        `update occurrence set until_at = clock_timestamp(), wake_at = clock_timestamp() where id = $1`,
        [id],
      );
      await world.until(async () => (await world.occurrence(id)).state === 'failed');

      // Of another the facts come in the same moment in which its time is over.
      const [other] = await world.begin(late.after);
      await world.until(async () => (await world.occurrence(other)).state === 'held');
      await test.database.query(
        `update occurrence set until_at = clock_timestamp() + interval '1 second' where id = $1`,
        [other],
      );
      await new Promise((resolve) => setTimeout(resolve, 1000));
      world.clockifyServer.calm();
      await world.pull(`${week.day(-1)}T00:00:00Z`, `${late.day(8)}T00:00:00Z`, [id ?? '', other ?? '']);

      expect(await world.occurrence(id)).toMatchObject({ state: 'failed' });
      expect(await world.occurrence(other)).toMatchObject({ state: 'failed' });
      expect(world.rooms()).toEqual({
        'carillon-ops': {
          members: ['Carillon', 'ops'],
          messages: [
            'No longer applies: Source clockify cannot be read',
            'weekly-hours: a run was not decided as a whole',
          ],
        },
      });
    } finally {
      await world.stop();
    }
  });
});
