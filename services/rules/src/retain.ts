import { Injectable } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Database, Retention, type RemovedRows, type RunThatIsOver } from '#storage';
import { createLogger } from '#telemetry';

const log = createLogger('rules');

/** Rows of one transaction: some milliseconds. */
const BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * Removes what the Retention document says is over. Any number of processes may try; one at a time does. It ends with the first batch of
 * which another is at work, or when the process is to stop: the next one goes on.
 */
@Injectable()
export class Retain {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly retention: Retention,
  ) {}

  /** Returns how many rows of each table it removed. */
  async remove(signal: AbortSignal): Promise<ReadonlyMap<RemovedRows, number>> {
    const { factsMs, deliveriesMs } = (await this.companies.current()).configuration.retention;
    const removed = new Map<RemovedRows, number>();
    const began = performance.now();
    if (factsMs !== undefined) await this.#facts(factsMs, removed, signal);
    if (deliveriesMs !== undefined) await this.#said(deliveriesMs, removed, signal);
    if (removed.size > 0)
      log.info('removed what is over', {
        rows: Object.fromEntries(removed),
        factsDays: factsMs === undefined ? undefined : factsMs / DAY_MS,
        deliveriesDays: deliveriesMs === undefined ? undefined : deliveriesMs / DAY_MS,
        tookMs: Math.round(performance.now() - began),
      });
    return removed;
  }

  async #facts(keepMs: number, removed: Map<RemovedRows, number>, signal: AbortSignal): Promise<void> {
    const before = await this.retention.announce(keepMs);
    if (!before) return;
    await batches(removed, 'fact', signal, () => this.retention.facts(before, BATCH));
    await batches(removed, 'expected_day', signal, () => this.retention.expectedDays(before, BATCH));
    await batches(removed, 'pull', signal, () => this.retention.pulls(before, BATCH));
  }

  async #said(keepMs: number, removed: Map<RemovedRows, number>, signal: AbortSignal): Promise<void> {
    const before = (await this.database.now()).subtract({ milliseconds: keepMs });
    let last: RunThatIsOver | undefined;
    do {
      const runs: readonly RunThatIsOver[] = await this.retention.runs(before, last, BATCH);
      for (const run of runs) if (!(await this.#run(run, before, removed, signal))) return;
      last = runs.at(-1);
    } while (last);
    await batches(removed, 'delivery', signal, () => this.retention.ofNoRun(before, BATCH));
    await batches(removed, 'trouble', signal, () => this.retention.troubles(before, BATCH));
  }

  /** False where it has to be left to another, or to another time. */
  async #run(
    run: RunThatIsOver,
    before: RunThatIsOver['nominal_at'],
    removed: Map<RemovedRows, number>,
    signal: AbortSignal,
  ): Promise<boolean> {
    while (!signal.aborted) {
      const rows = await this.retention.ofRun(run, before, BATCH);
      if (!rows) return false;
      for (const [what, count] of rows) add(removed, what, count);
      if (rows.size === 0 || rows.has('occurrence')) return true;
    }
    return false;
  }
}

/** Batch after batch, until one finds less than it may take. */
async function batches(
  removed: Map<RemovedRows, number>,
  what: RemovedRows,
  signal: AbortSignal,
  batch: () => Promise<number | undefined>,
): Promise<void> {
  while (!signal.aborted) {
    const rows = await batch();
    if (rows === undefined) return;
    if (rows > 0) add(removed, what, rows);
    if (rows < BATCH) return;
  }
}

const add = (removed: Map<RemovedRows, number>, what: RemovedRows, rows: number): void =>
  void removed.set(what, (removed.get(what) ?? 0) + rows);
