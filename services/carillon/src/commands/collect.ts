import { Command } from 'commander';
import { CompanyReader } from '#company';
import { serviceModule } from '#connections';
import { pullId } from '#domain';
import { startService } from '#runtime';
import { Pulls } from '#storage';
import { AskForPulls } from '../../../collector/src/ask-for-pulls.js';
import { Collect } from '../../../collector/src/collect.js';
import { CollectorModule } from '../../../collector/src/collector.module.js';
import { exitCodes } from '../exit-codes.js';
import { printReport } from '../report/print.js';
import { hasFailed, report } from '../report/report.js';
import { refuseWithoutSandbox, secretsHere } from '../sandboxed.js';
import { migrate, open } from '../session.js';
import { UsageError, type CommandContext } from './context.js';
import { outputOption, timeoutOption } from './options.js';

interface CollectOptions {
  readonly due?: boolean;
  readonly source?: string;
  readonly timeout: number;
}

/** `carillon collect`: what a CronJob starts; the collector takes what stays unattended. */
export const collectCommand = (context: CommandContext): Command =>
  new Command('collect')
    .summary('pull facts: what is due, or one source now')
    .description(
      'Does the pulls that are due in this process, or pulls one source over its own window now. Started twice it is harmless: whoever holds a pull does it, and the other one leaves it alone.',
    )
    .option('--due', 'the pulls that are due (the default)')
    .option('--source <name>', 'pull this source now, over the window of its document')
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (options: CollectOptions, command: Command) => {
      await context.run(command, async (terminal, settings, stopping) => {
        const secrets = await secretsHere(settings);
        const connections = await open(settings, terminal, { name: 'carillon-collect', secrets });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          await refuseWithoutSandbox(settings, connections);
          stopping.throwIfAborted();
          const since = await connections.database.now();
          const service = await startService(serviceModule(connections, CollectorModule), {
            name: 'collect',
          });
          try {
            const pulls = service.app.get(Pulls);
            if (options.source) {
              const company = await service.app.get(CompanyReader).current();
              const source = company.configuration.sources.find(({ name }) => name === options.source);
              if (!source) {
                throw new UsageError(
                  `There is no source ${options.source}; there are: ${company.configuration.sources.map(({ name }) => name).join(', ') || 'none, apply documents first'}.`,
                );
              }
              const askedBy = `command ${since.toString()}`;
              await pulls.want([
                {
                  id: pullId({ system: source.name, what: 'facts', askedBy }),
                  system: source.name,
                  what: 'facts',
                  window: {
                    from: since.add({ milliseconds: source.collect.fromMs }),
                    to: since.add({ milliseconds: source.collect.toMs }),
                  },
                  askedBy,
                  dueAt: since,
                },
              ]);
            } else {
              await service.app.get(AskForPulls).ask({ schedules: true });
            }
            const settled = await collectUntilSettled(
              pulls,
              service.app.get(Collect),
              options.timeout,
              (text) => terminal.progress(text),
              stopping,
            );
            stopping.throwIfAborted();
            const done = await report(connections.database, since, [], { timedOut: !settled });
            // Deliveries that are under way are others' work.
            const own = { ...done, deliveries: [], said: [], held: [] };
            printReport(own, terminal, 'pulls');
            return hasFailed(own) ? exitCodes.failed : exitCodes.ok;
          } finally {
            await service.stop();
          }
        } finally {
          await connections.close();
        }
      });
    });

/** Does what is due in this process, and waits for what another one does meanwhile. */
async function collectUntilSettled(
  pulls: Pulls,
  collect: Collect,
  timeoutMs: number,
  progress: (text: string) => void,
  stopping: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]);
  while (performance.now() < until && !stopping.aborted) {
    for (const { id, system } of await pulls.due()) {
      progress(`Reading ${system} …`);
      await collect.run(id, signal);
    }
    if ((await pulls.unsettled()) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}
