import { Command } from 'commander';
import { CompanyReader } from '#company';
import { instant } from '#domain';
import { Plan } from '../../../rules/src/plan.js';
import { startAllInOne } from '../all-in-one.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { hasFailed, printReport, report } from '../report.js';
import { migrate, open } from '../session.js';
import { waitForPeople, waitUntilSettled } from '../settle.js';
import { UsageError, type CommandContext } from './context.js';
import { outputOption, timeoutOption } from './options.js';

interface RunOptions {
  readonly once?: boolean;
  readonly now?: boolean;
  readonly at?: string;
  readonly subscription?: readonly string[];
  readonly timeout: number;
}

/** `carillon run`: what GitHub Actions, Jenkins or a CronJob start. */
export const runCommand = (context: CommandContext): Command =>
  new Command('run')
    .summary('do what is due: pull, decide, say, and end with a meaningful exit code')
    .description(
      'Takes the occurrences that came due since the last run (the newest of each schedule; older ones are missed), pulls what they need ' +
        'unless it is fresh, decides, delivers, and waits until all is settled.\n\n' +
        'Exits with 0 when all went well, 1 when a pull failed, a delivery failed or is unknown, or time ran out, 2 for bad configuration.',
    )
    .option('--once', 'do it once and exit; without it the services stay up with their schedules')
    .option(
      '--now',
      'make an occurrence of each schedule for the planned instant that this moment stands for',
    )
    .option('--at <instant>', 'with --now: the moment, such as 2026-10-05T09:00:00Z')
    .option('-s, --subscription <names...>', 'with --now: only these subscriptions')
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (options: RunOptions, command: Command) => {
      await context.run(command, (terminal, settings) => run(context, options, terminal, settings));
    });

async function run(
  context: CommandContext,
  options: RunOptions,
  terminal: Parameters<Parameters<CommandContext['run']>[1]>[0],
  settings: Parameters<Parameters<CommandContext['run']>[1]>[1],
): Promise<ExitCode> {
  const connections = await open(settings, terminal, { name: 'carillon' });
  try {
    if (connections.embedded) await migrate(connections, settings, terminal);
    const since = await connections.database.now();
    const service = await startAllInOne(connections, options.once ? undefined : settings.health.port);
    try {
      const company = await service.app.get(CompanyReader).current();
      if (company.revision === 0)
        throw new UsageError('No documents are applied yet: run `carillon apply` first.');
      const sources = company.configuration.sources.map(({ name }) => name);
      await waitForPeople(connections.database, sources, since, options.timeout, terminal);
      const plan = service.app.get(Plan);
      const ids = options.now
        ? await plan.now(options.subscription, options.at === undefined ? undefined : instant(options.at))
        : await plan.dueSinceLastRun();
      terminal.step(`✓ ${ids.length} occurrence${ids.length === 1 ? '' : 's'} to look at`);
      if (!options.once) {
        await context.untilStopped(terminal);
        return exitCodes.ok;
      }
      const settled = await waitUntilSettled(connections.database, ids, options.timeout, terminal);
      const done = await report(connections.database, since, ids, { timedOut: !settled });
      await printReport(connections.database, since, done, terminal);
      return hasFailed(done) ? exitCodes.failed : exitCodes.ok;
    } finally {
      await service.stop();
    }
  } finally {
    await connections.close();
  }
}
