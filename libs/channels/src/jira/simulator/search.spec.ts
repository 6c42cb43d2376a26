import { clock, doc, paragraph, start, stopAll, text, type Json } from './session.js';

afterEach(stopAll);

describe('a search', () => {
  it('gives ids alone unless fields are named', async () => {
    const { create, call } = await start();
    const { id } = (await create({ labels: ['x'] }, { properties: [{ key: 'p', value: 1 }] })).body;
    const search = async (more: Json) =>
      (await call('POST /search/jql', { jql: 'labels = x', ...more })).body;

    expect(await search({})).toEqual({ issues: [{ id }], isLast: true });
    expect(await search({ fields: ['summary', 'nothing'], properties: ['p'] })).toEqual({
      issues: [
        {
          id,
          key: 'OPS-1',
          self: expect.any(String),
          properties: { p: 1 },
          fields: { summary: 'Checkout down' },
        },
      ],
      isLast: true,
    });
  });

  it('runs behind what was written, except for issues that are named', async () => {
    const time = clock();
    const { create, call, keys } = await start({ now: time.now, indexLagMs: 5_000 });
    const id = Number((await create({ labels: ['x'] })).body['id']);

    expect(await keys('labels = x')).toEqual([]);
    expect(await keys('labels = x', { reconcileIssues: [id] })).toEqual(['OPS-1']);
    expect((await call('GET /issue/OPS-1')).status).toBe(200);
    time.pass(5_000);
    expect(await keys('labels = x')).toEqual(['OPS-1']);
    await call('PUT /issue/OPS-1', { update: { labels: [{ set: ['y'] }] } });
    expect([await keys('labels = x'), await keys('labels = y')]).toEqual([['OPS-1'], []]);
    expect(await keys('labels = y', { reconcileIssues: [id] })).toEqual(['OPS-1']);
    time.pass(5_000);
    expect([await keys('labels = x'), await keys('labels = y')]).toEqual([[], ['OPS-1']]);
  });

  it('goes on by a token, which belongs to its query and lives seven days', async () => {
    const time = clock();
    const { create, call } = await start({ now: time.now, doubts: { largestPage: 2 } });
    for (let i = 0; i < 5; i += 1) await create();
    const page = async (nextPageToken?: unknown, jql = 'project = OPS ORDER BY key') =>
      call('POST /search/jql', { jql, fields: ['summary'], maxResults: 50, nextPageToken });

    const seen: unknown[] = [];
    let token: unknown = null;
    do {
      const { body } = await page(token);
      seen.push((body['issues'] as Json[]).map(({ key }) => key));
      token = body['nextPageToken'];
    } while (token !== undefined);
    const { nextPageToken } = (await page()).body;

    expect(seen).toEqual([['OPS-1', 'OPS-2'], ['OPS-3', 'OPS-4'], ['OPS-5']]);
    expect((await page(nextPageToken, 'project = OPS')).status).toBe(400);
    expect((await page('nonsense')).status).toBe(400);
    time.pass(7 * 86_400_000 + 1);
    expect((await page(nextPageToken)).status).toBe(400);
  });

  it.each<[string, Json]>([
    ['no bound', { jql: 'order by key desc' }],
    ['no query', { jql: '' }],
    ['startAt', { jql: 'project = OPS', startAt: 0 }],
    ['too many results', { jql: 'project = OPS', maxResults: 5001 }],
    ['too many properties', { jql: 'project = OPS', properties: ['a', 'b', 'c', 'd', 'e', 'f'] }],
    [
      'too many to reconcile',
      { jql: 'project = OPS', reconcileIssues: Array.from({ length: 51 }, (_, i) => i) },
    ],
    ['keys to reconcile', { jql: 'project = OPS', reconcileIssues: ['OPS-1'] }],
    ['too many orders', { jql: `project = OPS ORDER BY ${Array(8).fill('key').join(', ')}` }],
    ['a quote that does not end', { jql: 'labels = "x' }],
    ['a reserved character', { jql: 'labels = a@b' }],
    ['an escape that is none', { jql: '"labels" = "\\x"' }],
    ['words after the end', { jql: 'project = OPS labels = x' }],
    ['an unknown field', { jql: 'colour = red' }],
    ['an unknown function', { jql: 'assignee in membersOf()' }],
    ['an operator that the field has not', { jql: 'labels ~ x' }],
    ['equality of a text', { jql: 'summary = x' }],
    ['a date that is none', { jql: 'created > yesterday' }],
    ['a time with seconds', { jql: 'created > "2026-03-02T09:00:00Z"' }],
    ['bare Lucene characters', { jql: 'summary ~ "a (b)"' }],
    ['a key that is not there', { jql: 'key = OPS-9' }],
  ])('is refused with %s', async (_, body) => {
    const { call } = await start();

    const answer = await call('POST /search/jql', body);

    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errorMessages: [expect.any(String)], errors: {} });
  });

  it('names the value that is not there', async () => {
    const { jira, bot, keys } = await start();
    jira.addProject({ key: 'SECRET', permissions: { [bot.accountId]: [] } });

    expect(await keys('project = NOPE')).toEqual([
      "The value 'NOPE' does not exist for the field 'project'.",
    ]);
    expect(await keys('project = SECRET')).toEqual([
      "The value 'SECRET' does not exist for the field 'project'.",
    ]);
  });

  it.each([
    ['project = OPS AND issuetype = Bug', ['OPS-2']],
    ['project in (OPS, "Operations") ORDER BY key DESC', ['OPS-3', 'OPS-2', 'OPS-1']],
    ['labels in (a, b) ORDER BY key ASC', ['OPS-1', 'OPS-2']],
    ['labels != a', ['OPS-2']],
    ['labels is EMPTY', ['OPS-3']],
    ['NOT labels = a ORDER BY key', ['OPS-2', 'OPS-3']],
    ['(labels = a OR labels = b) AND priority = High', ['OPS-2']],
    ['assignee is not null', ['OPS-3']],
    ['reporter = currentUser() AND labels = a', ['OPS-1']],
    ['summary ~ "down" ORDER BY key', ['OPS-1', 'OPS-3']],
    ['summary ~ "log*"', ['OPS-2']],
    ['summary ~ "\\"login broken\\""', ['OPS-2']],
    ['text ~ "card \\\\(EU\\\\)"', ['OPS-1']],
    ["status = 'To Do' AND statusCategory = new AND labels = 'a'", ['OPS-1']],
    ['due <= 2026-03-31 AND due > "2026-03-30"', ['OPS-3']],
    ['cf[10900] = "Ferrari"', ['OPS-3']],
  ])('understands %s', async (jql, found) => {
    const { jira, olena, create, keys } = await start();
    jira.addField({
      id: 'customfield_10900',
      name: 'Team',
      kind: 'option',
      options: [{ id: '7', value: 'Ferrari' }],
    });
    await create({ labels: ['a'], description: doc(paragraph(text('Every card (EU) fails'))) });
    await create({
      summary: 'Login broken',
      labels: ['b'],
      issuetype: { name: 'Bug' },
      priority: { id: '2' },
    });
    await create({ assignee: { accountId: olena.accountId }, duedate: '2026-03-31' });
    jira.editIssue('OPS-3', { customfield_10900: '7' }, olena.accountId);

    expect(await keys(jql)).toEqual(found);
  });

  it('reads dates in the zone of whoever asks', async () => {
    const time = clock('2026-03-01T22:30:00Z');
    const { jira, call, create } = await start({ now: time.now });
    const kyiv = jira.addPerson({
      displayName: 'Clock',
      emailAddress: 'clock@acme.example',
      timeZone: 'Europe/Kyiv',
    });
    const token = jira.issueToken(kyiv.accountId);
    await create();
    const authorization = `Basic ${Buffer.from(`clock@acme.example:${token}`).toString('base64')}`;
    const count = async (jql: string, as?: string) =>
      (await call('POST /search/approximate-count', { jql }, as)).body['count'];

    expect(await count('created >= "2026-03-02"', authorization)).toBe(1);
    expect(await count('created >= "2026-03-02"')).toBe(0);
    time.pass(300_000);
    expect([await count('created >= -5m'), await count('created >= -4m')]).toEqual([1, 0]);
  });

  it('by a property finds nothing until an app declared it', async () => {
    const { jira, create, keys } = await start();
    await create({}, { properties: [{ key: 'acme.delivery', value: { id: 'd1' } }] });
    const jql = 'issue.property[acme.delivery].id = "d1"';

    expect(await keys(jql)).toEqual([]);
    jira.indexProperty('acme.delivery');
    expect(await keys(jql)).toEqual(['OPS-1']);
  });
});
