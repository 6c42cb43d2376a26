import type { VtigerSimulatorOptions } from '../simulator.js';
import { type Answer, basic, ids, Sample } from './sample.fixture.js';

let vtiger: Sample;

async function reopen(options: VtigerSimulatorOptions = {}): Promise<void> {
  await vtiger?.close();
  vtiger = await Sample.open(options);
}

describe('the query of the simulated Vtiger', () => {
  beforeEach(() => reopen());
  afterAll(() => vtiger.close());

  describe('an answer', () => {
    it('gets a hundred rows at most, whatever it asks for, and any offset', async () => {
      vtiger.seedTickets(250);

      const counts = await Promise.all(
        ['', ' LIMIT 500', ' LIMIT 0, 500', ' LIMIT 200, 100', ' LIMIT 7', ' LIMIT 251, 100'].map(
          async (limit) => ids(await vtiger.query(`SELECT id FROM HelpDesk ORDER BY id${limit};`)).length,
        ),
      );

      expect(counts).toEqual([100, 100, 100, 51, 7, 0]);
    });

    it('loses what the user may not see after the LIMIT: a page may be empty before the end', async () => {
      vtiger.seedTickets(300);
      for (let each = 101; each <= 200; each += 1)
        vtiger.simulator.editRecord(`17x${10_000 + each}`, { hidden: true });
      const page = (offset: number, headers?: Record<string, string>): Promise<Answer> =>
        vtiger.query(
          `SELECT id FROM HelpDesk WHERE id > '17x10000' ORDER BY id LIMIT ${offset}, 100;`,
          headers,
        );

      const seen = await Promise.all([0, 100, 200].map(async (offset) => ids(await page(offset)).length));
      const { result } = await vtiger.query("SELECT COUNT(*) FROM HelpDesk WHERE id > '17x10000';");

      expect(seen).toEqual([100, 0, 100]);
      expect(result).toEqual([{ count: '300' }]);
      expect(ids(await page(100, basic('root', 'root-key')))).toHaveLength(100);
      expect((await vtiger.restGet('retrieve?id=17x10101')).code).toBe('ACCESS_DENIED');
    });

    it('is walked by key, the number alone being compared', async () => {
      vtiger.seedTickets(250);
      const seen: unknown[] = [];

      for (let last = '17x10000', page: unknown[] = ['']; page.length > 0;) {
        page = ids(await vtiger.query(`SELECT id FROM HelpDesk WHERE id > '${last}' ORDER BY id LIMIT 100;`));
        seen.push(...page);
        last = String(page.at(-1) ?? last);
      }

      expect(seen).toHaveLength(250);
      expect(new Set(seen).size).toBe(250);
    });

    it.each([
      ["ticketstatus = 'Open' AND ticketpriorities IN ('Urgent', 'High')", 3],
      // AND binds tighter: (Low and hotline's) or the published one.
      ["ticketpriorities='Low' AND assigned_user_id='20x3' OR ticket_no='TT42'", 2],
      ["assigned_user_id = '20x3'", 1],
      ["assigned_user_id != '20x3'", 4],
      ["ticket_title LIKE 'Заявка _'", 4],
      ["ticket_title LIKE '%log%'", 1],
      ["modifiedtime >= '2026-03-02 08:00:01'", 1],
      ["modifiedtime < '2026-01-02'", 4],
      ["parent_id = '11x123'", 1],
      ["parent_id != '11x123'", 0],
      ["ticket_title = 'Zaявка'", 0],
      ['hours > 2', 0],
    ])('finds where %s', async (where, count) => {
      vtiger.seedTickets(4);

      expect((await vtiger.query(`SELECT count(*) FROM HelpDesk WHERE ${where};`)).result).toEqual([
        { count: String(count) },
      ]);
    });

    it('finds a name with a quote in it', async () => {
      const { result } = await vtiger.query(
        "SELECT accountname FROM Accounts WHERE accountname = 'O''Neil & Söhne';",
      );

      expect(result).toEqual([{ accountname: "O'Neil & Söhne", id: '11x123' }]);
    });

    it('orders by several columns, the direction being the last one’s', async () => {
      vtiger.seedTickets(4);

      const found = await vtiger.query(
        'SELECT id FROM HelpDesk ORDER BY ticketpriorities, modifiedtime DESC;',
      );

      expect(ids(found)).toEqual(['17x901', '17x10003', '17x10001', '17x10004', '17x10002']);
    });

    it('gets texts with entities from some versions', async () => {
      await reopen({ encodeEntities: true });

      expect((await vtiger.query('SELECT accountname FROM Accounts;')).result).toMatchObject([
        { accountname: 'O&#039;Neil &amp; Söhne' },
      ]);
    });

    it('gets the wall clock of the database’s zone from old installations', async () => {
      await reopen({ databaseZone: 'Asia/Shanghai' });

      expect((await vtiger.query('SELECT createdtime FROM HelpDesk;')).result).toMatchObject([
        { createdtime: '2026-03-02 15:12:44' },
      ]);
    });
  });

  describe('is refused in both APIs', () => {
    it.each([
      ['a query without its semicolon', 'SELECT * FROM HelpDesk', 'QUERY_SYNTAX_ERROR'],
      ['parentheses', "SELECT * FROM HelpDesk WHERE (ticketstatus='Open');", 'QUERY_SYNTAX_ERROR'],
      ['NOT', "SELECT * FROM HelpDesk WHERE NOT ticketstatus='Open';", 'QUERY_SYNTAX_ERROR'],
      ['NOT IN', "SELECT * FROM HelpDesk WHERE ticketstatus NOT IN ('Open');", 'QUERY_SYNTAX_ERROR'],
      ['IS NULL', 'SELECT * FROM HelpDesk WHERE contact_id IS NULL;', 'QUERY_SYNTAX_ERROR'],
      ['<> for !=', "SELECT * FROM HelpDesk WHERE ticketstatus <> 'Open';", 'QUERY_SYNTAX_ERROR'],
      ['a join', 'SELECT * FROM HelpDesk, Accounts;', 'QUERY_SYNTAX_ERROR'],
      ['GROUP BY', 'SELECT id FROM HelpDesk GROUP BY id;', 'QUERY_SYNTAX_ERROR'],
      ['a function', 'SELECT max(id) FROM HelpDesk;', 'QUERY_SYNTAX_ERROR'],
      ['double quotes', 'SELECT * FROM HelpDesk WHERE ticketstatus = "Open";', 'QUERY_SYNTAX_ERROR'],
      ['a word without quotes', 'SELECT * FROM HelpDesk WHERE ticketstatus = Open;', 'QUERY_SYNTAX_ERROR'],
      ['a decimal without quotes', 'SELECT * FROM HelpDesk WHERE hours > 1.5;', 'QUERY_SYNTAX_ERROR'],
      ['an empty literal', "SELECT * FROM HelpDesk WHERE contact_id='';", 'QUERY_SYNTAX_ERROR'],
      ['a single inner quote', "SELECT * FROM Accounts WHERE accountname='O'Neil';", 'QUERY_SYNTAX_ERROR'],
      ['an empty IN', 'SELECT * FROM HelpDesk WHERE ticketstatus IN ();', 'QUERY_SYNTAX_ERROR'],
      ['OFFSET', 'SELECT * FROM HelpDesk LIMIT 100 OFFSET 100;', 'QUERY_SYNTAX_ERROR'],
      ['two statements', 'SELECT * FROM HelpDesk; SELECT * FROM Users;', 'QUERY_SYNTAX_ERROR'],
      [
        'a direction that is not last',
        'SELECT * FROM HelpDesk ORDER BY id DESC, hours;',
        'QUERY_SYNTAX_ERROR',
      ],
      ['a statement that writes', 'DELETE FROM HelpDesk;', 'QUERY_SYNTAX_ERROR'],
      ['no query', '', 'QUERY_SYNTAX_ERROR'],
      ['an id without its prefix', "SELECT * FROM HelpDesk WHERE id > '901';", 'INVALID_ID_ATTRIBUTE'],
      [
        'a user’s name for an owner',
        "SELECT * FROM HelpDesk WHERE assigned_user_id='api';",
        'INVALID_ID_ATTRIBUTE',
      ],
      ['a module that is not there', 'SELECT * FROM Tickets;', 'UNKOWN_ENTITY'],
      ['a column of another module', 'SELECT casestatus FROM HelpDesk;', 'ACCESS_DENIED'],
      ['a condition on no column', "SELECT * FROM HelpDesk WHERE status='Open';", 'ACCESS_DENIED'],
      ['an order by no column', 'SELECT * FROM HelpDesk ORDER BY priority;', 'ACCESS_DENIED'],
      [
        'an ISO instant',
        "SELECT * FROM HelpDesk WHERE modifiedtime > '2026-03-01T00:00:00Z';",
        'DATABASE_QUERY_ERROR',
      ],
      ['a day that is not', "SELECT * FROM Calendar WHERE due_date < '2026-02-30';", 'DATABASE_QUERY_ERROR'],
      ['a word for a number', "SELECT * FROM HelpDesk WHERE hours > 'many';", 'DATABASE_QUERY_ERROR'],
    ])('%s', async (_, text, code) => {
      const sessionName = await vtiger.login();

      const old = await vtiger.classicGet({ operation: 'query', sessionName, query: text });
      const cloud = await vtiger.query(text);

      expect(old).toMatchObject({ status: 200, code });
      expect(cloud).toMatchObject({ status: code === 'ACCESS_DENIED' ? 403 : 400, code });
    });

    it('modules and syncs that the user has no permission for', async () => {
      vtiger.simulator.denyModule('Users');

      expect((await vtiger.query('SELECT * FROM Users;')).code).toBe('ACCESS_DENIED');
      expect((await vtiger.restGet('describe?elementType=Users')).code).toBe('ACCESS_DENIED');
      expect((await vtiger.restGet('listtypes')).text).not.toContain('"Users"');
      expect((await vtiger.restGet('sync?modifiedTime=0&syncType=application')).code).toBe('ACCESS_DENIED');
    });
  });
});
