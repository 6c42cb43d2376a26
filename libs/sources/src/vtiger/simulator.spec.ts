import { VtigerSimulator, type VtigerSimulatorOptions } from './simulator.js';
import {
  type Answer,
  api,
  basic,
  hotline,
  ids,
  key,
  md5,
  olena,
  Sample,
} from './simulator/sample.fixture.js';

let vtiger: Sample;

async function reopen(options: VtigerSimulatorOptions = {}): Promise<void> {
  await vtiger?.close();
  vtiger = await Sample.open(options);
}

describe('the simulated Vtiger', () => {
  beforeEach(() => reopen());
  afterAll(() => vtiger.close());

  describe('the classic web service answers', () => {
    it('a challenge that is good for five minutes, and a login', async () => {
      const challenge = await vtiger.classicGet({ operation: 'getchallenge', username: 'api' });
      const { token } = challenge.result as { token: string };

      const answer = await vtiger.classicPost({
        operation: 'login',
        username: 'api',
        accessKey: md5(token + key),
      });

      expect(challenge.result).toEqual({
        token: expect.stringMatching(/^[0-9a-f]{13}$/) as unknown,
        serverTime: 1772438400,
        expireTime: 1772438700,
      });
      expect(answer).toMatchObject({
        status: 200,
        result: {
          sessionName: expect.stringMatching(/^[0-9a-f]+$/) as unknown,
          userId: api,
          version: '0.22',
          vtigerVersion: '7.5.0',
        },
      });
    });

    it('a query with the published ticket', async () => {
      const sessionName = await vtiger.login();

      const answer = await vtiger.classicGet({
        operation: 'query',
        sessionName,
        query: "SELECT * FROM HelpDesk WHERE ticketstatus='Open' ORDER BY modifiedtime LIMIT 0, 100;",
      });

      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.result).toMatchObject([
        {
          ticket_no: 'TT42',
          assigned_user_id: '19x5',
          parent_id: '11x123',
          ticketpriorities: 'High',
          ticketstatus: 'Open',
          ticket_title: 'Cannot log in',
          createdtime: '2026-03-02 07:12:44',
          modifiedtime: '2026-03-02 08:00:01',
          contact_id: '',
          id: '17x901',
        },
      ]);
    });

    it('its types, users and groups', async () => {
      const sessionName = await vtiger.login();
      const ask = (text: string): Promise<Answer> =>
        vtiger.classicGet({ operation: 'query', sessionName, query: text });

      const types = await vtiger.classicGet({ operation: 'listtypes', sessionName });

      expect(types.result).toMatchObject({
        types: expect.arrayContaining(['HelpDesk', 'Calendar', 'Users', 'Groups']) as unknown,
        information: { HelpDesk: { isEntity: true, label: 'Tickets', singular: 'Ticket' } },
      });
      expect((await ask("SELECT first_name, email1 FROM Users WHERE id='19x7';")).result).toEqual([
        { first_name: 'Олена', email1: 'olena@acme.example', id: olena },
      ]);
      expect((await ask('SELECT groupname FROM Groups;')).result).toEqual([
        { groupname: '热线支持', id: hotline },
      ]);
    });

    it('the revision of a ticket, and goes away when asked', async () => {
      const sessionName = await vtiger.login();
      vtiger.now += 60_000;

      const revised = await vtiger.classicPost({
        operation: 'revise',
        sessionName,
        element: JSON.stringify({ id: '17x901', ticketstatus: 'Closed' }),
      });
      const left = await vtiger.classicPost({ operation: 'logout', sessionName });
      const after = await vtiger.classicGet({ operation: 'listtypes', sessionName });

      expect(revised.result).toMatchObject({
        ticketstatus: 'Closed',
        ticket_title: 'Cannot log in',
        modifiedtime: '2026-03-02 08:01:00',
      });
      expect(left.result).toEqual({ message: 'successfull' });
      expect(after.code).toBe('INVALID_SESSIONID');
    });

    it('with a notice of PHP before the JSON, where the server is misconfigured', async () => {
      vtiger.simulator.spillNotices();

      const { status, text } = await vtiger.classicGet({ operation: 'getchallenge', username: 'api' });

      expect(status).toBe(200);
      expect(text).toMatch(/^<br \/>\n<b>Notice<\/b>[^{]+\{"success":true/);
    });
  });

  describe('the REST API answers', () => {
    it('the published case', async () => {
      const answer = await vtiger.query("SELECT * FROM Cases WHERE casestatus='Open' LIMIT 0,100;");

      expect(answer.status).toBe(200);
      expect(answer.result).toMatchObject([
        {
          case_no: 'CASE10231',
          title: 'Invoice wrong',
          casestatus: 'Open',
          casepriority: 'High',
          assigned_user_id: '19x7',
          group_id: '20x3',
          contact_id: '12x5501',
          parent_id: '',
          createdtime: '2026-03-02 07:12:44',
          modifiedtime: '2026-03-02 08:00:01',
          isclosed: '0',
          sla_closureon: '',
          slastatus: '',
          id: '39x916810',
        },
      ]);
    });

    it('the published task', async () => {
      expect((await vtiger.restGet('retrieve?id=9x771')).result).toMatchObject({
        subject: 'Call back',
        taskstatus: 'In Progress',
        taskpriority: 'High',
        date_start: '2026-03-02',
        time_start: '08:00:00',
        due_date: '2026-03-03',
        assigned_user_id: '19x7',
        parent_id: '17x901',
        contact_id: '',
        createdtime: '2026-03-01 10:00:00',
        modifiedtime: '2026-03-02 08:00:01',
        id: '9x771',
      });
    });

    it('who calls', async () => {
      expect((await vtiger.restGet('me')).result).toMatchObject({
        id: api,
        user_name: 'api',
        last_name: 'API',
        email1: 'api@acme.example',
        time_zone: 'UTC',
      });
    });

    it('what a module looks like, with a picklist as it now is', async () => {
      vtiger.simulator.setPicklist('Cases', 'casepriority', ['紧急', '높음', 'Низький']);

      const { result } = await vtiger.restGet('describe?elementType=Cases');

      expect(result).toMatchObject({
        name: 'Cases',
        label: 'Cases',
        idPrefix: '39',
        isEntity: true,
        labelFields: 'title',
      });
      expect((result as { fields: unknown[] }).fields).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            name: 'casepriority',
            type: {
              name: 'picklist',
              picklistValues: ['紧急', '높음', 'Низький'].map((value) => ({ label: value, value })),
            },
          }),
          expect.objectContaining({ name: 'assigned_user_id', mandatory: true, type: { name: 'owner' } }),
          expect.objectContaining({
            name: 'contact_id',
            type: { name: 'reference', refersTo: ['Contacts'] },
          }),
        ]),
      );
    });

    it('a case that was made, and no longer one that was deleted', async () => {
      const made = await vtiger.restPost('create', {
        elementType: 'Cases',
        element: JSON.stringify({ title: '付款失败', casestatus: 'Open', assigned_user_id: hotline }),
      });
      const { id } = made.result as { id: string };

      const found = await vtiger.query("SELECT title FROM Cases WHERE title LIKE '付款%';");
      const deleted = await vtiger.restPost('delete', { id });

      expect(found.result).toEqual([{ title: '付款失败', id }]);
      expect(deleted.result).toEqual({ status: 'successful' });
      expect((await vtiger.restGet(`retrieve?id=${id}`)).code).toBe('RECORD_NOT_FOUND');
      expect(ids(await vtiger.query('SELECT id FROM Cases;'))).toEqual(['39x916810']);
    });

    it('what is malformed or surplus as it was put there', async () => {
      vtiger.simulator.editRecord('17x901', {
        shown: { modifiedtime: 'soon', ticketpriorities: 7, cf_1: { a: 1 } },
        missing: ['ticketstatus'],
      });

      const { result } = await vtiger.query('SELECT * FROM HelpDesk;');

      expect(result).toMatchObject([{ modifiedtime: 'soon', ticketpriorities: 7, cf_1: { a: 1 } }]);
      expect((result as object[])[0]).not.toHaveProperty('ticketstatus');
    });
  });

  it('has other prefixes than the published samples, where none are given', () => {
    const other = new VtigerSimulator();

    const prefixes = [...other.modules.values()].map(({ idPrefix }) => idPrefix);

    expect(prefixes.filter((prefix) => [9, 11, 12, 17, 19, 20, 39].includes(prefix))).toEqual([]);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });

  it('has only the API that it is told to have', async () => {
    await reopen({ apis: ['classic'] });

    expect((await vtiger.restGet('me')).status).toBe(404);
    expect((await vtiger.classicGet({ operation: 'getchallenge', username: 'api' })).status).toBe(200);
  });

  it('takes modules and fields of its own', async () => {
    vtiger.simulator.addModule({
      name: 'Обращения',
      idPrefix: 77,
      fields: [{ name: 'cf_subject', type: 'string', mandatory: true }],
    });
    vtiger.simulator.addField('HelpDesk', { name: 'cf_due', type: 'date' });
    vtiger.simulator.editRecord('17x901', { values: { cf_due: '2026-03-09' } });

    expect((await vtiger.query("SELECT cf_due FROM HelpDesk WHERE cf_due > '2026-03-08';")).result).toEqual([
      { cf_due: '2026-03-09', id: '17x901' },
    ]);
    expect(
      (await vtiger.restGet(`describe?elementType=${encodeURIComponent('Обращения')}`)).result,
    ).toMatchObject({
      idPrefix: '77',
    });
  });

  it.each<[string, () => void]>([
    ['an id of another module', () => vtiger.simulator.addRecord({ module: 'HelpDesk', id: '9x1' })],
    ['an id twice', () => vtiger.simulator.addRecord({ module: 'HelpDesk', id: '17x901' })],
    ['an owner that is not there', () => vtiger.simulator.addRecord({ module: 'HelpDesk', owner: '19x99' })],
    [
      'a field that is not there',
      () => vtiger.simulator.addRecord({ module: 'HelpDesk', values: { title: 'x' } }),
    ],
    [
      'a time without a zone',
      () => vtiger.simulator.addRecord({ module: 'HelpDesk', createdAt: '2026-03-02 08:00:00' }),
    ],
    [
      'a module of a prefix that is taken',
      () => vtiger.simulator.addModule({ name: 'X', idPrefix: 17, fields: [] }),
    ],
  ])('is not seeded with %s', (_, seed) => {
    expect(seed).toThrow(RangeError);
  });

  it('is the same after save and load', async () => {
    vtiger.simulator.deleteRecord('39x916810');
    vtiger.simulator.denyModule('Products');
    const saved = JSON.parse(JSON.stringify(vtiger.simulator.save())) as unknown;
    const before = await vtiger.query('SELECT * FROM HelpDesk;');
    await reopen();

    vtiger.simulator.load(saved);

    expect((await vtiger.query('SELECT * FROM HelpDesk;')).result).toEqual(before.result);
    expect((await vtiger.query('SELECT * FROM Products;')).code).toBe('ACCESS_DENIED');
    expect(vtiger.simulator.save()).toEqual(saved);
  });

  it('pages and walks 10,000 records in less than two seconds', () => {
    // Processor time, so that a busy machine fails nobody.
    const begun = process.cpuUsage();
    vtiger.seedTickets(10_000, 7);
    const run = (text: string): unknown[] => {
      const { body } = vtiger.simulator.handle({
        method: 'GET',
        path: '/restapi/v1/vtiger/default/query',
        query: new URLSearchParams({ query: text }),
        headers: basic('api', key),
        body: '',
      }) as { body: { result: { id: string }[] } };
      return body.result.map(({ id }) => id);
    };
    const paged = new Set<unknown>();
    for (let offset = 0; offset <= 10_001; offset += 100)
      for (const id of run(`SELECT * FROM HelpDesk ORDER BY modifiedtime LIMIT ${offset}, 100;`))
        paged.add(id);
    const walked = new Set<unknown>();
    for (let last = '17x0', page: unknown[] = [last]; page.length > 0; last = String(page.at(-1) ?? last)) {
      page = run(`SELECT * FROM HelpDesk WHERE id > '${last}' ORDER BY id LIMIT 100;`);
      for (const id of page) walked.add(id);
    }
    const { user, system } = process.cpuUsage(begun);

    expect([paged.size, walked.size]).toEqual([10_001 - 1428, 10_001 - 1428]);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});
