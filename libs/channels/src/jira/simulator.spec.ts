import { jiraError, jiraThrottled, JiraSimulator } from './simulator.js';
import { basic, clock, start, stopAll, task } from './simulator/session.js';

afterEach(stopAll);

describe('credentials', () => {
  it('are an e-mail address and its API token', async () => {
    const { call, bot } = await start();

    const answer = await call('GET /myself');

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      accountId: bot.accountId,
      emailAddress: bot.emailAddress,
      active: true,
    });
  });

  it.each<[string, (good: { email: string; token: string; other: string }) => string | undefined]>([
    ['none', () => undefined],
    ['another token', ({ email }) => basic(email, 'other')],
    ["another person's address", ({ token, other }) => basic(other, token)],
    ['the token as Bearer', ({ token }) => `Bearer ${token}`],
    ['no base64', () => 'Basic !'],
  ])('are refused: %s', async (_, authorize) => {
    const { send, bot, olena, token } = await start();
    const authorization = authorize({ email: bot.emailAddress, token, other: olena.emailAddress });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };

    const answer = await send('GET /rest/api/3/myself', { headers });

    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-seraph-loginreason')).toBe(
      authorization === undefined ? null : 'AUTHENTICATED_FAILED',
    );
  });

  it('end when they are revoked, when they expire, and with the account', async () => {
    const time = clock();
    const { jira, call, bot } = await start({ now: time.now });
    const statusOf = async (token: string) =>
      (await call('GET /myself', undefined, basic(bot.emailAddress, token))).status;
    const short = jira.issueToken(bot.accountId, { days: 1 });
    const long = jira.issueToken(bot.accountId);

    time.pass(86_400_000 - 1);
    expect(await statusOf(short)).toBe(200);
    time.pass(1);
    expect(await statusOf(short)).toBe(401);
    jira.changePerson(bot.accountId, { hasAccess: false });
    expect(await statusOf(long)).toBe(403);
    jira.changePerson(bot.accountId, { hasAccess: true, active: false });
    expect(await statusOf(long)).toBe(401);
    jira.changePerson(bot.accountId, { active: true });
    jira.revokeToken(long);
    expect(await statusOf(long)).toBe(401);
  });

  it('that are no good read as a stranger would, and write nothing', async () => {
    const { jira, call, create } = await start();
    await create();
    const wrong = basic('carillon@acme.example', 'revoked');

    const issue = await call('GET /issue/OPS-1', undefined, wrong);
    const people = await call('GET /user/search?query=olena', undefined, wrong);
    const found = await call('GET /search/jql?jql=project%3DOPS', undefined, wrong);
    const written = await call('POST /issue', { fields: task }, wrong);

    expect([issue.status, people.status, found.status, written.status]).toEqual([404, 200, 200, 401]);
    expect(people.body).toEqual([]);
    expect(found.body).toEqual({ issues: [], isLast: true });
    expect(issue.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect(jira.issues()).toHaveLength(1);
  });

  it('with scopes, and those of apps, open the gateway only', async () => {
    const { jira, send, bot, token } = await start();
    const scoped = basic(bot.emailAddress, jira.issueToken(bot.accountId, { kind: 'scoped' }));
    const app = `Bearer ${jira.issueToken(bot.accountId, { kind: 'oauth' })}`;
    const classic = basic(bot.emailAddress, token);
    const { cloudId } = (await send('GET /_edge/tenant_info')).body;
    const at = async (base: string, authorization: string) =>
      send(`GET ${base}/rest/api/3/myself`, { headers: { authorization } });

    const gateway = `/ex/jira/${String(cloudId)}`;
    const opened = [await at(gateway, scoped), await at(gateway, app), await at('', classic)];
    const closed = [await at('', scoped), await at('', app), await at(gateway, classic)];

    expect(opened.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(closed.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(closed[2]?.body).toEqual({ code: 401, message: 'Unauthorized' });
  });
});

describe('requests that Jira does not take', () => {
  it.each([
    ['the old search', 'GET /search?jql=project%3DOPS', 410],
    ['the old createmeta', 'GET /issue/createmeta?projectKeys=OPS', 410],
    ['a path that is not there', 'GET /nothing', 404],
    ['an unknown parameter', 'GET /user/search?query=o&limit=5', 400],
    ['a hook for a token', 'POST /webhook', 403],
  ])('%s', async (_, request, status) => {
    const { call } = await start();

    const answer = await call(request, request.startsWith('POST') ? {} : undefined);

    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ errorMessages: [expect.any(String)], errors: {} });
  });

  it.each([
    ['a body that is no JSON', { body: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['another type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    [
      "a browser's write without X-Atlassian-Token",
      { body: '{}', headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0' } },
      403,
    ],
  ])('%s', async (_, { body, headers }, status) => {
    const { send, bot, token } = await start();
    const authorization = basic(bot.emailAddress, token);

    const answer = await send('POST /rest/api/3/issue', { body, headers: { ...headers, authorization } });

    expect(answer.status).toBe(status);
  });
});

describe('limits', () => {
  it('share a second between all who call an endpoint, and say for how long to wait', async () => {
    const time = clock();
    const { jira, call, olena } = await start({
      limits: 'vendor',
      rates: { getPerSecond: 2, userSearchPerSecond: 1 },
      now: time.now,
    });
    const other = basic(olena.emailAddress, jira.issueToken(olena.accountId));

    const first = await call('GET /myself');
    const second = await call('GET /myself', undefined, other);
    const third = await call('GET /myself');
    const elsewhere = await call('GET /user/search?query=o');
    const people = await call('GET /user/search?query=o');

    expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(second.headers.get('x-ratelimit-nearlimit')).toBe('true');
    expect(third.headers.get('retry-after')).toBe('1');
    expect(third.headers.get('ratelimit-reason')).toBe('jira-burst-based');
    expect(third.headers.get('x-ratelimit-reset')).toBe('2026-03-02T09:00:01Z');
    expect([elsewhere.status, people.status]).toEqual([200, 429]);
    time.pass(500);
    expect((await call('GET /myself')).status).toBe(200);
  });

  it('let 20 writes in 2 seconds to one issue, and 100 in 30', async () => {
    const time = clock();
    const { call, create } = await start({ limits: 'vendor', now: time.now });
    await create();
    await create();
    const write = async (key: string) => call(`PUT /issue/${key}/properties/x`, 1);
    const statuses = async (count: number) => {
      const all: number[] = [];
      for (let i = 0; i < count; i += 1) all.push((await write('OPS-1')).status);
      return all.filter((status) => status === 429).length;
    };

    expect(await statuses(20)).toBe(0);
    const refused = await write('OPS-1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-reason')).toBe('jira-per-issue-on-write');
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await write('OPS-2')).status).toBe(201);
    for (let i = 0; i < 4; i += 1) {
      time.pass(2_000);
      expect(await statuses(20)).toBe(0);
    }
    time.pass(2_000);
    expect((await write('OPS-1')).headers.get('retry-after')).toBe('20');
    time.pass(20_000);
    expect((await write('OPS-1')).status).toBe(200);
  });

  it("count an app's points by the hour, and no token's", async () => {
    const time = clock('2026-03-02T09:59:00Z');
    const { jira, call, send, bot } = await start({
      limits: 'vendor',
      rates: { pointsPerHour: 1 },
      now: time.now,
    });
    const authorization = `Bearer ${jira.issueToken(bot.accountId, { kind: 'oauth' })}`;
    const asApp = async () =>
      send(`GET /ex/jira/${jira.cloudId}/rest/api/3/myself`, { headers: { authorization } });

    await asApp();
    const refused = await asApp();

    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-reason')).toBe('jira-quota-global-based');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.headers.get('x-ratelimit-reset')).toBe('2026-03-02T10:00Z');
    expect((await call('GET /myself')).status).toBe(200);
    time.pass(60_000);
    expect((await asApp()).status).toBe(200);
  });
});

describe('bad moments', () => {
  it('cut off before or after the issue is there', async () => {
    const { jira, server, create } = await start();

    server.plan({ kind: 'cut-before' });
    await expect(create()).rejects.toThrow();
    expect(jira.issues()).toHaveLength(0);
    server.plan({ kind: 'cut-after' });
    await expect(create()).rejects.toThrow();
    expect(jira.issues()).toHaveLength(1);
  });

  it('can be told in Jira’s own form', async () => {
    const { server, create } = await start();
    const until = new Date('2026-03-02T10:00:00Z');
    server.plan({ kind: 'answer', answer: jiraError(409, ['The issue was changed at the same time.']) });
    server.plan({
      kind: 'answer',
      answer: jiraThrottled({
        reason: 'jira-quota-tenant-based',
        limit: 1,
        until,
        waitSeconds: 9,
        withoutRetryAfter: true,
      }),
    });

    const conflict = await create();
    const throttled = await create();

    expect([conflict.status, conflict.body['errors']]).toEqual([409, {}]);
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, null]);
    expect(throttled.headers.get('x-ratelimit-reset')).toBe('2026-03-02T10:00Z');
  });
});

describe('what it holds', () => {
  it('can be saved and loaded, without any token', async () => {
    const { jira, bot, token, create, call } = await start();
    await create({ labels: ['from-chat'] });
    await call('PUT /issue/OPS-1', { fields: { summary: 'Down again' } });
    const saved = JSON.stringify(jira.save());

    const other = new JiraSimulator();
    other.load(JSON.parse(saved));

    expect(saved).not.toContain(token);
    expect(JSON.stringify(other.save())).toBe(saved);
    expect(other.issue('OPS-1')?.history).toMatchObject([
      {
        author: bot.accountId,
        items: [{ field: 'summary', fromText: 'Checkout down', toText: 'Down again' }],
      },
    ]);
    expect(() => other.load({ version: 2 })).toThrow('no state');
  });

  it('counts calls by method, reads included, and a read changes nothing', async () => {
    const { jira, create, call } = await start();
    await create();
    const before = JSON.stringify(jira.save());

    await call('GET /issue/OPS-1');
    await call('GET /issue/OPS-2');

    expect(Object.fromEntries(jira.calls())).toEqual({ 'POST /issue': 1, 'GET /issue/*': 2 });
    expect(JSON.stringify(jira.save())).toBe(before);
  });

  it('may be ten thousand issues', () => {
    const jira = new JiraSimulator({ limits: 'none', indexLagMs: 0 });
    const bot = jira.addPerson({ displayName: 'Carillon', emailAddress: 'carillon@acme.example' });
    jira.addProject({ key: 'OPS' });
    const authorization = basic(bot.emailAddress, jira.issueToken(bot.accountId));
    const post = (path: string, body: unknown) =>
      jira.handle({
        method: 'POST',
        path: `/rest/api/3${path}`,
        query: new URLSearchParams(),
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    for (let i = 0; i < 10_000; i += 1) {
      post('/issue', { fields: { ...task, labels: [`carillon-${i}`] } });
      post('/search/jql', { jql: `project = OPS AND labels = "carillon-${i}"` });
    }

    const all = post('/search/approximate-count', { jql: 'project = OPS' });
    expect(all.body).toEqual({ count: 10_000 });
    expect(jira.board('OPS').map(({ issues }) => issues.length)).toEqual([10_000, 0, 0]);
  });
});
