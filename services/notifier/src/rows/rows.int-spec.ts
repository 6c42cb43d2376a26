import { JiandaoyunSimulator } from '#channels/simulators';
import type { SimulatedRequest } from '#http/simulation';
import { rowFaultPointNames } from '#runtime';
import { rowsOf, TableDesk } from './table.fixture.js';

const to =
  (call: string) =>
  ({ path }: SimulatedRequest): boolean =>
    path.endsWith(call);
const callsOf = (desk: TableDesk, call: string): readonly { readonly body: string }[] =>
  desk.server.requests.filter(({ path }) => path.endsWith(call));
const transactionsOf = (desk: TableDesk): readonly string[] =>
  callsOf(desk, 'batch_create').map(
    ({ body }) => (JSON.parse(body) as { transaction_id: string }).transaction_id,
  );

describe('rows on their way to a table', () => {
  let desk: TableDesk;
  const open = async (
    simulator?: ConstructorParameters<typeof JiandaoyunSimulator>[0],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<void> => {
    desk = await TableDesk.open(new JiandaoyunSimulator({ limits: 'none', ...simulator }), more);
  };
  afterEach(() => desk.close());

  it('are added in batches of a hundred, each kept before it is sent, and nothing is added by a second run', async () => {
    await open();
    const counts = await desk.want(rowsOf(250));
    await desk.drain();

    expect(counts).toMatchObject({ read: 250, created: 250, updated: 0, unchanged: 0, rejected: 0 });
    expect(desk.shown()).toEqual(Object.fromEntries(Object.keys(rowsOf(250)).map((key) => [key, 22])));
    const batches = await desk.batches();
    expect(batches.map(({ deliveries }) => deliveries.length)).toEqual([100, 100, 50]);
    expect(transactionsOf(desk).toSorted()).toEqual(batches.map(({ id }) => id).toSorted());

    expect(await desk.want(rowsOf(250))).toMatchObject({ created: 0, updated: 0, unchanged: 250 });
    await desk.drain();
    expect(callsOf(desk, 'create')).toHaveLength(3);
  });

  it('are changed one by one where they say something else by now, and left alone otherwise', async () => {
    await open();
    await desk.want(rowsOf(20));
    await desk.drain();
    const receipt = (await desk.delivery('2026-03:u3')).receipt;

    const counts = await desk.want({ ...rowsOf(20), '2026-03:u3': { days: 19 }, '2026-03:u7': { days: 0 } });
    await desk.drain();

    expect(counts).toMatchObject({ read: 20, created: 0, updated: 2, unchanged: 18 });
    expect(desk.shown()).toMatchObject({ '2026-03:u3': 19, '2026-03:u7': 0, '2026-03:u4': 22 });
    expect(callsOf(desk, 'data/update')).toHaveLength(2);
    expect((await desk.delivery('2026-03:u3')).receipt).toEqual(receipt);
  });

  it('stay in the table where nothing stands for them any more, and are told of', async () => {
    await open();
    await desk.want(rowsOf(3));
    await desk.drain();

    const counts = await desk.want(rowsOf(2));
    await desk.drain();

    expect(counts).toMatchObject({ read: 2, unchanged: 2, vanished: 1 });
    expect(Object.keys(desk.shown())).toHaveLength(3);
    const newest = await desk.forwards.newest('attendance');
    const settled = newest && (await desk.forwards.settled(newest));
    expect(settled?.vanished.map(({ key }) => key)).toEqual(['2026-03:u2']);
  });

  describe('whose process is killed', () => {
    const cut: Readonly<Record<string, 'cut-after' | 'cut-before'>> = {
      'row.asked': 'cut-after',
      'row.absent': 'cut-before',
    };

    it.each(rowFaultPointNames)('at %s are there once in the end', async (point) => {
      // Nobody asks, nor finds a row absent, before an attempt was cut off; and never while the call can be repeated.
      await open({ repeatedTransaction: 'refuse' });
      await desk.want(rowsOf(5));
      const kind = cut[point];
      if (kind !== undefined) {
        desk.server.plan({ kind, match: to('batch_create') });
        await desk.drain();
        await desk.database.query(`delete from write_batch`);
      }

      await desk.dieAt(point);
      await desk.drain();
      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 5 });
      expect(desk.shown()).toEqual(Object.fromEntries(Object.keys(rowsOf(5)).map((key) => [key, 22])));
    });
  });

  describe('whose batch was cut', () => {
    it.each([['cut-after'], ['cut-before']] as const)(
      'after %s are sent again as the very same call, and are there once',
      async (kind) => {
        await open();
        await desk.want(rowsOf(120));
        desk.server.plan({ kind, match: to('batch_create') });
        await desk.drain();
        expect(await desk.states()).toEqual({ sent: 20, unknown: 100 });

        await desk.drain();

        expect(await desk.states()).toEqual({ sent: 120 });
        expect(Object.keys(desk.shown())).toHaveLength(120);
        const transactions = transactionsOf(desk);
        expect(transactions).toHaveLength(3);
        expect(new Set(transactions).size).toBe(2);
      },
    );

    it('are looked for where the vendor does not take the call for a repetition', async () => {
      await open({ repeatedTransaction: 'refuse' });
      await desk.want(rowsOf(10));
      desk.server.plan({ kind: 'cut-after', match: to('batch_create') });
      await desk.drain();

      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 10 });
      expect(Object.keys(desk.shown())).toHaveLength(10);
    });

    it('are looked for where it is too long ago to repeat the call', async () => {
      await open();
      await desk.want(rowsOf(10));
      desk.server.plan({ kind: 'cut-after', match: to('batch_create') });
      await desk.drain();
      await desk.database.query(`update write_batch set began_at = began_at + interval '1 minute'`);
      await desk.database.query(`update attempt set began_at = began_at - interval '2 hours'`);
      await desk.database.query(`update write_batch set began_at = began_at - interval '2 hours'`);

      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 10 });
      expect(Object.keys(desk.shown())).toHaveLength(10);
      expect(transactionsOf(desk)).toHaveLength(1);
    });

    it('and that were corrected meanwhile show what is right', async () => {
      await open();
      await desk.want(rowsOf(5));
      desk.server.plan({ kind: 'cut-after', match: to('batch_create') });
      await desk.drain();
      await desk.want(rowsOf(5, 21));

      await desk.drain();
      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 5 });
      expect([...new Set(Object.values(desk.shown()))]).toEqual([21]);
      expect(Object.keys(desk.shown())).toHaveLength(5);
    });
  });

  describe('that start automations', () => {
    it('are added one at a time, and each starts its automation once', async () => {
      await open({}, { trigger: true });
      await desk.want(rowsOf(12));
      await desk.drain();

      expect(Object.keys(desk.shown())).toHaveLength(12);
      expect(callsOf(desk, 'batch_create')).toHaveLength(0);
      expect(desk.jiandaoyun.automations).toHaveLength(12);
    });

    it('are looked for by their key after a cut connection', async () => {
      await open({}, { trigger: true });
      await desk.want(rowsOf(3));
      desk.server.plan({ kind: 'cut-after', match: to('data/create') });
      desk.server.plan({ kind: 'cut-before', match: to('data/create') });
      await desk.drain();
      expect(await desk.states()).toEqual({ sent: 1, unknown: 2 });

      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 3 });
      expect(Object.keys(desk.shown())).toHaveLength(3);
      expect(desk.jiandaoyun.automations).toHaveLength(3);
    });
  });

  it('are in nobody’s way where one of them is refused: all others get there', async () => {
    await open({ strangers: 'refuse' });
    desk.jiandaoyun.addMember({ username: 'zhangsan', name: '张三' });
    await desk.want({
      ...rowsOf(30),
      '2026-03:zhangsan': { days: 20, member: 'zhangsan' },
      '2026-03:nobody': { days: 20, member: 'nobody' },
    });
    await desk.drain();

    expect(await desk.states()).toEqual({ failed: 1, sent: 31 });
    expect((await desk.delivery('2026-03:nobody')).detail).toContain('a member does not exist');
    const newest = await desk.forwards.newest('attendance');
    const settled = newest && (await desk.forwards.settled(newest));
    expect(settled).toMatchObject({
      counts: { read: 32, created: 31, updated: 0, unchanged: 0, rejected: 1 },
      rejected: [
        { key: '2026-03:nobody', why: expect.stringContaining('a member does not exist') as unknown },
      ],
    });
    expect(await desk.troubles.listOpen()).toMatchObject([{ kind: 'delivery', owner: 'ops@acme.example' }]);
  });

  it('that were refused are tried again by the next run', async () => {
    await open({ strangers: 'refuse' });
    await desk.want({ '2026-03:nobody': { days: 20, member: 'nobody' } });
    await desk.drain();
    desk.jiandaoyun.addMember({ username: 'nobody', name: '无名' });

    expect(await desk.want({ '2026-03:nobody': { days: 20, member: 'nobody' } })).toMatchObject({
      created: 1,
    });
    await desk.drain();

    expect(await desk.states()).toEqual({ sent: 1 });
    expect(await desk.troubles.listOpen()).toEqual([]);
  });

  describe('for a form that is another by now', () => {
    it.each([
      [
        'a field was renamed',
        (form: TableDesk) =>
          form.jiandaoyun.setAlias(form.form.entryId, '_widget_1767225600001', 'external_key'),
        'the form has no field `ext_key`',
      ],
      [
        'a field is gone',
        (form: TableDesk) => form.jiandaoyun.deleteWidget(form.form.entryId, '_widget_1767225600005'),
        'the form has no field `_widget_1767225600005`',
      ],
    ] as const)(
      'wait where %s: nothing is sent, and the owner hears what does not fit',
      async (_, change, words) => {
        await open();
        change(desk);
        await desk.want(rowsOf(3));
        await desk.drain();

        expect(await desk.states()).toEqual({ held: 3 });
        expect((await desk.delivery('2026-03:u0')).detail).toContain(words);
        expect(callsOf(desk, 'create')).toHaveLength(0);
        expect(desk.jiandaoyun.ignored).toEqual([]);
        expect(await desk.troubles.listOpen()).toHaveLength(3);
      },
    );

    it('are written as soon as it is mended', async () => {
      await open();
      desk.jiandaoyun.setAlias(desk.form.entryId, '_widget_1767225600001', 'external_key');
      await desk.want(rowsOf(3));
      await desk.drain();
      desk.jiandaoyun.setAlias(desk.form.entryId, '_widget_1767225600001', 'ext_key');

      await desk.deliveries.releaseHeld('jiandaoyun');
      await desk.drain();

      expect(await desk.states()).toEqual({ sent: 3 });
      expect(await desk.troubles.listOpen()).toEqual([]);
    });

    it('wait where a field has another type', async () => {
      await open();
      const { widgetName } = desk.jiandaoyun.replaceWidget(
        desk.form.entryId,
        '_widget_1767225600001',
        'number',
      );
      desk.jiandaoyun.setAlias(desk.form.entryId, widgetName, 'ext_key');
      await desk.want(rowsOf(1));
      await desk.drain();

      expect(await desk.states()).toEqual({ held: 1 });
      expect((await desk.delivery('2026-03:u0')).detail).toContain('has the type `number`');
    });
  });

  it('are changed and not added where somebody has written them before', async () => {
    await open();
    await desk.want(rowsOf(2));
    await desk.drain();
    // As after an installation that is not there any more.
    await desk.database.query('delete from attempt');
    await desk.database.query('delete from forward_row');
    await desk.database.query('delete from delivery');

    await desk.want(rowsOf(3, 18));
    await desk.drain();

    expect(desk.shown()).toEqual({ '2026-03:u0': 18, '2026-03:u1': 18, '2026-03:u2': 18 });
  });

  it('fail where somebody has deleted them in the form: they are not written again behind their back', async () => {
    await open();
    await desk.want(rowsOf(2));
    await desk.drain();
    desk.jiandaoyun
      .entry(desk.form.entryId)
      .rows.delete((await desk.delivery('2026-03:u1')).receipt?.id ?? '');

    await desk.want(rowsOf(2, 18));
    await desk.drain();

    expect(await desk.states()).toEqual({ failed: 1, sent: 1 });
    expect((await desk.delivery('2026-03:u1')).detail).toContain('deleted in the form');
  });

  it('wait while the key is revoked in mid-run, and go on with a good one', async () => {
    await open();
    await desk.want(rowsOf(150));
    desk.jiandaoyun.before('app/entry/data/batch_create', () => desk.jiandaoyun.revokeKey(), 1);
    await desk.drain();
    expect(await desk.states()).toEqual({ held: 50, sent: 100 });
    desk.jiandaoyun.restoreKey();

    await desk.deliveries.releaseHeld('jiandaoyun');
    await desk.drain();

    expect(await desk.states()).toEqual({ sent: 150 });
    expect(Object.keys(desk.shown())).toHaveLength(150);
  });

  it('rest where the vendor says that it is too much, and spend no attempt', async () => {
    await open();
    await desk.want(rowsOf(10));
    desk.jiandaoyun.refuse({ path: 'app/entry/data/batch_create', code: 8304 });
    await desk.drain();
    expect(await desk.states()).toEqual({ retrying: 10 });
    expect((await desk.delivery('2026-03:u0')).attempts).toBe(0);

    await desk.drain();

    expect(await desk.states()).toEqual({ sent: 10 });
  });

  it('that a batch has lost are found missing, and added', async () => {
    await open();
    await desk.want(rowsOf(10));
    desk.jiandaoyun.loseFromNextBatch([2, 5]);
    await desk.drain();
    expect(await desk.states()).toEqual({ unknown: 10 });

    await desk.drain();

    expect(await desk.states()).toEqual({ sent: 10 });
    expect(Object.keys(desk.shown())).toHaveLength(10);
  });
});

describe('rows under the vendor’s own limits', () => {
  it('are never sent too fast, whichever process sends them', async () => {
    const desk = await TableDesk.open(new JiandaoyunSimulator());
    await desk.want(rowsOf(20));
    await desk.drain();
    await desk.want(rowsOf(20, 21));
    await desk.drain();

    expect([...new Set(Object.values(desk.shown()))]).toEqual([21]);
    expect(desk.jiandaoyun.refusals.size).toBe(0);
    await desk.close();
  });
});
