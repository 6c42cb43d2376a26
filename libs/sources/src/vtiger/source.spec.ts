import type { Fact } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { impatient, SimulatedServer } from '#http/simulation';
import type { Page, PullRun, Source } from '../contract.js';
import { accessKey, installation, now, settingsFor, type Installation } from './installation.fixture.js';
import { vtigerSettings } from './settings.js';
import type { VtigerSimulatorOptions } from './simulator.js';
import { connectVtiger } from './source.js';

const window = { from: now, to: now };

describe('the source vtiger', () => {
  let server: SimulatedServer | undefined;
  let crm: Installation;
  const begin = async (options: VtigerSimulatorOptions = {}, settings: object = {}): Promise<Source> => {
    crm = installation(options);
    server = await SimulatedServer.listen(crm.simulator);
    return connected(settings);
  };
  const connected = (settings: object = {}, runMs?: number): Source =>
    connectVtiger(
      vtigerSettings.parse(settingsFor(server?.url ?? '', settings)),
      impatient(createHttpClient({ system: 'vtiger' }), 5000),
      runMs,
    );
  afterEach(() => server?.close());

  const remembered = new Map<string, unknown>();
  const run = (more: Partial<PullRun> = {}): PullRun => ({
    cursor: undefined,
    now,
    memory: {
      get: (key) => Promise.resolve(remembered.get(key)),
      set: (key, value) => Promise.resolve(void remembered.set(key, value)),
    },
    signal: AbortSignal.timeout(10_000),
    ...more,
  });
  beforeEach(() => remembered.clear());

  const pages = async (source: Source, more: Partial<PullRun> = {}): Promise<readonly Page[]> => {
    const all: Page[] = [];
    for await (const page of source.pull(window, run(more))) all.push(page);
    return all;
  };
  const issues = (all: readonly Page[]): readonly Fact[] =>
    all.flatMap(({ facts }) => facts).filter(({ kind }) => kind === 'kpi.openIssues');
  const keys = (all: readonly Page[]): readonly string[] => issues(all).map(({ key }) => key);
  const failure = async (source: Source): Promise<RemoteError> => {
    const error: unknown = await pages(source).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof RemoteError) return error;
    throw new Error(`it did not fail as a vendor does: ${String(error)}`);
  };

  it('reads what is open, by team, as the teams’ documents map groups and users', async () => {
    const source = await begin({}, { recordUrl: 'https://acme.example/detail?record={number}' });
    const id = crm.task(crm.ferrari, {
      title: 'Дзвінок <b>*до* 김민준 & 王</b>',
      priority: 'Low',
      due: '2026-03-01',
    });
    const ofOlena = crm.task(crm.olena);
    crm.task(crm.minji, { status: 'Completed' });

    const all = await pages(source);

    expect(issues(all)[0]).toEqual({
      kind: 'kpi.openIssues',
      key: id,
      subject: 'ferrari',
      from: expect.objectContaining({ epochMilliseconds: Date.parse('2026-02-20T10:30:00Z') }),
      to: expect.anything(),
      amount: 1,
      attributes: {
        priority: 'Low',
        status: 'In Progress',
        title: 'Дзвінок <b>*до* 김민준 & 王</b>',
        due: '2026-03-01',
        url: `https://acme.example/detail?record=${id.split('x')[1]}`,
      },
    });
    expect(issues(all).map(({ key, subject }) => [key, subject])).toEqual([
      [id, 'ferrari'],
      [ofOlena, 'porsche'],
    ]);
  });

  it('says which teams it knows, also those that have nothing open', async () => {
    const all = await pages(await begin());

    expect(all.flatMap(({ facts }) => facts).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['team', 'ferrari'],
      ['team', 'porsche'],
    ]);
  });

  it('misses nothing where whole pages of records may not be seen', async () => {
    const source = await begin();
    const seen: string[] = [];
    for (let each = 0; each < 560; each += 1) {
      const hidden = each % 280 < 250;
      const id = crm.task(crm.ferrari, { hidden });
      if (!hidden) seen.push(id);
    }

    expect(keys(await pages(source))).toEqual(seen);
  });

  it('misses nothing where issues are closed, opened and deleted between two pages', async () => {
    const source = await begin();
    const ids = Array.from({ length: 250 }, () => crm.task(crm.ferrari));
    const read: Page[] = [];
    let opened = '';
    for await (const page of source.pull(window, run())) {
      read.push(page);
      if (read.length > 1) continue;
      for (const id of ids.slice(0, 40))
        crm.simulator.editRecord(id, { values: { taskstatus: 'Completed' } });
      for (const id of ids.slice(40, 60)) crm.simulator.deleteRecord(id);
      opened = crm.task(crm.ferrari);
    }

    expect(keys(read)).toEqual([...ids, opened]);
  });

  it('goes on where a run was cut off', async () => {
    const source = await begin();
    const ids = Array.from({ length: 230 }, () => crm.task(crm.olena));
    const [first] = await pages(source);

    const rest = await pages(source, { cursor: first?.cursor });

    expect([...keys(first ? [first] : []), ...keys(rest)]).toEqual(ids);
  });

  it('takes the group of a case before the one who has it', async () => {
    const source = await begin({}, { module: 'Cases' });
    const add = (owner: string, group: string): string =>
      crm.simulator.addRecord({
        module: 'Cases',
        owner,
        values: { title: 'Invoice wrong', casestatus: 'Open', casepriority: 'Urgent', group_id: group },
      });
    const root = crm.simulator.addUser({ name: 'root', email: 'root@acme.example' });
    const other = crm.simulator.addGroup({ name: 'Porsche hotline' });
    const ids = [add(root, crm.ferrari), add(crm.olena, crm.ferrari), add(crm.olena, other)];
    add(root, other);

    expect(issues(await pages(source)).map(({ key, subject }) => [key, subject])).toEqual([
      [ids[0], 'ferrari'],
      [ids[1], 'ferrari'],
      [ids[2], 'porsche'],
    ]);
  });

  it('rejects a record that makes no sense, and says whose it is', async () => {
    const source = await begin();
    crm.task(crm.ferrari);
    const broken = [
      crm.task(crm.ferrari),
      crm.task(crm.ferrari, { createdAt: '2026-02-20T10:30:00Z' }),
      crm.task(crm.olena),
    ];
    crm.simulator.editRecord(broken[0] ?? '', { missing: ['taskpriority'] });
    crm.simulator.editRecord(broken[1] ?? '', { shown: { createdtime: 'yesterday' } });
    crm.simulator.editRecord(broken[2] ?? '', { shown: { due_date: '31.12.2026' } });

    const all = await pages(source);

    expect(keys(all)).toHaveLength(1);
    expect(all.flatMap(({ rejected }) => rejected)).toEqual([
      { kind: 'kpi.openIssues', key: broken[0], subject: 'ferrari', why: 'it has no priority' },
      {
        kind: 'kpi.openIssues',
        key: broken[1],
        subject: 'ferrari',
        why: 'when it was created cannot be read',
      },
      { kind: 'kpi.openIssues', key: broken[2], subject: 'porsche', why: 'when it is due cannot be read' },
    ]);
  });

  it('reads titles that a server gives as HTML', async () => {
    const source = await begin({ encodeEntities: true });
    crm.task(crm.ferrari, { title: `Tom & "Jerry's" <script>` });

    expect(issues(await pages(source))[0]?.attributes['title']).toBe(`Tom & "Jerry's" <script>`);
  });

  describe('on a server with the classic web service alone', () => {
    it('finds that out by itself, and remembers it', async () => {
      const source = await begin({ apis: ['classic'] });
      const id = crm.task(crm.ferrari);

      expect(keys(await pages(source))).toEqual([id]);
      const before = server?.requests.length ?? 0;
      expect(keys(await pages(source))).toEqual([id]);
      expect(server?.requests.slice(before).filter(({ path }) => path.includes('/restapi/'))).toEqual([]);
    });

    it('logs in anew where the session ends in mid-run', async () => {
      const source = await begin({}, { api: 'classic' });
      const ids = Array.from({ length: 250 }, () => crm.task(crm.ferrari));
      const read: Page[] = [];
      for await (const page of source.pull(window, run())) {
        read.push(page);
        crm.simulator.endSessions();
      }

      expect(keys(read)).toEqual(ids);
    });

    it('fails where the access key was made anew', async () => {
      const source = await begin({}, { api: 'classic', accessKey: 'the-old-one' });

      expect(await failure(source)).toMatchObject({
        reason: 'unauthorized',
        code: 'INVALID_USER_CREDENTIALS',
        message: expect.not.stringContaining('the-old-one'),
      });
    });

    it('takes notices of PHP before the JSON for no answer', async () => {
      const source = await begin({}, { api: 'classic' });
      crm.simulator.spillNotices(9);

      expect(await failure(source)).toMatchObject({ reason: 'unreadable' });
    });
  });

  it('fails where the REST API refuses the key, instead of trying it elsewhere', async () => {
    const source = await begin({}, { accessKey: 'the-old-one' });

    expect(await failure(source)).toMatchObject({ reason: 'unauthorized' });
    expect(server?.requests.some(({ path }) => path.includes('webservice.php'))).toBe(false);
  });

  it('waits as long as the allowance of a minute asks', async () => {
    const source = await begin({ edition: 'growth' });
    crm.task(crm.ferrari);
    for (let each = 0; each < 10; each += 1) await pages(source).catch(() => undefined);

    const error = await failure(source);

    expect(error).toMatchObject({ reason: 'rate-limited', scope: 'account' });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(1000);
    // Seconds are whole on both sides.
    expect(error.retryAfterMs).toBeLessThanOrEqual(62_000);
  });

  describe('asks no more than it has to', () => {
    const queries = async (source: Source): Promise<number> => {
      await pages(source);
      return server?.requests.filter(({ query }) => /FROM(?:\+|%20| )Calendar/.test(query)).length ?? 0;
    };

    it.each([
      ['nothing is open: a count', 0, () => false, 1],
      ['all may be seen: a count, and the pages', 200, () => false, 3],
      ['a page is short: as many', 250, () => false, 4],
      ['one in ten may not be seen: a count more at the end', 500, (each: number) => each % 10 === 4, 7],
    ])('%s', async (_, open, isHidden, calls) => {
      const source = await begin();
      for (let each = 0; each < open; each += 1) crm.task(crm.ferrari, { hidden: isHidden(each) });

      expect(await queries(source)).toBe(calls);
    });
  });

  it('says at once where there are more issues than can be read in two minutes, how many, and what to do', async () => {
    const source = await begin();
    crm.task(crm.ferrari);
    server?.plan({
      kind: 'answer',
      match: ({ query }) => query.get('query')?.startsWith('SELECT COUNT(*) FROM Calendar') ?? false,
      answer: { status: 200, body: { success: true, result: [{ count: '8200' }] } },
    });

    const error = await failure(source);

    expect(error).toMatchObject({ reason: 'rejected' });
    expect(error.message).toBe(
      'open issues: there are 8,200, and in two minutes no more than 5,400 can be read; ' +
        'name more statuses as `closed`, or only those groups and users whose issues count',
    );
    expect(server?.requests.at(-1)?.query).toContain('COUNT');
  });

  it('fails where it is not done in time', async () => {
    await begin();
    server?.plan({ kind: 'silence', times: 9 });

    expect(await failure(connected({}, 100))).toMatchObject({ reason: 'timeout', outcome: 'refused' });
  });

  it.each([
    [
      'a group that is not there',
      { teams: { ferrari: { groups: ['Ferari'] } } },
      'teams.ferrari.groups[0]: there is no such group',
    ],
    [
      'a user that is not there',
      { teams: { porsche: { users: ['olena', 'anna@acme.example'] } } },
      'teams.porsche.users[1]: there is no such user',
    ],
    [
      'a field that is not there',
      { fields: { due: 'deadline' } },
      'fields.due: the module Calendar has no field deadline',
    ],
    [
      'a status that is not there',
      { closed: ['Done'] },
      'closed: the status Done is none of Calendar; there are Not Started',
    ],
  ])('fails on %s, and says where it stands in the document', async (_, settings, message) => {
    const error = await failure(await begin({}, settings));

    expect(error.reason).toBe('rejected');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('@acme.example');
  });

  it('fails where the module was closed to the user', async () => {
    const source = await begin();
    crm.simulator.denyModule('Calendar');

    expect(await failure(source)).toMatchObject({ reason: 'unauthorized', code: 'ACCESS_DENIED' });
  });

  describe('its probe', () => {
    it('says what rules may name, and how much is open', async () => {
      const source = await begin();
      crm.task(crm.ferrari);

      const findings = await source.probe(AbortSignal.timeout(5000));

      expect(findings.map(({ level, message }) => `${level}: ${message}`)).toEqual([
        'ok: Calendar can be read by the REST API.',
        'ok: Rules may name High, Medium, Low.',
        'ok: 2 teams have 1 open issues, those that the user may not see included.',
      ]);
    });

    it('says what to do where the key is wrong', async () => {
      const source = await begin({}, { accessKey: 'the-old-one' });

      const findings = await source.probe(AbortSignal.timeout(5000));

      expect(findings).toMatchObject([
        { level: 'problem', remedy: expect.stringContaining('My Preferences') },
      ]);
      expect(JSON.stringify(findings)).not.toContain(accessKey);
    });
  });

  describe('its settings', () => {
    const said = (settings: object): string =>
      vtigerSettings
        .safeParse(settingsFor('https://acme.odx.vtiger.com', settings))
        .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('\n') ?? '';

    it.each([
      ['no team', { teams: {} }, 'teams: at least one team is needed'],
      [
        'a team without owners',
        { teams: { ferrari: {} } },
        'teams.ferrari: a team without an owner has no issues',
      ],
      [
        'an owner of two teams',
        { teams: { one: { users: ['olena'] }, two: { users: ['olena'] } } },
        'teams.two: user olena belongs to one and two',
      ],
      [
        'an unknown module without its fields',
        { module: 'Bugs' },
        'fields.status: the module Bugs is none of Tasks',
      ],
      [
        'a link without a place for the record',
        { recordUrl: 'https://acme.example/' },
        'recordUrl: is an address with',
      ],
    ])('refuse %s', (_, settings, message) => {
      expect(said(settings)).toContain(message);
    });
  });
});
