import { start, stopAll, type Json } from './session.js';

afterEach(stopAll);

const notOnScreen = (field: string) =>
  `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;

describe('transitions', () => {
  const screen = [
    { id: 'resolution', required: true },
    { id: 'duedate', required: false },
  ];

  it('are those of the status, and another is refused', async () => {
    const { jira, create, call } = await start();
    await create();

    const before = await call('GET /issue/OPS-1/transitions');
    const illegal = await call('POST /issue/OPS-1/transitions', { transition: { id: '31' } });
    const started = await call('POST /issue/OPS-1/transitions', { transition: { id: '21' } });
    const after = await call('GET /issue/OPS-1/transitions');

    const names = (body: Json) => (body['transitions'] as Json[]).map(({ name }) => name);
    expect([names(before.body), names(after.body)]).toEqual([['In Progress'], ['To Do', 'Done']]);
    expect([illegal.status, illegal.body['errorMessages']]).toEqual([
      400,
      ['It seems that you have tried to perform an illegal workflow operation.'],
    ]);
    expect(started.status).toBe(204);
    expect(jira.issue('OPS-1')?.history[0]?.items).toEqual([
      { field: 'status', from: '10000', fromText: 'To Do', to: '3', toText: 'In Progress' },
    ]);
  });

  it('ask for the fields of their screen, and for no other', async () => {
    const { jira, create, call } = await start();
    jira.addProject({
      key: 'WEB',
      transitions: [{ id: '5', name: 'Close', from: ['10000'], to: '10002', screen }],
    });
    await create({ project: { key: 'WEB' } });
    const close = async (fields?: Json) =>
      call('POST /issue/WEB-1/transitions', { transition: { id: '5' }, ...(fields ? { fields } : {}) });

    const listed = await call('GET /issue/WEB-1/transitions?expand=transitions.fields');
    const bare = await close();
    const labelled = await close({ resolution: { name: 'Done' }, labels: ['x'] });
    const unknown = await close({ resolution: { name: 'Nope' } });
    const right = await close({ resolution: { name: "Won't Do" } });

    expect(listed.body['transitions']).toMatchObject([
      { id: '5', hasScreen: true, fields: { resolution: { required: true }, duedate: { required: false } } },
    ]);
    expect(bare.body['errors']).toEqual({ resolution: 'Resolution is required.' });
    expect(labelled.body['errors']).toEqual({ labels: notOnScreen('labels') });
    expect([unknown.status, right.status]).toEqual([400, 204]);
    expect(jira.board('WEB').map(({ issues }) => issues.length)).toEqual([0, 0, 1]);
  });

  it('are none for those who may not', async () => {
    const { jira, bot, create, call } = await start();
    await create();
    jira.permit('OPS', bot.accountId, ['browse', 'edit']);

    const listed = await call('GET /issue/OPS-1/transitions');
    const tried = await call('POST /issue/OPS-1/transitions', { transition: { id: '21' } });

    expect([listed.body['transitions'], tried.status]).toEqual([[], 400]);
  });

  it('follow a person who drags the issue', async () => {
    const { jira, olena, create, keys } = await start();
    await create();

    jira.setStatus('OPS-1', 'Done', olena.accountId);

    expect(await keys('statusCategory = Done AND resolution is not EMPTY')).toEqual(['OPS-1']);
  });
});

describe('what can be set', () => {
  it('is told by project and issue type, page by page', async () => {
    const { call } = await start();

    const types = await call('GET /issue/createmeta/OPS/issuetypes?maxResults=2');
    const fields = await call('GET /issue/createmeta/OPS/issuetypes/10001');
    const nowhere = await call('GET /issue/createmeta/NOPE/issuetypes');

    expect(types.body).toMatchObject({ startAt: 0, maxResults: 2, total: 4 });
    expect(types.body['issueTypes']).toHaveLength(2);
    expect((fields.body['fields'] as Json[]).map(({ fieldId, required }) => [fieldId, required])).toEqual([
      ['project', true],
      ['issuetype', true],
      ['summary', true],
      ['description', false],
      ['priority', false],
      ['labels', false],
      ['assignee', false],
      ['duedate', false],
      ['parent', false],
    ]);
    expect(nowhere.status).toBe(404);
  });

  it('has the priorities of the project', async () => {
    const { jira, call } = await start();
    const web = jira.addProject({ key: 'WEB', priorities: ['2', '3'] });

    const answer = await call(`GET /priority/search?projectId=${web.id}`);

    expect(answer.body).toMatchObject({
      total: 2,
      isLast: true,
      values: [{ name: 'High' }, { name: 'Medium' }],
    });
  });
});
