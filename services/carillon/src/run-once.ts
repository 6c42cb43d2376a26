import type { INestApplicationContext } from '@nestjs/common';
import { CompanyReader } from '#company';
import type { Instant } from '#domain';
import { Database } from '#storage';
import { Collector } from '../../collector/src/collector.module.js';
import { Plan } from '../../rules/src/plan.js';
import { printReport } from './report/print.js';
import { report, type RunReport } from './report/report.js';
import { waitForPeople, waitUntilSettled } from './settle.js';
import type { Terminal } from './terminal.js';

interface OneRun {
  /** What happened from then on belongs to this run. */
  readonly since: Instant;
  readonly timeoutMs: number;
  readonly terminal: Terminal;
  readonly stopping: AbortSignal;
  /** Makes or takes the occurrences; returns their ids. */
  readonly choose: (plan: Plan) => Promise<readonly string[]>;
  readonly sandboxUrl?: string;
}

/** Does one run to its end with services that are running, and prints what it did. Throws the signal's reason where it is stopped before. */
export async function runOnce(app: INestApplicationContext, run: OneRun): Promise<RunReport> {
  const { since, terminal, stopping } = run;
  const database = app.get(Database);
  const deadline = performance.now() + run.timeoutMs;
  const left = (): number => Math.max(0, deadline - performance.now());
  const company = await app.get(CompanyReader).current();
  const sources = company.configuration.sources.map(({ name }) => name);
  await waitForPeople(database, sources, since, left(), terminal, stopping);
  const occurrences = await run.choose(app.get(Plan));
  // What they need is asked for at once: whoever waits for the end of a run should not wait for a tick.
  await app.get(Collector).tick();
  terminal.progress(`${occurrences.length} planned runs to look at …`);
  const settled = await waitUntilSettled(database, occurrences, left(), terminal, () => stopping.aborted);
  stopping.throwIfAborted();
  const done = await report(database, since, occurrences, {
    timedOut: !settled,
    ...(run.sandboxUrl === undefined ? {} : { sandboxUrl: run.sandboxUrl }),
  });
  printReport(done, terminal);
  return done;
}
