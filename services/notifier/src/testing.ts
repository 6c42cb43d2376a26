import { randomUUID } from 'node:crypto';
import { JiraSimulator, SlackSimulator } from '#channels/simulators';
import { CompanyReader } from '#company';
import { Vendors } from '#connections';
import { hashOf, readText } from '#documents';
import { personId, type Message } from '#domain';
import { SimulatedServer } from '#http/simulation';
import { migrateQueues, Queues } from '#queues';
import { MemorySecrets } from '#settings';
import {
  Accounts,
  Deliveries,
  DeliveryClaims,
  Documents,
  People,
  Rooms,
  Troubles,
  WriteBatches,
  type Delivery,
  type NewDelivery,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Deliver } from './deliver.js';
import { Settle } from './settle.js';

const message = (title: string): Message => ({ locale: 'en', title, blocks: [] });

const account = { displayName: 'Carillon', emailAddress: 'carillon@acme.example' };

/** The notifier at work for one simulated Slack with one channel, `#news`, and one Jira with one project, over a database of its own; for specs. */
export class Desk {
  readonly slack = new SlackSimulator({ limits: 'none' });
  /** As they are at this moment: a spec rotates them. */
  readonly secrets = { token: this.slack.token as string, jira: '' };
  readonly jira = new JiraSimulator({ limits: 'none', indexLagMs: 0 });
  deliveries!: Deliveries;
  troubles!: Troubles;
  deliver!: Deliver;
  #companies!: CompanyReader;
  #vendors!: Vendors;
  #test!: TestDatabase;
  #queues!: Queues;
  #server!: SimulatedServer;
  #jiraServer!: SimulatedServer;
  #news!: string;

  static async open(): Promise<Desk> {
    const desk = new Desk();
    const [test, server, jiraServer] = await Promise.all([
      testDatabase(),
      SimulatedServer.listen(desk.slack),
      SimulatedServer.listen(desk.jira),
    ]);
    desk.jira.addProject({ key: 'OPS' });
    desk.secrets.jira = desk.jira.issueToken(desk.jira.addPerson(account).accountId);
    desk.#jiraServer = jiraServer;
    await migrateQueues(test.url);
    desk.#test = test;
    desk.#server = server;
    desk.#queues = new Queues({ url: test.url });
    const { database } = test;
    desk.deliveries = new Deliveries(database);
    desk.troubles = new Troubles(database);
    const [vendors, claims] = [new Vendors(new MemorySecrets(desk.secrets)), new DeliveryClaims(database)];
    desk.#vendors = vendors;
    const [accounts, rooms] = [new Accounts(database), new Rooms(database)];
    desk.#companies = new CompanyReader(database);
    desk.deliver = new Deliver(
      desk.#companies,
      vendors,
      desk.deliveries,
      claims,
      accounts,
      desk.#queues,
      new Settle(vendors, claims, accounts, desk.troubles, desk.#queues, rooms),
      rooms,
      new WriteBatches(database),
    );
    const { documents } = readText(
      `
kind: Channel
name: slack
type: slack
owner: ops@acme.example
settings: { token: { secret: token }, baseUrl: '${server.url}/api/' }
---
kind: Channel
name: jira
type: jira
owner: ops@acme.example
settings: { email: '${account.emailAddress}', apiToken: { secret: jira }, baseUrl: '${jiraServer.url}', searchLagSeconds: 0 }
`,
      'desk.yaml',
    );
    await new Documents(database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      'desk',
    );
    desk.#news = desk.slack.addChannel({ name: 'news' }).id;
    return desk;
  }

  get database(): TestDatabase['database'] {
    return this.#test.database;
  }

  get server(): SimulatedServer {
    return this.#server;
  }

  get jiraServer(): SimulatedServer {
    return this.#jiraServer;
  }

  /** Has something said in `#news`, each at a destination of its own. Returns the delivery's id. */
  async say(title: string, over: Partial<NewDelivery> = {}): Promise<string> {
    const id = over.id ?? randomUUID();
    await this.database.transaction((tx) =>
      this.deliveries.say(tx, {
        id,
        subscription: 'weekly',
        channel: 'slack',
        destination: `to:${id}`,
        about: 'notification',
        target: { channel: 'slack', channelId: this.#news },
        message: message(title),
        notifications: [],
        whenUnknown: 'leave',
        ...over,
      }),
    );
    return id;
  }

  /** As the notifier does every few seconds. */
  async releaseRenewed(): Promise<void> {
    const { configuration } = await this.#companies.current();
    const slack = configuration.channels.find(({ name }) => name === 'slack');
    if (slack && (await this.#vendors.isRenewed(slack)))
      await this.deliveries.releaseHeld('slack', 'unauthorized');
  }

  /** Lets nothing wait, and sends all that is due. */
  async drain(channel = 'slack'): Promise<void> {
    await this.hurry();
    await this.deliver.drain(channel, new AbortController().signal);
  }

  async hurry(): Promise<void> {
    await this.database.query(
      `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at < 'infinity'`,
    );
    await this.database.query(`update destination set free_at = '-infinity', lease_until = '-infinity'`);
  }

  async delivery(id: string): Promise<Delivery> {
    const found = await this.deliveries.get(id);
    if (!found) throw new Error(`there is no delivery ${id}`);
    return found;
  }

  /** As after a look at who is there. */
  async knowsInSlack(email: string): Promise<void> {
    const user = this.slack.users().find((one) => one.email === email);
    if (!user) throw new Error(`nobody in Slack has ${email}`);
    await this.database.query(
      `insert into identity (system, external_id, data, hash, known_since) values ('slack', $1, $2::jsonb, $1, clock_timestamp()) on conflict do nothing`,
      [user.id, JSON.stringify({ externalId: user.id, email, active: true })],
    );
    await this.database.transaction((tx) =>
      new People(this.database).keepLinks(
        tx,
        [{ id: personId({ email }), slug: email.split('@')[0] ?? '', email }],
        [{ system: 'slack', externalId: user.id, personId: personId({ email }), origin: 'email' }],
      ),
    );
    await this.#companies.fresh();
  }

  shownIn(room: string): readonly string[] {
    const found = this.slack.channels().find(({ name }) => name === room);
    return found ? this.slack.messages(found.id).map(({ text }) => text) : [];
  }

  /** What Slack shows in `#news`. */
  shown(): readonly string[] {
    return this.slack.messages(this.#news).map(({ text }) => text);
  }

  async close(): Promise<void> {
    await this.#queues.close();
    await this.#server.close();
    await this.#jiraServer.close();
    await this.#test.drop();
  }
}
