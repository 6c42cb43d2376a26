import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Vendors, WatchModule } from '#connections';
import { failureReasons } from '#http';
import { deliverQueue, Queues, type QueueWorker } from '#queues';
import { Stopping, Ticker } from '#runtime';
import { Deliveries, DeliveryClaims } from '#storage';
import { beginChannel } from '#telemetry';
import { Deliver } from './deliver.js';
import { countedStates, Settle } from './settle.js';

const SWEEP_MS = 1000;
/** What is held waits for somebody to be known, or a room to be mendable: looked at again this often. */
const HELD_MS = 15 * 60_000;
/** What was refused for its credentials is said as soon as there are others: they are looked for this often, and nobody is called for it. */
const RENEWED_MS = 5000;

/** Opens a queue for each channel document, and sweeps up what is due and unattended. */
@Injectable()
export class Notifier implements OnApplicationBootstrap {
  readonly #workers = new Map<string, QueueWorker>();

  constructor(
    private readonly companies: CompanyReader,
    private readonly vendors: Vendors,
    private readonly queues: Queues,
    private readonly deliveries: Deliveries,
    private readonly claims: DeliveryClaims,
    private readonly deliver: Deliver,
    private readonly ticker: Ticker,
    private readonly stopping: Stopping,
  ) {}

  onApplicationBootstrap(): void {
    this.stopping.drain('notifier', () =>
      Promise.all([...this.#workers.values()].map((worker) => worker.close())),
    );
    void this.ticker.every('notifier', { everyMs: SWEEP_MS, slowMs: 30_000 }, () => this.sweep()).now();
    // At once too: of the processes that do one run and end, none would ever live long enough.
    void this.ticker.every('held deliveries', { everyMs: HELD_MS }, () => this.release()).now();
    this.ticker.every('renewed secrets', { everyMs: RENEWED_MS }, () => this.releaseRenewed());
  }

  /** Follows the channel documents, and rings for every channel that has something due. */
  async sweep(): Promise<void> {
    const { configuration } = await this.companies.configured();
    const names = new Set(configuration.channels.map(({ name }) => name));
    for (const name of names) {
      if (this.#workers.has(name)) continue;
      beginChannel(name, countedStates, failureReasons);
      this.#workers.set(
        name,
        this.queues.work(deliverQueue(name), (job) => this.deliver.drain(job.channel, this.stopping.signal), {
          concurrency: 1,
        }),
      );
    }
    for (const [name, worker] of this.#workers) {
      if (names.has(name)) continue;
      this.#workers.delete(name);
      await worker.close();
    }
    for (const channel of await this.claims.sweep()) {
      if (names.has(channel))
        await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
    }
  }

  async release(): Promise<void> {
    await this.deliveries.expireHeld();
    const { configuration } = await this.companies.configured();
    for (const { name } of configuration.channels) await this.deliveries.releaseHeld(name);
  }

  /** Says what is held for credentials that were renewed since. */
  async releaseRenewed(): Promise<void> {
    const { configuration } = await this.companies.configured();
    for (const document of configuration.channels)
      if (await this.vendors.isRenewed(document))
        await this.deliveries.releaseHeld(document.name, 'unauthorized');
  }
}

@Module({ imports: [WatchModule], providers: [Deliver, Notifier, Settle], exports: [Notifier] })
export class NotifierModule {}
