import type { FormSpec } from './company.js';
import { refused, start, stopAll } from './session.js';

afterEach(stopAll);

const form: FormSpec = {
  name: '考勤',
  widgets: [
    { label: 'key', type: 'text', alias: 'key' },
    { label: 'note', type: 'textarea', alias: 'note' },
    { label: 'hours', type: 'number', alias: 'hours' },
    { label: 'month', type: 'datetime', alias: 'month' },
    { label: 'tags', type: 'checkboxgroup', alias: 'tags' },
    { label: 'person', type: 'user', alias: 'person' },
    { label: 'phone', type: 'phone', alias: 'phone' },
    { label: 'no', type: 'sn', alias: 'no' },
    { label: 'days', type: 'subform', alias: 'days', items: [{ label: 'd', type: 'text', alias: 'd' }] },
  ],
};

const world = async (options = {}) => {
  const base = await start(options, form);
  base.jdy.addMember({ username: 'olena', name: 'Olena' });
  base.jdy.addMember({ username: 'piotr', name: 'Piotr' });
  const row = (key: string, values: Readonly<Record<string, unknown>>) =>
    base.create(
      Object.fromEntries(Object.entries({ key, ...values }).map(([name, value]) => [name, { value }])),
    );
  await row('a', { hours: 10, month: '2026-03-01T00:00:00Z', tags: ['x'], person: 'olena' });
  await row('b', { hours: 20, month: '2026-04-01T00:00:00Z', tags: ['x', 'y'], person: 'piotr' });
  await row('c', { phone: { phone: '13900' } });
  const keys = async (filter: unknown) => (await base.list({ filter })).map(({ key }) => key).join('');
  return { ...base, keys };
};

const that = (field: string, method: string, value?: unknown, more = {}) => ({
  rel: 'and',
  cond: [{ field, method, ...(value === undefined ? {} : { value }), ...more }],
});

describe('a filter', () => {
  it.each([
    ['key', 'eq', ['a'], 'a'],
    ['key', 'ne', ['a'], 'bc'],
    ['key', 'in', ['a', 'c', 'z'], 'ac'],
    ['key', 'nin', ['a', 'c'], 'b'],
    ['note', 'empty', undefined, 'abc'],
    ['hours', 'gt', [10], 'b'],
    ['hours', 'lt', [20], 'a'],
    ['hours', 'range', [10, 20], 'ab'],
    ['hours', 'range', [null, 10], 'a'],
    ['hours', 'empty', [], 'c'],
    ['month', 'eq', ['2026-03-01'], 'a'],
    ['month', 'range', ['2026-03-02', null], 'b'],
    ['createTime', 'range', ['2020-01-01', null], 'abc'],
    ['tags', 'in', ['y', 'z'], 'b'],
    ['tags', 'all', ['x', 'y'], 'b'],
    ['tags', 'not_empty', [], 'ab'],
    ['person', 'eq', ['olena'], 'a'],
    ['person', 'nin', ['olena'], 'bc'],
    ['person', 'nin', ['olena', 'nobody'], 'abc'],
    ['creator', 'in', ['admin'], 'abc'],
    ['phone', 'like', ['39'], 'c'],
    ['phone', 'unverified', [], 'c'],
    ['no', 'like', ['03'], 'c'],
    ['flowState', 'empty', [], 'abc'],
  ])('by %s %s %j finds %s', async (field, method, value, found) => {
    const { keys } = await world();

    expect(await keys(that(field, method, value))).toBe(found);
  });

  it('joins its conditions by and or or', async () => {
    const { keys } = await world();
    const cond = [
      { field: 'key', type: 'text', method: 'eq', value: ['a'] },
      { field: 'hours', type: 'number', method: 'eq', value: [20] },
    ];

    expect(await keys({ rel: 'and', cond })).toBe('');
    expect(await keys({ rel: 'or', cond })).toBe('ab');
  });

  it.each([
    ['no relation', { cond: [{ field: 'key', method: 'empty' }] }],
    ['no conditions', { rel: 'and', cond: [] }],
    ['a second level', { rel: 'and', cond: [{ rel: 'or', cond: [] }] }],
    ['a value that is no list', that('key', 'eq', 'a')],
    ['a value of another type', that('hours', 'eq', ['10'])],
    ['two values for one', that('key', 'eq', ['a', 'b'])],
    ['no values', that('key', 'in', [])],
    ['a method of other fields', that('key', 'like', ['a'])],
    ['long text', that('note', 'eq', ['a'])],
    ['a field that is not there', that('ext', 'eq', ['a'])],
    ['the stable name of a field with an alias', that('_widget_1777000000001', 'eq', ['a'])],
    ["a sub-form's field", that('d', 'eq', ['a'])],
    ['a wrong type', that('key', 'eq', ['a'], { type: 'number' })],
    ['too many values', that('key', 'in', Array(1001).fill('a'))],
  ])('is refused for %s', async (_, filter) => {
    const { ask } = await world();

    expect(await ask('app/entry/data/list', { filter })).toEqual(refused(4815));
  });

  it('takes 200 values where the vendor does as its older pages say', async () => {
    const { ask } = await world({ mostFilterValues: 200 });
    const filter = that('key', 'in', Array(201).fill('a'));

    expect(await ask('app/entry/data/list', { filter })).toEqual(refused(4815));
  });

  it('under another name changes nothing, and everything comes', async () => {
    const { jdy, list } = await world();

    expect(await list({ data_filter: that('key', 'eq', ['a']) })).toHaveLength(3);
    expect(jdy.ignored).toContainEqual({
      path: 'app/entry/data/list',
      field: 'data_filter',
      why: 'no such parameter',
    });
  });
});

describe('a list', () => {
  it('has ten rows where no limit is named, by ascending id, and goes on after one that may be gone', async () => {
    const { create, list, ask } = await start();
    for (let rows = 0; rows < 12; rows += 1) await create({});

    const first = await list();
    const last = first.at(-1)?._id;
    await ask('app/entry/data/delete', { data_id: last });
    const second = await list({ data_id: last });

    expect([first.length, second.length]).toEqual([10, 2]);
    const ids = [...first, ...second].map(({ _id }) => _id);
    expect(ids).toEqual([...ids].sort());
  });

  it.each([
    ['limit', 0],
    ['limit', 101],
    ['limit', '100'],
    ['data_id', 'a'],
    ['fields', 'key'],
  ])('is refused with a %s of %j', async (name, value) => {
    const { ask } = await start();

    expect(await ask('app/entry/data/list', { [name]: value })).toEqual(refused(17017));
  });

  it('has only the fields that are wanted', async () => {
    const { list, target } = await world();

    expect((await list({ fields: ['key', 'ext'] }))[0]).toEqual({
      _id: expect.any(String),
      appId: target.app_id,
      entryId: target.entry_id,
      key: 'a',
    });
  });
});
