import { refused, start, stopAll } from './session.js';

afterEach(stopAll);

const transaction_id = '0d4f3a5e-5d0b-4c1e-9a53-3f1f0a7d9b11';
const rows = (...keys: readonly string[]) => keys.map((value) => ({ ext_key: { value } }));
const many = (count: number) => rows(...Array.from({ length: count }, (_, index) => `key-${index}`));

const world = async (options = {}) => {
  const clock = { ms: Date.UTC(2026, 3, 1) };
  const base = await start({ now: () => new Date(clock.ms), ...options });
  const batch = (data_list: unknown, more = {}) =>
    base.ask('app/entry/data/batch_create', { data_list, ...more });
  const keys = () => base.jdy.table(base.entry.entryId).map((row) => row['外部编号']);
  return { ...base, clock, batch, keys };
};

describe('batch_create', () => {
  it('makes up to a hundred rows, in order', async () => {
    const { batch, list } = await world();

    const { body } = await batch(many(100));

    expect(body).toMatchObject({ status: 'success', success_count: 100 });
    const made = await list({ limit: 100 });
    expect(made.map(({ _id }) => _id)).toEqual(body['success_ids']);
    expect(made[99]).toMatchObject({ ext_key: 'key-99' });
  });

  it.each([
    ['more than a hundred', many(101), {}, 17024],
    ['none', [], {}, 17017],
    ['items that are no records', ['a'], {}, 17017],
    ['a transaction that is no UUID', rows('a'), { transaction_id: 'tx-${var}' }, 17025],
    ['a submitter who is not there', rows('a'), { data_creator: 'nobody' }, 1010],
  ])('refuses the whole of it for %s', async (_, data, more, code) => {
    const { batch, keys } = await world();

    expect(await batch(data, more)).toEqual(refused(code));
    expect(keys()).toEqual([]);
  });

  it('makes a second set of rows when it is repeated without a transaction', async () => {
    const { batch, keys } = await world();

    await batch(rows('a', 'b'));
    await batch(rows('a', 'b'));

    expect(keys()).toEqual(['a', 'b', 'a', 'b']);
  });

  it('overwrites the rows of its transaction for an hour, and then makes new ones', async () => {
    const { batch, keys, clock } = await world();

    const first = await batch(rows('a', 'b'), { transaction_id });
    clock.ms += 3_599_999;
    const second = await batch(rows('a', 'c'), { transaction_id });
    expect(second).toEqual(first);
    expect(keys()).toEqual(['a', 'c']);

    clock.ms += 1;
    await batch(rows('a', 'b'), { transaction_id });
    expect(keys()).toEqual(['a', 'c', 'a', 'b']);
  });

  it('is known by its transaction also where the answer was lost', async () => {
    const { server, batch, keys } = await world();
    server.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('batch_create') });

    await expect(batch(rows('a', 'b'), { transaction_id })).rejects.toThrow();
    expect(keys()).toEqual(['a', 'b']);

    expect((await batch(rows('a', 'b'), { transaction_id })).body).toMatchObject({ success_count: 2 });
    expect(keys()).toEqual(['a', 'b']);
  });

  it('refuses a known transaction with another list, or with any where asked to', async () => {
    const lenient = await world();
    const strict = await world({ repeatedTransaction: 'refuse' });
    for (const { batch } of [lenient, strict]) await batch(rows('a', 'b'), { transaction_id });

    expect(await lenient.batch(rows('b'), { transaction_id })).toEqual(refused(17026));
    expect(await strict.batch(rows('a', 'b'), { transaction_id })).toEqual(refused(17026));
    expect(strict.keys()).toEqual(['a', 'b']);
  });

  it('may lose a part and still say success; the repeated transaction brings it', async () => {
    const { jdy, batch, keys } = await world();
    jdy.loseFromNextBatch([1]);

    const first = await batch(rows('a', 'b', 'c'), { transaction_id });
    expect(first.body).toEqual({
      status: 'success',
      success_count: 2,
      success_ids: [expect.any(String), expect.any(String)],
    });
    expect(keys()).toEqual(['a', 'c']);

    const second = await batch(rows('a', 'b', 'c'), { transaction_id });
    expect(second.body).toMatchObject({ success_count: 3 });
    expect([...keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  it('begins workflows once when asked to, and never automations or reminders', async () => {
    const { jdy, ask } = await start({}, { name: '审批', workflow: true, widgets: [] });
    const batch = () =>
      ask('app/entry/data/batch_create', {
        data_list: [{}, {}],
        transaction_id,
        is_start_workflow: true,
        is_start_trigger: true,
      });

    await batch();
    await batch();

    expect([jdy.workflows.length, jdy.automations.length, jdy.reminders]).toEqual([2, 0, 0]);
    expect(jdy.ignored).toContainEqual({
      path: 'app/entry/data/batch_create',
      field: 'is_start_trigger',
      why: 'no such parameter',
    });
  });
});

describe('batch_update and batch_delete', () => {
  it('write one set of values, and count the rows that are there', async () => {
    const { batch, ask, jdy, entry } = await world();
    const data_ids = (await batch(rows('a', 'b'))).body['success_ids'] as string[];
    const ids = [...data_ids, '659f0c1de2b7d41a90f1ffff'];

    const updated = await ask('app/entry/data/batch_update', {
      data_ids: ids,
      data: { _widget_1767225600007: { value: 3 } },
    });
    expect(updated.body).toEqual({ status: 'success', success_count: 2 });
    expect(jdy.table(entry.entryId)).toMatchObject([
      { 外部编号: 'a', 迟到次数: 3 },
      { 外部编号: 'b', 迟到次数: 3 },
    ]);

    const deleted = await ask('app/entry/data/batch_delete', { data_ids: ids });
    expect(deleted.body).toEqual({ status: 'success', success_count: 2 });
    expect(jdy.rows(entry.entryId)).toEqual([]);
  });

  it('take a hundred, and no sub-forms', async () => {
    const { ask } = await world();
    const data_ids = Array.from({ length: 101 }, (_, index) => String(index));

    expect(await ask('app/entry/data/batch_update', { data_ids, data: {} })).toEqual(refused(17023));
    expect(await ask('app/entry/data/batch_delete', { data_ids })).toEqual(refused(17033));
    expect(
      await ask('app/entry/data/batch_update', {
        data_ids: ['1'],
        data: { _widget_1767225600014: { value: [] } },
      }),
    ).toEqual(refused(17032));
  });
});

it('takes 10,000 rows and gives them back quickly', async () => {
  const { batch, list, jdy } = await world();

  for (let batches = 0; batches < 100; batches += 1) await batch(many(100));
  const seen = new Set<string>();
  for (let after: string | undefined; ;) {
    const page = await list({ limit: 100, ...(after === undefined ? {} : { data_id: after }) });
    for (const { _id } of page) seen.add(_id);
    after = page.at(-1)?._id;
    if (page.length < 100) break;
  }

  expect(seen.size).toBe(10_000);
  expect(jdy.calls.get('app/entry/data/list')).toBe(101);
});
