import { Command, InvalidArgumentError, Option } from 'commander';
import type { INestApplicationContext } from '@nestjs/common';
import { CompanyReader } from '#company';
import { serviceModule, Vendors, type OpenConnections } from '#connections';
import { pullId, type Instant, type LocalDate } from '#domain';
import { startService } from '#runtime';
import { Pulls } from '#storage';
import { AskForPulls } from '../../../collector/src/ask-for-pulls.js';
import { Collect } from '../../../collector/src/collect.js';
import { CollectorModule, PullsModule } from '../../../collector/src/collector.module.js';
import { KeepExpectedDays } from '../../../collector/src/keep-expected-days.js';
import { askedDays } from '../collect/asked-days.js';
import { askForDays, type AskedReading } from '../collect/read-days.js';
import { exitCodes } from '../exit-codes.js';
import { printReport } from '../report/print.js';
import { hasFailed, report } from '../report/report.js';
import { refuseWithoutSandbox, secretsHere } from '../sandboxed.js';
import { migrate, open } from '../session.js';
import { waitForPeople } from '../settle.js';
import type { Terminal } from '../terminal.js';
import { UsageError, type CommandContext } from './context.js';
import { outputOption, timeoutOption } from './options.js';

interface CollectOptions {
  readonly due?: boolean;
  readonly source?: string;
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  readonly timeout: number;
}

/** `carillon collect`: what a CronJob starts; the collector takes what stays unattended. */
export const collectCommand = (context: CommandContext): Command =>
  new Command('collect')
    .summary('pull facts: what is due, one source now, or days of the past')
    .description(
      'Does the pulls that are due in this process, or pulls one source over its own window now. Started twice it is harmless: whoever holds a pull does it, and the other one leaves it alone.\n' +
        'With --from it reads the days from --from to --to, both included and of everybody in their own time zone, of all sources or one. Where runs on these days look at earlier ones, as a Monday looks at the week before, it reads those too, and it makes expected hours for all of them: then `carillon preview` can say who would have heard what.',
    )
    .option('--due', 'the pulls that are due (the default); with --source only those of this source')
    .option('--source <name>', 'pull this source now, over the window of its document or the days of --from')
    .addOption(
      new Option('--from <day>', 'read the past from this day on, such as 2026-10-01')
        .argParser(dayOf)
        .conflicts('due'),
    )
    .addOption(
      new Option('--to <day>', 'the last day that is read, included; today by default')
        .argParser(dayOf)
        .conflicts('due'),
    )
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
          // One source's CronJob leaves those of others to their own, and to the collector.
          const only = options.due ? options.source : undefined;
          const module = only === undefined ? CollectorModule : PullsModule;
          const service = await startService(serviceModule(connections, module), {
            name: 'collect',
          });
          try {
            const until = performance.now() + options.timeout;
            const reading = await ask(service.app, connections, options, {
              since,
              until,
              terminal,
              stopping,
            });
            const settled = await collectUntilSettled(service.app, { until, terminal, stopping }, only);
            stopping.throwIfAborted();
            const done = await report(connections.database, since, [], { timedOut: !settled });
            // Deliveries that are under way are others' work.
            const own = {
              ...done,
              pulls: done.pulls.filter(({ source }) => only === undefined || source === only),
              deliveries: [],
              said: [],
              held: [],
              ...(reading ? { reading } : {}),
            };
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

interface Asking {
  readonly since: Instant;
  /** By `performance.now()`. */
  readonly until: number;
  readonly terminal: Terminal;
  readonly stopping: AbortSignal;
}

/** Asks for the pulls that are wanted. Returns what is read of the past, where that was asked for. */
async function ask(
  app: INestApplicationContext,
  connections: OpenConnections,
  options: CollectOptions,
  { since, until, terminal, stopping }: Asking,
): Promise<readonly AskedReading[] | undefined> {
  const [pulls, companies] = [app.get(Pulls), app.get(CompanyReader)];
  const { sources } = (await companies.current()).configuration;
  const source = sources.find(({ name }) => name === options.source);
  if (options.source !== undefined && !source)
    throw new UsageError(
      `There is no source ${options.source}; there are: ${sources.map(({ name }) => name).join(', ') || 'none, apply documents first'}.`,
    );
  if (options.from !== undefined || options.to !== undefined) {
    const days = askedDays(options, since);
    if (sources.length === 0) throw new UsageError('There is no source to read: apply documents first.');
    const known: string[] = [];
    // Days begin and end by the zones of people: who they are is read first.
    for (const { name } of source ? [source] : sources)
      if (
        await waitForPeople(
          connections.database,
          [name],
          since,
          until - performance.now(),
          terminal,
          stopping,
        )
      )
        known.push(name);
    return askForDays({ companies, pulls, vendors: app.get(Vendors) }, known, days, since, terminal);
  }
  if (!source || options.due) {
    await app.get(AskForPulls).ask({ schedules: true, ...(source ? { only: source.name } : {}) });
    return undefined;
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
  return undefined;
}

/** Does what is due in this process, of all sources or one, and waits for what another one does meanwhile. What is expected is made of it before it ends. */
async function collectUntilSettled(
  app: INestApplicationContext,
  { until, terminal, stopping }: Omit<Asking, 'since'>,
  only: string | undefined,
): Promise<boolean> {
  const [pulls, collect, expected] = [app.get(Pulls), app.get(Collect), app.get(KeepExpectedDays)];
  const signal = AbortSignal.any([
    AbortSignal.timeout(Math.max(0, Math.ceil(until - performance.now()))),
    stopping,
  ]);
  // A line of progress that fails is none; what is wrong with the database is said by the work itself.
  const watching = setInterval(() => void tellProgress(pulls, terminal).catch(() => undefined), PROGRESS_MS);
  try {
    while (performance.now() < until && !stopping.aborted) {
      for (const { id, system } of await pulls.due()) {
        if (only !== undefined && system !== only) continue;
        terminal.progress(`Reading ${system} …`);
        await collect.run(id, signal);
      }
      if ((await pulls.unsettled(only)) === 0) {
        if (await expected.stale()) await expected.keep();
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  } finally {
    clearInterval(watching);
  }
}

const PROGRESS_MS = 1000;
const LOOK_MS = 250;

async function tellProgress(pulls: Pulls, terminal: Terminal): Promise<void> {
  for (const { system, fetched } of await pulls.running())
    if (fetched > 0) terminal.progress(`Reading ${system}: ${fetched} records so far …`);
}

function dayOf(text: string): LocalDate {
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, text.length) === text;
  if (!isDay) throw new InvalidArgumentError('A day is written such as 2026-10-01.');
  return text;
}
