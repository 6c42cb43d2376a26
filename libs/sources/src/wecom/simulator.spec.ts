import { type Answer, corpId, daySeconds, march, Sample, secrets } from './simulator/sample.fixture.js';
import type { WecomSimulatorOptions } from './simulator.js';

let wecom: Sample;

async function reopen(options: WecomSimulatorOptions = {}): Promise<void> {
  await wecom?.close();
  wecom = await Sample.open(options);
}

const monthPath = 'checkin/getcheckin_monthdata';
const both = { ...march, useridlist: ['ZhangSan', 'LiSi'] };
const idsOf = (answer: Answer, list: string, name: string): unknown[] =>
  (answer.body[list] as Record<string, unknown>[]).map((row) => row[name]);

describe('the simulated WeCom', () => {
  beforeEach(() => reopen());
  afterAll(() => wecom.close());

  describe('gives a token', () => {
    const good = { corpid: corpId, corpsecret: secrets.app };

    it('that is the same one while it is valid, and each app its own', async () => {
      const first = await wecom.askToken(good);
      wecom.now += 7_000_000;
      const again = await wecom.askToken(good);
      wecom.now += 200_000;
      const later = await wecom.token();

      expect(first).toMatchObject({ status: 200, body: { errcode: 0, errmsg: 'ok', expires_in: 7200 } });
      expect(again.body).toEqual({ ...first.body, expires_in: 200 });
      expect(later).not.toBe(first.body['access_token']);
      expect(await wecom.token(secrets.contacts)).not.toBe(later);
    });

    it.each<[string, Record<string, string>, number]>([
      ['without a corp', { corpsecret: secrets.app }, 41002],
      ['without a secret', { corpid: corpId }, 41004],
      ['to another corp', { ...good, corpid: 'ww1' }, 40013],
      ['for a wrong secret', { ...good, corpsecret: 'guess' }, 40001],
      ['with a strange parameter', { ...good, debug: '1' }, 40058],
    ])('not %s', async (_, params, code) => {
      const answer = await wecom.askToken(params);

      expect(answer).toMatchObject({ status: 200, code });
      expect(answer.body).not.toHaveProperty('access_token');
    });

    it('not for a secret that was revoked, nor to an address that is not trusted', async () => {
      wecom.simulator.revokeSecret(secrets.app);
      wecom.simulator.editApp(secrets.contacts, { trustedIps: ['203.0.113.10'] });

      expect((await wecom.askToken(good)).code).toBe(40091);
      expect((await wecom.askToken({ ...good, corpsecret: secrets.contacts })).code).toBe(60020);
    });

    it('not to a POST', async () => {
      expect((await wecom.send('gettoken', { method: 'POST' })).code).toBe(40058);
    });
  });

  describe('refuses a token', () => {
    const list = 'user/simplelist?department_id=2';

    it('that is missing, stands elsewhere, or was never given', async () => {
      const token = await wecom.token();
      const inHeader = await wecom.send(list, { headers: { authorization: `Bearer ${token}` } });

      expect((await wecom.send(list)).code).toBe(41001);
      expect(inHeader.code).toBe(41001);
      expect((await wecom.getWith('guess', list)).code).toBe(40014);
    });

    it('from the second on which it expires', async () => {
      const token = await wecom.token();
      wecom.now += 7_199_999;
      const before = await wecom.getWith(token, list);
      wecom.now += 1;

      expect(before.code).toBe(0);
      expect((await wecom.getWith(token, list)).code).toBe(42001);
      expect((await wecom.get(list)).code).toBe(0);
    });

    it.each([40014, 42001] as const)(
      'that was ended early with %d, after the calls it was told',
      async (code) => {
        wecom.simulator.endTokens(code, 1);
        const token = await wecom.token();

        const codes = [];
        for (let call = 0; call < 3; call += 1) codes.push((await wecom.getWith(token, list)).code);

        expect(codes).toEqual([0, code, code]);
        expect((await wecom.get(list)).code).toBe(0);
      },
    );

    it('of a secret that was revoked in mid-run', async () => {
      const token = await wecom.token();
      wecom.simulator.revokeSecret(secrets.app);

      expect((await wecom.getWith(token, list)).code).toBe(40014);
    });
  });

  it('tells hint, address and page with every refusal, and never the same text twice', async () => {
    const texts = [
      (await wecom.getWith('x', 'user/get')).body,
      (await wecom.getWith('x', 'user/get')).body,
    ].map(({ errmsg }) => errmsg);

    expect(texts[0]).toMatch(
      /^invalid access_token, hint: \[\d{19}\], from ip: 203\.0\.113\.9, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40014$/,
    );
    expect(texts[1]).not.toBe(texts[0]);
  });

  describe('shows contacts', () => {
    it('as ids, a row for each person and department, page by page', async () => {
      const rows: unknown[] = [];
      let cursor = '';
      let pages = 0;
      do {
        const { body } = await wecom.post('user/list_id', { cursor, limit: 2 }, secrets.contacts);
        rows.push(...(body['dept_user'] as unknown[]));
        cursor = String(body['next_cursor']);
        pages += 1;
      } while (cursor !== '');

      expect(rows).toEqual([
        { userid: 'ZhangSan', department: 2 },
        { userid: 'ZhangSan', department: 1 },
        { userid: 'LiSi', department: 5 },
      ]);
      expect(pages).toBe(2);
    });

    it('with nobody twice or left out when somebody goes between two pages', async () => {
      const first = await wecom.post('user/list_id', { limit: 2 }, secrets.contacts);
      wecom.simulator.removeUser('zhangsan');

      const second = await wecom.post(
        'user/list_id',
        { limit: 2, cursor: first.body['next_cursor'] },
        secrets.contacts,
      );

      expect(second.body).toMatchObject({ dept_user: [{ userid: 'LiSi' }], next_cursor: '' });
    });

    it('as departments: all, or one with those below it', async () => {
      const all = await wecom.get('department/simplelist');
      const some = await wecom.get('department/list?id=2');

      expect(idsOf(all, 'department_id', 'id')).toEqual([1, 2, 5, 3]);
      expect(some.body['department']).toMatchObject([
        { id: 2, name: '研发部', department_leader: ['ZhangSan'], parentid: 1 },
        { id: 3, name: '前端组', parentid: 2 },
      ]);
    });

    it('of one department without those below it', async () => {
      const company = await wecom.get('user/simplelist?department_id=1');
      const support = await wecom.get('user/list?department_id=5');

      expect(company.body['userlist']).toMatchObject([
        { userid: 'ZhangSan', name: '张三', department: [2, 1] },
      ]);
      expect(support.body['userlist']).toMatchObject([
        {
          userid: 'LiSi',
          department: [5],
          order: [0],
          is_leader_in_dept: [0],
          main_department: 5,
          status: 1,
        },
      ]);
    });

    it('with an e-mail only to apps made by 2022-06-20, and names of departments as the app may see them', async () => {
      wecom.simulator.addApp({ secret: 'old', createdOn: '2022-06-20' });
      wecom.simulator.addApp({ secret: 'new', createdOn: '2022-06-21', departmentNames: false });

      const old = await wecom.get('user/get?userid=zhangsan', 'old');
      const young = await wecom.get('user/get?userid=zhangsan', 'new');
      const departments = await wecom.get('department/list?id=3', 'new');

      expect(old.body).toMatchObject({ userid: 'ZhangSan', email: 'zhangsan@acme.example', mobile: '' });
      for (const field of ['email', 'mobile', 'avatar']) expect(young.body).not.toHaveProperty(field);
      expect(departments.body['department']).toEqual([
        { id: 3, department_leader: [], parentid: 2, order: expect.any(Number) as unknown },
      ]);
    });

    it.each<[string, () => Promise<Answer>, number]>([
      ['the list of ids to a self-built app', () => wecom.post('user/list_id', { limit: 1 }), 48002],
      ['more than 10,000 ids', () => wecom.post('user/list_id', { limit: 10_001 }, secrets.contacts), 40058],
      ['no ids at all', () => wecom.post('user/list_id', { limit: 0 }, secrets.contacts), 40058],
      ['a limit in words', () => wecom.post('user/list_id', { limit: '1' }, secrets.contacts), 40058],
      [
        'a cursor of its own making',
        () => wecom.post('user/list_id', { cursor: '2' }, secrets.contacts),
        40058,
      ],
      ['a department that is not there', () => wecom.get('department/list?id=99'), 60011],
      ['people of a department that is not there', () => wecom.get('user/list?department_id=99'), 60011],
      ['people of no department', () => wecom.get('user/list'), 40058],
      ['people of a department in words', () => wecom.get('user/list?department_id=all'), 40058],
      ['the whole sub-tree at once', () => wecom.get('user/list?department_id=1&fetch_child=1'), 40058],
      ['a person who is not there', () => wecom.get('user/get?userid=WangWu'), 60111],
      ['nobody', () => wecom.get('user/get'), 40058],
      ['ids by GET', () => wecom.get('user/list_id', secrets.contacts), 40058],
      ['a path that is not there', () => wecom.get('user/all'), 48001],
    ])('but not %s', async (_, ask, code) => {
      expect(await ask()).toMatchObject({ status: 200, code });
    });

    it('only those within the range that the app may see', async () => {
      wecom.simulator.editApp(secrets.app, { visible: { departments: [2], users: ['lisi'] } });

      expect(idsOf(await wecom.get('department/simplelist'), 'department_id', 'id')).toEqual([2, 3]);
      expect((await wecom.get('user/list?department_id=5')).code).toBe(60011);
      expect((await wecom.get('user/get?userid=LiSi')).code).toBe(0);
      expect((await wecom.post(monthPath, both)).code).toBe(0);
      wecom.simulator.editApp(secrets.app, { visible: { departments: [2], users: [] } });
      expect((await wecom.get('user/get?userid=LiSi')).code).toBe(60011);
      expect((await wecom.post(monthPath, both)).code).toBe(301021);
    });
  });

  describe('reports a month', () => {
    it('as in the published sample, with ids in their own casing, once each', async () => {
      await reopen({ omitZeros: false });

      const rows = await wecom.month(['zhangsan', 'ZHANGSAN', 'lisi']);

      expect(rows).toHaveLength(2);
      expect(rows[0]).toEqual({
        base_info: {
          record_type: 1,
          name: '张三',
          name_ex: 'Three Zhang',
          departs_name: '示例公司/研发部;示例公司',
          rule_info: { groupid: 10, groupname: '总部固定班' },
          acctid: 'ZhangSan',
        },
        summary_info: {
          work_days: 22,
          regular_days: 18,
          except_days: 4,
          rest_days: 9,
          regular_work_sec: 604_800,
          standard_work_sec: 633_600,
        },
        exception_infos: [
          { exception: 1, count: 2, duration: 1260 },
          { exception: 2, count: 1, duration: 600 },
          { exception: 3, count: 1, duration: 0 },
          { exception: 4, count: 1, duration: 28_800 },
        ],
        sp_items: [
          { type: 1, vacation_id: 1, count: 1, duration: 86_400, time_type: 0, name: '年假' },
          { type: 1, vacation_id: 3, count: 1, duration: 10_800, time_type: 1, name: '调休假' },
          { type: 2, vacation_id: 0, count: 1, duration: 0, time_type: 0, name: '补卡次数' },
          { type: 100, vacation_id: 0, count: 3, duration: 0, time_type: 0, name: '外勤次数' },
        ],
        overwork_info: {
          workday_over_sec: 7200,
          workdays_over_as_vacation: 0,
          workdays_over_as_money: 7200,
          restdays_over_sec: 14_400,
          restdays_over_as_vacation: 14_400,
          restdays_over_as_money: 0,
          holidays_over_sec: 0,
          holidays_over_as_vacation: 0,
          holidays_over_as_money: 0,
        },
      });
      expect(rows[1]?.['summary_info']).toEqual({
        work_days: 20,
        except_days: 0,
        regular_work_sec: 576_000,
        standard_work_sec: 576_000,
      });
    });

    it('without some of the zeros that may be absent, and always the same ones', async () => {
      const [row] = await wecom.month(['LiSi']);
      const shown = Object.keys(row?.['overwork_info'] as object).length;

      expect(shown).toBeLessThan(9);
      expect(await wecom.month(['LiSi'])).toEqual([row]);
    });

    it('of as many days as were asked for: each day belongs to one window', async () => {
      const middle = march.starttime + 15 * daySeconds;
      const windows = [march, { ...march, endtime: middle }, { ...march, starttime: middle + daySeconds }];

      const sums = [];
      for (const window of windows) {
        const [row] = await wecom.month(['ZhangSan'], window);
        sums.push((row?.['summary_info'] as Record<string, number>)['regular_work_sec'] ?? 0);
      }

      expect(sums[0]).toBe(604_800);
      expect(sums[1]).toBeGreaterThan(0);
      expect(sums[1]).toBeLessThan(604_800);
      expect((sums[1] ?? 0) + (sums[2] ?? 0)).toBe(604_800);
    });

    it('with the last midnight as the end: that day belongs to it', async () => {
      wecom.simulator.clearMonth('LiSi', '2026-03');
      wecom.simulator.setDay('LiSi', '2026-03-31', { workedSeconds: 60 });

      const [whole] = await wecom.month(['LiSi']);
      const [short] = await wecom.month(['LiSi'], { ...march, endtime: march.endtime - daySeconds });

      expect(whole?.['summary_info']).toMatchObject({ work_days: 1, regular_work_sec: 60 });
      expect(short?.['summary_info']).toMatchObject({ work_days: 0, regular_work_sec: 0 });
    });

    it.each([
      ['the start', { starttime: march.starttime + 1 }],
      ['the end', { endtime: march.endtime - 1 }],
      ['both, at midnight of UTC', { starttime: 1772323200, endtime: 1774828800 }],
    ])('of nothing where %s is not midnight in the zone of the corp', async (_, off) => {
      const answer = await wecom.post(monthPath, { ...both, ...off });

      expect(answer.body).toEqual({ errcode: 0, errmsg: 'ok', datas: [] });
    });

    it('by the midnights of the zone that the corp has', async () => {
      await reopen({ zone: 'Europe/Kyiv' });
      const starttime = Date.parse('2026-03-01T00:00:00+02:00') / 1000;

      const summer = await wecom.month(['LiSi'], {
        starttime,
        endtime: Date.parse('2026-03-31T00:00:00+03:00') / 1000,
      });
      const winter = await wecom.month(['LiSi'], { starttime, endtime: starttime + 30 * daySeconds });

      expect(summer[0]?.['summary_info']).toMatchObject({ work_days: 20 });
      expect(winter).toEqual([]);
    });

    it.each<[string, unknown, number]>([
      ['without a start', { ...both, starttime: undefined }, 301024],
      ['from before 1970', { ...both, starttime: -daySeconds }, 301024],
      ['to its own start', { ...both, endtime: march.starttime }, 301024],
      ['to before its start', { ...both, endtime: march.starttime - daySeconds }, 301024],
      ['over 32 days, as half-open months are', { ...both, endtime: march.endtime + daySeconds }, 301024],
      [
        'in milliseconds',
        { ...both, starttime: march.starttime * 1000, endtime: march.endtime * 1000 },
        301024,
      ],
      ['in words', { ...both, starttime: String(march.starttime) }, 40058],
      ['in parts of seconds', { ...both, starttime: march.starttime + 0.5 }, 40058],
      ['with a field that is not there', { ...both, month: '2026-03' }, 40058],
      ['for nobody', { ...both, useridlist: [] }, 301023],
      ['without a list', march, 301023],
      ['for more than 100', { ...both, useridlist: Array.from({ length: 101 }, () => 'LiSi') }, 301023],
      ['for a list in one text', { ...both, useridlist: 'ZhangSan|LiSi' }, 40031],
      ['for an id that is a number', { ...both, useridlist: [1] }, 40003],
      ['for an empty id', { ...both, useridlist: [''] }, 40003],
      ['for a batch with one stranger', { ...both, useridlist: ['ZhangSan', 'WangWu', 'LiSi'] }, 301021],
      ['that is no object', [both], 40058],
    ])('but not one %s', async (_, body, code) => {
      const answer = await wecom.post(monthPath, body);

      expect(answer).toMatchObject({ status: 200, code });
      expect(answer.body).not.toHaveProperty('datas');
    });

    it('for 100 at once', async () => {
      const useridlist = Array.from({ length: 100 }, (_, index) => `wc-${index}`);
      for (const id of useridlist) wecom.simulator.addUser({ id, name: id });

      expect(await wecom.month(useridlist)).toHaveLength(100);
    });

    it('says what is wrong with a body that is no JSON', async () => {
      const token = await wecom.token();
      const answer = await wecom.send(`${monthPath}?access_token=${token}`, { method: 'POST', body: '{' });

      expect(answer.code).toBe(40058);
      expect(answer.body['errmsg']).toMatch(/^Warning: wrong json format\. /);
    });

    it('only to apps that may', async () => {
      wecom.simulator.addApp({ secret: 'unlisted', checkIn: false });
      wecom.simulator.addApp({ secret: 'system', kind: 'check-in' });

      const codes = [];
      for (const secret of ['unlisted', secrets.contacts, 'system'])
        codes.push((await wecom.post(monthPath, both, secret)).code);

      expect(codes).toEqual([48002, 48002, 48002]);
      expect((await wecom.get('user/get?userid=LiSi', 'system')).code).toBe(48002);
      await reopen({ systemCheckIn: true });
      wecom.simulator.addApp({ secret: 'system', kind: 'check-in' });
      expect((await wecom.post(monthPath, both, 'system')).code).toBe(0);
    });
  });

  describe('knows people', () => {
    it('who left in mid-month: gone with the month, or listed as left with their days until then', async () => {
      wecom.simulator.leave('LiSi', { on: '2026-03-15', listed: true });
      const [row] = await wecom.month(['LiSi']);
      const listed = await wecom.get('user/get?userid=LiSi');
      wecom.simulator.leave('ZhangSan', { on: '2026-03-15' });

      expect(row?.['summary_info']).toMatchObject({ work_days: 10 });
      expect(listed.body['status']).toBe(5);
      expect((await wecom.post(monthPath, both)).code).toBe(301021);
      expect((await wecom.get('user/get?userid=ZhangSan')).code).toBe(60111);
    });

    it.each<[WecomSimulatorOptions, number, number]>([
      [{}, 0, 1],
      [{ withoutRule: 'zeros', withoutDays: 'absent' }, 0, 0],
      [{ withoutRule: 'zeros' }, 1, 1],
    ])('without a rule or without any day: %j', async (options, withoutRule, withoutDays) => {
      await reopen(options);
      wecom.simulator.addUser({ id: 'boss', name: '王五', rule: null });
      wecom.simulator.addUser({ id: 'new', name: '赵六' });

      expect(await wecom.month(['boss'])).toHaveLength(withoutRule);
      expect(await wecom.month(['new'])).toHaveLength(withoutDays);
    });

    it('whose month is corrected', async () => {
      const day = '2026-03-04';
      wecom.simulator.editDay('LiSi', day, { exceptions: [{ exception: 4, count: 1, duration: 28_800 }] });
      const [before] = await wecom.month(['LiSi']);
      wecom.simulator.editDay('LiSi', day, { exceptions: [] });
      wecom.simulator.editMonth('ZhangSan', '2026-03', { workedSeconds: 1 });

      expect(before).toMatchObject({ summary_info: { except_days: 1 }, exception_infos: [{ exception: 4 }] });
      expect(wecom.simulator.month('LiSi', '2026-03')).toMatchObject({ exceptDays: 0, exceptions: [] });
      expect(wecom.simulator.month('ZhangSan', '2026-03')).toMatchObject({ workedSeconds: 1, workDays: 22 });
    });

    it('whose rows are malformed, repeated or left out on demand', async () => {
      wecom.simulator.spoil('month', 'ZhangSan', { missing: ['summary_info'], times: 2 });
      wecom.simulator.spoil('month', 'LiSi', {
        missing: ['base_info.name'],
        shown: { 'summary_info.work_days': 'many', 'base_info.new.field': [1] },
      });
      const [first, second, third] = await wecom.month(['ZhangSan', 'LiSi']);
      wecom.simulator.spoil('user', 'LiSi', { times: 0 });

      expect(first).not.toHaveProperty('summary_info');
      expect(second).toEqual(first);
      expect(third).toMatchObject({
        base_info: { new: { field: [1] } },
        summary_info: { work_days: 'many' },
      });
      expect(third?.['base_info']).not.toHaveProperty('name');
      expect((await wecom.get('user/list?department_id=5')).body['userlist']).toEqual([]);
      wecom.simulator.spoil('month', 'ZhangSan', {});
      expect((await wecom.month(['ZhangSan']))[0]).toHaveProperty('summary_info');
    });
  });

  it('reports days, with what a day has of its own', async () => {
    wecom.simulator.setDay('LiSi', '2026-03-30', {
      workedSeconds: 28_000,
      standardSeconds: 28_800,
      checkIns: 2,
      earliest: 33_200,
      latest: 72_000,
      exceptions: [
        { exception: 1, count: 1, duration: 800 },
        { exception: 3, count: 1, duration: 0 },
      ],
      overtime: [{ on: 'workday', seconds: 1200, as: 'vacation', short: true }],
      approvals: [{ number: '202603300001', title: '年假', description: '半天' }],
    });
    wecom.simulator.setDay('LiSi', '2026-03-31', { type: 'rest' });

    const { body } = await wecom.post('checkin/getcheckin_daydata', {
      starttime: march.endtime - daySeconds,
      endtime: march.endtime,
      useridlist: ['lisi'],
    });

    expect(body['datas']).toMatchObject([
      {
        base_info: { date: march.endtime - daySeconds, record_type: 3, acctid: 'LiSi', day_type: 0 },
        summary_info: {
          checkin_count: 2,
          regular_work_sec: 28_000,
          earliest_time: 33_200,
          lastest_time: 72_000,
        },
        holiday_infos: [{ sp_number: '202603300001', sp_title: { data: [{ lang: 'zh_CN', text: '年假' }] } }],
        exception_infos: [{ exception: 1, duration: 800 }, { exception: 3 }],
        ot_info: {
          ot_status: 2,
          ot_duration: 1200,
          exception_duration: [1200],
          workday_over_as_vacation: 1200,
        },
      },
      { base_info: { date: march.endtime, day_type: 1 }, ot_info: { ot_status: 0, ot_duration: 0 } },
    ]);
    expect((body['datas'] as { exception_infos: object[] }[])[0]?.exception_infos[1]).not.toHaveProperty(
      'duration',
    );
  });

  it('says on demand what it never says by itself, and breaks connections', async () => {
    const { server, simulator } = wecom;
    server.plan({ kind: 'answer', answer: simulator.refusal(-1) });
    server.plan({ kind: 'answer', answer: simulator.refusal(45033) });
    server.plan({ kind: 'cut-after' });

    expect((await wecom.send('gettoken')).code).toBe(-1);
    expect((await wecom.send('gettoken')).code).toBe(45033);
    await expect(wecom.send('gettoken')).rejects.toThrow();
  });

  it('counts calls by path and refusals by code', async () => {
    await wecom.post(monthPath, both);
    await wecom.post(monthPath, march);

    expect(Object.fromEntries(wecom.simulator.calls)).toEqual({
      '/cgi-bin/gettoken': 2,
      '/cgi-bin/checkin/getcheckin_monthdata': 2,
    });
    expect(Object.fromEntries(wecom.simulator.refusals)).toEqual({ 301023: 1 });
    wecom.simulator.forgetCalls();
    expect(wecom.simulator.calls.size).toBe(0);
  });

  it.each<[string, () => void]>([
    ['a person twice', () => wecom.simulator.addUser({ id: 'lisi', name: '李四' })],
    ['a person of no department', () => wecom.simulator.addUser({ id: 'x', name: 'x', departments: [] })],
    ['a person of a strange department', () => wecom.simulator.editUser('LiSi', { departments: [9] })],
    ['a department twice', () => wecom.simulator.addDepartment({ id: 2, name: 'x' })],
    ['a department above itself', () => wecom.simulator.editDepartment(2, { parentId: 3 })],
    ['the end of a department that is not empty', () => wecom.simulator.removeDepartment(2)],
    ['a day of nobody', () => wecom.simulator.setDay('x', '2026-03-01', {})],
    ['a day that is not', () => wecom.simulator.setDay('LiSi', '2026-02-29', {})],
    ['a correction of nothing', () => wecom.simulator.editDay('LiSi', '2026-04-01', {})],
    ['more days than a month has', () => wecom.simulator.setMonth('LiSi', '2026-02', { workDays: 29 })],
    ['exceptions on no day', () => wecom.simulator.editMonth('ZhangSan', '2026-03', { exceptDays: 0 })],
    ['hours on no day', () => wecom.simulator.setMonth('LiSi', '2026-03', { workedSeconds: 1 })],
    ['an app twice', () => wecom.simulator.addApp({ secret: secrets.app })],
  ])('is not filled with %s', (_, fill) => {
    expect(fill).toThrow(RangeError);
  });

  it('is the same after save and load, apart from its tokens', async () => {
    wecom.simulator.spoil('month', 'LiSi', { times: 2 });
    wecom.simulator.addDepartment({ id: 9, name: '新部门' });
    wecom.simulator.editDepartment(2, { parentId: 9 });
    const token = await wecom.token();
    const before = await wecom.month(['ZhangSan', 'LiSi']);
    const saved = JSON.parse(JSON.stringify(wecom.simulator.save())) as unknown;
    await reopen();

    wecom.simulator.load(saved);

    expect(await wecom.month(['ZhangSan', 'LiSi'])).toEqual(before);
    expect(wecom.simulator.save()).toEqual(saved);
    wecom.simulator.load(saved);
    expect((await wecom.getWith(token, 'user/list?department_id=1')).code).toBe(40014);
  });
});
