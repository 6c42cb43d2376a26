import { instant, type Fact } from '#domain';
import fc from 'fast-check';
import type { ClockifySimulatorOptions } from './simulator.js';
import {
  ClockifyFixture,
  failureOf,
  gather,
  monday,
  shown,
  week,
  workBySubject,
} from './workspace.fixture.js';

const hour = 3_600_000;
let opened: ClockifyFixture[] = [];

const open = async (options: ClockifySimulatorOptions = {}): Promise<ClockifyFixture> => {
  const fixture = await ClockifyFixture.open(options);
  opened.push(fixture);
  return fixture;
};

afterEach(async () => {
  await Promise.all(opened.map(({ server }) => server.close()));
  opened = [];
});

const of = (facts: readonly Fact[], kind: Fact['kind']) => facts.filter((fact) => fact.kind === kind);

/** Work, a break, a running timer, entries at the edges of the week, automatic leave and an automatic holiday. */
const fillWeek = ({ simulator }: ClockifyFixture) => {
  const lena = simulator.addUser({ email: 'lena@acme.example', zone: 'Europe/Berlin' });
  const minji = simulator.addUser({ email: 'minji@acme.example', zone: 'Asia/Seoul' });
  const tom = simulator.addUser({ email: 'tom@acme.example', zone: 'America/Los_Angeles' });
  const pete = simulator.addUser({ email: 'pete@acme.example', zone: 'Europe/Kyiv' });
  const project = simulator.addProject({ name: 'Platform' });
  for (const userId of [lena, minji, tom, pete]) {
    for (const day of ['02', '03', '04', '05', '06'])
      simulator.addEntry({
        userId,
        start: `2026-03-${day}T09:00:00Z`,
        end: `2026-03-${day}T16:00:00Z`,
        projectId: project,
        billable: day !== '04',
      });
  }
  simulator.addEntry({
    userId: lena,
    start: '2026-03-03T16:00:00Z',
    end: '2026-03-03T16:30:00Z',
    type: 'BREAK',
  });
  simulator.addEntry({ userId: minji, start: '2026-03-08T23:30:00Z', end: '2026-03-09T01:30:00Z' });
  simulator.addEntry({ userId: tom, start: '2026-03-01T23:30:00Z', end: '2026-03-02T01:30:00Z' });
  simulator.addEntry({ userId: tom, start: '2026-03-09T00:00:00Z', end: '2026-03-09T01:30:00Z' });
  simulator.startTimer({ userId: tom, start: '2026-03-07T10:00:00Z' });
  simulator.addHoliday({
    name: 'Spring day',
    startDate: '2026-03-06',
    userIds: [minji],
    automaticTimeEntryCreation: true,
  });
  const policy = simulator.addPolicy({ name: 'Vacation', automaticTimeEntryCreation: true });
  simulator.requestTimeOff({ userId: pete, policyId: policy, firstDay: '2026-03-05', status: 'APPROVED' });
  return { lena, minji, tom, pete };
};

describe('hours', () => {
  const ways: readonly [string, ClockifySimulatorOptions, 'auto' | 'never'][] = [
    ['a report that says types', { reportsShowType: true }, 'auto'],
    ['a report that says none', {}, 'auto'],
    ['a report that says none, without attendance', { attendanceAvailable: false }, 'auto'],
    ['no report: 402', { reportsAvailable: false, refuseWith: 402 }, 'auto'],
    ['no report: 403', { reportsAvailable: false, refuseWith: 403 }, 'auto'],
    ['no report wanted', {}, 'never'],
    ['a report with running timers', { reportsShowRunning: true, reportsShowType: true }, 'auto'],
  ];

  it.each(ways)('are the same by %s', async (_, options, reports) => {
    const fixture = await open(options);
    const { lena, minji, tom, pete } = fillWeek(fixture);

    const { facts, rejected } = await fixture.pull(week, { reports });

    expect(rejected).toEqual([]);
    expect(workBySubject(facts)).toEqual({
      [lena]: 35 * hour,
      [minji]: 37 * hour,
      [tom]: 35 * hour,
      [pete]: 35 * hour,
    });
  });

  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/St_Johns'])(
    'are the same where the core host reads its windows in %s',
    async (accountZone) => {
      const fixture = await open({ accountZone, reportsShowType: true });
      fillWeek(fixture);

      const byReport = await fixture.pull();
      const byPerson = await fixture.pull(week, { reports: 'never' });

      expect(shown(byPerson.facts)).toEqual(shown(byReport.facts));
    },
  );

  it('are the same by all ways for any entries', async () => {
    const typed = await open({ reportsShowType: true });
    const untyped = await open();
    const minute = fc.integer({ min: -2 * 1440, max: 9 * 1440 });
    const entry = fc.record({
      who: fc.integer({ min: 0, max: 2 }),
      start: minute,
      minutes: fc.integer({ min: 0, max: 1000 }),
      type: fc.constantFrom('REGULAR' as const, 'REGULAR' as const, 'BREAK' as const),
    });
    const people = [typed, untyped].map(({ simulator }) =>
      [0, 1, 2].map((index) => simulator.addUser({ email: `p${index}@acme.example` })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 25 }), async (entries) => {
        const added = [typed, untyped].map(({ simulator }, which) =>
          entries.map(({ who, start, minutes, type }) =>
            simulator.addEntry({
              userId: people[which]?.[who] ?? '',
              type,
              start: week.from.add({ minutes: start }).toString(),
              end: week.from.add({ minutes: start + minutes }).toString(),
            }),
          ),
        );
        const pulls = [
          await typed.pull(),
          await typed.pull(week, { reports: 'never' }),
          await untyped.pull(),
          await untyped.pull(week, { reports: 'never' }),
        ].map(({ facts }) => shown(facts));
        added.forEach((ids, which) =>
          ids.forEach((id) => [typed, untyped][which]?.simulator.deleteEntry(id)),
        );

        const due = entries.filter(({ type, start }) => type === 'REGULAR' && start >= 0 && start < 7 * 1440);
        expect(pulls[0]).toHaveLength(due.length);
        expect(pulls[1]).toEqual(pulls[0]);
        expect(pulls[3]).toEqual(pulls[2]);
        expect(pulls[2]).toHaveLength(due.length);
      }),
      { numRuns: 25 },
    );
  });

  it('without types are asked only of people who may have other entries', async () => {
    const fixture = await open();
    const { lena, minji, pete } = fillWeek(fixture);

    await fixture.pull();

    const asked = fixture.calls().flatMap((call) => /\/user\/(\w+)\/time-entries/.exec(call)?.[1] ?? []);
    expect(asked.sort()).toEqual([lena, minji, pete].sort());
  });

  it('of a window longer than a FREE plan allows come in pieces', async () => {
    const fixture = await open({ plan: 'FREE', reportsShowType: true });
    const userId = fixture.simulator.addUser({ email: 'lena@acme.example' });
    for (const day of ['2026-01-01', '2026-01-31', '2026-02-15', '2026-03-08'])
      fixture.simulator.addEntry({ userId, start: `${day}T08:00:00Z`, end: `${day}T10:00:00Z` });

    const { facts } = await fixture.pull({ from: instant('2026-01-01T00:00:00Z'), to: week.to });

    expect(workBySubject(facts)).toEqual({ [userId]: 8 * hour });
    expect(fixture.calls().filter((call) => call.endsWith('/detailed'))).toHaveLength(3);
  });

  it('of nobody are none', async () => {
    const fixture = await open();

    expect((await fixture.pull()).facts).toEqual([]);
  });

  it('have the same keys when they are asked for twice', async () => {
    const fixture = await open();
    fillWeek(fixture);

    expect(shown((await fixture.pull()).facts)).toEqual(shown((await fixture.pull()).facts));
  });
});

describe('leave', () => {
  it('is there while it waits and when it is approved, never when it was rejected', async () => {
    const fixture = await open();
    const { simulator } = fixture;
    const userId = simulator.addUser({ email: 'minji@acme.example', zone: 'Asia/Seoul' });
    const days = simulator.addPolicy({ name: 'Vacation' });
    const hours = simulator.addPolicy({ name: 'Doctor', timeUnit: 'HOURS' });
    const whole = simulator.requestTimeOff({
      userId,
      policyId: days,
      firstDay: '2026-03-02',
      days: 2,
      status: 'APPROVED',
    });
    const half = simulator.requestTimeOff({ userId, policyId: days, firstDay: '2026-03-04', half: 'second' });
    simulator.requestTimeOff({ userId, policyId: days, firstDay: '2026-03-05', status: 'REJECTED' });
    const some = simulator.requestTimeOff({
      userId,
      policyId: hours,
      from: '2026-03-06T01:00:00Z',
      to: '2026-03-06T04:00:00Z',
      status: 'APPROVED',
    });

    const found = of((await fixture.pull()).facts, 'leave');

    expect(found.map(({ key, amount, attributes }) => ({ key, amount, ...attributes }))).toEqual(
      expect.arrayContaining([
        {
          key: whole,
          amount: 2,
          firstDay: '2026-03-02',
          lastDay: '2026-03-03',
          status: 'approved',
          part: 'whole',
          hoursOff: null,
        },
        {
          key: half,
          amount: 0.5,
          firstDay: '2026-03-04',
          lastDay: '2026-03-04',
          status: 'pending',
          part: 'second-half',
          hoursOff: null,
        },
        {
          key: some,
          amount: 1,
          firstDay: '2026-03-06',
          lastDay: '2026-03-06',
          status: 'approved',
          part: 'hours',
          hoursOff: 3,
        },
      ]),
    );
    expect(found).toHaveLength(3);
  });

  it('is not asked for where the plan has none and the settings say so', async () => {
    const fixture = await open({ timeOffAvailable: false, reportsShowType: true });

    await fixture.pull(week, { timeOff: 'never' });

    expect(fixture.calls().join()).not.toMatch(/time-off|holidays/);
  });

  it('that is withheld fails the pull: hours without leave would accuse people', async () => {
    const fixture = await open({ timeOffAvailable: false, reportsShowType: true });

    expect(await failureOf(fixture.pull())).toMatchObject({ reason: 'unauthorized', status: 402 });
  });
});

describe('holidays', () => {
  it('are of the people they name, of their groups, and of everybody, each on their own days', async () => {
    const fixture = await open();
    const { simulator, owner } = fixture;
    const minji = simulator.addUser({ email: 'minji@acme.example', zone: 'Asia/Seoul' });
    const tom = simulator.addUser({ email: 'tom@acme.example', zone: 'America/Los_Angeles' });
    const group = simulator.addGroup({ name: 'US', userIds: [tom] });
    const all = simulator.addHoliday({
      name: 'Women',
      startDate: '2020-03-08',
      occursAnnually: true,
      everyoneIncludingNew: true,
    });
    const named = simulator.addHoliday({ name: 'Samil', startDate: '2026-03-02', userIds: [minji] });
    const grouped = simulator.addHoliday({
      name: 'Long',
      startDate: '2026-03-04',
      endDate: '2026-03-05',
      userGroupIds: [group],
    });
    simulator.addHoliday({ name: 'Later', startDate: '2026-05-01', everyoneIncludingNew: true });

    const found = of((await fixture.pull()).facts, 'holiday');

    expect(found.map(({ key, amount }) => [key, amount]).sort()).toEqual(
      [
        [`${all}/2026/${owner}`, 1],
        [`${all}/2026/${minji}`, 1],
        [`${all}/2026/${tom}`, 1],
        [`${named}/2026/${minji}`, 1],
        [`${grouped}/2026/${tom}`, 2],
      ].sort(),
    );
    expect(String(found.find(({ key }) => key.startsWith(named))?.from)).toBe('2026-03-01T15:00:00Z');
  });

  it('ask for nobody while there are none', async () => {
    const fixture = await open({ reportsShowType: true });

    await fixture.pull();

    expect(fixture.calls().join()).not.toContain('/users');
  });
});

describe('a pull that was cut off', () => {
  const fill = ({ simulator }: ClockifyFixture, entries: number) => {
    const userId = simulator.addUser({ email: 'lena@acme.example' });
    for (let index = 0; index < entries; index += 1) {
      const start = week.from.add({ minutes: index * 4 });
      simulator.addEntry({ userId, start: start.toString(), end: start.add({ minutes: 4 }).toString() });
    }
    return userId;
  };

  it('goes on with the page after the last one, and gives the same facts', async () => {
    const fixture = await open({ reportsShowType: true });
    fill(fixture, 2300);
    const whole = await fixture.pull();
    fixture.calls();

    const rest = await fixture.pull(week, {}, { cursor: whole.pages[0]?.cursor });

    expect(rest.facts).toHaveLength(1300);
    expect(shown([...(whole.pages[0]?.facts ?? []), ...rest.facts])).toEqual(shown(whole.facts));
    expect(fixture.calls().filter((call) => call.endsWith('/detailed'))).toHaveLength(2);
  });

  it('starts over where the count is another now', async () => {
    const fixture = await open({ reportsShowType: true });
    const userId = fill(fixture, 1500);
    const whole = await fixture.pull();
    fixture.simulator.addEntry({ userId, start: '2026-03-08T10:00:00Z', end: '2026-03-08T11:00:00Z' });

    const rest = await fixture.pull(week, {}, { cursor: whole.pages[0]?.cursor });

    expect(rest.facts).toHaveLength(1501);
  });

  it('starts over where other people have to be asked now', async () => {
    const fixture = await open();
    const userId = fill(fixture, 1500);
    const rest = fixture.simulator.addEntry({
      userId,
      start: '2026-03-08T10:00:00Z',
      end: '2026-03-08T10:10:00Z',
      type: 'BREAK',
    });
    const whole = await fixture.pull();
    expect(whole.facts).toHaveLength(1500);
    fixture.simulator.editEntry(rest, { type: 'REGULAR' });

    const afterwards = await fixture.pull(week, {}, { cursor: whole.pages[1]?.cursor });

    expect(afterwards.facts).toHaveLength(1501);
  });

  it.each([['auto' as const], ['never' as const]])(
    'goes on from every one of its cursors and leaves nothing out (reports: %s)',
    async (reports) => {
      const fixture = await open();
      fillWeek(fixture);
      fill(fixture, 1200);
      const whole = await fixture.pull(week, { reports });

      for (const [index, { cursor }] of whole.pages.entries()) {
        const before = whole.pages.slice(0, index + 1).flatMap(({ facts }) => facts);
        const rest = await fixture.pull(week, { reports }, { cursor });
        const union = new Set(shown([...before, ...rest.facts]));
        expect([...union].sort()).toEqual(shown(whole.facts));
      }
      const last = await fixture.pull(week, { reports }, { cursor: whole.pages.at(-1)?.cursor });
      expect(last.pages).toEqual([]);
    },
  );

  it.each([['nonsense'], ['{"window":"another","position":{"stage":"done"}}']])(
    'begins anew from a cursor that is not its own: %s',
    async (cursor) => {
      const fixture = await open();
      fillWeek(fixture);

      const pulled = await fixture.pull(week, {}, { cursor });

      expect(shown(pulled.facts)).toEqual(shown((await fixture.pull()).facts));
    },
  );

  it('stops as soon as it is told to', async () => {
    const fixture = await open({ reportsShowType: true });
    fill(fixture, 1500);
    const abort = new AbortController();
    const pages = fixture.source().pull(week, fixture.run({ signal: abort.signal, now: monday }));

    const failure = failureOf(
      gather(
        (async function* () {
          for await (const page of pages) {
            yield page;
            abort.abort();
          }
        })(),
      ),
    );

    expect((await failure).reason).toBe('unavailable');
  });
});
