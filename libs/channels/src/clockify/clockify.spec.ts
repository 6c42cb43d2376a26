import { instant } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator } from '#sources/simulators';
import type { Attempt, HolidayRow } from '../contract.js';
import { takesPlaceOn } from './holiday-record.js';
import { clockify } from './index.js';
import { holidayReply } from './schema.js';
import { clockifySettings } from './settings.js';

const workspaceId = '64a687e29ae1f428e7ebe303';
const apiKey = 'a-key-that-nobody-may-see';

class Fixture {
  readonly owner: string;
  readonly lena: string;
  readonly minji: string;

  private constructor(
    readonly simulator: ClockifySimulator,
    readonly server: SimulatedServer,
  ) {
    simulator.addWorkspace({ id: workspaceId, name: 'Acme' });
    this.owner = simulator.addUser({ email: 'owner@acme.example', role: 'WORKSPACE_OWN' });
    this.lena = simulator.addUser({ email: 'lena@acme.example', zone: 'Europe/Berlin', capacity: 6 });
    this.minji = simulator.addUser({ email: 'minji@acme.example', zone: 'Asia/Seoul' });
    simulator.addKey(apiKey, this.owner);
  }

  static async open(): Promise<Fixture> {
    const simulator = new ClockifySimulator({ now: () => new Date('2026-03-09T08:00:00Z') });
    return new Fixture(simulator, await SimulatedServer.listen(simulator));
  }

  channel(key = apiKey) {
    const settings = clockifySettings.parse({ workspaceId, apiKey: key, baseUrl: `${this.server.url}/api` });
    return clockify.connect(settings, createHttpClient({ system: 'clockify', timeoutMs: 500 }));
  }

  write(rows: readonly HolidayRow[], to = { id: 'workspaceHoliday' }) {
    return this.channel().write?.(rows, to, attempt) ?? Promise.reject(new Error('writes nothing'));
  }

  find(rows?: readonly HolidayRow[], to = { id: 'workspaceHoliday' }) {
    return this.channel().find?.(attempt, to, attempt.beganAt, rows);
  }

  /** What was written since this was last asked. */
  writes(): readonly string[] {
    return this.server.requests
      .splice(0)
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/time-off/requests'))
      .map(({ method, path, body }) => `${method} ${path.split('/').slice(5).join('/')} ${body}`);
  }

  get holidays() {
    return this.simulator.save().workspaces[0]?.holidays ?? [];
  }

  get requests() {
    return this.simulator.save().workspaces[0]?.requests ?? [];
  }
}

const attempt: Attempt = {
  deliveryId: 'd1',
  revision: 1,
  number: 1,
  beganAt: instant('2026-03-09T08:00:00Z'),
  signal: new AbortController().signal,
};

const row = (externalId: string, day = '2026-03-06', name = 'Spring day'): HolidayRow => ({
  key: `${day}/${externalId}`,
  values: { day, name, externalId },
});

const failureOf = async (promise: Promise<unknown> | undefined): Promise<RemoteError> => {
  const error: unknown = await promise?.catch((reason: unknown) => reason);
  if (error instanceof RemoteError) return error;
  throw new Error('no RemoteError', { cause: error });
};

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.server.close());

describe('a holiday of the workspace', () => {
  it('is entered once for everybody who lacks it, and again by nobody', async () => {
    const rows = [row(fixture.lena), row(fixture.minji)];

    const receipts = await fixture.write(rows);
    const again = await fixture.write(rows);

    expect(fixture.holidays).toMatchObject([
      {
        name: 'Spring day',
        startDate: '2026-03-06',
        endDate: '2026-03-06',
        userIds: [fixture.lena, fixture.minji],
      },
    ]);
    expect(receipts).toEqual(
      rows.map(() => ({ id: fixture.holidays[0]?.id, address: { id: 'workspaceHoliday' } })),
    );
    expect(again).toEqual(receipts);
    expect(fixture.writes()).toHaveLength(1);
  });

  it.each(['of everybody', 'of a group', 'annual'] as const)(
    'that is there already, %s, is the receipt',
    async (how) => {
      const { simulator, lena } = fixture;
      const group = simulator.addGroup({ name: 'Berlin', userIds: [lena] });
      const id = simulator.addHoliday({
        name: 'Another name',
        startDate: how === 'annual' ? '2019-03-06' : '2026-03-05',
        endDate: how === 'annual' ? '2019-03-06' : '2026-03-07',
        occursAnnually: how === 'annual',
        everyoneIncludingNew: how === 'of everybody',
        userIds: how === 'annual' ? [lena] : [],
        userGroupIds: how === 'of a group' ? [group] : [],
      });

      expect(await fixture.write([row(lena)])).toEqual([{ id, address: { id: 'workspaceHoliday' } }]);
      expect(fixture.writes()).toEqual([]);
    },
  );

  it('of the same name on that day gets the person added, and keeps everything else', async () => {
    const { simulator, lena, minji } = fixture;
    const group = simulator.addGroup({ name: 'Kyiv', userIds: [fixture.owner] });
    const id = simulator.addHoliday({
      name: 'Spring day',
      startDate: '2026-03-05',
      endDate: '2026-03-06',
      occursAnnually: true,
      userIds: [minji],
      userGroupIds: [group],
      automaticTimeEntryCreation: true,
    });
    const before = fixture.holidays[0];

    expect(await fixture.write([row(lena)])).toMatchObject([{ id }]);

    expect(fixture.holidays).toEqual([{ ...before, userIds: [minji, lena] }]);
  });

  it('of several days keeps those who are added for different days', async () => {
    const { simulator, owner, lena, minji } = fixture;
    simulator.addHoliday({
      name: 'Spring days',
      startDate: '2026-03-05',
      endDate: '2026-03-06',
      userIds: [owner],
    });

    await fixture.write([row(lena, '2026-03-05', 'Spring days'), row(minji, '2026-03-06', 'Spring days')]);

    expect(fixture.holidays).toMatchObject([{ userIds: [owner, lena, minji] }]);
  });

  it('costs for forty people what it costs for one', async () => {
    const forty = Array.from({ length: 40 }, (_, index) =>
      fixture.simulator.addUser({ email: `p${index}@acme.example` }),
    );

    await fixture.write([row(fixture.lena, '2026-03-02', 'Another day')]);
    const one = fixture.server.requests.splice(0).map(({ method }) => method);
    await fixture.write(forty.map((id) => row(id)));
    const all = fixture.server.requests.splice(0).map(({ method }) => method);

    expect(one).toEqual(['GET', 'POST', 'GET']);
    expect(all).toEqual(one);
    expect(fixture.holidays[1]?.userIds).toEqual(forty);
  });

  it('is entered for everybody else where the workspace does not have somebody', async () => {
    const gone = row('65e0aa11e2b7d41a90f1ffff');

    const failure = await failureOf(fixture.write([row(fixture.lena), gone, row(fixture.minji)]));

    expect(failure).toMatchObject({
      reason: 'rejected',
      outcome: 'refused',
      message: `1 of 3 people are not in the workspace: ${gone.key}`,
    });
    expect(fixture.holidays).toMatchObject([{ userIds: [fixture.lena, fixture.minji] }]);
  });

  it('that is refused for another reason is refused to all', async () => {
    const name = 'x'.repeat(251);

    const failure = await failureOf(
      fixture.write([fixture.lena, fixture.minji].map((id) => row(id, '2026-03-06', name))),
    );

    expect(failure).toMatchObject({ reason: 'rejected', code: '501' });
    expect(fixture.holidays).toEqual([]);
  });

  it('whose answer was lost is found and not entered again', async () => {
    const rows = [row(fixture.lena)];
    fixture.server.plan({ kind: 'cut-after', match: ({ method }) => method === 'POST' });

    const failure = await failureOf(fixture.write(rows));
    const found = await fixture.find(rows);
    const again = await fixture.write(rows);

    expect(failure.outcome).toBe('unknown');
    expect(found).toEqual(again[0]);
    expect(fixture.holidays).toHaveLength(1);
  });

  it('that did not arrive is absent; without rows nobody can tell', async () => {
    const rows = [row(fixture.lena)];
    fixture.server.plan({ kind: 'cut-before', match: ({ method }) => method === 'POST' });

    await failureOf(fixture.write(rows));

    expect(await fixture.find(rows)).toBe('absent');
    expect(await fixture.find()).toBe('cannot-tell');
  });

  it('is not believed in when it is not there afterwards', async () => {
    const holiday = {
      id: '65e0aa11e2b7d41a90f1ff01',
      name: 'x',
      datePeriod: { startDate: '2026-03-06', endDate: '2026-03-06' },
    };
    fixture.server.plan({
      kind: 'answer',
      match: ({ method }) => method === 'POST',
      answer: { status: 201, body: holiday },
    });

    expect(await failureOf(fixture.write([row(fixture.lena)]))).toMatchObject({
      reason: 'unavailable',
      outcome: 'unknown',
    });
  });
});

describe('time off for a holiday', () => {
  it('is one day under a policy of days', async () => {
    const { simulator, lena, minji } = fixture;
    const policy = simulator.addPolicy({ name: 'Public holidays', requiresApproval: false });
    const to = { id: `timeOff/${policy}` };
    const rows = [row(lena), row(minji)];

    const receipts = await fixture.write(rows, to);
    const again = await fixture.write(rows, to);

    expect(
      fixture.requests.map(({ id, userId, amount, status }) => ({ id, userId, amount, status })),
    ).toEqual([
      { id: receipts[0]?.id, userId: lena, amount: 1, status: 'APPROVED' },
      { id: receipts[1]?.id, userId: minji, amount: 1, status: 'APPROVED' },
    ]);
    expect(again).toEqual(receipts);
    expect(await fixture.find(rows, to)).toEqual(receipts[0]);
  });

  it("is the person's own hours under a policy of hours", async () => {
    const policy = fixture.simulator.addPolicy({
      name: 'Hours',
      timeUnit: 'HOURS',
      requiresApproval: false,
      allowance: 100,
    });
    const to = { id: `timeOff/${policy}` };

    await fixture.write([row(fixture.lena)], to);
    await fixture.write([row(fixture.lena)], to);

    expect(fixture.requests).toMatchObject([
      { start: Date.parse('2026-03-06T08:00:00Z'), end: Date.parse('2026-03-06T14:00:00Z'), amount: 6 },
    ]);
  });

  it('is not asked for by whoever is away that day anyway', async () => {
    const { simulator, minji } = fixture;
    const vacation = simulator.addPolicy({ name: 'Vacation' });
    const holidays = simulator.addPolicy({ name: 'Public holidays' });
    const id = simulator.requestTimeOff({
      userId: minji,
      policyId: vacation,
      firstDay: '2026-03-05',
      days: 3,
      status: 'APPROVED',
    });

    expect(await fixture.write([row(minji)], { id: `timeOff/${holidays}` })).toMatchObject([{ id }]);
    expect(fixture.requests).toHaveLength(1);
  });

  it.each([
    ['half a day', 'second' as const, 'APPROVED' as const],
    ['a request that was rejected', undefined, 'REJECTED' as const],
  ])('is asked for beside %s', async (_, half, status) => {
    const { simulator, minji } = fixture;
    const vacation = simulator.addPolicy({ name: 'Vacation' });
    const holidays = simulator.addPolicy({ name: 'Public holidays' });
    simulator.requestTimeOff({
      userId: minji,
      policyId: vacation,
      firstDay: '2026-03-06',
      status,
      ...(half ? { half } : {}),
    });

    await fixture.write([row(minji)], { id: `timeOff/${holidays}` });

    expect(fixture.requests).toHaveLength(2);
  });

  it('that the policy refuses is refused, in words that name nobody', async () => {
    const policy = fixture.simulator.addPolicy({ name: 'None left', allowance: 0 });

    const failure = await failureOf(fixture.write([row(fixture.lena)], { id: `timeOff/${policy}` }));

    expect(failure).toMatchObject({ reason: 'rejected', outcome: 'refused', code: '501' });
    expect(failure.message).toBe('enter time off: answered 400, code 501');
  });
});

describe('failures', () => {
  const bad = (status: number, headers: Record<string, string> = {}) => ({
    kind: 'answer' as const,
    answer: { status, headers, body: { message: 'lena@acme.example has no such thing', code: 3000 } },
  });

  it.each([
    ['401', bad(401), 'unauthorized'],
    ['402', bad(402), 'unauthorized'],
    ['403', bad(403), 'unauthorized'],
    ['400', bad(400), 'rejected'],
    ['500', bad(500), 'unavailable'],
    ['nonsense', { kind: 'nonsense' as const }, 'unreadable'],
    ['silence', { kind: 'silence' as const }, 'timeout'],
  ])('of the look before are refused: %s', async (_, trouble, reason) => {
    fixture.server.plan(trouble);

    const failure = await failureOf(fixture.write([row(fixture.lena)]));

    expect(failure).toMatchObject({ system: 'clockify', reason, outcome: 'refused' });
    expect(`${failure.message}${String(failure.cause)}`).not.toMatch(/lena|nobody-may-see/);
  });

  it.each([
    ['500', bad(500), 'unavailable'],
    ['nonsense', { kind: 'nonsense' as const }, 'unreadable'],
    ['silence', { kind: 'silence' as const }, 'timeout'],
  ])('of the write itself are unknown: %s', async (_, trouble, reason) => {
    fixture.server.plan({ ...trouble, match: ({ method }) => method === 'POST' });

    expect(await failureOf(fixture.write([row(fixture.lena)]))).toMatchObject({ reason, outcome: 'unknown' });
  });

  it('of the look afterwards are unknown: the write was done', async () => {
    fixture.server.plan({ ...bad(503), match: ({ path }) => path.endsWith('/holidays'), after: 2 });

    expect(await failureOf(fixture.write([row(fixture.lena)]))).toMatchObject({
      reason: 'unavailable',
      outcome: 'unknown',
    });
    expect(fixture.holidays).toHaveLength(1);
  });

  it.each([
    [{}, undefined],
    [{ 'retry-after': '7' }, 7000],
  ])('of a throttled account pause the account', async (headers, retryAfterMs) => {
    fixture.server.plan(bad(429, headers));

    expect(await failureOf(fixture.write([row(fixture.lena)]))).toMatchObject({
      reason: 'rate-limited',
      scope: 'account',
      retryAfterMs,
    });
  });

  it('of a row name its key and fields', async () => {
    const broken = { key: 'r1', values: { day: 'Friday', name: 'x', externalId: '' } };

    const failure = await failureOf(fixture.channel().write?.([broken], { id: 'workspaceHoliday' }, attempt));

    expect(failure).toMatchObject({
      reason: 'rejected',
      message: 'row r1: missing or unfit: day, externalId',
    });
  });
});

describe('the destination', () => {
  it.each([
    ['a holiday of the workspace', { enter: 'workspaceHoliday' }, '2026-03-06 Spring day'],
    ['time off', { enter: 'timeOff', policyId: '65d0aa11e2b7d41a90f1ee01' }, undefined],
  ])('says which rows are one delivery: %s', (_, destination, together) => {
    expect(clockify.together?.(row(fixture.lena), destination)).toBe(together);
    expect(clockify.together?.(row(fixture.minji), destination)).toBe(together);
  });

  const policyId = '65d0aa11e2b7d41a90f1ee01';

  it.each([
    [{ enter: 'workspaceHoliday' }, 'workspaceHoliday'],
    [{ enter: 'timeOff', policyId }, `timeOff/${policyId}`],
  ])('%j is an address', async (destination, id) => {
    expect(clockify.destination.safeParse(destination).success).toBe(true);
    expect(await fixture.channel().address?.(destination, attempt.signal)).toEqual({ id });
  });

  it.each([{ enter: 'timeOff' }, { enter: 'workspaceHoliday', policyId }, { enter: 'elsewhere' }])(
    '%j is refused',
    (destination) => {
      expect(clockify.destination.safeParse(destination).success).toBe(false);
    },
  );
});

describe('the rest', () => {
  it('lists the people by the ids that rows name', async () => {
    const found = [];
    for await (const page of fixture.channel().people?.(attempt.signal) ?? []) found.push(...page);

    expect(found).toContainEqual({
      externalId: fixture.lena,
      active: true,
      email: 'lena@acme.example',
      name: 'lena@acme.example',
    });
  });

  it('says whether the key may write', async () => {
    fixture.simulator.addKey('of-lena', fixture.lena);

    expect(await fixture.channel().probe(attempt.signal)).toMatchObject([{ level: 'ok' }]);
    expect(await fixture.channel('of-lena').probe(attempt.signal)).toMatchObject([{ level: 'problem' }]);
    expect(await fixture.channel('of-nobody').probe(attempt.signal)).toMatchObject([{ level: 'problem' }]);
    expect(fixture.writes()).toEqual([]);
  });

  it.each([
    ['2026-01-01', true],
    ['2026-01-02', false],
    ['2025-12-31', true],
    ['2019-12-30', false],
  ])('knows that New Year by two days is on %s: %s', (day, expected) => {
    const holiday = holidayReply.parse({
      id: 'h1',
      name: 'New Year',
      datePeriod: { startDate: '2019-12-31', endDate: '2020-01-01' },
      occursAnnually: true,
    });

    expect(takesPlaceOn(holiday, day)).toBe(expected);
  });
});
