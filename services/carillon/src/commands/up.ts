import { join } from 'node:path';
import type { RawDocument } from '#documents';
import { Temporal } from 'temporal-polyfill';
import { Command } from 'commander';
import { CompanyReader } from '#company';
import { createSecrets, MemorySecrets, type ProcessSettings } from '#settings';
import { Plan } from '../../../rules/src/plan.js';
import { Sandbox } from '../../../sandbox/src/sandbox.js';
import { startAllInOne } from '../all-in-one.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { hasFailed, printReport, report } from '../report.js';
import { peopleOfSandbox, pointAtSandbox } from '../sandboxed.js';
import { applyDocuments, loadChecked, migrate, open, seconds } from '../session.js';
import { waitForPeople, waitUntilSettled } from '../settle.js';
import type { Terminal } from '../terminal.js';
import type { CommandContext } from './context.js';
import { outputOption, timeoutOption } from './options.js';

interface UpOptions {
  readonly sandbox?: boolean;
  readonly once?: boolean;
  readonly documents?: readonly string[];
  readonly timeout: number;
}

/** Documents that come with Carillon, for the sandbox. */
const EXAMPLE = 'examples/weekly-hours';

/** `carillon up`: everything in one process, with an embedded Postgres where none is named. */
export const upCommand = (context: CommandContext): Command =>
  new Command('up')
    .summary('bring everything up in one process')
    .description(
      'Starts the embedded Postgres (unless DATABASE_URL names another), brings its schema up to date, applies the documents and runs the ' +
        'collector, the rules and the notifier until Ctrl-C.\n\nWith --sandbox it also starts simulated vendors with an invented company in ' +
        'them, and runs the story now.',
    )
    .option('--sandbox', 'simulated Clockify and Slack, and the example documents')
    .option('--once', 'run what the schedules stand for now, print the result and exit')
    .option(
      '-d, --documents <paths...>',
      'files and folders with documents; without them what was applied before',
    )
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (options: UpOptions, command: Command) => {
      await context.run(command, (terminal, settings) => up(context, options, terminal, settings));
    });

async function up(
  context: CommandContext,
  options: UpOptions,
  terminal: Terminal,
  settings: ProcessSettings,
): Promise<ExitCode> {
  const sandbox = options.sandbox ? await startSandbox(settings, terminal) : undefined;
  try {
    const secrets = sandbox ? new MemorySecrets(sandbox.secrets) : createSecrets(settings.secrets);
    const paths = options.documents ?? (sandbox ? [EXAMPLE] : undefined);
    // Wrong documents are told before anything is started for them.
    const checked = paths && (await loadChecked(paths, secrets, sandbox ? inSandbox(sandbox) : undefined));
    const connections = await open(settings, terminal, { name: 'carillon', secrets });
    try {
      await migrate(connections, settings, terminal);
      if (checked) {
        const applied = await applyDocuments(connections, checked);
        terminal.step(
          `✓ ${checked.documents.length} documents applied: ${applied.added.length} new, ${applied.changed.length} changed, ${applied.removed.length} removed`,
        );
      }
      const since = await connections.database.now();
      const service = await startAllInOne(connections, options.once ? undefined : settings.health.port);
      try {
        let failed = false;
        if (sandbox || options.once) {
          terminal.step('  Running what the schedules stand for now …');
          const company = await service.app.get(CompanyReader).current();
          const sources = company.configuration.sources.map(({ name }) => name);
          await waitForPeople(connections.database, sources, since, options.timeout, terminal);
          const ids = await service.app.get(Plan).now(undefined);
          const settled = await waitUntilSettled(connections.database, ids, options.timeout, terminal);
          const done = await report(connections.database, since, ids, {
            timedOut: !settled,
            ...(sandbox ? { sandbox: sandbox.url } : {}),
          });
          await printReport(connections.database, since, done, terminal);
          failed = hasFailed(done);
        }
        if (!options.once) {
          if (sandbox) tellWhereToLook(sandbox, terminal);
          terminal.step(
            `\nUp, with its schedules. Health: ${service.url ?? ''}/health/ready. Ctrl-C ends everything.`,
          );
          await context.untilStopped(terminal);
        }
        return failed ? exitCodes.failed : exitCodes.ok;
      } finally {
        await service.stop();
      }
    } finally {
      await connections.close();
    }
  } finally {
    await sandbox?.stop();
  }
}

/** The documents in the sandbox's world: its vendors, and what its HR department knows. */
const inSandbox =
  (sandbox: Sandbox) =>
  (documents: readonly RawDocument[]): readonly RawDocument[] => [
    ...pointAtSandbox(sandbox)(documents),
    ...peopleOfSandbox(Temporal.Now.plainDateISO('UTC').toString()),
  ];

async function startSandbox(settings: ProcessSettings, terminal: Terminal): Promise<Sandbox> {
  const began = performance.now();
  terminal.progress('Starting the sandbox …');
  const sandbox = await Sandbox.start({ directory: join(settings.storage.home, 'sandbox') });
  terminal.step(`✓ sandbox: simulated Clockify and Slack (${seconds(began)})`);
  return sandbox;
}

function tellWhereToLook(sandbox: Sandbox, terminal: Terminal): void {
  terminal.say();
  terminal.say(`See what people see:   ${sandbox.url}`);
  terminal.say('Why was it said?       npm run carillon -- explain <delivery>');
  terminal.say('What would it say?     npm run carillon -- preview low-hours --over lastMonth');
}
