import { compareInstants, instant, type Instant } from '#domain';
import { clockify } from './index.js';
import { clockifySettings } from './settings.js';
import {
  apiKey,
  ClockifyFixture,
  failureOf,
  gather,
  monday,
  shown,
  week,
  workspaceId,
} from './workspace.fixture.js';
import type { ClockifySimulatorOptions } from './simulator.js';

/** What the whole of a run may cost: people and a week of facts. */
const budget = 60;

let fixture: ClockifyFixture;
afterEach(() => fixture.server.close());

const open = async (options: ClockifySimulatorOptions = {}) => {
  fixture = await ClockifyFixture.open(options);
  return fixture.simulator;
};

const run = async (now: Instant = monday): Promise<number> => {
  fixture.calls();
  await fixture.people({}, now);
  const { facts } = await gather(fixture.source().pull(week, fixture.run({ now })));
  expect(facts.length).toBeGreaterThan(0);
  return fixture.calls().length;
};

/** 40 entries for each person, two years of leave, a public holiday in the week. */
const fillCompany = (size: number): unknown => {
  const { simulator } = fixture;
  const people = Array.from({ length: size - 1 }, (_, index) =>
    simulator.addUser({ email: `p${index}@acme.example`, zone: 'Europe/Kyiv', managers: [fixture.owner] }),
  );
  const everybody = [fixture.owner, ...people];
  for (const userId of everybody)
    for (let index = 0; index < 40; index += 1) {
      const start = week.from.add({ hours: 24 * Math.floor(index / 8) + 7 + (index % 8) });
      simulator.addEntry({ userId, start: start.toString(), end: start.add({ hours: 1 }).toString() });
    }
  const policyId = simulator.addPolicy({ name: 'Vacation', allowance: 1000 });
  const days = 2 * 365;
  for (const [index, userId] of everybody.entries())
    for (let nth = 0; nth < 8; nth += 1) {
      const at = monday.subtract({ hours: 24 * ((nth * 91 + index) % days), seconds: index + 1 });
      const firstDay = at
        .add({ hours: 24 * 30 })
        .toString()
        .slice(0, 10);
      simulator.requestTimeOff({ userId, policyId, firstDay, createdAt: at.toString(), status: 'APPROVED' });
    }
  simulator.addHoliday({ name: 'Free day', startDate: '2026-03-04', everyoneIncludingNew: true });
  return simulator.save();
};

describe('a week of 1,000 people and 40,000 entries', () => {
  let company: unknown;

  it.each([
    ['says types', true],
    ['says none', false],
  ])(
    'costs at most 60 calls from the second run on, where the report %s',
    async (_, reportsShowType) => {
      await open({ reportsShowType });
      company ??= fillCompany(1000);
      fixture.simulator.load(company);

      const first = await run();
      const steady = await run(monday.add({ hours: 6 }));

      // As the README has it.
      expect({ first, steady }).toEqual(
        reportsShowType ? { first: 1088, steady: 53 } : { first: 1095, steady: 60 },
      );
      expect(steady).toBeLessThanOrEqual(budget);
      const { firstRun, steadyRun } = fixture.source().estimate?.({ people: 1000, records: 40_000 }) ?? {};
      expect(firstRun).toBeGreaterThan(1000);
      expect(steadyRun).toBeLessThanOrEqual(budget);
    },
    120_000,
  );
});

describe('requests for time off', () => {
  const asked = () => fixture.calls().filter((call) => call.endsWith('/time-off/requests')).length;
  const facts = async (memory = fixture.memory) =>
    shown((await fixture.pull(week, {}, { memory })).facts.filter(({ kind }) => kind === 'leave'));
  /** 1,000 days of requests, one a day, for leave a month later; the newest first has index 0. */
  const fill = (count = 1000) => {
    const { simulator, owner } = fixture;
    const policyId = simulator.addPolicy({ name: 'Vacation', allowance: 10_000 });
    const ask = (daysAgo: number, more: { firstDay?: string; id?: string } = {}) => {
      const createdAt = monday.subtract({ hours: 24 * daysAgo, minutes: 1 });
      const firstDay = createdAt
        .add({ hours: 24 * 30 })
        .toString()
        .slice(0, 10);
      return simulator.requestTimeOff({
        userId: owner,
        policyId,
        firstDay,
        createdAt: createdAt.toString(),
        status: 'APPROVED',
        ...more,
      });
    };
    return { ask, ids: Array.from({ length: count }, (_, index) => ask(index)) };
  };

  it('that are over are counted, not read again', async () => {
    await open({ reportsShowType: true });
    fill();

    const before = await facts();
    expect(asked()).toBe(6);
    const after = await facts();

    expect(asked()).toBe(1);
    expect(after).toEqual(before);
    // Seven days, and the one that has begun in Kyiv when the week ends.
    expect(after.length).toBe(8);
  });

  it('that are new or decided are seen at once', async () => {
    const simulator = await open({ reportsShowType: true });
    const { ask, ids } = fill();
    await facts();

    const added = ask(0, { firstDay: '2026-03-03' });
    simulator.decideTimeOff(ids[32] ?? '', 'REJECTED');
    const seen = await facts();

    expect(seen.join()).toContain(added);
    expect(seen.join()).not.toContain(ids[32]);
    expect(seen).toHaveLength(8);
  });

  it.each([
    ['one that is over was withdrawn', 700],
    ['one of the window was withdrawn', 32],
  ])('are right when %s', async (_, index) => {
    const simulator = await open({ reportsShowType: true });
    const { ids } = fill();
    const before = await facts();

    simulator.withdrawTimeOff(ids[index] ?? '');
    const seen = await facts();

    expect(seen).toEqual(before.filter((fact) => !fact.includes(ids[index] ?? '')));
    asked();
    await facts();
    expect(asked()).toBe(1);
  });

  it('are all read for a window of long ago', async () => {
    await open({ reportsShowType: true });
    const { ids } = fill();
    await facts();
    const longAgo = { from: instant('2024-03-04T00:00:00Z'), to: instant('2024-03-11T00:00:00Z') };

    const { facts: found } = await fixture.pull(longAgo);

    expect(found).toHaveLength(8);
    expect(ids).toContain(found[0]?.key);
  });

  it('of one moment are never cut in two', async () => {
    const simulator = await open({ reportsShowType: true });
    const policyId = simulator.addPolicy({ name: 'Vacation', allowance: 10_000 });
    for (let index = 0; index < 450; index += 1)
      simulator.requestTimeOff({
        userId: fixture.owner,
        policyId,
        firstDay: index < 200 ? '2026-03-04' : '2025-03-04',
        createdAt: '2025-01-01T00:00:00Z',
        status: 'APPROVED',
      });

    const before = await facts();

    expect(before).toHaveLength(200);
    expect(await facts()).toEqual(before);
  });

  it('in another order are all read, each time', async () => {
    await open({ reportsShowType: true });
    fill(450);
    const page = (requests: unknown[]) => ({ status: 200, body: { count: 450, requests } });
    const all: { createdAt: string }[] = [];
    for (let number = 1; number <= 3; number += 1) {
      const answer = fixture.simulator.handle({
        method: 'POST',
        path: `/api/v1/workspaces/${workspaceId}/time-off/requests`,
        query: new URLSearchParams(),
        headers: { 'x-api-key': apiKey },
        body: JSON.stringify({ page: number, pageSize: 200 }),
      });
      all.push(...(answer.body as { requests: typeof all }).requests);
    }
    all.sort((one, other) => compareInstants(instant(one.createdAt), instant(other.createdAt)));
    const answerOldestFirst = () => {
      for (const cut of [0, 200, 400])
        fixture.server.plan({
          kind: 'answer',
          answer: page(all.slice(cut, cut + 200)),
          match: ({ path }) => path.endsWith('/time-off/requests'),
        });
    };

    answerOldestFirst();
    const first = await facts();
    answerOldestFirst();
    const second = await facts();

    expect(asked()).toBe(6);
    expect(second).toEqual(first);
    expect(first).toHaveLength(8);
  });

  it('whose count changes between two pages are read again by the host', async () => {
    const simulator = await open({ reportsShowType: true });
    const { ask } = fill(450);
    fixture.server.plan({
      kind: 'slow',
      delayMs: 1,
      match: ({ path, body }) => {
        const second = path.endsWith('/time-off/requests') && body.includes('"page":2');
        if (second) ask(0);
        return second;
      },
    });

    expect((await failureOf(fixture.pull())).reason).toBe('unavailable');
    expect(simulator.has('0')).toBe(false);
  });
});

it('an estimate says what it assumes, and prices a call for each person where reports are not wanted', async () => {
  await open();
  const settings = clockifySettings.parse({ workspaceId, apiKey, reports: 'never', timeOff: 'never' });
  const estimate = fixture.source(settings).estimate?.({ people: 500, records: 20_000 });

  expect(estimate?.steadyRun).toBeGreaterThan(500);
  expect(estimate?.assumptions.join()).toContain('person by person');
  expect(estimate?.limit).toBe(clockify.limit);
});
