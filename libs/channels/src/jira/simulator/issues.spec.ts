import { doc, paragraph, start, stopAll, task, text, type Json } from './session.js';

afterEach(stopAll);

const notOnScreen = (field: string) =>
  `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;

describe('a new issue', () => {
  it('holds what it was made with', async () => {
    const { jira, olena, create, call } = await start();
    await create({ issuetype: { name: 'Epic' } });
    const fields = {
      description: doc(paragraph(text('From chat'))),
      priority: { name: 'High' },
      labels: ['inc-42', 'from-chat'],
      assignee: { accountId: olena.accountId },
      duedate: '2026-03-31',
      parent: { key: 'OPS-1' },
    };

    const made = await create(fields, {
      properties: [{ key: 'carillon', value: { id: 'd1' } }],
      transition: { id: '21' },
    });
    const read = await call('GET /issue/OPS-2');

    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^\d+$/),
      key: 'OPS-2',
      self: expect.stringMatching(/^https:\/\/acme\.atlassian\.net\/rest\/api\/3\/issue\/\d+$/),
      transition: { status: 200, errorCollection: { errorMessages: [], errors: {} } },
    });
    expect(read.body).toMatchObject({
      key: 'OPS-2',
      fields: {
        summary: 'Checkout down',
        description: fields.description,
        priority: { id: '2', name: 'High' },
        labels: ['from-chat', 'inc-42'],
        assignee: { accountId: olena.accountId, emailAddress: 'olena@acme.example' },
        duedate: '2026-03-31',
        parent: { key: 'OPS-1' },
        status: { name: 'In Progress', statusCategory: { key: 'indeterminate' } },
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      },
    });
    expect(jira.issue('OPS-2')?.properties).toEqual({ carillon: { id: 'd1' } });
  });

  it.each<[string, Json, Json]>([
    ['no project', { project: undefined }, { project: expect.any(String) }],
    ['a project that is not there', { project: { key: 'NOPE' } }, { project: expect.any(String) }],
    ['an unknown type', { issuetype: { id: '9' } }, { issuetype: 'Specify a valid issue type' }],
    ['no summary', { summary: ' ' }, { summary: 'You must specify a summary of the issue.' }],
    ['two lines', { summary: 'a\nb' }, { summary: expect.stringContaining('newline') }],
    ['256 characters', { summary: 'x'.repeat(256) }, { summary: expect.stringContaining('255') }],
    [
      'a text that is no document',
      { description: 'plain' },
      { description: 'Operation value must be an Atlassian Document' },
    ],
    ['a label with a space', { labels: ['a b'] }, { labels: expect.stringContaining('spaces') }],
    ['a label that is too long', { labels: ['x'.repeat(256)] }, { labels: expect.stringContaining('255') }],
    ['an unknown priority', { priority: { name: 'Urgent' } }, { priority: expect.any(String) }],
    ['a priority by both names', { priority: { id: '2', name: 'High' } }, { priority: expect.any(String) }],
    ['a stranger', { assignee: { accountId: 'x' } }, { assignee: "User 'x' does not exist." }],
    ['an address', { assignee: { emailAddress: 'olena@acme.example' } }, { assignee: expect.any(String) }],
    ['a day that is none', { duedate: '2026-02-30' }, { duedate: expect.any(String) }],
    ['a time for a day', { duedate: '2026-02-28T10:00:00Z' }, { duedate: expect.any(String) }],
    ['a parent that is not there', { parent: { key: 'OPS-9' } }, { parent: expect.any(String) }],
    ['a subtask alone', { issuetype: { name: 'Sub-task' } }, { parent: 'Parent is required.' }],
    ['a status', { status: { id: '3' } }, { status: notOnScreen('status') }],
    ['an unknown field', { customfield_1: 'x' }, { customfield_1: notOnScreen('customfield_1') }],
    [
      'several things at once',
      { labels: ['a b'], duedate: 'soon' },
      { labels: expect.any(String), duedate: expect.any(String) },
    ],
  ])('is refused with %s', async (_, fields, errors) => {
    const { jira, create } = await start();

    const answer = await create(fields);

    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ errorMessages: [], errors });
    expect(jira.issues()).toEqual([]);
  });

  it('is refused with a field in fields and update, an unknown key, and a property that is too large', async () => {
    const { create } = await start();

    const twice = await create({ labels: [] }, { update: { labels: [{ add: 'a' }] } });
    const unknown = await create({}, { notify: true });
    const large = await create({}, { properties: [{ key: 'p', value: 'x'.repeat(32_768) }] });

    expect(twice.body['errors']).toEqual({ labels: expect.stringContaining('both') });
    expect([twice.status, unknown.status, large.status]).toEqual([400, 400, 400]);
  });

  it('goes by its project: screen, required fields, defaults and priorities', async () => {
    const { jira, create, call } = await start();
    const team = jira.addField({
      name: 'Team',
      kind: 'option',
      options: [{ id: '1', value: 'Ferrari' }],
    });
    const note = jira.addField({ name: 'Note', kind: 'document' });
    jira.addProject({
      key: 'WEB',
      priorities: ['3'],
      screen: [
        { id: team.id, required: true },
        { id: 'priority', required: true, default: { id: '3' } },
        note.id,
      ],
    });
    const web = { project: { key: 'WEB' } };

    const missing = await create({ ...web, duedate: '2026-03-31' });
    const wrong = await create({ ...web, [team.id]: 'Ferrari', [note.id]: 'x', priority: { id: '2' } });
    const right = await create({ ...web, [team.id]: { value: 'Ferrari' } });
    const read = await call('GET /issue/WEB-1?fields=priority,' + team.id);

    expect(missing.body['errors']).toEqual({
      duedate: notOnScreen('duedate'),
      [team.id]: 'Team is required.',
    });
    expect(Object.keys(wrong.body['errors'] as Json).sort()).toEqual([team.id, note.id, 'priority'].sort());
    expect(right.status).toBe(201);
    expect(read.body['fields']).toEqual({
      priority: { id: '3', name: 'Medium' },
      [team.id]: { id: '1', value: 'Ferrari' },
    });
  });

  it('needs permission, and somebody who can be given it', async () => {
    const { jira, bot, olena, create } = await start();
    const app = jira.addPerson({ displayName: 'Bot', emailAddress: 'b@acme.example', accountType: 'app' });

    jira.permit('OPS', olena.accountId, ['browse']);
    const unassignable = await create({ assignee: { accountId: olena.accountId } });
    const toApp = await create({ assignee: { id: app.accountId } });
    jira.permit('OPS', bot.accountId, ['browse', 'create']);
    const undated = await create({ duedate: '2026-03-31' });
    jira.permit('OPS', bot.accountId, ['browse']);
    const reader = await create();
    jira.permit('OPS', bot.accountId, []);
    const blind = await create();

    const refused = { assignee: expect.stringContaining('cannot be assigned') };
    expect([unassignable.body['errors'], toApp.body['errors']]).toEqual([refused, refused]);
    expect(undated.body['errors']).toEqual({ duedate: notOnScreen('duedate') });
    expect([reader.status, blind.status]).toEqual([403, 400]);
  });

  it('can be one of many, of which those that are right are made', async () => {
    const { jira, call } = await start();
    const bad = { fields: { ...task, labels: ['a b'] } };

    const some = await call('POST /issue/bulk', { issueUpdates: [{ fields: task }, bad] });
    const none = await call('POST /issue/bulk', { issueUpdates: [bad] });
    const many = await call('POST /issue/bulk', { issueUpdates: Array(51).fill({ fields: task }) });

    expect(some.status).toBe(201);
    expect(some.body).toMatchObject({
      issues: [{ key: 'OPS-1' }],
      errors: [
        { status: 400, failedElementNumber: 1, elementErrors: { errors: { labels: expect.any(String) } } },
      ],
    });
    expect([none.status, many.status]).toEqual([400, 400]);
    expect(jira.issues()).toHaveLength(1);
  });
});

describe('an issue', () => {
  it('is edited and keeps its history', async () => {
    const { jira, bot, olena, create, call } = await start();
    await create({ labels: ['a'] });

    const edited = await call('PUT /issue/OPS-1', {
      fields: { duedate: '2026-03-31' },
      update: { labels: [{ add: 'b' }, { remove: 'a' }] },
    });
    const assigned = await call('PUT /issue/OPS-1/assignee', { accountId: '-1' });
    const returned = await call('PUT /issue/OPS-1?returnIssue=true', { fields: { duedate: null } });
    const quietly = await call('PUT /issue/OPS-1?notifyUsers=false', { fields: { duedate: null } });

    expect([edited.status, assigned.status, returned.status, quietly.status]).toEqual([204, 204, 200, 403]);
    expect(returned.body).toMatchObject({ fields: { labels: ['b'], duedate: null } });
    expect(jira.issue('OPS-1')?.history.flatMap(({ items }) => items)).toMatchObject([
      { field: 'labels', fromText: 'a', toText: 'b' },
      { field: 'duedate', fromText: null, toText: '2026-03-31' },
      { field: 'assignee', from: null, to: olena.accountId, toText: 'Olena Koval' },
      { field: 'duedate', fromText: '2026-03-31', toText: null },
    ]);
    expect(jira.issue('OPS-1')?.history[0]?.author).toBe(bot.accountId);
  });

  it('cannot lose its summary, change its project, or be edited with nothing', async () => {
    const { create, call } = await start();
    await create();

    const answers = [
      await call('PUT /issue/OPS-1', { fields: { summary: null } }),
      await call('PUT /issue/OPS-1', { fields: { project: { key: 'WEB' } } }),
      await call('PUT /issue/OPS-1', {}),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  it('is followed by its old key after a move, and gone once it is deleted', async () => {
    const { jira, olena, create, call, keys } = await start();
    jira.addProject({ key: 'WEB' });
    await create();

    const key = jira.moveIssue('OPS-1', 'WEB', olena.accountId);
    const moved = await call('GET /issue/OPS-1?fields=summary');
    const found = await keys('key = OPS-1');
    const commented = await call('POST /issue/OPS-1/comment', { body: doc(paragraph(text('hi'))) });
    jira.deleteIssue('WEB-1');
    const gone = await call('GET /issue/OPS-1');

    expect([key, moved.body['key'], found, commented.status]).toEqual(['WEB-1', 'WEB-1', ['WEB-1'], 201]);
    expect(gone.status).toBe(404);
    expect(gone.body).toEqual({
      errorMessages: ['Issue does not exist or you do not have permission to see it.'],
      errors: {},
    });
  });

  it('that one may not see is not there, and one that one may not write to is forbidden', async () => {
    const { jira, bot, create, call } = await start();
    await create();
    const comment = { body: doc(paragraph(text('hi'))) };

    jira.permit('OPS', bot.accountId, ['browse']);
    const edited = await call('PUT /issue/OPS-1', { fields: { summary: 'x' } });
    const commented = await call('POST /issue/OPS-1/comment', comment);
    jira.permit('OPS', bot.accountId, []);
    const hidden = await call('POST /issue/OPS-1/comment', comment);

    expect([edited.status, commented.status, hidden.status]).toEqual([403, 403, 404]);
  });
});
