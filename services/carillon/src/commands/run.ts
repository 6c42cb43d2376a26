import { Command, InvalidArgumentError, Option } from 'commander';
import { CompanyReader, runnersOf } from '#company';
import { instant, type Instant } from '#domain';
import type { ProcessSettings } from '#settings';
import { Plan } from '../../../rules/src/plan.js';
import { startAllInOne } from '../all-in-one.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { healthPort } from '../health-port.js';
import { hasFailed } from '../report/report.js';
import { runOnce } from '../run-once.js';
import { refuseWithoutSandbox, secretsHere } from '../sandboxed.js';
import { migrate, open } from '../session.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { CommandContext } from './context.js';
import { untilAborted } from './interruption.js';
import { outputOption, timeoutOption } from './options.js';

interface RunOptions {
  readonly once?: boolean;
  readonly now?: boolean;
  readonly at?: Instant;
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
    .addOption(
      new Option('--at <instant>', 'with --now: the moment, such as 2026-10-05T09:00:00Z').argParser(
        momentOf,
      ),
    )
    .option('-s, --subscription <names...>', 'with --now: only these subscriptions or forwards')
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (options: RunOptions, command: Command) => {
      await context.run(command, (terminal, settings, stopping) =>
        run(context, options, terminal, settings, stopping),
      );
    });

async function run(
  context: CommandContext,
  options: RunOptions,
  terminal: Terminal,
  settings: ProcessSettings,
  stopping: AbortSignal,
): Promise<ExitCode> {
  if (!options.now && (options.at ?? options.subscription) !== undefined)
    throw new UsageError('--at and --subscription say what --now is about: add --now.');
  const port = options.once ? undefined : await healthPort(settings.health.port, context.isSet('PORT'));
  const secrets = await secretsHere(settings);
  const connections = await open(settings, terminal, { name: 'carillon', secrets });
  try {
    await migrate(connections, settings, terminal, { onlyEmbedded: true });
    await refuseWithoutSandbox(settings, connections);
    stopping.throwIfAborted();
    const since = await connections.database.now();
    const service = await startAllInOne(connections, port);
    try {
      const { revision, configuration } = await service.app.get(CompanyReader).current();
      if (revision === 0)
        throw new UsageError(
          'No documents are applied yet: run `carillon apply --documents <folder>` first.',
        );
      refuseUnknown(
        options.subscription,
        runnersOf(configuration).map(({ name }) => name),
      );
      const choose = (plan: Plan): Promise<readonly string[]> =>
        options.now ? plan.now(options.subscription, options.at) : plan.dueSinceLastRun();
      if (options.once) {
        const timeoutMs = options.timeout;
        const done = await runOnce(service.app, { since, timeoutMs, terminal, stopping, choose });
        return hasFailed(done) ? exitCodes.failed : exitCodes.ok;
      }
      const occurrences = await choose(service.app.get(Plan));
      terminal.step(
        `Up, with its schedules; ${occurrences.length} planned runs to do now. Health: ${service.url ?? ''}/readyz. Ctrl-C ends it.`,
      );
      await untilAborted(stopping);
      return exitCodes.ok;
    } finally {
      await service.stop();
    }
  } finally {
    await connections.close();
  }
}

function refuseUnknown(asked: readonly string[] = [], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(
      `There is no scheduled subscription or forward ${unknown.join(', ')}; there are: ${known.join(', ') || 'none'}.`,
    );
}

function momentOf(text: string): Instant {
  try {
    return instant(text);
  } catch {
    throw new InvalidArgumentError('A moment has a date, a time and an offset: 2026-10-05T09:00:00Z.');
  }
}
