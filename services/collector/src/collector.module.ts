import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CompanyReader } from '#company';
import { ScheduleGrace, WatchModule, ObserveConnections } from '#connections';
import { failureReasons } from '#http';
import { collectQueue, Queues, type QueueWorker } from '#queues';
import { Stopping, Ticker } from '#runtime';
import { Pulls } from '#storage';
import { beginSource, reportUnaccounted } from '#telemetry';
import { AskForPulls } from './ask-for-pulls.js';
import { Collect } from './collect.js';
import { KeepExpectedDays } from './keep-expected-days.js';
import { LinkPeople } from './link-people.js';

const SWEEP_MS = 1000;

/** Opens a queue for each source and channel document, asks for pulls, and sweeps up those that nobody attends to. */
@Injectable()
export class Collector implements OnApplicationBootstrap {
  readonly #workers = new Map<string, QueueWorker>();
  #revision = -1;

  constructor(
    private readonly companies: CompanyReader,
    private readonly queues: Queues,
    private readonly pulls: Pulls,
    private readonly asking: AskForPulls,
    private readonly collect: Collect,
    private readonly linkPeople: LinkPeople,
    private readonly keepExpectedDays: KeepExpectedDays,
    private readonly grace: ScheduleGrace,
    private readonly ticker: Ticker,
    private readonly stopping: Stopping,
  ) {}

  onApplicationBootstrap(): void {
    reportUnaccounted('pull', 0);
    this.stopping.drain('collector', () =>
      Promise.all([...this.#workers.values()].map((worker) => worker.close())),
    );
    void this.ticker.every('collector', { everyMs: SWEEP_MS, slowMs: 30_000 }, () => this.tick()).now();
  }

  /** One look at everything: safe at any time and in any number of processes. */
  async tick(): Promise<void> {
    const { revision, configuration } = await this.companies.configured();
    const names = new Set([...configuration.sources, ...configuration.channels].map(({ name }) => name));
    await this.#follow(names);
    if (revision !== this.#revision && revision > 0) {
      await this.linkPeople.link();
      this.#revision = revision;
    }
    if (await this.keepExpectedDays.stale()) await this.keepExpectedDays.keep();
    await this.asking.ask({ schedules: true, graceMs: this.grace.ms });
    for (const { id, system } of await this.pulls.due()) {
      if (names.has(system))
        await this.queues.ring(collectQueue(system), { v: 1, pullId: id }, { jobId: id });
    }
  }

  /** Queues belong to documents, which come and go while we run. */
  async #follow(names: ReadonlySet<string>): Promise<void> {
    for (const name of names) {
      if (this.#workers.has(name)) continue;
      beginSource(name, ['complete', ...failureReasons, 'internal']);
      this.#workers.set(
        name,
        this.queues.work(collectQueue(name), (job) => this.collect.run(job.pullId, this.stopping.signal), {
          concurrency: 1,
        }),
      );
    }
    for (const [name, worker] of this.#workers) {
      if (names.has(name)) continue;
      this.#workers.delete(name);
      await worker.close();
    }
  }
}

@Module({
  imports: [WatchModule],
  providers: [AskForPulls, Collect, Collector, KeepExpectedDays, LinkPeople, ObserveConnections],
  exports: [Collector],
})
export class CollectorModule {}

/** What reads, without what sweeps: for a process that does the pulls of one source and ends. */
@Module({ providers: [AskForPulls, Collect, KeepExpectedDays, LinkPeople, ObserveConnections] })
export class PullsModule {}
