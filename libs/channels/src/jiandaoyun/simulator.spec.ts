import { refused, start, stopAll } from './simulator/session.js';
import { JiandaoyunSimulator } from './simulator.js';

afterEach(stopAll);

describe('the key', () => {
  it.each([
    ['none', '', 8301],
    ['no bearer', 'Basic abc', 8301],
    ['an unknown one', 'Bearer another', 17018],
  ])('is refused with 400 and a code: %s', async (_, authorization, code) => {
    const { send, target } = await start();

    const answer = await send('app/entry/widget/list', {
      headers: { authorization },
      body: JSON.stringify(target),
    });

    expect(answer).toEqual(refused(code));
  });

  it.each([8301, 8302, 17018, 17052] as const)('can be revoked in mid-run, with %d', async (code) => {
    const { jdy, ask, list } = await start();
    jdy.before('app/entry/data/create', () => jdy.revokeKey(code), 1);

    const answers = [];
    for (const value of ['a', 'b'])
      answers.push(await ask('app/entry/data/create', { data: { ext_key: { value } } }));
    jdy.restoreKey();

    expect(answers).toEqual([expect.objectContaining({ status: 200 }), refused(code)]);
    expect(await list()).toHaveLength(1);
  });

  it('may be limited to apps and paths', async () => {
    const { jdy, ask, post, target } = await start();
    const other = jdy.addApp('其他');

    jdy.limitKey({ apps: [other.app_id] });
    expect(await ask('app/entry/widget/list')).toEqual(refused(17053));
    expect(await post('app/entry/list', { app_id: target.app_id })).toEqual(refused(17053));
    expect((await post('app/list', {})).body).toEqual({ apps: [other] });
    jdy.limitKey({ paths: ['app/entry/data/list'] });
    expect(await ask('app/entry/data/create', { data: {} })).toEqual(refused(17054));
    expect(await ask('app/entry/data/list')).toMatchObject({ status: 200 });
  });
});

describe('the limits', () => {
  it.each([
    ['app/entry/data/batch_create', 10],
    ['app/entry/data/create', 20],
    ['app/entry/data/list', 30],
  ] as const)('%s: %d calls a second, then 8304', async (path, rate) => {
    const clock = { ms: 0 };
    const { ask } = await start({ limits: 'vendor', rateClock: () => clock.ms });
    const call = () => ask(path, { data: {}, data_list: [{}] });

    for (let calls = 0; calls < rate; calls += 1) expect((await call()).status).toBe(200);
    expect(await call()).toEqual(refused(8304));
    clock.ms += 1000 / rate - 1;
    expect(await call()).toEqual(refused(8304));
    clock.ms += 1;
    expect((await call()).status).toBe(200);
    expect(await call()).toEqual(refused(8304));
  });

  it('takes 50 calls a second over all paths, then 8303', async () => {
    const { ask } = await start({ limits: 'vendor', rateClock: () => 0 });

    for (let calls = 0; calls < 30; calls += 1) await ask('app/entry/data/list');
    for (let calls = 0; calls < 20; calls += 1) await ask('app/entry/widget/list');

    expect(await ask('app/entry/widget/list')).toEqual(refused(8303));
  });

  it('may be told by status', async () => {
    const { ask } = await start({ limits: 'vendor', rateClock: () => 0, limitsByStatus: true });

    for (let calls = 0; calls < 30; calls += 1) await ask('app/entry/data/list');

    expect(await ask('app/entry/data/list')).toEqual(refused(8304, 429));
  });
});

describe('a request', () => {
  it.each([
    ['GET', 'app/entry/data/list'],
    ['POST', 'app/entry/data/upsert'],
  ])('finds nothing at %s %s', async (method, path) => {
    const { send } = await start();

    expect((await send(path, { method })).status).toBe(404);
  });

  it.each([
    ['no JSON', '{', 'application/json'],
    ['no object', '[]', 'application/json'],
    ['a form', 'app_id=1', 'application/x-www-form-urlencoded'],
  ])('is refused with 1: %s', async (_, body, type) => {
    const { send } = await start();

    expect(await send('app/list', { body, headers: { 'content-type': type } })).toEqual(refused(1));
  });

  it.each([
    ['an unknown app', { app_id: '659f0c1de2b7d41a90f1ffff' }, 2004],
    ['an unknown form', { entry_id: '659f0c1de2b7d41a90f1ffff' }, 3000],
    ['no form', { entry_id: undefined }, 17017],
    ['an unknown row', { data_id: '659f0c1de2b7d41a90f1ffff' }, 4001],
    ['no row', { data_id: 7 }, 17017],
  ])('is refused about %s', async (_, more, code) => {
    const { ask } = await start();

    expect(await ask('app/entry/data/get', { data_id: 'x', ...more })).toEqual(refused(code));
  });

  it('is refused for a form of another app', async () => {
    const { jdy, ask } = await start();

    const answer = await ask('app/entry/widget/list', { app_id: jdy.addApp('其他').app_id });

    expect(answer).toEqual(refused(3000));
  });
});

describe('the fields of a form', () => {
  it('have the alias as their name where there is one, and their items where they are sub-forms', async () => {
    const { ask, target, post } = await start();

    const { body } = await ask('app/entry/widget/list');
    const forms = await post('app/entry/list', { app_id: target.app_id });

    expect(forms.body).toEqual({ forms: [{ name: '考勤月报', ...target }] });
    expect(body['dataModifyTime']).toEqual(expect.any(String));
    expect(body['sysWidgets']).toContainEqual({ name: 'createTime' });
    expect(body['widgets']).toEqual(
      expect.arrayContaining([
        { label: '外部编号', name: 'ext_key', widgetName: '_widget_1767225600001', type: 'text' },
        {
          label: '员工',
          name: '_widget_1767225600002',
          widgetName: '_widget_1767225600002',
          type: 'user',
        },
        expect.objectContaining({
          type: 'subform',
          items: expect.arrayContaining([expect.objectContaining({ label: '迟到分钟', type: 'number' })]),
        }),
      ]),
    );
  });

  it('are known by the new key alone once the alias changes, and what is sent by the old one is lost silently', async () => {
    const { jdy, entry, create, list } = await start();
    await create({ ext_key: { value: 'a' } });

    jdy.setAlias(entry.entryId, '_widget_1767225600001', 'outer_key');
    await create({ ext_key: { value: 'b' }, _widget_1767225600001: { value: 'b' } });
    await create({ outer_key: { value: 'c' } });

    const rows = await list();
    expect(rows.map((row) => row['outer_key'])).toEqual(['a', '', 'c']);
    expect(rows[0]).not.toHaveProperty('ext_key');
    expect(jdy.ignored.map(({ why }) => why)).toEqual(['no such field', 'no such field']);
  });

  it('can vanish or change between two calls', async () => {
    const { jdy, entry, create } = await start();
    const late = '_widget_1767225600007';
    const hours = '_widget_1767225600010';
    jdy.before('app/entry/data/create', () => jdy.deleteWidget(entry.entryId, late), 1);
    jdy.before('app/entry/data/create', () => jdy.replaceWidget(entry.entryId, hours, 'text'), 2);
    const data = { [late]: { value: 2 }, [hours]: { value: 1.5 } };

    const rows = [await create(data), await create(data), await create(data)];

    expect(rows[0]).toMatchObject({ [late]: 2, [hours]: 1.5 });
    expect(rows[1]).not.toHaveProperty(late);
    expect(rows[2]).not.toHaveProperty(hours);
    expect(jdy.table(entry.entryId)[2]).toMatchObject({ 加班时长: '' });
  });
});

describe('bad moments', () => {
  it('are planned by code, and do nothing', async () => {
    const { jdy, ask, list } = await start();
    jdy.refuse({ path: 'app/entry/data/batch_create', code: 7212, after: 1, times: 2 });
    const batch = () => ask('app/entry/data/batch_create', { data_list: [{}, {}] });

    const answers = [await batch(), await batch(), await batch(), await batch()];

    expect(answers.map(({ body }) => body['code'] ?? 'fine')).toEqual(['fine', 7212, 7212, 'fine']);
    expect(await list()).toHaveLength(4);
    expect(jdy.calls.get('app/entry/data/batch_create')).toBe(4);
    expect(Object.fromEntries(jdy.refusals)).toEqual({ 7212: 2 });
  });

  it('cuts the connection before or after it accepts', async () => {
    const { jdy, server, entry, create } = await start();

    server.plan({ kind: 'cut-before' });
    await expect(create({ ext_key: { value: 'a' } })).rejects.toThrow();
    server.plan({ kind: 'cut-after' });
    await expect(create({ ext_key: { value: 'b' } })).rejects.toThrow();

    expect(jdy.table(entry.entryId).map((row) => row['外部编号'])).toEqual(['b']);
  });
});

it('comes back as it was', async () => {
  const { jdy, entry, ask, create } = await start();
  const transaction_id = '0d4f3a5e-5d0b-4c1e-9a53-3f1f0a7d9b11';
  await create({ ext_key: { value: 'a' } });
  await ask('app/entry/data/batch_create', { transaction_id, data_list: [{ ext_key: { value: 'b' } }] });

  const again = new JiandaoyunSimulator();
  again.load(JSON.parse(JSON.stringify(jdy.save())));

  expect(again.save()).toEqual(jdy.save());
  expect(again.records(entry.entryId)).toEqual(jdy.records(entry.entryId));
  expect(() => again.load({})).toThrow('no state');
});

it('reads members and departments', async () => {
  const { jdy, post } = await start();
  jdy.addMember({ username: 'olena', name: 'Olena', departments: [12] });

  expect((await post('corp/user/get', { username: 'olena' })).body).toMatchObject({
    user: { name: 'Olena', username: 'olena', status: 1, departments: [12] },
  });
  expect(await post('corp/user/get', { username: 'nobody' })).toEqual(refused(1010));
  expect((await post('corp/department/list', { dept_no: 1, has_child: true })).body).toMatchObject({
    departments: [{ dept_no: 12, name: '研发部' }, { dept_no: 13 }, { dept_no: 14 }],
  });
  expect((await post('corp/department/user/list', { dept_no: 12 })).body).toMatchObject({
    users: [{ username: 'olena' }],
  });
  expect(await post('corp/department/user/list', { dept_no: 99 })).toEqual(refused(6002));
});
