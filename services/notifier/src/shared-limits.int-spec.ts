import { randomUUID } from 'node:crypto';
import { graphError, JiraSimulator, jiraThrottled, OutlookSimulator } from '#channels/simulators';
import { CompanyReader } from '#company';
import { Vendors } from '#connections';
import { hashOf, readText, type ChannelDocument } from '#documents';
import { instant } from '#domain';
import { SimulatedServer, type SimulatedRequest } from '#http/simulation';
import { migrateQueues, Queues } from '#queues';
import { MemorySecrets } from '#settings';
import {
  Accounts,
  Deliveries,
  DeliveryClaims,
  Documents,
  Rooms,
  Troubles,
  WriteBatches,
  type Database,
  type Delivery,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Deliver } from './deliver.js';
import { Settle } from './settle.js';

const bot = 'carillon@acme.example';
const creates = ({ method, path }: Pick<SimulatedRequest, 'method' | 'path'>): boolean =>
  method === 'POST' && path.endsWith('/issue');

/** One of several processes over one database. */
function replica(database: Database, queues: Queues, secrets: Readonly<Record<string, string>>) {
  const accounts = new Accounts(database);
  const vendors = new Vendors(new MemorySecrets(secrets), undefined, accounts);
  const [claims, rooms, troubles] = [
    new DeliveryClaims(database),
    new Rooms(database),
    new Troubles(database),
  ];
  const deliver = new Deliver(
    new CompanyReader(database),
    vendors,
    new Deliveries(database),
    claims,
    accounts,
    queues,
    new Settle(vendors, claims, accounts, troubles, queues, rooms),
    rooms,
    new WriteBatches(database),
  );
  return {
    vendors,
    drain: (channel: string): Promise<void> => deliver.drain(channel, new AbortController().signal),
  };
}

describe('two notifiers', () => {
  let onTheWay = 0;
  let most = 0;
  const outlook = new OutlookSimulator({
    limits: 'vendor',
    lagMs: 0,
    work: async () => {
      onTheWay += 1;
      most = Math.max(most, onTheWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      onTheWay -= 1;
    },
  });
  const jira = new JiraSimulator({ limits: 'vendor', indexLagMs: 0 });
  let test: TestDatabase;
  let queues: Queues;
  let servers: Readonly<Record<'outlook' | 'jira', SimulatedServer>>;
  let replicas: readonly ReturnType<typeof replica>[];
  let documents: ReturnType<typeof readText>['documents'];

  beforeAll(async () => {
    outlook.addMailbox({ userPrincipalName: bot, displayName: 'Carillon' });
    outlook.addMailbox({ userPrincipalName: 'olena@acme.example', displayName: 'Olena' });
    jira.addProject({ key: 'OPS' });
    jira.addProject({ key: 'WEB' });
    const account = jira.addPerson({ displayName: 'Carillon', emailAddress: bot });
    const [database, mail, issues] = await Promise.all([
      testDatabase(),
      SimulatedServer.listen(outlook),
      SimulatedServer.listen(jira),
    ]);
    test = database;
    servers = { outlook: mail, jira: issues };
    await migrateQueues(test.url);
    queues = new Queues({ url: test.url });
    const site = (name: string): string => `
kind: Channel
name: ${name}
type: jira
settings: { baseUrl: '${issues.url}', email: ${bot}, apiToken: { secret: jira }, searchLagSeconds: 0 }
`;
    ({ documents } = readText(
      [
        site('jira-of-ops'),
        site('jira-of-web'),
        `
kind: Channel
name: outlook
type: outlook
settings:
  tenant: ${outlook.entra.tenantId}
  clientId: ${outlook.entra.clientId}
  clientSecret: { secret: outlook }
  mailbox: ${bot}
  baseUrl: '${mail.url}/v1.0/'
  authority: '${mail.url}'
`,
      ].join('---'),
      'spec.yaml',
    ));
    await new Documents(test.database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      'spec',
    );
    const secrets = { outlook: outlook.entra.clientSecret, jira: jira.issueToken(account.accountId) };
    replicas = [1, 2].map(() => replica(test.database, queues, secrets));
  }, 60_000);
  afterEach(async () => {
    for (const server of Object.values(servers)) server.calm();
    await test.database.query('delete from account');
    await test.database.query(`update delivery set state = 'retracted' where state <> 'sent'`);
  });
  afterAll(async () => {
    await queues.close();
    await Promise.all(Object.values(servers).map((server) => server.close()));
    await test.drop();
  }, 60_000);

  const say = async (channel: string, target: object, count = 1): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids)
      await test.database.transaction((tx) =>
        new Deliveries(test.database).say(tx, {
          id,
          subscription: 'spec',
          channel,
          destination: `to:${id}`,
          about: 'notification',
          target: { channel, ...target },
          message: { locale: 'en', title: `About ${id}`, blocks: [] },
          notifications: [],
          whenUnknown: 'leave',
        }),
      );
    return ids;
  };
  const stateOf = async (id: string): Promise<Delivery | undefined> => new Deliveries(test.database).get(id);
  const drainBoth = async (channel: string): Promise<void> => {
    await test.database.query(
      `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at < 'infinity'`,
    );
    await Promise.all(replicas.map((one) => one.drain(channel)));
  };
  const freeLanes = async (): Promise<void> => {
    await test.database.query(
      `update account set paused_until = '-infinity' where channel like 'lanes of %'`,
    );
    await test.database.query(`update destination set free_at = '-infinity'`);
  };
  const arrived = (): number => outlook.arrived('olena@acme.example').length;

  it('have four requests on their way to a mailbox together, however many they want', async () => {
    const before = arrived();
    const connected = await Promise.all(
      replicas.map(({ vendors }) =>
        vendors.channel(
          documents.find(({ name }) => name === 'outlook')?.content as unknown as ChannelDocument,
        ),
      ),
    );
    most = 0;

    await Promise.all(
      connected.flatMap(({ channel }) =>
        Array.from({ length: 6 }, () =>
          channel.send?.(
            { locale: 'en', title: 'Hello', blocks: [] },
            { id: `mailto:olena@acme.example?from=${bot}` },
            {
              deliveryId: randomUUID(),
              revision: 1,
              number: 1,
              beganAt: instant(new Date().toISOString()),
              signal: AbortSignal.timeout(20_000),
            },
          ),
        ),
      ),
    );

    expect(most).toBe(4);
    expect(arrived() - before).toBe(12);
  }, 60_000);

  it('send one mail at a time from a mailbox, two seconds apart: thirty a minute, and no more', async () => {
    const before = arrived();
    const ids = await say('outlook', { mail: ['olena@acme.example'] }, 4);

    const began = performance.now();
    for (let turns = 1; arrived() - before < ids.length; turns += 1) {
      await drainBoth('outlook');
      // One for each time that the lane was free, be it because we freed it or because two seconds had passed.
      expect(arrived() - before).toBeLessThanOrEqual(turns + Math.floor((performance.now() - began) / 2000));
      const [lane] = await test.database.query<{ ms: number }>(
        `select extract(epoch from paused_until - filled_at)::float8 * 1000 as ms from account where channel = 'lanes of outlook'`,
      );
      expect(lane?.ms).toBeGreaterThanOrEqual(60_000 / 30);
      await freeLanes();
    }

    for (const id of ids) expect(await stateOf(id)).toMatchObject({ state: 'sent', sent_revision: 1 });
  }, 60_000);

  it('rest a mailbox that says it is too much while it is asked for a mail', async () => {
    const [lost = ''] = await say('outlook', { mail: ['olena@acme.example'] });
    servers.outlook.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('/send') });
    await drainBoth('outlook');
    expect(await stateOf(lost)).toMatchObject({ state: 'unknown' });
    const [other = ''] = await say('outlook', { mail: ['olena@acme.example'] });
    servers.outlook.plan({
      kind: 'answer',
      match: ({ method }) => method === 'GET',
      answer: graphError(429, 'ApplicationThrottled', 'no', { 'retry-after': '60' }),
    });
    await freeLanes();
    await replicas[0]?.drain('outlook');
    await test.database.query(
      `update delivery set due_at = clock_timestamp() + interval '1 hour' where id = $1`,
      [other],
    );
    const before = arrived();

    await drainBoth('outlook');
    const asked = servers.outlook.requests.length;
    await drainBoth('outlook');

    expect((await new Accounts(test.database).paused('lanes of outlook')).get(bot)).toBeGreaterThan(50_000);
    expect(servers.outlook.requests).toHaveLength(asked);
    expect(arrived()).toBe(before);
    await freeLanes();
    await drainBoth('outlook');
    await freeLanes();
    await drainBoth('outlook');
    expect(await stateOf(lost)).toMatchObject({ state: 'sent' });
  }, 60_000);

  it('have one budget for a site that two documents lead to', async () => {
    await say('jira-of-ops', { project: 'OPS' }, 3);
    await say('jira-of-web', { project: 'WEB' }, 3);

    // Who looks first takes what the budget has, and gives back what it does not need.
    while (jira.issues().length < 6) await Promise.all(['jira-of-ops', 'jira-of-web'].map(drainBoth));

    const rows = await test.database.query<{ channel: string; scope: string }>(
      'select channel, scope from account order by 1, 2',
    );
    expect(jira.issues()).toHaveLength(6);
    expect(rows).toEqual([{ channel: `account of jira: ${servers.jira.url}`, scope: 'account' }]);
  }, 60_000);

  it.each([
    ['jira-quota-tenant-based', 'pending'],
    ['jira-burst-based', 'retrying'],
  ] as const)(
    'leave a site alone by either document after %s',
    async (reason, state) => {
      const before = jira.issues().length;
      servers.jira.plan({
        kind: 'answer',
        match: creates,
        answer: jiraThrottled({ reason, limit: 100, until: new Date(Date.now() + 60_000), waitSeconds: 60 }),
      });
      const [refused = ''] = await say('jira-of-ops', { project: 'OPS' });
      await drainBoth('jira-of-ops');
      const [other = ''] = await say('jira-of-web', { project: 'WEB' });
      const asked = servers.jira.requests.filter(creates).length;

      await drainBoth('jira-of-web');

      expect(await stateOf(refused)).toMatchObject({
        state: 'retrying',
        reason: 'rate-limited',
        attempts: 0,
      });
      expect(await stateOf(other)).toMatchObject({ state });
      expect(servers.jira.requests.filter(creates)).toHaveLength(asked);
      expect(jira.issues()).toHaveLength(before);

      await test.database.query('delete from account');
      await test.database.query(`update destination set free_at = '-infinity'`);
      await drainBoth('jira-of-ops');
      await drainBoth('jira-of-web');
      expect(jira.issues()).toHaveLength(before + 2);
    },
    60_000,
  );
});
