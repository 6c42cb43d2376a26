import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CompanyReader, type Company } from '#company';
import { WatchModule } from '#connections';
import { decisionReasons } from '#domain';
import { Queues } from '#queues';
import { Stopping, Ticker, type Ticking } from '#runtime';
import { Database, Occurrences } from '#storage';
import { beginSuppressed, reportUnaccounted } from '#telemetry';
import { Evaluate } from './evaluate.js';
import { Evaluator } from './evaluator.js';
import { LookForward } from './forward/look-forward.js';
import { KeepConclusions } from './keep-conclusions.js';
import { Plan } from './plan.js';
import { Readiness } from './readiness.js';
import { Retain } from './retain.js';
import { Say } from './say.js';
import { TellOwners } from './tell-owners.js';

const SWEEP_MS = 1000;
const PLAN_MS = 30_000;
const RETAIN_MS = 10 * 60_000;
/** Occurrences of different zones are decided side by side; each is a few set-based queries. */
const CONCURRENCY = 4;

/** Plans occurrences, decides those that are due, tells owners of troubles, and removes what is over. */
@Injectable()
export class Rules implements OnApplicationBootstrap {
  #planning: Ticking | undefined;
  #plannedFor = '';

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly queues: Queues,
    private readonly occurrences: Occurrences,
    private readonly plan: Plan,
    private readonly evaluate: Evaluate,
    private readonly readiness: Readiness,
    private readonly tellOwners: TellOwners,
    private readonly retain: Retain,
    private readonly ticker: Ticker,
    private readonly stopping: Stopping,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    beginSuppressed(decisionReasons);
    reportUnaccounted('evaluation', 0);
    reportUnaccounted('forward', 0);
    this.readiness.watch(await this.database.now());
    const worker = this.queues.work('evaluate', (job) => this.evaluate.run(job.occurrenceId), {
      concurrency: CONCURRENCY,
    });
    this.stopping.drain('rules', () => worker.close());
    this.#planning = this.ticker.every('plan', { everyMs: PLAN_MS }, () => this.plan.ahead());
    void this.ticker.every('retention', { everyMs: RETAIN_MS }, (signal) => this.retain.remove(signal)).now();
    void this.ticker.every('rules', { everyMs: SWEEP_MS, slowMs: 10_000 }, () => this.sweep()).now();
  }

  /** Plans what was just applied; rings for every occurrence that is due and unattended; tells what nobody has been told. */
  async sweep(): Promise<void> {
    const ground = groundOfPlans(await this.companies.current());
    if (ground !== this.#plannedFor) void this.#planning?.now();
    this.#plannedFor = ground;
    for (const occurrenceId of await this.occurrences.awake()) {
      await this.queues.ring('evaluate', { v: 1, occurrenceId }, { jobId: occurrenceId });
    }
    await this.tellOwners.tell();
  }
}

/** What plans depend on: the documents, and in which zones and by which calendars people live. */
const groundOfPlans = ({ revision, people }: Company): string =>
  [
    revision,
    ...new Set(people.map(({ active, zone, calendar }) => (active ? `${zone} ${calendar ?? ''}` : ''))),
  ].join();

@Module({
  imports: [WatchModule],
  providers: [
    Evaluate,
    Evaluator,
    KeepConclusions,
    LookForward,
    Plan,
    Readiness,
    Retain,
    Rules,
    Say,
    TellOwners,
  ],
  exports: [Evaluator, Plan, Say, Rules],
})
export class RulesModule {}

/** The evaluator alone, for previews: it plans nothing, decides nothing and says nothing. */
@Module({ providers: [Evaluator, Say], exports: [Evaluator, Say] })
export class EvaluatorModule {}
