import { SlackSimulator } from '#channels/simulators';
import { channels } from '#channels';
import { CompanyReader } from '#company';
import { serviceModule } from '#connections';
import { builtInMessages, instant } from '#domain';
import { checkDocuments, loadPlugins, formatProblem, hashOf, readText, type RawDocument } from '#documents';
import { createHttpClient } from '#http';
import { atOnce, impatient, SimulatedServer, type VendorSimulator } from '#http/simulation';
import { migrateQueues, Queues } from '#queues';
import { startService, type RunningService } from '#runtime';
import { MemorySecrets } from '#settings';
import { ClockifySimulator } from '#sources/simulators';
import { sources } from '#sources';
import {
  Deliveries,
  Documents,
  Occurrences,
  Pulls,
  Troubles,
  type Delivery,
  type Occurrence,
  type StoredPull,
} from '#storage';
import { testDatabase, type TestDatabase } from '#storage/testing';
import type { Message } from '#domain';
import { messageText } from '../../services/carillon/src/message-text.js';
import { Collector, CollectorModule } from '../../services/collector/src/collector.module.js';
import { Notifier, NotifierModule } from '../../services/notifier/src/notifier.module.js';
import { Plan } from '../../services/rules/src/plan.js';
import { Rules, RulesModule } from '../../services/rules/src/rules.module.js';
import { storyDocuments } from '../story-documents.js';

export interface WorldOptions {
  /** Where the queue is; the test's own database by default. */
  readonly queueUrl?: string;
  readonly clockify?: ConstructorParameters<typeof ClockifySimulator>[0];
  /** The rate limits of Slack and Google Chat; off by default, since stories are not about them. */
  readonly limits?: 'vendor' | 'none';
  /** The moment at which the world begins, of ours and of the vendors; now by default. Its clock runs on from there. */
  readonly at?: string;
  /** Beside those of Clockify and Slack, by the names under which documents refer to them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** How long a vendor that stays silent is waited for; as long as in earnest by default. */
  readonly patienceMs?: number;
}

/** Books that do not balance: none, ever. */
export interface Books {
  readonly pulls: readonly StoredPull[];
  /** Complete pulls whose counts do not add up, and evaluations whose outcomes do not. */
  readonly unbalanced: readonly unknown[];
}

/** How long a run may take to settle before a test gives up: what hangs hangs for ever, and a busy machine takes its time. */
const SETTLE_MS = 60_000;

/**
 * A whole Carillon in this process: the three services over a database of their own, the simulated vendors behind real HTTP, and documents
 * that point there. Past weeks are lived through by `run`, which takes the planned instant that a moment stands for.
 */
export class World {
  readonly workspaceId: string;
  /** Of the person whose key Carillon reads with. Nothing is due from them, so nothing is said of them. */
  readonly adminId: string;
  readonly #brought: SimulatedServer[] = [];

  private constructor(
    readonly clockify: ClockifySimulator,
    readonly slack: SlackSimulator,
    readonly clockifyServer: SimulatedServer,
    readonly slackServer: SimulatedServer,
    readonly test: TestDatabase,
    readonly queues: Queues,
    readonly service: RunningService,
    ids: { workspaceId: string; adminId: string },
    /** By the names under which documents refer to them; a test may put in others, and change them. */
    readonly secrets: Record<string, string>,
    private readonly clock: { aheadMs: number },
  ) {
    this.workspaceId = ids.workspaceId;
    this.adminId = ids.adminId;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const aheadMs = options.at === undefined ? 0 : Date.parse(options.at) - Date.now();
    const clock = { aheadMs };
    const now = (): Date => new Date(Date.now() + clock.aheadMs);
    const clockify = new ClockifySimulator({ now, ...options.clockify });
    const slack = new SlackSimulator({ limits: options.limits ?? 'none', now });
    const workspaceId = clockify.addWorkspace({ name: 'Acme' });
    const adminId = clockify.addUser({
      email: 'carillon-key@acme.example',
      name: 'Key Owner',
      zone: 'UTC',
      role: 'WORKSPACE_OWN',
      workingDays: [],
    });
    clockify.addKey('clockify-test-key', adminId);
    const [clockifyServer, slackServer, test] = await Promise.all([
      SimulatedServer.listen(clockify),
      SimulatedServer.listen(slack),
      testDatabase(options.at === undefined ? {} : { aheadMs }),
    ]);
    const queueUrl = options.queueUrl ?? test.url;
    await migrateQueues(queueUrl);
    const queues = new Queues({ url: queueUrl });
    const secrets = {
      'clockify-api-key': 'clockify-test-key',
      'slack-bot-token': slack.token,
      ...options.secrets,
    };
    const service = await startService(
      serviceModule(
        {
          database: test.database,
          queues,
          secrets: new MemorySecrets(secrets),
          // The simulators keep no limit unless they are told to, so neither need we.
          wayOut: ({ limit: _, ...rest }) => {
            const http = createHttpClient(options.limits === 'vendor' ? rest : { ...rest, follow: atOnce });
            return options.patienceMs === undefined ? http : impatient(http, options.patienceMs);
          },
        },
        CollectorModule,
        RulesModule,
        NotifierModule,
      ),
      { name: 'world' },
    );
    const ids = { workspaceId, adminId };
    return new World(
      clockify,
      slack,
      clockifyServer,
      slackServer,
      test,
      queues,
      service,
      ids,
      secrets,
      clock,
    );
  }

  /** What the clock shows, for vendors that are brought along. */
  readonly now = (): Date => new Date(Date.now() + this.clock.aheadMs);

  /** Puts a further vendor behind real HTTP, for as long as the world lasts. */
  async bring(vendor: VendorSimulator): Promise<SimulatedServer> {
    const server = await SimulatedServer.listen(vendor);
    this.#brought.push(server);
    return server;
  }

  /** Lets time pass until a moment, and plans ahead from there; what has come due is left to `settle`. In a world that began at a moment. */
  async goTo(at: string): Promise<void> {
    this.clock.aheadMs = Date.parse(at) - Date.now();
    await this.test.moveClock(this.clock.aheadMs);
    await this.service.app.get(Plan).ahead();
  }

  /** The documents every story begins with: Clockify, Slack, an owner's room, the three rules and the weekly subscription. Others are added or put in their place. */
  documents(...more: readonly string[]): string {
    return storyDocuments(
      {
        workspaceId: this.workspaceId,
        clockify: this.clockifyServer.url,
        slack: this.slackServer.url,
        rules: ['low-hours', 'days-off'],
      },
      ...more,
    );
  }

  /** Checks and applies documents; throws with every problem. */
  async apply(text: string): Promise<void> {
    const { documents, problems } = readText(text, 'world.yaml');
    const plugins = await loadPlugins({ sources, channels }, documents);
    const checked = checkDocuments(documents as readonly RawDocument[], plugins, builtInMessages);
    const all = [...problems, ...checked.problems];
    if (all.length > 0 || !checked.configuration) throw new Error(all.map(formatProblem).join('\n'));
    await new Documents(this.test.database).apply(
      documents.map((one) => ({ kind: one.kind, name: one.name, content: one.content, hash: hashOf(one) })),
      checked.configuration.hash,
    );
    await this.#lookAgain();
  }

  /** Begins the occurrences that `at` stands for, and leaves them to themselves. Returns their ids. */
  async begin(at: string, subscriptions?: readonly string[]): Promise<readonly string[]> {
    return this.service.app.get(Plan).now(subscriptions, instant(at));
  }

  /** One look of every service at what is due; what it sets in motion goes on behind. */
  async sweep(): Promise<void> {
    await this.service.app.get(Collector).tick();
    await this.service.app.get(Rules).sweep();
    await this.service.app.get(Notifier).sweep();
  }

  /** What waits for a better time (a retry, a pause, or but for its turn) is due now: no test waits for minutes. */
  async hurry(what: 'everything' | 'turns' = 'everything'): Promise<void> {
    const { database } = this.test;
    await database.query(
      `update destination set free_at = clock_timestamp() where free_at > clock_timestamp() and free_at < clock_timestamp() + interval '1 second'`,
    );
    await database.query('update account set tokens = greatest(tokens, 300)');
    if (what === 'turns') return;
    for (const statement of [
      `update pull set due_at = clock_timestamp() where state in ('due', 'running') and due_at > clock_timestamp()`,
      `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at > clock_timestamp() and due_at < 'infinity'`,
      `update destination set free_at = clock_timestamp() where free_at > clock_timestamp()`,
      `update account set paused_until = '-infinity'`,
    ])
      await database.query(statement);
  }

  /** Has every occurrence looked at again, as after a pull of any source. */
  async wakeOccurrences(): Promise<void> {
    await new Occurrences(this.test.database).wakeAfterPull({ since: instant('2000-01-01T00:00:00Z') });
  }

  /** Looks and waits until it holds. Meanwhile `hurry` lets nothing wait, and `hurry turns` no destination for its next message; retries keep their time. */
  async until(
    holds: () => boolean | Promise<boolean>,
    pace: 'hurry' | 'hurry turns' | 'in its own time' = 'in its own time',
  ): Promise<void> {
    await this.#until(async () => {
      if (pace !== 'in its own time') await this.hurry(pace === 'hurry' ? 'everything' : 'turns');
      await this.sweep();
      return holds();
    });
  }

  /** As `settle`, letting nothing wait; what is held is tried once more. */
  async settleNow(ids: readonly string[] = []): Promise<void> {
    let calm = 0;
    let released = false;
    await this.until(async () => {
      calm = (await this.#left(ids)) === 0 ? calm + 1 : 0;
      if (calm === 3 && !released) {
        released = true;
        calm = 0;
        await this.service.app.get(Notifier).release();
      }
      return calm >= 3;
    }, 'hurry');
  }

  async occurrence(id: string | undefined): Promise<Occurrence> {
    const found = id && (await new Occurrences(this.test.database).get(id));
    if (!found) throw new Error(`there is no occurrence ${id}`);
    return found;
  }

  async books(): Promise<Books> {
    const { database } = this.test;
    return {
      pulls: await new Pulls(database).since(instant('2000-01-01T00:00:00Z')),
      unbalanced: [
        ...(await database.query(
          `select * from pull where state = 'complete' and fetched <> new + changed + same + rejected`,
        )),
        ...(await database.query(
          'select * from evaluation where subjects <> fired + quiet + suppressed + held',
        )),
      ],
    };
  }

  /** Lives through the occurrences that `at` stands for, until all is settled. Returns their ids. */
  async run(at: string, subscriptions?: readonly string[]): Promise<readonly string[]> {
    await this.knowPeople();
    const ids = await this.service.app.get(Plan).now(subscriptions, instant(at));
    await this.settle(ids);
    return ids;
  }

  /** Waits until the sources' people are known. */
  async knowPeople(): Promise<void> {
    const pulls = new Pulls(this.test.database);
    await this.#until(async () => {
      await this.service.app.get(Collector).tick();
      return (await pulls.latestComplete('clockify', 'people', undefined, undefined)) !== undefined;
    });
    await this.#lookAgain();
  }

  /** Asks for the people of a source or channel now, and leaves what follows to itself. */
  async readPeopleAgain(system: string): Promise<void> {
    const { pullId } = await import('#domain');
    const askedBy = `test ${String(Math.random())}`;
    await new Pulls(this.test.database).want([
      {
        id: pullId({ system, what: 'people', askedBy }),
        system,
        what: 'people',
        askedBy,
        dueAt: instant('2020-01-01T00:00:00Z'),
      },
    ]);
  }

  /** Asks for a pull of a window now, and lets everything follow from it: late entries, approvals, corrections. */
  async pull(from: string, to: string, ids: readonly string[] = [], system = 'clockify'): Promise<void> {
    const { pullId } = await import('#domain');
    const askedBy = `test ${String(Math.random())}`;
    await new Pulls(this.test.database).want([
      {
        id: pullId({ system, what: 'facts', askedBy }),
        system,
        what: 'facts',
        window: { from: instant(from), to: instant(to) },
        askedBy,
        dueAt: instant('2020-01-01T00:00:00Z'),
      },
    ]);
    await this.settle(ids);
  }

  /** Sweeps until nothing is left to do. */
  async settle(ids: readonly string[] = []): Promise<void> {
    let calm = 0;
    await this.until(async () => {
      calm = (await this.#left(ids)) === 0 ? calm + 1 : 0;
      return calm >= 3;
    });
  }

  /** Everything that is shown in Slack now: per room its members' names and its messages, as their plain text. */
  rooms(): Readonly<
    Record<string, { readonly members: readonly string[]; readonly messages: readonly string[] }>
  > {
    const users = new Map(this.slack.users().map((user) => [user.id, user]));
    return Object.fromEntries(
      this.slack.channels().map((channel) => [
        channel.name,
        {
          members: channel.members.flatMap((id) => users.get(id)?.name ?? []).toSorted(),
          messages: this.slack.messages(channel.id).map((message) => message.text),
        },
      ]),
    );
  }

  async deliveries(): Promise<readonly Delivery[]> {
    return new Deliveries(this.test.database).since(instant('2000-01-01T00:00:00Z'));
  }

  /** What was decided to be said, as plain text by room. */
  async said(): Promise<Readonly<Record<string, string>>> {
    const deliveries = await this.deliveries();
    return Object.fromEntries(
      deliveries.flatMap((delivery) => {
        const room = delivery.target['room'] as { readonly name?: string } | undefined;
        return 'rows' in delivery.message
          ? []
          : [[room?.name ?? delivery.destination, messageText(delivery.message as Message)]];
      }),
    );
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.queues.close();
    const servers = [this.clockifyServer, this.slackServer, ...this.#brought];
    await Promise.all(servers.map((server) => server.close()));
    await this.test.drop();
  }

  /** The company is read at most once a second; no test waits for that second to pass. */
  async #lookAgain(): Promise<void> {
    await this.service.app.get(CompanyReader).fresh();
  }

  async #left(ids: readonly string[]): Promise<number> {
    const { database } = this.test;
    return (
      (await new Pulls(database).unsettled()) +
      (await new Occurrences(database).unsettled(ids)).length +
      (await new Occurrences(database).underway()) +
      (await new Deliveries(database).unsettled()) +
      (await new Troubles(database).untold()).length
    );
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const until = Date.now() + SETTLE_MS;
    for (let looks = 0; !(await holds()); looks += 1) {
      if (Date.now() > until) throw new Error(`not settled within ${SETTLE_MS} ms`);
      // A look is some work by itself: what takes long is looked at less often.
      await new Promise((resolve) => setTimeout(resolve, looks < 20 ? 25 : 75));
    }
  }
}
