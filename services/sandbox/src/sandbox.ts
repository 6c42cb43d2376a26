import type { LocalDate } from '#domain';
import { SimulatedServer } from '#http/simulation';
import { Temporal } from 'temporal-polyfill';
import { attendanceForm } from './company-jiandaoyun.js';
import { company } from './company.js';
import { Keeper } from './keeper.js';
import { listenNear, portOf } from './listening.js';
import { Observed } from './observed.js';
import { PageServer } from './page/server.js';
import { memorySchema, type Memory } from './sandbox-memory.js';
import { StateFiles } from './state-files.js';
import type { Vendor } from './vendor.js';
import {
  eachOf,
  ofEach,
  vendorsFor,
  type Endpoints,
  type OfEach,
  type Secrets,
  type Simulators,
  type Vendors,
} from './vendors.js';

export interface SandboxOptions {
  /** Where the state is kept. */
  readonly directory: string;
  /** Of the page, and then exactly this one; that of the last time by default, else a free one. */
  readonly port?: number;
  /** The day up to which the company's life is told, exclusive; today in UTC by default. */
  readonly today?: LocalDate;
  /** Whether the vendors' rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
}

/** Vendors in memory, with an invented company in them, and a page that shows what arrived. On the loopback interface only. */
export class Sandbox {
  private constructor(
    private readonly vendors: Vendors,
    /** The simulators behind their ports; the `plan` of one gives that vendor a bad moment. */
    readonly servers: OfEach<SimulatedServer>,
    /** The simulators themselves, for whoever changes them behind their API's back, and then calls `changed`. */
    readonly simulators: Simulators,
    private readonly page: PageServer,
    private readonly keeper: Keeper,
  ) {}

  /** Starts everything: as it was left, where it was left, and told on to today. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const files = new StateFiles(options.directory);
    const vendors = vendorsFor({ limits: options.limits ?? 'vendor' });
    const before = await recall(files, vendors);
    const today = later(options.today ?? Temporal.Now.plainDateISO('UTC').toString(), before?.filledTo);
    tell(vendors, before?.filledTo, today);

    const simulators = (await ofEach(vendors, ({ simulator }) => simulator)) as Simulators;
    const keeper = new Keeper(files, Object.values(simulators));
    const opened: { close(): Promise<void> }[] = [];
    const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
      opened.push(server);
      return server;
    };
    try {
      const servers = await ofEach(vendors, async (vendor, name) =>
        keep(await serve(vendor, before?.ports[name], keeper)),
      );
      const shown = Object.values<Vendor>(vendors).flatMap(({ pages }) => pages ?? []);
      const openPage = (port: number) =>
        PageServer.listen({ vendors: shown, today }, (listener) => keeper.onChange(listener), port);
      const page = keep(
        options.port === undefined
          ? await listenNear(before?.ports.page, openPage)
          : await openPage(options.port),
      );
      for (const vendor of Object.values<Vendor>(vendors)) vendor.shownAt?.(page.url);
      await keeper.save();
      const ports = {
        page: portOf(page.url),
        ...(await ofEach(vendors, (_, name) => portOf(servers[name].url))),
      };
      const given = await ofEach(vendors, (vendor) => vendor.remember?.());
      await files.write('sandbox', { ports, filledTo: today, ...given } satisfies Memory);
      return new Sandbox(vendors, servers, simulators, page, keeper);
    } catch (error) {
      await Promise.all(opened.map((server) => server.close()));
      throw error;
    }
  }

  /** Of the page, without a trailing slash. */
  get url(): string {
    return this.page.url;
  }

  /** The base URLs that settings take. */
  get endpoints(): Endpoints {
    const urls = eachOf<Vendor>(this.vendors).map(([name, vendor]) =>
      vendor.endpoints(this.servers[name].url),
    );
    return Object.assign({}, ...urls) as Endpoints;
  }

  /** By the names under which documents refer to them. */
  get secrets(): Secrets {
    return Object.assign(
      {},
      ...Object.values<Vendor>(this.vendors).map((vendor) => vendor.secrets()),
    ) as Secrets;
  }

  /** The one workspace that Clockify has. */
  get clockifyWorkspaceId(): string {
    return this.vendors.clockify.workspaceId();
  }

  /** The company's tenant of Microsoft, and the app in it. */
  get outlookApp(): { readonly tenant: string; readonly clientId: string } {
    const { tenantId: tenant, clientId } = this.simulators.outlook.entra;
    return { tenant, clientId };
  }

  /** The company's id in WeCom. */
  get wecomCorpId(): string {
    return this.simulators.wecom.corpId;
  }

  /** The one form that Jiandaoyun has, as a Forward's destination names it. */
  get jiandaoyunForm(): { readonly app: string; readonly form: string } {
    const { appId, entryId } = attendanceForm(this.simulators.jiandaoyun);
    return { app: appId, form: entryId };
  }

  /** Where the page shows a task of Vtiger, as a source's settings take it. */
  get vtigerRecordUrl(): string {
    return `${this.url}/vtiger#t{number}`;
  }

  /** To be called after a simulator was changed directly: it is saved, and the page looks again. */
  changed(): void {
    this.keeper.touch();
  }

  async stop(): Promise<void> {
    await Promise.all([this.page, ...Object.values(this.servers)].map((server) => server.close()));
    await this.keeper.save();
  }
}

/** Gives the vendors the state of the last time, as far as there is one. */
async function recall(files: StateFiles, vendors: Vendors): Promise<Memory | undefined> {
  const content = await files.read('sandbox');
  if (content === undefined) return undefined;
  const memory = memorySchema.parse(content);
  for (const [name, vendor] of eachOf<Vendor>(vendors)) {
    const saved = await files.read(vendor.simulator.id);
    if (saved !== undefined) vendor.simulator.load(saved);
    if (memory[name] !== undefined) vendor.recall?.(memory[name]);
  }
  return memory;
}

/** Tells the company's life: from its beginning the first time, afterwards the days since the last. */
function tell(vendors: Vendors, toldTo: LocalDate | undefined, today: LocalDate): void {
  const people = company(today);
  for (const vendor of Object.values<Vendor>(vendors)) vendor.tell({ people, today, toldTo });
}

/** A clock that was set back tells nothing anew. */
const later = (day: LocalDate, other: LocalDate | undefined): LocalDate =>
  other !== undefined && other > day ? other : day;

const serve = (
  { simulator, mayChange }: Vendor,
  port: number | undefined,
  keeper: Keeper,
): Promise<SimulatedServer> =>
  listenNear(port, (free) =>
    SimulatedServer.listen(
      new Observed(simulator, mayChange, () => {
        keeper.touch();
      }),
      free,
    ),
  );
