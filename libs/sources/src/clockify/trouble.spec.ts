import { SimulatedServer, type SimulatedResponse, type Trouble } from '#http/simulation';
import { createHttpClient } from '#http';
import { clockify } from './index.js';
import { clockifySettings } from './settings.js';
import {
  apiKey,
  ClockifyFixture,
  failureOf,
  gather,
  MemoryFake,
  monday,
  week,
  workspaceId,
} from './workspace.fixture.js';

let fixture: ClockifyFixture;
beforeEach(async () => {
  fixture = await ClockifyFixture.open({ reportsShowType: true });
});
afterEach(() => fixture.server.close());

const at = (ending: string): Pick<Trouble, 'match'> => ({ match: ({ path }) => path.endsWith(ending) });
const answer = (body: unknown, status = 200): SimulatedResponse => ({ status, body });
const entry = (index: number, more: object = {}) => ({
  _id: index.toString(16).padStart(24, '0'),
  userId: '64a687e29ae1f428e7ebe301',
  type: 'REGULAR',
  billable: false,
  projectId: null,
  timeInterval: { start: '2026-03-02T08:00:00Z', end: '2026-03-02T09:00:00Z', duration: 3600 },
  ...more,
});
const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => entry(from + index));
const report = (entriesCount: number, timeentries: unknown[]) =>
  answer({ totals: [{ entriesCount }], timeentries });
/** The detailed report answers these, one after another. */
const reports = (...answers: SimulatedResponse[]) => {
  for (const each of answers) fixture.server.plan({ kind: 'answer', answer: each, ...at('/detailed') });
};

describe('an answer that means trouble', () => {
  const refusal = (status: number, code?: number, headers: Record<string, string> = {}): Trouble => ({
    kind: 'answer',
    answer: { status, headers, body: { message: 'owner@acme.example', ...(code ? { code } : {}) } },
  });

  it.each([
    ['no key', refusal(401, 1000), { reason: 'unauthorized', code: '1000' }],
    ['an unknown key', refusal(401, 4003), { reason: 'unauthorized', code: '4003' }],
    ['a bad token', refusal(401, 4017), { reason: 'unauthorized', code: '4017' }],
    ['a business rule', refusal(400, 501), { reason: 'rejected', code: '501' }],
    ['a wrong route', refusal(405, 3000), { reason: 'rejected', code: '3000' }],
    ['429', refusal(429, 429), { reason: 'rate-limited', scope: 'account', retryAfterMs: undefined }],
    [
      '429 and when',
      refusal(429, undefined, { 'retry-after': '30' }),
      { reason: 'rate-limited', scope: 'account', retryAfterMs: 30_000 },
    ],
    ['500', refusal(500), { reason: 'unavailable' }],
    ['nonsense', { kind: 'nonsense' }, { reason: 'unreadable' }],
    ['another shape', { kind: 'answer', answer: answer({ timeEntries: [] }) }, { reason: 'unreadable' }],
    ['a cut', { kind: 'cut-before' }, { reason: 'unavailable' }],
  ] as const)('%s gives its reason, and no names or secrets', async (_, trouble, expected) => {
    fixture.server.plan(trouble);

    const failure = await failureOf(fixture.pull());

    expect(failure).toMatchObject({ system: 'clockify', outcome: 'refused', ...expected });
    expect(`${failure.message}${String(failure.cause)}`).not.toMatch(/acme|nobody-may-see/);
  });

  it('that never comes is a timeout', async () => {
    fixture.server.plan({ kind: 'silence' });
    const source = clockify.connect(
      clockifySettings.parse({ workspaceId, apiKey, reportsUrl: `${fixture.server.url}/report` }),
      createHttpClient({ system: 'clockify', timeoutMs: 100 }),
    );

    expect(await failureOf(gather(source.pull(week, fixture.run())))).toMatchObject({ reason: 'timeout' });
  });

  it.each([
    ['requests', '/time-off/requests', { requests: [] }],
    ['holidays', '/holidays', { holidays: [] }],
  ])('in the list of %s fails the pull', async (_, path, body) => {
    fixture.server.plan({ kind: 'answer', answer: answer(body), ...at(path) });

    expect(await failureOf(fixture.pull())).toMatchObject({ reason: 'unreadable' });
  });

  it('in the list of people fails them all: nobody may seem to have left', async () => {
    fixture.server.plan({ kind: 'answer', answer: answer([{ email: 'x@acme.example' }]), ...at('/users') });

    expect(await failureOf(fixture.people())).toMatchObject({ reason: 'unreadable' });
  });
});

describe('the pages of the report', () => {
  it.each([
    ['their count changed', [report(1500, entries(0, 1000)), report(1501, entries(1000, 501))]],
    ['an entry came twice', [report(1500, entries(0, 1000)), report(1500, entries(999, 500))]],
    ['there were fewer than counted', [report(1500, entries(0, 1000)), report(1500, entries(1000, 400))]],
    ['a page in between was short', [report(2500, entries(0, 999))]],
  ])('are read again by the host where %s', async (_, answers) => {
    reports(...answers);

    expect(await failureOf(fixture.pull())).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
  });

  it('that go on beyond their count are unreadable', async () => {
    reports(report(1200, entries(0, 1000)), report(1200, entries(1000, 1000)));

    expect(await failureOf(fixture.pull())).toMatchObject({ reason: 'unreadable' });
  });

  it('with entries and no count are unreadable', async () => {
    reports(answer({ totals: [null], timeentries: entries(0, 1) }));

    expect(await failureOf(fixture.pull())).toMatchObject({ reason: 'unreadable' });
  });

  it.each([[[null]], [[]], [null]])('without anything have totals %j', async (totals) => {
    reports(answer({ totals, timeentries: [] }));

    expect((await fixture.pull()).facts).toEqual([]);
  });

  it('keep the good entries and count the bad ones', async () => {
    reports(
      report(4, [entry(1), entry(2, { userId: undefined }), entry(3, { timeInterval: {} }), 'nonsense']),
    );

    const { facts, rejected } = await fixture.pull();

    expect(facts).toHaveLength(1);
    expect(rejected.map(({ key }) => key)).toEqual([entry(2)._id, entry(3)._id, 'report 1/1, entry 4']);
  });

  it('may lack a type in some entries only: the others are taken as they say', async () => {
    const untyped = entry(2, { type: undefined });
    reports(report(3, [entry(1), untyped, entry(3, { type: 'BREAK' })]));

    const { facts } = await fixture.pull();

    expect(facts.map(({ key }) => key)).toEqual([entry(1)._id, entry(2)._id]);
  });
});

describe('the lists of the core host', () => {
  const page = (count: number, last?: string): SimulatedResponse => ({
    status: 200,
    headers: last === undefined ? {} : { 'last-page': last },
    body: Array.from({ length: count }, (_, index) => ({
      ...entry(index),
      id: entry(index)._id,
    })),
  });
  const list = (...answers: SimulatedResponse[]) => {
    for (const each of answers) fixture.server.plan({ kind: 'answer', answer: each, ...at('/time-entries') });
  };
  const pagesAsked = () => fixture.calls().filter((call) => call.endsWith('/time-entries')).length;

  it.each([
    ['the header says so', [page(200, 'true')], 1],
    ['a page is short, also without the header', [page(199)], 1],
    ['a page is empty', [page(200, 'false'), page(0)], 2],
  ])('end where %s', async (_, answers, asked) => {
    list(...answers);

    await fixture.pull(week, { reports: 'never' });

    expect(pagesAsked()).toBe(asked);
  });

  it('that repeat an entry have moved', async () => {
    list(page(200, 'false'), page(200, 'true'));

    expect(await failureOf(fixture.pull(week, { reports: 'never' }))).toMatchObject({
      reason: 'unavailable',
    });
  });
});

describe('the attendance report', () => {
  const row = (index: number, rest = 0) => ({
    userId: index.toString(16).padStart(24, '0'),
    date: '2026-03-02',
    break: rest,
    timeOff: 0,
  });
  const rows = (from: number, count: number) =>
    answer({ entities: Array.from({ length: count }, (_, index) => row(from + index)) });

  it('that serves less than asked is asked for what it serves', async () => {
    const untyped = await ClockifyFixture.open();
    untyped.simulator.addEntry({
      userId: untyped.owner,
      start: '2026-03-02T08:00:00Z',
      end: '2026-03-02T09:00:00Z',
    });
    for (const each of [rows(0, 200), rows(1000, 50), rows(0, 200), rows(200, 50)])
      untyped.server.plan({ kind: 'answer', answer: each, ...at('/attendance') });

    await untyped.pull();

    const sizes = untyped.server.requests
      .filter(({ path }) => path.endsWith('/attendance'))
      .map(({ body }) => (JSON.parse(body) as { attendanceFilter: unknown }).attendanceFilter);
    expect(sizes).toEqual([
      { page: 1, pageSize: 1000 },
      { page: 2, pageSize: 1000 },
      { page: 1, pageSize: 200 },
      { page: 2, pageSize: 200 },
    ]);
    await untyped.server.close();
  });

  it('that repeats itself is unreadable', async () => {
    const untyped = await ClockifyFixture.open();
    untyped.simulator.addEntry({
      userId: untyped.owner,
      start: '2026-03-02T08:00:00Z',
      end: '2026-03-02T09:00:00Z',
    });
    untyped.server.plan({ kind: 'answer', answer: rows(0, 1000), times: 9, ...at('/attendance') });

    expect(await failureOf(untyped.pull())).toMatchObject({ reason: 'unreadable' });
    await untyped.server.close();
  });
});

describe('a probe', () => {
  const findings = async (options: Parameters<typeof ClockifyFixture.open>[0], key = apiKey) => {
    const probed = await ClockifyFixture.open(options);
    const user = probed.simulator.addUser({ email: 'lena@acme.example' });
    probed.simulator.addKey('of-lena', user);
    probed.simulator.addEntry({
      userId: user,
      start: new Date(Date.now() - 7_200_000).toISOString().replace(/\.\d+/, ''),
      end: new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, ''),
    });
    const before = JSON.stringify(probed.simulator.save());
    const found = await probed.source({ apiKey: key }).probe(new AbortController().signal);
    expect(JSON.stringify(probed.simulator.save())).toBe(before);
    await probed.server.close();
    return Object.fromEntries(found.map(({ about, level, message }) => [about, `${level}: ${message}`]));
  };

  it('finds nothing to say against an owner of a paid workspace', async () => {
    const found = await findings({ reportsShowType: true });

    expect(Object.keys(found)).toEqual([
      'api key',
      'workspace',
      'other people',
      'reports',
      'time off',
      'holidays',
    ]);
    expect(Object.values(found).every((each) => each.startsWith('ok'))).toBe(true);
    expect(found['reports']).toContain('says the type');
  });

  it.each([
    ['an unknown key', {}, 'nobody', 'api key', 'problem'],
    [
      'a FREE plan',
      { plan: 'FREE' as const },
      apiKey,
      'workspace',
      'warning: The plan is FREE: a new FREE workspace has 30 calls an hour',
    ],
    ['a key of an ordinary member', {}, 'of-lena', 'other people', 'warning'],
    ['a report without types', {}, apiKey, 'reports', 'ok: The detailed report is given but shows no types'],
    [
      'neither types nor attendance',
      { attendanceAvailable: false },
      apiKey,
      'reports',
      'warning: The detailed report says no types',
    ],
    [
      'no reports',
      { reportsAvailable: false },
      apiKey,
      'reports',
      'warning: The detailed report is withheld',
    ],
    ['no time off', { timeOffAvailable: false }, apiKey, 'time off', 'problem'],
  ])('tells of %s', async (_, options, key, about, message) => {
    expect((await findings(options, key))[about]).toMatch(new RegExp(`^${message}`));
  });
});

it('serves the fixture on the hosts that the settings name, and no other', async () => {
  const other = await SimulatedServer.listen(fixture.simulator);
  const source = clockify.connect(
    clockifySettings.parse({
      workspaceId,
      apiKey,
      baseUrl: `${fixture.server.url}/api/`,
      reportsUrl: `${other.url}/report/`,
    }),
    createHttpClient({ system: 'clockify' }),
  );

  await gather(
    source.pull(week, {
      cursor: undefined,
      now: monday,
      memory: new MemoryFake(),
      signal: new AbortController().signal,
    }),
  );

  expect(other.requests.map(({ path }) => path.split('/').slice(0, 3).join('/'))).toEqual(['/report/v1']);
  expect(fixture.server.requests.every(({ path }) => path.startsWith('/api/v1/'))).toBe(true);
  await other.close();
});
