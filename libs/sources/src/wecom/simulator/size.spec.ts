import { march, Sample, secrets } from './sample.fixture.js';

describe('the simulated WeCom with 10,000 people', () => {
  it('is filled, listed and reported in less than six seconds', () => {
    // Processor time, so that a busy machine fails nobody.
    const begun = process.cpuUsage();
    const wecom = new Sample();
    for (let department = 100; department < 400; department += 1)
      wecom.simulator.addDepartment({ id: department, name: `部门${department}` });
    for (let each = 0; each < 10_000; each += 1) {
      const id = `wc-${each}`;
      wecom.simulator.addUser({ id, name: `员工${each}`, departments: [100 + (each % 300)] });
      wecom.simulator.setMonth(id, '2026-03', { workDays: 22, workedSeconds: 633_600 + each });
    }
    const listing = { access_token: wecom.directToken(secrets.contacts) };
    const ids = new Set<string>();
    for (let cursor = ''; ;) {
      const page = wecom.direct('POST', 'user/list_id', listing, { cursor, limit: 1000 });
      for (const { userid } of page['dept_user'] as { userid: string }[]) ids.add(userid);
      cursor = String(page['next_cursor']);
      if (cursor === '') break;
    }
    const app = { access_token: wecom.directToken() };
    let members = 0;
    for (let department = 100; department < 400; department += 1)
      members += (
        wecom.direct('GET', 'user/list', { ...app, department_id: String(department) })[
          'userlist'
        ] as unknown[]
      ).length;
    const worked = new Set<number>();
    const all = [...ids];
    for (let from = 0; from < all.length; from += 100) {
      const batch = { ...march, useridlist: all.slice(from, from + 100) };
      const { datas } = wecom.direct('POST', 'checkin/getcheckin_monthdata', app, batch);
      for (const row of datas as { summary_info: { regular_work_sec: number } }[])
        worked.add(row.summary_info.regular_work_sec);
    }
    const { user, system } = process.cpuUsage(begun);

    expect([ids.size, members]).toEqual([10_002, 10_000]);
    expect(worked.size).toBe(10_002);
    expect((user + system) / 1e6).toBeLessThan(6);
  });
});
