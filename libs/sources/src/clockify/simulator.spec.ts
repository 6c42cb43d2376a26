import { SimulatedServer } from '#http/simulation';
import { readFileSync } from 'node:fs';
import { ClockifySimulator, type ClockifySimulatorOptions } from './simulator.js';

const workspace = '64a687e29ae1f428e7ebe303';
const lena = '64a687e29ae1f428e7ebe301';
const max = '64a687e29ae1f428e7ebe309';
const project = '65c3a1f0e2b7d41a90f1cc01';
const vacation = '65d0aa11e2b7d41a90f1ee01';
const errands = '65d0aa11e2b7d41a90f1ee02';
const key = 'key-of-lena';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

/** The company of the vendor's samples. */
function sampleCompany(options: ClockifySimulatorOptions = {}): ClockifySimulator {
  const simulator = new ClockifySimulator({ now: () => new Date('2026-03-01T10:00:00.512Z'), ...options });
  simulator.addWorkspace({ id: workspace, name: 'Acme' });
  simulator.addUser({
    id: lena,
    email: 'lena@example.com',
    name: 'Lena Vogt',
    zone: 'Europe/Berlin',
    role: 'WORKSPACE_OWN',
    profilePicture: 'https://img.clockify.me/x.png',
  });
  simulator.addUser({ id: '64a687e29ae1f428e7ebe302', email: 'new@example.com', signedUp: false });
  simulator.addUser({ id: max, email: 'max@example.com', name: 'Max', status: 'DELETED' });
  simulator.addKey(key, lena);
  simulator.addProject({ id: project, name: 'Platform' });
  simulator.addEntry({
    id: '65c3a1f0e2b7d41a90f1aa01',
    userId: lena,
    description: 'API review',
    tagIds: ['65c3a1f0e2b7d41a90f1bb01'],
    billable: true,
    projectId: project,
    hourlyRate: { amount: 5000, currency: 'EUR' },
    start: '2026-03-02T08:00:00Z',
    end: '2026-03-02T09:30:00Z',
  });
  simulator.startTimer({ id: '65c3a1f0e2b7d41a90f1aa02', userId: lena, start: '2026-03-02T12:04:11Z' });
  simulator.addHoliday({
    id: '65e0aa11e2b7d41a90f1ff01',
    name: "New Year's Day",
    startDate: '2026-01-01',
    occursAnnually: true,
    userIds: [lena],
  });
  simulator.addPolicy({ id: vacation, name: 'Vacation' });
  simulator.addPolicy({ id: errands, name: 'Errands', timeUnit: 'HOURS', allowance: 40 });
  simulator.requestTimeOff({
    id: '65d0aa11e2b7d41a90f1dd01',
    userId: lena,
    policyId: vacation,
    firstDay: '2026-03-05',
    days: 2,
    note: 'ski',
    createdAt: '2026-03-01T09:12:44.120Z',
    status: 'APPROVED',
    decidedBy: max,
  });
  return simulator;
}

interface Answer {
  readonly status: number;
  readonly lastPage: string | null;
  readonly retryAfter: string | null;
  // The spec looks into answers of every shape.
  readonly body: unknown;
}

let server: SimulatedServer;

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { 'X-Api-Key': key },
): Promise<Answer> {
  const response = await fetch(`${server.url}${path.replace('{ws}', `/api/v1/workspaces/${workspace}`)}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    lastPage: response.headers.get('last-page'),
    retryAfter: response.headers.get('retry-after'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const get = (path: string): Promise<Answer> => call('GET', path);
const report = (name: string, body: unknown): Promise<Answer> =>
  call('POST', `/report/v1/workspaces/${workspace}/reports/${name}`, body);

async function open(options: ClockifySimulatorOptions = {}): Promise<ClockifySimulator> {
  await server?.close();
  const simulator = sampleCompany(options);
  server = await SimulatedServer.listen(simulator);
  return simulator;
}

/** The value of a path in an answer, such as `0.timeInterval.start`. */
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inside, name) => (inside as Record<string, unknown>)?.[name], value);
const ids = (body: unknown): unknown[] =>
  (body as unknown[]).map((item) => at(item, 'id') ?? at(item, '_id'));

describe('the simulated Clockify', () => {
  beforeEach(() => open());
  afterAll(() => server.close());

  describe('answers with the published samples', () => {
    it('users', async () => {
      const answer = await get('{ws}/users');

      expect(answer).toMatchObject({ status: 200, lastPage: 'true' });
      expect(answer.body).toEqual(fixture('users'));
    });

    it('time entries, newest first, the running one with two nulls', async () => {
      const answer = await get(`{ws}/user/${lena}/time-entries`);

      expect(answer.body).toEqual((fixture('time-entries') as unknown[]).toReversed());
    });

    it('holidays', async () => {
      expect(await get('{ws}/holidays')).toMatchObject({ lastPage: null, body: fixture('holidays') });
    });

    it('time-off requests', async () => {
      const sample = fixture('time-off-requests') as { requests: [Record<string, unknown>] };

      const { status, body } = await call('POST', '{ws}/time-off/requests', { statuses: ['ALL'] });

      expect(status).toBe(200);
      expect(at(body, 'requests.0.createdAt')).toMatch(/^2026-03-01T09:12:44\.120\d{6}Z$/);
      expect(body).toEqual({
        ...sample,
        requests: [{ ...sample.requests[0], createdAt: at(body, 'requests.0.createdAt') }],
      });
    });

    it('the detailed report', async () => {
      (server.simulator as ClockifySimulator).editEntry('65c3a1f0e2b7d41a90f1aa01', { tagIds: null });

      const answer = await report('detailed', fixture('detailed-report-request'));

      expect(answer.body).toEqual(fixture('detailed-report'));
    });
  });

  describe('refuses', () => {
    const entries = `{ws}/user/${lena}/time-entries`;
    const requests = `{ws}/time-off/policies/${vacation}/requests`;
    const holiday = {
      name: 'Day of the bell',
      datePeriod: { startDate: '2026-05-04', endDate: '2026-05-04' },
      users: { contains: 'CONTAINS', ids: [lena], status: 'ALL' },
    };
    const march = { dateRangeStart: '2026-03-01T00:00:00.000', dateRangeEnd: '2026-03-31T23:59:59.999' };
    const days = (period: unknown, more = {}) => ({ timeOffPeriod: { period, ...more } });

    it.each<[string, string, string, unknown, number, number | undefined]>([
      ['an unknown route', 'GET', '{ws}/nothing', undefined, 404, 3000],
      ['reports on the core host', 'POST', '{ws}/reports/detailed', {}, 404, 3000],
      ['a list of time off by GET', 'GET', '{ws}/time-off/requests', undefined, 405, 3000],
      ['a single holiday', 'GET', '{ws}/holidays/65e0aa11e2b7d41a90f1ff01', undefined, 405, 3000],
      [
        'a flat request route',
        'DELETE',
        '{ws}/time-off/requests/65d0aa11e2b7d41a90f1dd01',
        undefined,
        404,
        3000,
      ],
      [
        'a workspace of others',
        'GET',
        '/api/v1/workspaces/64a687e29ae1f428e7ebe399/users',
        undefined,
        403,
        undefined,
      ],
      ['an id that is none', 'GET', '{ws}/user/lena/time-entries', undefined, 400, 501],
      ['a user of nowhere', 'GET', '{ws}/user/64a687e29ae1f428e7ebe3ff/time-entries', undefined, 400, 501],
      ['a page too large', 'GET', '{ws}/users?page-size=5001', undefined, 400, 3000],
      ['page 0', 'GET', '{ws}/users?page=0', undefined, 400, 3000],
      ['an unknown status', 'GET', '{ws}/users?status=GONE', undefined, 400, 3000],
      ['a parameter of the body style', 'GET', '{ws}/users?pageSize=10', undefined, 400, 3000],
      ['a day where an instant is due', 'GET', `${entries}?start=2026-03-01`, undefined, 400, 3000],
      ['a day that does not exist', 'GET', `${entries}?start=2026-02-30T00:00:00Z`, undefined, 400, 3000],
      ['milliseconds', 'GET', `${entries}?start=2026-03-01T00:00:00.000Z`, undefined, 400, 3000],
      [
        'a start after the end',
        'GET',
        `${entries}?start=2026-03-02T00:00:00Z&end=2026-03-01T00:00:00Z`,
        undefined,
        400,
        3000,
      ],
      [
        'in-period without its person',
        'GET',
        '{ws}/holidays/in-period?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z',
        undefined,
        400,
        3000,
      ],
      ['policies in pages of 201', 'GET', '{ws}/time-off/policies?page-size=201', undefined, 400, 3000],
      ['requests in pages of 201', 'POST', '{ws}/time-off/requests', { pageSize: 201 }, 400, 501],
      [
        'a status that requests never have',
        'POST',
        '{ws}/time-off/requests',
        { statuses: ['OPEN'] },
        400,
        501,
      ],
      ['no body', 'POST', '{ws}/time-off/requests', undefined, 400, 3000],
      ['a holiday written as it is read', 'POST', '{ws}/holidays', { ...holiday, userIds: [lena] }, 400, 501],
      ['a holiday of nobody', 'POST', '{ws}/holidays', { ...holiday, users: undefined }, 400, 501],
      ['a holiday without days', 'POST', '{ws}/holidays', { ...holiday, datePeriod: undefined }, 400, 501],
      [
        'a holiday that ends before it starts',
        'POST',
        '{ws}/holidays',
        { ...holiday, datePeriod: { startDate: '2026-05-04', endDate: '2026-05-03' } },
        400,
        501,
      ],
      ['a holiday that is not there', 'PUT', '{ws}/holidays/65e0aa11e2b7d41a90f1ffff', holiday, 400, 501],
      [
        'an end on a policy of days',
        'POST',
        requests,
        days({ start: '2026-04-01', end: '2026-04-02' }),
        400,
        501,
      ],
      [
        'an instant on a policy of days',
        'POST',
        requests,
        days({ start: '2026-04-01T00:00:00Z', days: 1 }),
        400,
        501,
      ],
      [
        'a half day of two days',
        'POST',
        requests,
        days({ start: '2026-04-01', days: 2 }, { isHalfDay: true, halfDayPeriod: 'FIRST_HALF' }),
        400,
        501,
      ],
      [
        'a half day without saying which',
        'POST',
        requests,
        days({ start: '2026-04-01', days: 1 }, { isHalfDay: true }),
        400,
        501,
      ],
      ['more days than are left', 'POST', requests, days({ start: '2026-04-01', days: 19 }), 400, 501],
      [
        'milliseconds on a policy of hours',
        'POST',
        requests.replace(vacation, errands),
        days({ start: '2026-04-01T08:00:00.000Z', end: '2026-04-01T10:00:00.000Z' }),
        400,
        501,
      ],
      [
        'days on a policy of hours',
        'POST',
        requests.replace(vacation, errands),
        days({ start: '2026-04-01T08:00:00Z', days: 1 }),
        400,
        501,
      ],
      [
        'a decision on what is decided',
        'PATCH',
        `${requests}/65d0aa11e2b7d41a90f1dd01`,
        { status: 'REJECTED' },
        400,
        501,
      ],
      ['deleting what is decided', 'DELETE', `${requests}/65d0aa11e2b7d41a90f1dd01`, undefined, 400, 501],
    ])('%s', async (_what, method, path, body, status, code) => {
      const answer = await call(method, path, body);

      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ message: expect.any(String) as string });
      expect(at(answer.body, 'code')).toBe(code);
    });

    it.each<[string, string, Record<string, unknown>]>([
      ['a report without its range', 'detailed', { detailedFilter: {} }],
      ['a report without its filter', 'detailed', march],
      ['pages of 1001', 'detailed', { ...march, detailedFilter: { pageSize: 1001 } }],
      [
        'a range with an offset',
        'detailed',
        { ...march, dateRangeEnd: '2026-03-31T23:59:59.999Z', detailedFilter: {} },
      ],
      ['a zone that is none', 'detailed', { ...march, timeZone: 'Europe/Atlantis', detailedFilter: {} }],
      ['users as a bare list', 'detailed', { ...march, users: [lena], detailedFilter: {} }],
      ['four groups', 'summary', { ...march, summaryFilter: { groups: ['USER', 'DATE', 'TAG', 'WEEK'] } }],
      ['a weekly report of a month', 'weekly', { ...march, weeklyFilter: {} }],
    ])('%s', async (_what, name, body) => {
      expect(await report(name, body)).toMatchObject({ status: 400, body: { code: 501 } });
    });

    it.each<[string, Record<string, string>, number]>([
      ['no credentials', {}, 1000],
      ['a bearer token', { Authorization: `Bearer ${key}` }, 1000],
      ['two credentials', { 'X-Api-Key': key, 'X-Addon-Token': 'x.y.z' }, 1000],
      ['a key that does not exist', { 'X-Api-Key': 'nobody' }, 4003],
      ['a token of no add-on', { 'X-Addon-Token': 'x.y.z' }, 4017],
    ])('%s', async (_what, headers, code) => {
      const answer = await call('GET', '/api/v1/user', undefined, headers);

      expect(answer).toMatchObject({ status: 401, body: { code } });
    });

    it('a key that was taken away', async () => {
      (server.simulator as ClockifySimulator).removeKey(key);

      expect(await get('/api/v1/user')).toMatchObject({ status: 401, body: { code: 4003 } });
    });

    it('features that the plan lacks', async () => {
      await open({ reportsAvailable: false, timeOffAvailable: false });

      expect(await report('detailed', fixture('detailed-report-request'))).toMatchObject({ status: 402 });
      expect(await get('{ws}/holidays')).toMatchObject({ status: 402 });
      expect(await get('{ws}/users')).toMatchObject({ status: 200 });
    });
  });

  describe('time entries', () => {
    it('are sought in a window that lies the account zone earlier', async () => {
      const simulator = await open({ accountZone: 'Europe/Belgrade' });
      const id = simulator.addEntry({
        userId: lena,
        start: '2026-08-07T22:30:00Z',
        end: '2026-08-07T23:00:00Z',
      });
      simulator.addEntry({ userId: lena, start: '2026-08-08T22:30:00Z', end: '2026-08-08T23:00:00Z' });

      const { body } = await get(
        `{ws}/user/${lena}/time-entries?start=2026-08-08T00:00:00Z&end=2026-08-09T00:00:00Z`,
      );

      expect(ids(body)).toEqual([id]);
    });

    it('come in pages with Last-Page, and past the end as an empty last one', async () => {
      const path = `{ws}/user/${lena}/time-entries?page-size=1`;

      const pages = await Promise.all([1, 2, 3].map((page) => get(`${path}&page=${page}`)));

      expect(pages.map((page) => [page.lastPage, (page.body as unknown[]).length])).toEqual([
        ['false', 1],
        ['true', 1],
        ['true', 0],
      ]);
    });

    it('hydrated carry objects instead of ids', async () => {
      const { body } = await get(`{ws}/user/${lena}/time-entries?hydrated=true&project=${project}`);

      expect(at(body, '0.project.name')).toBe('Platform');
      expect(at(body, '0.user.name')).toBe('Lena Vogt');
      expect(at(body, '0')).not.toHaveProperty('projectId');
    });

    it('that run are all in one list of ten', async () => {
      const { body, lastPage } = await get('{ws}/time-entries/status/in-progress');

      expect(ids(body)).toEqual(['65c3a1f0e2b7d41a90f1aa02']);
      expect(lastPage).toBe('true');
    });
  });

  describe('reports', () => {
    const body = (zone: string, more = {}) => ({
      dateRangeStart: '2026-03-29T00:00:00.000',
      dateRangeEnd: '2026-03-29T23:59:59.999',
      timeZone: zone,
      detailedFilter: { page: 1, pageSize: 1000, sortColumn: 'DATE', ...more },
    });

    it('write local times with the offset of the zone asked for, on both sides of a DST change', async () => {
      const simulator = server.simulator as ClockifySimulator;
      simulator.addEntry({ userId: lena, start: '2026-03-29T00:30:00Z', end: '2026-03-29T01:30:00Z' });

      const berlin = await report('detailed', body('Europe/Berlin'));
      const seoul = await report('detailed', body('Asia/Seoul'));

      expect(at(berlin.body, 'timeentries.0.timeInterval')).toEqual({
        start: '2026-03-29T01:30:00+01:00',
        end: '2026-03-29T03:30:00+02:00',
        duration: 3600,
      });
      expect(at(seoul.body, 'timeentries.0.timeInterval.start')).toBe('2026-03-29T09:30:00+09:00');
    });

    it('show a type only where the option says so', async () => {
      await open({ reportsShowType: true });

      const answer = await report('detailed', fixture('detailed-report-request'));

      expect(at(answer.body, 'timeentries.0.type')).toBe('REGULAR');
    });

    it('are limited to 31 days on the FREE plan', async () => {
      await open({ plan: 'FREE' });
      const march = fixture('detailed-report-request') as Record<string, unknown>;

      const whole = await report('detailed', march);
      const longer = await report('detailed', { ...march, dateRangeEnd: '2026-04-01T23:59:59.999' });

      expect([whole.status, longer.status]).toEqual([200, 400]);
    });

    it('count attendance by person and local day: work, breaks, leave and capacity apart', async () => {
      const simulator = server.simulator as ClockifySimulator;
      simulator.addEntry({
        userId: lena,
        type: 'BREAK',
        start: '2026-03-02T11:00:00Z',
        end: '2026-03-02T11:30:00Z',
      });

      const answer = await report('attendance', {
        dateRangeStart: '2026-03-02T00:00:00.000',
        dateRangeEnd: '2026-03-08T23:59:59.999',
        timeZone: 'Europe/Berlin',
        attendanceFilter: { page: 1, pageSize: 50 },
      });

      expect(answer.body).toMatchObject({
        totals: { totalDuration: 5400, break: 1800, timeOff: 57_600 },
        entities: [
          {
            userId: lena,
            date: '2026-03-02',
            totalDuration: 5400,
            break: 1800,
            capacity: 28_800,
            hasRunningEntry: true,
          },
          { date: '2026-03-05', timeOff: 28_800, remainingCapacity: 0 },
          { date: '2026-03-06', timeOff: 28_800 },
        ],
      });
    });

    it('sum up by nested groups', async () => {
      const answer = await report('summary', {
        dateRangeStart: '2026-03-01T00:00:00.000',
        dateRangeEnd: '2026-03-31T23:59:59.999',
        summaryFilter: { groups: ['USER', 'DATE'] },
      });

      expect(at(answer.body, 'groupOne.0')).toMatchObject({
        _id: lena,
        duration: 5400,
        children: [{ _id: '2026-03-02', duration: 5400 }],
      });
    });
  });

  describe('people', () => {
    it('who are limited or gone have to be asked for', async () => {
      const { body } = await get('{ws}/users?account-statuses=DELETED');

      expect(ids(body)).toEqual([max]);
    });

    it('who were deactivated are still listed unless the membership is asked for', async () => {
      const simulator = server.simulator as ClockifySimulator;
      const gone = simulator.addUser({ email: 'gone@example.com' });
      simulator.deactivateUser(gone);

      const [all, active, withMemberships] = await Promise.all([
        get('{ws}/users'),
        get('{ws}/users?status=ACTIVE'),
        get('{ws}/users?memberships=WORKSPACE&email=gone'),
      ]);

      expect(ids(all.body)).toContain(gone);
      expect(ids(active.body)).not.toContain(gone);
      expect(at(withMemberships.body, '0.memberships.0.membershipStatus')).toBe('INACTIVE');
    });

    it('have their working days in the profile and their managers in a list of their own', async () => {
      const simulator = server.simulator as ClockifySimulator;
      const boss = simulator.addUser({ email: 'boss@example.com', capacity: 7.5 });
      simulator.addGroup({ name: 'Team', userIds: [lena], managers: [boss] });

      const [profile, managers, groups] = await Promise.all([
        get(`{ws}/member-profile/${boss}`),
        get(`{ws}/users/${lena}/managers`),
        get('{ws}/user-groups?includeTeamManagers=true'),
      ]);

      expect(profile.body).toMatchObject({ workCapacity: 'PT7H30M', weekStart: 'MONDAY' });
      expect(ids(managers.body)).toEqual([boss]);
      expect(at(groups.body, '0.teamManagers')).toEqual([{ id: boss, name: 'boss@example.com' }]);
    });
  });

  describe('holidays', () => {
    const written = {
      name: 'Day of the bell',
      datePeriod: { startDate: '2026-05-04', endDate: '2026-05-05' },
      users: { contains: 'CONTAINS', ids: [lena], status: 'ALL' },
      automaticTimeEntryCreation: true,
    };

    it('come all at once, whatever page is asked for', async () => {
      (server.simulator as ClockifySimulator).addHoliday({
        name: 'Other',
        startDate: '2026-06-01',
        everyoneIncludingNew: true,
      });

      const { body, lastPage } = await get('{ws}/holidays?page=7&page-size=1');

      expect(body).toHaveLength(2);
      expect(lastPage).toBeNull();
    });

    it('that recur are projected in-period, and nowhere else', async () => {
      const { body } = await get(
        `{ws}/holidays/in-period?assigned-to=${lena}&start=2027-12-31T00:00:00Z&end=2028-01-31T00:00:00Z`,
      );

      expect(at(body, '0.datePeriod')).toEqual({ startDate: '2028-01-01', endDate: '2028-01-01' });
    });

    it('are read otherwise than they are written, and enter themselves where they may', async () => {
      const answer = await call('POST', '{ws}/holidays', written);

      const entries = await get(`{ws}/user/${lena}/time-entries?start=2026-05-01T00:00:00Z`);

      expect(answer).toMatchObject({ status: 201, body: { userIds: [lena], userGroupIds: [] } });
      expect(answer.body).not.toHaveProperty('users');
      expect(entries.body).toMatchObject([
        { type: 'HOLIDAY', timeInterval: { start: '2026-05-05T07:00:00Z', duration: 'PT8H' } },
        { type: 'HOLIDAY' },
      ]);
    });

    it('are replaced as a whole', async () => {
      const { body } = await call('POST', '{ws}/holidays', written);

      const replaced = await call('PUT', `{ws}/holidays/${String(at(body, 'id'))}`, {
        name: 'Renamed',
        datePeriod: written.datePeriod,
        everyoneIncludingNew: true,
      });

      expect(replaced.body).toMatchObject({
        name: 'Renamed',
        userIds: [],
        everyoneIncludingNew: true,
        automaticTimeEntryCreation: false,
      });
    });
  });

  describe('time off', () => {
    const requests = `{ws}/time-off/policies/${vacation}/requests`;

    it('is stored as midnights of the person in UTC, and waits for a decision', async () => {
      const asked = await call('POST', requests, {
        timeOffPeriod: { period: { start: '2026-03-28', days: 2 } },
      });
      const path = `${requests}/${String(at(asked.body, 'id'))}`;

      const decided = await call('PATCH', path, { status: 'APPROVED' });

      expect(asked).toMatchObject({
        status: 201,
        body: {
          status: { statusType: 'PENDING', changedByUserId: null, changedAt: null, note: null },
          timeOffPeriod: { period: { start: '2026-03-27T23:00:00Z', end: '2026-03-29T21:59:59.999Z' } },
        },
      });
      expect(decided.body).toMatchObject({
        status: { statusType: 'APPROVED', changedByUserId: lena },
        balance: 16,
      });
    });

    it('of half a day says which half', async () => {
      const { body } = await call('POST', requests, {
        timeOffPeriod: {
          period: { start: '2026-04-01', days: 1 },
          isHalfDay: true,
          halfDayPeriod: 'SECOND_HALF',
        },
      });

      expect(body).toMatchObject({
        balanceDiff: 0.5,
        timeOffPeriod: { halfDay: true, halfDayPeriod: 'SECOND_HALF' },
      });
    });

    it('can be deleted while it is pending', async () => {
      const { body } = await call('POST', requests, {
        timeOffPeriod: { period: { start: '2026-04-01', days: 1 } },
      });

      await call('DELETE', `${requests}/${String(at(body, 'id'))}`);

      const left = await call('POST', '{ws}/time-off/requests', { statuses: ['PENDING'] });
      expect(left.body).toEqual({ count: 0, requests: [] });
    });

    it('enters itself when it is approved, and leaves when it no longer is', async () => {
      const simulator = server.simulator as ClockifySimulator;
      const policyId = simulator.addPolicy({ name: 'Sick', automaticTimeEntryCreation: true });
      const id = simulator.requestTimeOff({ userId: lena, policyId, firstDay: '2026-04-10', days: 4 });
      const entered = async (): Promise<unknown[]> =>
        (await get(`{ws}/user/${lena}/time-entries?start=2026-04-01T00:00:00Z`)).body as unknown[];

      const pending = await entered();
      simulator.decideTimeOff(id, 'APPROVED');
      const approved = await entered();
      simulator.decideTimeOff(id, 'REJECTED');
      const rejected = await entered();

      // Friday and Monday: the weekend between them is nobody's working day.
      expect([pending.length, approved.length, rejected.length]).toEqual([0, 2, 0]);
      expect(approved).toMatchObject([{ type: 'TIME_OFF' }, { type: 'TIME_OFF' }]);
    });
  });

  describe('limits', () => {
    it('thirty requests an hour for a FREE workspace, without Retry-After', async () => {
      let clock = 0;
      await open({ plan: 'FREE', rateClock: () => clock });

      const statuses: number[] = [];
      for (let count = 0; count < 31; count += 1) statuses.push((await get('/api/v1/user')).status);
      const refused = await get('/api/v1/user');
      clock = 3_600_000;
      const later = await get('/api/v1/user');

      expect(statuses.filter((status) => status === 200)).toHaveLength(30);
      expect(refused).toMatchObject({
        status: 429,
        retryAfter: null,
        body: { message: 'Too Many Requests' },
      });
      expect(later.status).toBe(200);
    });

    it('so many a second, with Retry-After where that is asked for', async () => {
      await open({ ratePerSecond: 2, sendRetryAfter: true, rateClock: () => 0 });

      const answers = [await get('/api/v1/user'), await get('/api/v1/user'), await get('/api/v1/user')];

      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
      expect(answers[2]?.retryAfter).toBe('1');
    });
  });

  it('is the same after save and load', async () => {
    const saved = JSON.parse(JSON.stringify((server.simulator as ClockifySimulator).save())) as unknown;
    const before = await get(`{ws}/user/${lena}/time-entries`);
    const other = new ClockifySimulator({ now: () => new Date('2026-03-01T10:00:00.512Z') });

    other.load(saved);

    await server.close();
    server = await SimulatedServer.listen(other);
    expect(await get(`{ws}/user/${lena}/time-entries`)).toEqual(before);
    expect(other.save()).toEqual(saved);
  });

  it('pages 40,000 entries of 1,000 people faster than 20,000 a second', () => {
    const simulator = server.simulator as ClockifySimulator;
    for (let person = 0; person < 1000; person += 1) {
      const userId = simulator.addUser({ email: `p${person}@example.com`, zone: 'Europe/Kyiv' });
      for (let count = 0; count < 40; count += 1) {
        const start = Date.UTC(2026, 4, 4 + (count % 5), 6 + Math.floor(count / 5), person % 60);
        simulator.addEntry({
          userId,
          start: new Date(start).toISOString(),
          end: new Date(start + 3_000_000).toISOString(),
        });
      }
    }
    const seen = new Set<unknown>();

    // Processor time, so that a busy machine fails nobody.
    const begun = process.cpuUsage();
    for (let page = 1; page <= 40; page += 1) {
      const { body } = simulator.handle({
        method: 'POST',
        path: `/report/v1/workspaces/${workspace}/reports/detailed`,
        query: new URLSearchParams(),
        headers: { 'x-api-key': key },
        body: JSON.stringify({
          dateRangeStart: '2026-05-04T00:00:00.000',
          dateRangeEnd: '2026-05-10T23:59:59.999',
          timeZone: 'America/New_York',
          detailedFilter: { page, pageSize: 1000 },
        }),
      });
      for (const id of ids((body as { timeentries: unknown[] }).timeentries)) seen.add(id);
    }
    const { user, system } = process.cpuUsage(begun);

    expect(seen.size).toBe(40_000);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});
