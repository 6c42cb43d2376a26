import { randomUUID } from 'node:crypto';
import type { TableRow } from '#channels';
import { JiandaoyunSimulator, type JiandaoyunEntry } from '#channels/simulators';
import { CompanyReader } from '#company';
import { Vendors } from '#connections';
import { hashOf, readText } from '#documents';
import { instant, rowDeliveryId, type Cells } from '#domain';
import { SimulatedServer } from '#http/simulation';
import type { Queues } from '#queues';
import { setFaultHandler, type FaultPointName } from '#runtime';
import { MemorySecrets } from '#settings';
import {
  Accounts,
  Deliveries,
  DeliveryClaims,
  Documents,
  Forwards,
  Rooms,
  Troubles,
  WriteBatches,
  type Delivery,
  type ForwardCounts,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { Deliver } from '../deliver.js';
import { Settle } from '../settle.js';

/** What one row of the form 考勤月报 says: the days worked, and who it is about where that matters. */
export interface Said {
  readonly days: number;
  readonly member?: string;
}

/** Specs look for themselves. */
const silent = { ring: () => Promise.resolve() } as unknown as Queues;

const DAYS = '_widget_1767225600005';
const MEMBER = '_widget_1767225600002';

/** The notifier at work for one form of a simulated Jiandaoyun, over a database of its own; for specs. */
export class TableDesk {
  readonly form: JiandaoyunEntry;
  troubles!: Troubles;
  deliveries!: Deliveries;
  forwards!: Forwards;
  #deliver!: () => Deliver;
  #test!: TestDatabase;
  #server!: SimulatedServer;
  #occurrence!: string;

  private constructor(
    readonly jiandaoyun: JiandaoyunSimulator,
    private readonly to: Readonly<Record<string, unknown>>,
  ) {
    this.form = jiandaoyun.addAttendance();
  }

  static async open(
    jiandaoyun = new JiandaoyunSimulator({ limits: 'none' }),
    to: Readonly<Record<string, unknown>> = {},
  ): Promise<TableDesk> {
    const desk = new TableDesk(jiandaoyun, to);
    const [test, server] = await Promise.all([testDatabase(), SimulatedServer.listen(jiandaoyun)]);
    desk.#test = test;
    desk.#server = server;
    const { database } = test;
    desk.deliveries = new Deliveries(database);
    desk.troubles = new Troubles(database);
    desk.forwards = new Forwards(database);
    const accounts = new Accounts(database);
    // Each time another process, which remembers nothing of the one before.
    desk.#deliver = () => {
      const vendors = new Vendors(new MemorySecrets({ key: jiandaoyun.apiKey }), undefined, accounts);
      const [claims, rooms] = [new DeliveryClaims(database), new Rooms(database)];
      const settle = new Settle(vendors, claims, accounts, desk.troubles, silent, rooms);
      return new Deliver(
        new CompanyReader(database),
        vendors,
        desk.deliveries,
        claims,
        accounts,
        silent,
        settle,
        rooms,
        new WriteBatches(database),
      );
    };
    const { documents } = readText(
      `
kind: Channel
name: jiandaoyun
type: jiandaoyun
owner: ops@acme.example
audience: managers
settings: { apiKey: { secret: key }, baseUrl: '${server.url}' }
`,
      'desk.yaml',
    );
    await new Documents(database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      'desk',
    );
    desk.#occurrence = randomUUID();
    await database.query(
      `insert into occurrence (id, subscription, zone, nominal_at, due_at, until_at, state) values ($1, 'attendance', 'UTC', now(), now(), now(), 'done')`,
      [desk.#occurrence],
    );
    return desk;
  }

  get server(): SimulatedServer {
    return this.#server;
  }

  get database(): TestDatabase['database'] {
    return this.#test.database;
  }

  /** Has rows written, by their keys: all that the period has. */
  async want(rows: Readonly<Record<string, Said>>): Promise<ForwardCounts> {
    const { appId: app, entryId: form } = this.form;
    const target = { channel: 'jiandaoyun', app, form, ...this.to };
    return this.database.transaction((tx) =>
      this.forwards.keep(tx, {
        id: randomUUID(),
        forward: 'attendance',
        occurrenceId: this.#occurrence,
        asOf: instant('2026-04-01T00:00:00Z'),
        period: { from: '2026-03-01', to: '2026-04-01' },
        source: 'wecom',
        kind: 'work.hours',
        target,
        channel: 'jiandaoyun',
        traceparent: undefined,
        rows: Object.entries(rows).map(([key, said]) => ({
          deliveryId: idOf(key),
          key,
          factKey: key,
          personId: undefined,
          destination: `row:${key}`,
          row: rowOf(key, said),
        })),
        rejected: [],
      }),
    );
  }

  /** Writes what is due as a process that dies at the point: nothing of it goes on from there, and in time its leases run out. */
  async dieAt(point: FaultPointName): Promise<void> {
    const died = new Promise<void>((resolve) => {
      setFaultHandler((reached) => {
        if (reached !== point) return;
        resolve();
        return new Promise<never>(() => undefined);
      });
    });
    await Promise.race([
      died,
      this.drain().then(() => {
        throw new Error(`${point} was never reached`);
      }),
    ]);
    setFaultHandler(undefined);
    await this.database.query(
      `update delivery set lease_until = clock_timestamp() - interval '1 second' where lease_until > clock_timestamp()`,
    );
    await new DeliveryClaims(this.database).sweep();
  }

  /** Lets nothing wait, and writes all that is due, as a process of its own. */
  async drain(): Promise<void> {
    await this.database.query(
      `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at < 'infinity'`,
    );
    await this.database.query(`update destination set free_at = '-infinity', lease_until = '-infinity'`);
    await this.database.query(`update account set paused_until = '-infinity'`);
    await this.#deliver().drain('jiandaoyun', new AbortController().signal);
  }

  async delivery(key: string): Promise<Delivery> {
    const found = await this.deliveries.get(idOf(key));
    if (!found) throw new Error(`there is no delivery of ${key}`);
    return found;
  }

  async states(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.database.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from delivery group by state order by state',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** What the form shows: the days by key; a key that is there twice fails. */
  shown(): Readonly<Record<string, unknown>> {
    const shown: Record<string, unknown> = {};
    for (const row of this.jiandaoyun.records(this.form.entryId)) {
      const key = String(row['ext_key']);
      if (key in shown) throw new Error(`${key} is in the form twice`);
      shown[key] = row[DAYS];
    }
    return shown;
  }

  async batches(): Promise<readonly { readonly id: string; readonly deliveries: readonly string[] }[]> {
    return this.database.query('select id, deliveries from write_batch order by began_at');
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#test.drop();
  }
}

/** So many rows, of so many days each. */
export const rowsOf = (count: number, days = 22): Readonly<Record<string, Said>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`2026-03:u${index}`, { days }]));

const idOf = (key: string): string => rowDeliveryId({ forward: 'attendance', destination: 'form', key });

const rowOf = (key: string, { days, member }: Said): TableRow => ({
  key,
  by: ['ext_key'],
  values: {
    ext_key: { as: 'text', value: key },
    [DAYS]: { as: 'number', value: days },
    ...(member === undefined ? {} : { [MEMBER]: { as: 'user', value: member } }),
  } satisfies Cells,
});
