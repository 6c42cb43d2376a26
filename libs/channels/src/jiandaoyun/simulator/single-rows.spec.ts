import type { FormSpec } from './company.js';
import { widgetTypes } from './model.js';
import { refused, start, stopAll } from './session.js';

afterEach(stopAll);

/** A field of each type, with the type as its key. */
const everything: FormSpec = {
  name: '全部',
  widgets: widgetTypes.map((type) => ({
    label: type,
    type,
    alias: type,
    ...(type === 'subform' ? { items: [{ label: 'late', type: 'number' as const, alias: 'late' }] } : {}),
  })),
};

const withPeople = async (options = {}) => {
  const world = await start(options, everything);
  world.jdy.addMember({ username: 'olena', name: 'Olena', departments: [1] });
  world.jdy.addMember({ username: 'piotr', name: 'Piotr' });
  return world;
};

const olena = {
  name: 'Olena',
  username: 'olena',
  status: 1,
  type: 0,
  departments: [1],
  integrate_id: 'olena',
};
const acme = { name: 'Acme', dept_no: 1, type: 0, parent_no: 0, status: 1, integrate_id: 1 };
const place = { province: '江苏省', city: '无锡市', district: '滨湖区', detail: '1' };

describe('a value', () => {
  it.each([
    ['text', '迟到', '迟到'],
    ['textarea', 'a\nb', 'a\nb'],
    ['radiogroup', 'of no option', 'of no option'],
    ['combo', 'a', 'a'],
    ['number', 12.5, 12.5],
    ['datetime', '2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['datetime', '2026-03-01T08:00:00.25Z', '2026-03-01T08:00:00.250Z'],
    ['datetime', '2026-03-01T08:00:00+08:00', '2026-03-01T00:00:00.000Z'],
    ['datetime', '2026-03-01T08:00:00', '2026-03-01T08:00:00.000Z'],
    ['datetime', '2026-03-01 08:00:00', '2026-03-01T08:00:00.000Z'],
    ['datetime', '2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['datetime', Date.UTC(2026, 2, 1), '2026-03-01T00:00:00.000Z'],
    ['checkboxgroup', ['a', 'b'], ['a', 'b']],
    ['combocheck', [], []],
    ['address', place, place],
    ['location', { ...place, lnglatXY: [120.3, 31.5] }, { ...place, lnglatXY: [120.3, 31.5] }],
    ['phone', { phone: '139' }, { phone: '139', verified: false }],
    ['user', 'olena', olena],
    ['usergroup', ['olena', 'nobody'], [olena]],
    ['dept', 1, acme],
    ['deptgroup', [1, 99], [acme]],
    ['lookup', '65f0a0b0e2b7d41a90f1000a', '65f0a0b0e2b7d41a90f1000a'],
    ['richtext', '<b>a</b>', { html: '<b>a</b>', attachments: [] }],
    ['subform', [{ late: { value: 21 } }], [{ _id: expect.stringMatching(/^[0-9a-f]{24}$/), late: 21 }]],
  ])('of %s is taken: %j', async (type, value, shown) => {
    const { jdy, create } = await withPeople();

    const row = await create({ [type]: { value } });

    expect(row[type]).toEqual(shown);
    expect(jdy.ignored).toEqual([]);
  });

  it.each([
    ['text', 7, ''],
    ['number', '12.5', null],
    ['datetime', 1_772_323_200, null],
    ['datetime', 0, null],
    ['datetime', '', null],
    ['datetime', '2026/03/01', null],
    ['datetime', '2026-02-30', null],
    ['datetime', '2026-03', null],
    ['checkboxgroup', 'a', []],
    ['user', 'nobody', null],
    ['user', { username: 'olena' }, null],
    ['usergroup', 'olena', []],
    ['dept', '1', null],
    ['dept', 99, null],
    ['phone', '139', null],
    ['lookup', 'a', null],
    ['location', place, null],
    ['image', ['key'], []],
    ['subform', { late: { value: 1 } }, []],
  ])('of %s is ill-formatted, and is stored empty without a word: %j', async (type, value, empty) => {
    const { jdy, create } = await withPeople();

    const row = await create({ [type]: { value } });

    expect(row[type]).toEqual(empty);
    expect(jdy.ignored).toEqual([{ path: 'app/entry/data/create', field: type, why: 'ill-formatted' }]);
  });

  it.each([
    ['without its wrapper', { text: 'a' }, 'no value wrapper'],
    ['with another wrapper', { text: { val: 'a' } }, 'no value wrapper'],
    ['of an unknown field', { late_days: { value: 1 } }, 'no such field'],
    ['of a system field', { creator: { value: 'olena' } }, 'no such field'],
    ['of a field that is numbered', { sn: { value: '0007' } }, 'not writable'],
    ['of chosen data', { linkdata: { value: { id: 'a' } } }, 'not writable'],
  ])('%s is dropped without a word', async (_, data, why) => {
    const { jdy, create } = await withPeople();

    const row = await create(data);

    expect(row).toMatchObject({ text: '', sn: '0001', creator: { username: 'admin' } });
    expect(jdy.ignored).toMatchObject([{ why }]);
  });

  it('without its wrapper is dropped in a sub-form too', async () => {
    const { create } = await withPeople();

    const row = await create({ subform: { value: [{ late: 21 }] } });

    expect(row['subform']).toMatchObject([{ late: null }]);
  });

  it('that names nobody may be refused, and then nothing of a batch stays', async () => {
    const { ask, list } = await withPeople({ strangers: 'refuse' });

    const user = await ask('app/entry/data/batch_create', {
      data_list: [{ text: { value: 'a' } }, { user: { value: 'nobody' } }],
    });
    const dept = await ask('app/entry/data/create', { data: { dept: { value: 99 } } });

    expect([user, dept]).toEqual([refused(1010), refused(6002)]);
    expect(await list()).toEqual([]);
  });

  it('that names no zone may be of another', async () => {
    const { create } = await withPeople({ zonelessOffsetHours: 8 });

    expect((await create({ datetime: { value: '2026-03-01' } }))['datetime']).toBe(
      '2026-02-28T16:00:00.000Z',
    );
  });
});

describe('create', () => {
  // The sample of https://hc.jiandaoyun.com/open/14222, with another person.
  it("answers the vendor's sample as the vendor does", async () => {
    const now = () => new Date('2026-04-01T01:00:00.123Z');
    const { jdy, create, target } = await start(
      { now },
      {
        name: '考勤',
        widgets: [
          { label: '外部编号', type: 'text', alias: 'ext_key' },
          { label: '员工', type: 'user', alias: 'member' },
          { label: '部门', type: 'dept', alias: 'dept' },
          { label: '工时', type: 'number', alias: 'hours' },
          { label: '开始', type: 'datetime', alias: 'period_start' },
          { label: '标签', type: 'checkboxgroup', alias: 'tags' },
          {
            label: '明细',
            type: 'subform',
            alias: 'details',
            items: [
              { label: '日期', type: 'datetime', alias: 'day' },
              { label: '迟到分钟', type: 'number', alias: 'late_min' },
            ],
          },
        ],
      },
    );
    jdy.addDepartment(12, '研发部');
    jdy.addMember({ username: 'olena', name: 'Olena', departments: [12] });

    const row = await create(
      {
        ext_key: { value: '2026-03:olena' },
        member: { value: 'olena' },
        dept: { value: 12 },
        hours: { value: 168.5 },
        period_start: { value: '2026-02-28T16:00:00.000Z' },
        tags: { value: ['迟到'] },
        details: { value: [{ day: { value: '2026-03-02' }, late_min: { value: 21 } }] },
      },
      { data_creator: 'olena', is_start_workflow: false, is_start_trigger: false },
    );

    const person = { ...olena, departments: [12] };
    expect(row).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      appId: target.app_id,
      entryId: target.entry_id,
      creator: person,
      updater: person,
      deleter: null,
      createTime: '2026-04-01T01:00:00.123Z',
      updateTime: '2026-04-01T01:00:00.123Z',
      deleteTime: null,
      ext_key: '2026-03:olena',
      member: person,
      dept: { name: '研发部', dept_no: 12, type: 0, parent_no: 1, status: 1, integrate_id: 12 },
      hours: 168.5,
      period_start: '2026-02-28T16:00:00.000Z',
      tags: ['迟到'],
      details: [{ _id: expect.any(String), day: '2026-03-02T00:00:00.000Z', late_min: 21 }],
    });
    expect(jdy.ignored).toEqual([]);
  });

  it('checks neither required nor unique', async () => {
    const { create, list } = await start();

    await create({ ext_key: { value: 'same' } });
    await create({ ext_key: { value: 'same' } });

    expect(await list()).toHaveLength(2);
  });

  it('makes a second row when it is repeated, whatever the transaction', async () => {
    const { create, list, ask } = await start();
    const transaction_id = '0d4f3a5e-5d0b-4c1e-9a53-3f1f0a7d9b11';

    await create({}, { transaction_id });
    await create({}, { transaction_id });

    expect(await list()).toHaveLength(2);
    expect(await ask('app/entry/data/create', { data: {}, transaction_id: '7' })).toEqual(refused(17025));
  });

  it('takes who submits, and knows who may not', async () => {
    const { jdy, ask, create } = await start();
    jdy.addMember({ username: 'olena', name: 'Olena' });
    jdy.addMember({ username: 'guest', name: 'Guest', partner: true });

    expect(await create({}, { data_creator: 'olena' })).toMatchObject({ creator: { username: 'olena' } });
    expect(await ask('app/entry/data/create', { data: {}, data_creator: 'nobody' })).toEqual(refused(1010));
    expect(await ask('app/entry/data/create', { data: {}, data_creator: 'guest' })).toEqual(refused(1096));
  });

  it('begins workflows and automations only when asked to, and workflows on workflow forms only', async () => {
    const flow = await start({}, { name: '审批', workflow: true, widgets: [] });
    const plain = await start();
    const flags = { is_start_workflow: true, is_start_trigger: true };

    expect(await flow.create({})).not.toHaveProperty('flowState');
    expect(await flow.create({}, flags)).toMatchObject({ flowState: 0 });
    expect(await plain.create({}, flags)).not.toHaveProperty('flowState');

    expect([flow.jdy.workflows.length, flow.jdy.automations.length, flow.jdy.reminders]).toEqual([1, 1, 2]);
    expect([plain.jdy.workflows.length, plain.jdy.automations.length]).toEqual([0, 1]);
    expect(plain.jdy.ignored).toMatchObject([{ field: 'is_start_workflow', why: 'no effect here' }]);
    expect(await plain.ask('app/entry/data/create', { data: {}, is_start_trigger: 1 })).toEqual(
      refused(17017),
    );
  });

  it('shows who left, in old rows too', async () => {
    const { jdy, create, list } = await start();
    jdy.addMember({ username: 'olena', name: 'Olena' });
    await create({ _widget_1767225600002: { value: 'olena' } });

    jdy.dismissMember('olena');

    expect(await list()).toMatchObject([{ _widget_1767225600002: { status: -1 } }]);
  });
});

describe('update', () => {
  const setUp = async () => {
    const world = await withPeople();
    const made = await world.create({
      text: { value: 'a' },
      number: { value: 1 },
      subform: { value: [{ late: { value: 1 } }, { late: { value: 2 } }] },
    });
    const update = async (data: unknown) =>
      (await world.ask('app/entry/data/update', { data_id: made._id, data })).body['data'] as typeof made;
    const subRows = (row: typeof made) => row['subform'] as { _id: string; late: number | null }[];
    return { ...world, made, update, subRows };
  };

  it('leaves alone what is not mentioned, and empties what is ill-formatted', async () => {
    const { update, made } = await setUp();

    const row = await update({ number: { value: 'two' } });

    expect(row).toMatchObject({ _id: made._id, text: 'a', number: null, subform: made['subform'] });
  });

  it('replaces a sub-form: rows keep their id where it is sent, and what is left out is gone', async () => {
    const { update, made, subRows } = await setUp();
    const [, second] = subRows(made);

    const row = await update({
      subform: { value: [{ _id: { value: second?._id } }, { _id: { value: 'a' }, late: { value: 9 } }] },
    });

    expect(subRows(row)).toEqual([
      { _id: second?._id, late: null },
      { _id: expect.any(String), late: 9 },
    ]);
    expect(subRows(made).map(({ _id }) => _id)).not.toContain(subRows(row)[1]?._id);
  });

  it('does not know rows that are not there', async () => {
    const { ask, made } = await setUp();

    expect(await ask('app/entry/data/delete', { data_id: made._id })).toEqual({
      status: 200,
      body: { status: 'success' },
    });
    expect(await ask('app/entry/data/delete', { data_id: made._id })).toEqual(refused(4001));
    expect(await ask('app/entry/data/update', { data_id: made._id, data: {} })).toEqual(refused(4001));
  });
});
