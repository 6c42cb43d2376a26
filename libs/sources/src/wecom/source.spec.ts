import { instant, type AttendanceAttributes, type Fact, type TimeWindow } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { everythingSaid, SimulatedServer, type VendorSimulator } from '#http/simulation';
import type { Page, PullRun, Source } from '../contract.js';
import {
  appSecret,
  contactsSecret,
  corpId,
  emptyCompany,
  march,
  now,
  sampleCompany,
  settingsFor,
} from './company.fixture.js';
import { wecomSettings } from './settings.js';
import type { WecomSimulator } from './simulator.js';
import { connectWecom } from './source.js';

const monthData = '/cgi-bin/checkin/getcheckin_monthdata';
const tokens = '/cgi-bin/gettoken';
/** A way out that keeps no limit: what is measured here takes no minutes. */
const unlimited = { requests: 1_000_000, perSeconds: 1 };

describe('wecom', () => {
  const open: SimulatedServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  const serve = async (vendor: VendorSimulator): Promise<SimulatedServer> => {
    const server = await SimulatedServer.listen(vendor);
    open.push(server);
    return server;
  };
  const connect = (
    { url }: SimulatedServer,
    more: Readonly<Record<string, unknown>> = {},
    http = createHttpClient({ system: 'wecom' }),
  ): Source => connectWecom(wecomSettings.parse(settingsFor(url, more)), http, unlimited);

  describe('a month', () => {
    it('is one fact, with the numbers that rules sum and the record by WeCom’s own names', async () => {
      const server = await serve(sampleCompany());

      const { facts } = await read(connect(server));

      expect(facts.find(({ subject }) => subject === 'ZhangSan')).toEqual({
        kind: 'attendance',
        key: 'ZhangSan/2026-03',
        subject: 'ZhangSan',
        from: march.from,
        to: march.to,
        amount: 604_800,
        attributes: {
          month: '2026-03',
          firstDay: '2026-03-01',
          lastDay: '2026-03-31',
          worked: 604_800,
          expected: 633_600,
          dueDays: 22,
          regularDays: 18,
          exceptionalDays: 4,
          restDays: 9,
          late: 2,
          leftEarly: 1,
          missing: 1,
          absent: 1,
          lateTime: 1260,
          leftEarlyTime: 600,
          absentTime: 28_800,
          overtime: 21_600,
          overtimeOnWorkingDays: 7200,
          overtimeOnRestDays: 14_400,
          overtimeOnHolidays: 0,
          leaveDays: 86_400,
          leaveHours: 10_800,
          leave: [
            { kind: '年假', count: 1, seconds: 86_400, countedIn: 'days' },
            { kind: '调休假', count: 1, seconds: 10_800, countedIn: 'hours' },
          ],
          record: {
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
              { type: 3, vacation_id: 0, count: 1, duration: 172_800, time_type: 0, name: '出差' },
            ],
            overwork_info: {
              workday_over_sec: 7200,
              holidays_over_sec: 0,
              restdays_over_sec: 14_400,
              workdays_over_as_vacation: 0,
              workdays_over_as_money: 7200,
              restdays_over_as_vacation: 14_400,
              restdays_over_as_money: 0,
              holidays_over_as_vacation: 0,
              holidays_over_as_money: 0,
            },
          },
        },
      });
    });

    it('has every field, whatever WeCom leaves out', async () => {
      const server = await serve(sampleCompany());

      const { facts } = await read(connect(server));

      const { record, worked, overtime, leave } = attributesOf(facts, 'LiSi');
      expect({ worked, overtime, leave }).toEqual({ worked: 576_000, overtime: 0, leave: [] });
      expect(record).toMatchObject({
        base_info: { name: '李四', rule_info: { groupname: '客服排班' } },
        summary_info: { regular_days: 0, rest_days: 0 },
        exception_infos: [],
        sp_items: [],
        overwork_info: { holidays_over_sec: 0, workdays_over_as_money: 0 },
      });
    });

    it('is the same record in whatever order its lists come', async () => {
      const company = sampleCompany();
      const plain = await read(connect(await serve(company)));
      const turned = await serve(
        altered(company, (row) => ({
          ...row,
          sp_items: list(row['sp_items']).toReversed(),
          exception_infos: list(row['exception_infos']).toReversed(),
        })),
      );

      expect(shown((await read(connect(turned))).facts)).toEqual(shown(plain.facts));
    });

    it('takes kinds of items and exceptions that nobody knows into the record, and into no number', async () => {
      const company = sampleCompany();
      company.spoil('month', 'LiSi', {
        shown: {
          sp_items: [{ type: 77, vacation_id: 0, count: 9, duration: 9, time_type: 1, name: '新' }],
          exception_infos: [{ exception: 6, count: 9 }],
        },
      });

      const { facts } = await read(connect(await serve(company)));

      const { record, leaveHours, late, missing } = attributesOf(facts, 'LiSi');
      expect({ leaveHours, late, missing }).toEqual({ leaveHours: 0, late: 0, missing: 0 });
      expect(record).toMatchObject({
        sp_items: [{ type: 77, name: '新' }],
        exception_infos: [{ exception: 6, count: 9, duration: 0 }],
      });
    });
  });

  describe('what is asked for', () => {
    const asked = (server: SimulatedServer): readonly unknown[] =>
      server.requests.filter(({ path }) => path === monthData).map(({ body }) => JSON.parse(body) as unknown);

    it('ends with the last midnight of the company’s month', async () => {
      const server = await serve(sampleCompany());

      await read(connect(server));

      expect(asked(server)).toEqual([
        { starttime: 1772294400, endtime: 1774886400, useridlist: ['LiSi', 'WangWu', 'ZhangSan'] },
      ]);
    });

    it('is all months that the window touches, and of the present one the days that are over', async () => {
      const company = sampleCompany();
      company.setDay('LiSi', '2026-04-14', { workedSeconds: 7 });
      company.setDay('LiSi', '2026-04-15', { workedSeconds: 70 });
      const server = await serve(company);
      const window = { from: instant('2026-03-25T00:00:00Z'), to: now };

      const { facts } = await read(connect(server), { window });

      const days = facts.map(
        ({ attributes: { firstDay, lastDay } }) => `${String(firstDay)} ${String(lastDay)}`,
      );
      expect(new Set(days)).toEqual(new Set(['2026-03-01 2026-03-31', '2026-04-01 2026-04-14']));
      expect(facts.find(({ key }) => key === 'LiSi/2026-04')?.amount).toBe(7);
    });

    it('is nothing of a month of which less than two days are over', async () => {
      const server = await serve(sampleCompany());
      const second = instant('2026-04-02T01:00:00Z');

      const { facts, rejected } = await read(connect(server), {
        window: { from: march.to, to: second },
        now: second,
      });

      expect({ facts, rejected, requests: server.requests }).toEqual({
        facts: [],
        rejected: [],
        requests: [],
      });
    });
  });

  describe('its members', () => {
    it('are each there once, with their name and managers, and no address from a newer app', async () => {
      const server = await serve(sampleCompany());

      expect(await people(connect(server))).toEqual([
        { externalId: 'LiSi', name: '李四', active: true, zone: 'Asia/Shanghai', managers: [] },
        { externalId: 'WangWu', name: '王五', active: true, zone: 'Asia/Shanghai', managers: [] },
        { externalId: 'ZhangSan', name: '张三', active: true, zone: 'Asia/Shanghai', managers: ['LiSi'] },
      ]);
    });

    it('have addresses where the app is old enough to be told', async () => {
      const company = sampleCompany();
      company.addApp({ secret: 'old-app', createdOn: '2021-01-01' });

      const listed = await people(connect(await serve(company), { secret: 'old-app' }));

      expect(listed.map(({ email }) => email)).toEqual([undefined, undefined, 'zhangsan@acme.example']);
    });

    it('are those of the departments that the document names, with all below', async () => {
      const company = sampleCompany();
      company.addDepartment({ id: 4, name: '前端组', parentId: 2 });
      company.addUser({ id: 'ZhaoLiu', name: '赵六', departments: [4] });

      const listed = await people(connect(await serve(company), { departments: [2] }));

      expect(listed.map(({ externalId }) => externalId)).toEqual(['ZhangSan', 'ZhaoLiu']);
    });

    it('are listed by cursor with the secret of contact sync, by their ids alone', async () => {
      const server = await serve(sampleCompany());

      const listed = await people(connect(server, { contactsSecret }));

      expect(listed.map(({ externalId, name }) => [externalId, name])).toEqual([
        ['LiSi', undefined],
        ['WangWu', undefined],
        ['ZhangSan', undefined],
      ]);
      expect(server.requests.map(({ path }) => path)).toEqual([tokens, '/cgi-bin/user/list_id']);
    });

    it('are not active once they have left or were disabled', async () => {
      const company = sampleCompany();
      company.leave('LiSi', { on: '2026-03-16', listed: true });
      company.editUser('WangWu', { status: 2 });

      const listed = await people(connect(await serve(company)));

      expect(listed.map(({ active }) => active)).toEqual([false, false, true]);
    });

    it('are nobody where the app sees nobody, and then nobody is taken for gone', async () => {
      const company = emptyCompany();

      await expect(read(connect(await serve(company)))).rejects.toMatchObject({ reason: 'unauthorized' });
    });
  });

  describe('ten thousand members', () => {
    it('take a hundred calls, and each has a record or a word', async () => {
      const company = emptyCompany();
      for (let each = 0; each < 10_000; each += 1) {
        const id = `u${each}`;
        company.addUser({
          id,
          name: `员工${each}`,
          rule: each === 4711 ? null : { type: 1, groupId: 1, groupName: '' },
        });
        company.setDay(id, '2026-03-10', { workedSeconds: each });
      }
      const server = await serve(company);

      const { facts, rejected } = await read(connect(server, { contactsSecret }));

      expect(company.calls.get(monthData)).toBe(100);
      expect(new Set([...facts, ...rejected].map(({ key }) => key)).size).toBe(10_000);
      expect(facts).toHaveLength(9999);
      expect(rejected).toEqual([
        { kind: 'attendance', key: 'u4711/2026-03', why: expect.stringContaining('no record of this month') },
      ]);
      expect(facts.every(({ subject, amount }) => amount === Number(subject.slice(1)))).toBe(true);
    }, 30_000);
  });

  describe('a member whom WeCom does not know', () => {
    const crowd = (): WecomSimulator => {
      const company = emptyCompany();
      for (let each = 100; each < 200; each += 1) {
        company.addUser({ id: `u${each}`, name: `员工${each}` });
        company.setDay(`u${each}`, '2026-03-10', { workedSeconds: each });
      }
      return company;
    };
    const allBut = (...hidden: readonly string[]) => ({
      departments: [],
      users: Array.from({ length: 100 }, (_, each) => `u${100 + each}`).filter((id) => !hidden.includes(id)),
    });

    it('is told, and all others of the batch are read', async () => {
      const company = crowd();
      company.editApp(appSecret, { visible: allBut('u142', 'u143', 'u199') });

      const { facts, rejected } = await read(connect(await serve(company), { contactsSecret }));

      expect(facts).toHaveLength(97);
      expect(rejected).toEqual(
        ['u142', 'u143', 'u199'].map((subject) => ({
          kind: 'attendance',
          key: `${subject}/2026-03`,
          subject,
          why: 'WeCom does not know this member, or does not show them to the app (301021)',
        })),
      );
      expect(company.calls.get(monthData)).toBeLessThan(3 * 14);
    });

    it('fails the pull where it is everybody: then the app was not let', async () => {
      const company = crowd();
      company.editApp(appSecret, { visible: allBut(...allBut().users) });

      await expect(read(connect(await serve(company), { contactsSecret }))).rejects.toMatchObject({
        reason: 'unauthorized',
        message: expect.stringContaining('可见范围'),
      });
    });

    it('may have left since the members were listed', async () => {
      const company = crowd();
      const server = await serve(
        watched(company, ({ path }) => {
          if (path === '/cgi-bin/user/list_id') company.leave('u150', { on: '2026-03-16' });
        }),
      );

      const { facts, rejected } = await read(connect(server, { contactsSecret }));

      expect(facts).toHaveLength(99);
      expect(rejected.map(({ subject }) => subject)).toEqual(['u150']);
    });
  });

  describe('bad days', () => {
    it('somebody left in mid-month: the days until then are read', async () => {
      const company = sampleCompany();
      company.clearMonth('LiSi', '2026-03');
      for (const day of ['2026-03-10', '2026-03-20']) company.setDay('LiSi', day, { workedSeconds: 100 });
      company.leave('LiSi', { on: '2026-03-16', listed: true });

      const { facts } = await read(connect(await serve(company)));

      expect(facts.find(({ subject }) => subject === 'LiSi')?.amount).toBe(100);
    });

    it('a record came twice: it is one', async () => {
      const company = sampleCompany();
      company.spoil('month', 'LiSi', { times: 2 });

      const { facts, rejected } = await read(connect(await serve(company)));

      expect(facts.filter(({ subject }) => subject === 'LiSi')).toHaveLength(1);
      expect(rejected.map(({ key }) => key)).toEqual(['WangWu/2026-03']);
    });

    it('two records of one member differ: neither is believed', async () => {
      let worked = 0;
      const twice = watchedRows(sampleCompany(), (rows) =>
        rows.flatMap((row) =>
          [row, row].map((one) => ({ ...one, summary_info: { regular_work_sec: (worked += 1) } })),
        ),
      );

      const { facts, rejected } = await read(connect(await serve(twice)));

      expect(facts).toEqual([]);
      expect(rejected).toContainEqual({
        kind: 'attendance',
        key: 'LiSi/2026-03',
        subject: 'LiSi',
        why: 'there are 2 records, which differ',
      });
    });

    it.each([
      ['no summary', { missing: ['summary_info'] }, 'it has no summary'],
      [
        'a text for a number',
        { shown: { 'summary_info.work_days': 'many' } },
        'it cannot be read: summary_info.work_days',
      ],
      ['a number below zero', { shown: { 'overwork_info.workday_over_sec': -1 } }, /overwork_info/],
      ['something else for a list', { shown: { sp_items: 'none' } }, 'it cannot be read: sp_items'],
    ])('a record has %s: it is told with the reason, and the others are read', async (_, spoiling, why) => {
      const company = sampleCompany();
      company.spoil('month', 'LiSi', spoiling);

      const { facts, rejected } = await read(connect(await serve(company)));

      expect(facts.map(({ subject }) => subject)).toEqual(['ZhangSan']);
      expect(rejected.find(({ subject }) => subject === 'LiSi')).toEqual({
        kind: 'attendance',
        key: 'LiSi/2026-03',
        subject: 'LiSi',
        why: typeof why === 'string' ? why : expect.stringMatching(why),
      });
    });

    it('somebody outside of every rule has no summary: nothing of theirs waits for one', async () => {
      const company = sampleCompany({ withoutRule: 'zeros' });
      company.spoil('month', 'WangWu', { missing: ['summary_info'] });

      const { rejected } = await read(connect(await serve(company)));

      expect(rejected).toEqual([
        { kind: 'attendance', key: 'WangWu/2026-03', why: 'no check-in rule applied to this member' },
      ]);
    });

    it.each([
      ['nobody', { missing: ['base_info.acctid'] }, 'it does not say whose it is'],
      [
        'a stranger',
        { shown: { 'base_info.acctid': 'Stranger' } },
        'it is of a member who was not asked for',
      ],
    ])('a record is of %s: it is told, and so is who has none', async (_, spoiling, why) => {
      const company = sampleCompany();
      company.spoil('month', 'LiSi', spoiling);

      const { facts, rejected } = await read(connect(await serve(company)));

      expect(facts.map(({ subject }) => subject)).toEqual(['ZhangSan']);
      expect(rejected.map((one) => one.why)).toEqual([
        why,
        expect.stringContaining('no record of this month'),
        expect.stringContaining('no record of this month'),
      ]);
    });

    it('a month has no data: whoever looks after the source is told, and asked about the zone', async () => {
      const company = sampleCompany({ withoutDays: 'absent' });
      for (const id of ['LiSi', 'ZhangSan']) company.clearMonth(id, '2026-03');

      await expect(read(connect(await serve(company)))).rejects.toMatchObject({
        reason: 'rejected',
        message: expect.stringContaining('nobody has a record of 2026-03. Is timezone that of the company'),
      });
    });

    it('the zone is not the company’s: the same, and not a month of zeros', async () => {
      const server = await serve(sampleCompany());

      await expect(read(connect(server, { timezone: 'Europe/Kyiv' }))).rejects.toMatchObject({
        reason: 'rejected',
        message: expect.stringContaining('timezone'),
      });
    });

    it('one of two months has no data: the other is read', async () => {
      const server = await serve(sampleCompany({ withoutDays: 'absent' }));
      const window = { from: instant('2026-02-10T00:00:00Z'), to: march.to };

      const { facts, rejected } = await read(connect(server), { window });

      expect(facts.map(({ key }) => key)).toEqual(['LiSi/2026-03', 'ZhangSan/2026-03']);
      expect(rejected).toHaveLength(4);
    });

    it('the connection is cut: it goes on from the cursor, and nothing is missed', async () => {
      const company = emptyCompany();
      for (let each = 0; each < 250; each += 1) {
        company.addUser({ id: `u${each}`, name: `员工${each}` });
        company.setDay(`u${each}`, '2026-03-10', { workedSeconds: each });
      }
      const server = await serve(company);
      server.plan({ kind: 'cut-after', match: ({ path }) => path === monthData, after: 1 });
      const pages: Page[] = [];

      const cut = (async () => {
        for await (const page of connect(server).pull(march, run())) pages.push(page);
      })();
      await expect(cut).rejects.toMatchObject({ reason: 'unavailable', outcome: 'refused' });
      const rest = await read(connect(server), { cursor: pages.at(-1)?.cursor });

      expect(pages).toHaveLength(1);
      expect([...factsOf(pages), ...rest.facts].map(({ key }) => key).toSorted()).toEqual(
        Array.from({ length: 250 }, (_, each) => `u${each}/2026-03`).toSorted(),
      );
      expect(company.calls.get(monthData)).toBe(4);
    });
  });

  describe('its token', () => {
    it.each([40014, 42001] as const)(
      'is renewed once where it is refused with %i in mid-run',
      async (code) => {
        const company = sampleCompany();
        const server = await serve(company);
        company.endTokens(code, 2);

        const { facts } = await read(connect(server));

        expect(facts).toHaveLength(2);
        expect(company.calls.get(tokens)).toBe(2);
      },
    );

    it('is asked for no third time: then nobody lets us in', async () => {
      const company = sampleCompany();
      const server = await serve(company);
      company.endTokens(42001, 0);
      company.endTokens(42001, 0);

      await expect(read(connect(server))).rejects.toMatchObject({ reason: 'unauthorized', code: '42001' });
      expect(company.calls.get(tokens)).toBe(2);
    });

    it('goes with its secret, in mid-run too', async () => {
      const company = sampleCompany();
      const server = await serve(
        watched(company, ({ path }) => {
          if (path === '/cgi-bin/department/simplelist') company.revokeSecret(appSecret);
        }),
      );

      await expect(read(connect(server))).rejects.toMatchObject({ reason: 'unauthorized' });
    });

    it('is one for all who ask at a time, and for the next connection over the same way out', async () => {
      const company = sampleCompany();
      const server = await serve(company);
      const http = createHttpClient({ system: 'wecom' });
      const source = connect(server, {}, http);

      await Promise.all([read(source), people(source), source.probe(AbortSignal.timeout(5000))]);
      await read(connect(server, {}, http));

      expect(company.calls.get(tokens)).toBe(1);
    });

    it('is another one for each app', async () => {
      const company = sampleCompany();
      const server = await serve(company);

      await read(connect(server, { contactsSecret }));

      expect(company.calls.get(tokens)).toBe(2);
    });
  });

  describe('its limit', () => {
    it('is kept by all replicas together: who comes next waits for the calls of who was before', async () => {
      const server = await serve(sampleCompany());
      const memory = forgetful();
      const strict = (): Source =>
        connectWecom(wecomSettings.parse(settingsFor(server.url)), createHttpClient({ system: 'wecom' }), {
          requests: 1,
          perSeconds: 0.5,
        });

      await read(strict(), { memory });
      // The next replica: Postgres' clock says when it begins.
      const began = server.requests.find(({ path }) => path === monthData)?.at ?? 0;
      await read(strict(), { memory, now: now.add({ milliseconds: Math.max(0, Date.now() - began) }) });

      const [first, second] = server.requests.filter(({ path }) => path === monthData);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(400);
    });

    it('is waited for no longer than it lasts, where a clock was set back', async () => {
      const server = await serve(sampleCompany());
      const memory = forgetful();
      await memory.set('month calls', [now.add({ hours: 24 }).epochMilliseconds]);
      const source = connectWecom(
        wecomSettings.parse(settingsFor(server.url)),
        createHttpClient({ system: 'wecom' }),
        { requests: 1, perSeconds: 0.1 },
      );

      expect((await read(source, { memory })).facts).toHaveLength(2);
    });

    it('is a wait of a minute where WeCom says that it was passed', async () => {
      const company = sampleCompany({ limited: true, rateClock: () => 0 });
      const server = await serve(company);
      const source = connect(server);
      for (let each = 0; each < 60; each += 1) await read(source);

      await expect(read(source)).rejects.toMatchObject({
        reason: 'rate-limited',
        retryAfterMs: 60_000,
        scope: 'method',
        code: '45009',
      });
    });
  });

  describe('what it answers', () => {
    it.each([
      [-1, 'unavailable'],
      [301022, 'unavailable'],
      [45033, 'rate-limited'],
      [40058, 'rejected'],
      [301023, 'rejected'],
      [301024, 'rejected'],
      [48002, 'unauthorized'],
      [60011, 'unauthorized'],
      [60020, 'unauthorized'],
    ] as const)('is understood where it is %i', async (code, reason) => {
      const company = sampleCompany();
      const server = await serve(company);
      server.plan({
        kind: 'answer',
        match: ({ path }) => path === monthData,
        answer: company.refusal(code),
      });

      const refused = await read(connect(server)).catch((error: unknown) => error);

      expect(refused).toBeInstanceOf(RemoteError);
      expect(refused).toMatchObject({ reason, outcome: 'refused', code: String(code) });
      // Its words hold the address that we call from.
      expect(everythingSaid(refused)).not.toContain('203.0.113.9');
    });

    it.each([
      ['a wrong secret', { secret: 'wrong' }, '40001'],
      ['another company', { corpId: `${corpId}0` }, '40013'],
      ['a secret that lists nobody', { contactsSecret: appSecret }, '48002'],
    ])('is no way in with %s', async (_, more, code) => {
      const server = await serve(sampleCompany());

      await expect(read(connect(server, more))).rejects.toMatchObject({ reason: 'unauthorized', code });
    });
  });

  describe('a probe', () => {
    it('says what is in the way', async () => {
      const company = sampleCompany();
      company.editApp(appSecret, { checkIn: false });

      const findings = await connect(await serve(company)).probe(AbortSignal.timeout(5000));

      expect(findings.map(({ level, about }) => [level, about])).toEqual([
        ['ok', 'members'],
        ['problem', 'month report'],
      ]);
      expect(findings[1]?.remedy).toContain('打卡');
    });
  });

  describe('its settings', () => {
    it('name a zone that there is, and one way of listing members', () => {
      const refused = (more: Readonly<Record<string, unknown>>): readonly string[] =>
        (wecomSettings.safeParse(settingsFor('https://a.example', more)).error?.issues ?? []).map(
          ({ path, message }) => `${path.join('.')}: ${message}`,
        );

      expect(refused({ timezone: 'Beijing' })).toEqual(['timezone: is an IANA name, such as Asia/Shanghai']);
      expect(refused({ contactsSecret, departments: [2] })).toEqual([
        'departments: by cursor everybody is listed: leave out either departments or contactsSecret',
      ]);
      expect(refused({ contactsSecret })).toEqual([]);
    });
  });

  describe('its estimate', () => {
    it('is a call for each hundred members, and a few', () => {
      const source = connectWecom(
        wecomSettings.parse(settingsFor('https://a.example', { contactsSecret })),
        createHttpClient({ system: 'wecom' }),
      );

      expect(source.estimate?.({ people: 10_000, records: 10_000 })).toMatchObject({
        firstRun: 104,
        steadyRun: 104,
        limit: { requests: 60, perSeconds: 60 },
      });
    });
  });
});

const forgetful = (): PullRun['memory'] => {
  const kept = new Map<string, unknown>();
  return { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
};

const run = (more: Partial<PullRun> = {}): PullRun => ({
  cursor: undefined,
  now,
  memory: forgetful(),
  signal: AbortSignal.timeout(20_000),
  ...more,
});

async function read(
  source: Source,
  { window = march, ...more }: Partial<PullRun> & { readonly window?: TimeWindow } = {},
): Promise<Pick<Page, 'facts' | 'rejected'>> {
  const pages: Page[] = [];
  for await (const page of source.pull(window, run(more))) pages.push(page);
  return { facts: factsOf(pages), rejected: pages.flatMap(({ rejected }) => rejected) };
}

async function people(source: Source) {
  const all = [];
  for await (const some of source.people?.(run()) ?? []) all.push(...some);
  return all;
}

const factsOf = (pages: readonly Page[]): readonly Fact[] => pages.flatMap(({ facts }) => facts);

const shown = (facts: readonly Fact[]): readonly string[] => facts.map((fact) => JSON.stringify(fact));

const attributesOf = (facts: readonly Fact[], subject: string): AttendanceAttributes =>
  facts.find((fact) => fact.subject === subject)?.attributes as unknown as AttendanceAttributes;

type Row = Record<string, unknown>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** The same vendor, with something that happens after each of its answers. */
const watched = (
  vendor: WecomSimulator,
  happens: (request: Parameters<VendorSimulator['handle']>[0]) => void,
): VendorSimulator => ({
  id: vendor.id,
  handle: (request) => {
    const answer = vendor.handle(request);
    happens(request);
    return answer;
  },
  save: () => vendor.save(),
  load: (state) => vendor.load(state),
});

/** The same vendor with other rows in its month report. */
const watchedRows = (
  vendor: WecomSimulator,
  change: (rows: readonly Row[]) => readonly Row[],
): VendorSimulator => ({
  id: vendor.id,
  handle: (request) => {
    const answer = vendor.handle(request);
    const body = answer.body as Row;
    return Array.isArray(body['datas'])
      ? { ...answer, body: { ...body, datas: change(body['datas'] as Row[]) } }
      : answer;
  },
  save: () => vendor.save(),
  load: (state) => vendor.load(state),
});

const altered = (vendor: WecomSimulator, change: (row: Row) => Row): VendorSimulator =>
  watchedRows(vendor, (rows) => rows.map(change));
