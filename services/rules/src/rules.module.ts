import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Queues } from '#queues';
import { Stopping, Ticker } from '#runtime';
import { Occurrences } from '#storage';
import { Evaluate } from './evaluate.js';
import { Evaluator } from './evaluator.js';
import { Plan } from './plan.js';
import { Say } from './say.js';
import { TellOwners } from './tell-owners.js';

const SWEEP_MS = 1000;
const PLAN_MS = 30_000;
/** Occurrences of different zones are decided side by side; each is a few set-based queries. */
const CONCURRENCY = 4;

/** Plans occurrences, decides those that are due, and tells owners of troubles. */
@Injectable()
export class Rules implements OnApplicationBootstrap {
  constructor(
    private readonly queues: Queues,
    private readonly occurrences: Occurrences,
    private readonly plan: Plan,
    private readonly evaluate: Evaluate,
    private readonly tellOwners: TellOwners,
    private readonly ticker: Ticker,
    private readonly stopping: Stopping,
  ) {}

  onApplicationBootstrap(): void {
    const worker = this.queues.work('evaluate', (job) => this.evaluate.run(job.occurrenceId), {
      concurrency: CONCURRENCY,
    });
    this.stopping.drain('rules', () => worker.close());
    void this.ticker.every('plan', { everyMs: PLAN_MS }, () => this.plan.ahead()).now();
    this.ticker.every('rules', { everyMs: SWEEP_MS, slowMs: 10_000 }, () => this.sweep());
  }

  /** Rings for every occurrence that is due and unattended; tells what nobody has been told. */
  async sweep(): Promise<void> {
    for (const occurrenceId of await this.occurrences.awake()) {
      await this.queues.ring('evaluate', { v: 1, occurrenceId }, { jobId: occurrenceId });
    }
    await this.tellOwners.tell();
  }
}

@Module({
  providers: [Evaluate, Evaluator, Plan, Rules, Say, TellOwners],
  exports: [Evaluator, Plan, Say, Rules],
})
export class RulesModule {}

/** The evaluator alone, for previews: it plans nothing, decides nothing and says nothing. */
@Module({ providers: [Evaluator, Say], exports: [Evaluator, Say] })
export class EvaluatorModule {}
