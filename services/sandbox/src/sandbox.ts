import { SlackSimulator } from '#channels/simulators';
import type { LocalDate } from '#domain';
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator } from '#sources/simulators';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { fillSlack } from './company-slack.js';
import { company, extendClockify, fillClockify } from './company.js';
import { Keeper } from './keeper.js';
import { listenNear, portOf } from './listening.js';
import { Observed } from './observed.js';
import { PageServer } from './page/server.js';
import { StateFiles } from './state-files.js';

export interface SandboxOptions {
  /** Where the state is kept. */
  readonly directory: string;
  /** Of the page, and then exactly this one; that of the last time by default, else a free one. */
  readonly port?: number;
  /** The day up to which the company's life is told, exclusive; today in UTC by default. */
  readonly today?: LocalDate;
  /** Whether Slack's rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
}

/** What the sandbox remembers of itself. */
const memorySchema = z.object({
  ports: z.object({ page: z.number(), slack: z.number(), clockify: z.number() }),
  /** Exclusive. */
  filledTo: z.string(),
  clockify: z.object({ workspaceId: z.string(), apiKey: z.string() }),
});
type Memory = z.infer<typeof memorySchema>;

/** How much of the company's past Clockify knows at the beginning. */
const weeksBefore = 6;

interface Simulators {
  readonly slack: SlackSimulator;
  readonly clockify: ClockifySimulator;
}

/** Slack and Clockify in memory, with an invented company in them, and a page that shows what arrived. On the loopback interface only. */
export class Sandbox {
  private constructor(
    /** Slack's server; its `plan` gives Slack a bad moment. */
    readonly slack: SimulatedServer,
    /** Clockify's server. */
    readonly clockify: SimulatedServer,
    /** The simulators themselves, for whoever changes them behind their API's back, and then calls `changed`. */
    readonly simulators: Simulators,
    private readonly page: PageServer,
    private readonly keeper: Keeper,
    private readonly account: Memory['clockify'],
  ) {}

  /** Starts everything: as it was left, where it was left, and told on to today. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const files = new StateFiles(options.directory);
    const simulators = {
      slack: new SlackSimulator({ limits: options.limits ?? 'vendor' }),
      clockify: new ClockifySimulator(),
    };
    const today = options.today ?? Temporal.Now.plainDateISO('UTC').toString();
    const before = await recall(files, simulators);
    const { account, filledTo } = tell(simulators, before, today);

    const keeper = new Keeper(files, Object.values(simulators));
    const opened: { close(): Promise<void> }[] = [];
    const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
      opened.push(server);
      return server;
    };
    try {
      const slack = await serve(simulators.slack, before?.ports.slack, keeper, () => true).then(keep);
      const clockify = await serve(
        simulators.clockify,
        before?.ports.clockify,
        keeper,
        // The reports' API reads by POST.
        ({ method, path }) => method !== 'GET' && !path.startsWith('/report/'),
      ).then(keep);
      const openPage = (port: number) =>
        PageServer.listen({ ...simulators, today: filledTo }, (listener) => keeper.onChange(listener), port);
      const page = keep(
        options.port === undefined
          ? await listenNear(before?.ports.page, openPage)
          : await openPage(options.port),
      );
      simulators.slack.site = `${page.url}/`;
      await keeper.save();
      const ports = { page: portOf(page.url), slack: portOf(slack.url), clockify: portOf(clockify.url) };
      await files.write('sandbox', { ports, filledTo, clockify: account } satisfies Memory);
      return new Sandbox(slack, clockify, simulators, page, keeper, account);
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
  get endpoints(): Readonly<Record<'slack' | 'clockify' | 'clockifyReports', string>> {
    return {
      slack: `${this.slack.url}/api/`,
      clockify: `${this.clockify.url}/api`,
      clockifyReports: `${this.clockify.url}/report`,
    };
  }

  /** By the names under which documents refer to them. */
  get secrets(): Readonly<Record<'slack-bot-token' | 'clockify-api-key', string>> {
    return {
      'slack-bot-token': this.simulators.slack.token,
      'clockify-api-key': this.account.apiKey,
    };
  }

  /** The one workspace that Clockify has. */
  get clockifyWorkspaceId(): string {
    return this.account.workspaceId;
  }

  /** To be called after a simulator was changed directly: it is saved, and the page looks again. */
  changed(): void {
    this.keeper.touch();
  }

  async stop(): Promise<void> {
    await Promise.all([this.page.close(), this.slack.close(), this.clockify.close()]);
    await this.keeper.save();
  }
}

/** Gives the simulators the state of the last time, if there was one. */
async function recall(files: StateFiles, { slack, clockify }: Simulators): Promise<Memory | undefined> {
  const memory = await files.read('sandbox');
  if (memory === undefined) return undefined;
  const saved = { slack: await files.read(slack.id), clockify: await files.read(clockify.id) };
  if (saved.slack !== undefined) slack.load(saved.slack);
  if (saved.clockify !== undefined) clockify.load(saved.clockify);
  return memorySchema.parse(memory);
}

/** Tells the company's life: from its beginning the first time, afterwards the days since the last. */
function tell(
  { slack, clockify }: Simulators,
  before: Memory | undefined,
  today: LocalDate,
): { readonly account: Memory['clockify']; readonly filledTo: LocalDate } {
  const people = company(today);
  fillSlack(slack, people, today);
  if (!before) return { account: fillClockify(clockify, people, today, weeksBefore), filledTo: today };
  if (before.filledTo < today) extendClockify(clockify, people, before.filledTo, today);
  return { account: before.clockify, filledTo: before.filledTo < today ? today : before.filledTo };
}

const serve = (
  simulator: Simulators[keyof Simulators],
  port: number | undefined,
  keeper: Keeper,
  mayChange: ConstructorParameters<typeof Observed>[1],
): Promise<SimulatedServer> =>
  listenNear(port, (free) =>
    SimulatedServer.listen(
      new Observed(simulator, mayChange, () => {
        keeper.touch();
      }),
      free,
    ),
  );
