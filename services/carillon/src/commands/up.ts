import { Command } from 'commander';
import { createSecrets, MemorySecrets, type ProcessSettings, type Secrets } from '#settings';
import type { OpenConnections } from '#connections';
import { Documents } from '#storage';
import type { Sandbox } from '../../../sandbox/src/sandbox.js';
import { startAllInOne } from '../all-in-one.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { healthPort } from '../health-port.js';
import { Home } from '../home.js';
import { hasFailed } from '../report/report.js';
import { runOnce } from '../run-once.js';
import { refuseWithoutSandbox } from '../sandboxed.js';
import { applyDocuments, loadChecked, migrate, open, seconds, type CheckedDocuments } from '../session.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { CommandContext } from './context.js';
import { untilAborted } from './interruption.js';
import { outputOption, timeoutOption } from './options.js';

interface UpOptions {
  readonly sandbox?: boolean;
  readonly once?: boolean;
  readonly documents?: readonly string[];
  readonly timeout: number;
}

/** Documents that come with Carillon, for the sandbox: every story. */
const EXAMPLES = 'examples';

/** `carillon up`: everything in one process, with an embedded Postgres where none is named. */
export const upCommand = (context: CommandContext): Command =>
  new Command('up')
    .summary('bring everything up in one process')
    .description(
      'Starts the embedded Postgres (unless DATABASE_URL names another), brings its schema up to date, applies the documents and runs the ' +
        'collector, the rules and the notifier until Ctrl-C.\n\nWith --sandbox it also starts simulated vendors with an invented company in ' +
        'them, and runs the stories now.',
    )
    .option('--sandbox', 'simulated vendors, an invented company, and the example documents')
    .option('--once', 'run what the schedules stand for now, print the result and exit')
    .option(
      '-d, --documents <paths...>',
      'files and folders with documents; without them what was applied before',
    )
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (options: UpOptions, command: Command) => {
      await context.run(command, (terminal, settings, stopping) =>
        up(context, options, terminal, settings, stopping),
      );
    });

async function up(
  context: CommandContext,
  options: UpOptions,
  terminal: Terminal,
  settings: ProcessSettings,
  stopping: AbortSignal,
): Promise<ExitCode> {
  const port = options.once ? undefined : await healthPort(settings.health.port, context.isSet('PORT'));
  const secrets = createSecrets(settings.secrets);
  // Wrong documents are told before anything is started for them.
  const checked =
    options.documents && !options.sandbox ? await loadChecked(options.documents, secrets) : undefined;
  const ending: (() => Promise<unknown>)[] = [];
  try {
    // With a Postgres of its own and no sandbox, any number of processes may share the work.
    const home =
      options.sandbox || !settings.storage.databaseUrl ? await Home.take(settings.storage.home) : undefined;
    if (home) ending.push(() => home.release());
    const connections = await open(settings, terminal, { name: 'carillon', secrets });
    ending.push(() => connections.close());
    stopping.throwIfAborted();
    await migrate(connections, settings, terminal);
    stopping.throwIfAborted();
    const sandbox = options.sandbox ? await beginSandbox(settings, connections, terminal) : undefined;
    if (sandbox) {
      ending.push(() => sandbox.stop());
      await home?.tell({ url: sandbox.url, secrets: sandbox.secrets });
    }
    const world = { ...connections, secrets: sandbox ? new MemorySecrets(sandbox.secrets) : secrets };
    const documents = sandbox ? await documentsOf(sandbox, options, world.secrets) : checked;
    stopping.throwIfAborted();
    if (documents) await apply(connections, documents, terminal);
    else await goOnWithApplied(settings, connections, options, terminal);
    const since = await connections.database.now();
    const service = await startAllInOne(world, port);
    ending.push(() => service.stop());
    stopping.throwIfAborted();
    let failed = false;
    if (sandbox || options.once) {
      terminal.step('  Running what the schedules stand for now …');
      const done = await runOnce(service.app, {
        since,
        timeoutMs: options.timeout,
        terminal,
        stopping,
        choose: (plan) => plan.now(undefined),
        ...(sandbox ? { sandboxUrl: sandbox.url } : {}),
      });
      failed = hasFailed(done);
    }
    if (!options.once) {
      if (sandbox) tellWhereToLook(sandbox, terminal);
      terminal.step(
        `\nUp, with its schedules. Health: ${service.url ?? ''}/readyz${port === settings.health.port ? '' : ` (port ${settings.health.port} is taken)`}. Ctrl-C ends everything.`,
      );
      await untilAborted(stopping);
      // Whoever ends what was to stay up has done nothing wrong.
      return exitCodes.ok;
    }
    return failed ? exitCodes.failed : exitCodes.ok;
  } finally {
    for (const end of ending.toReversed()) await end();
  }
}

async function beginSandbox(
  settings: ProcessSettings,
  connections: OpenConnections,
  terminal: Terminal,
): Promise<Sandbox> {
  const began = performance.now();
  terminal.progress('Starting the sandbox …');
  const { startSandbox } = await importInSandbox();
  const sandbox = await startSandbox(settings, connections, terminal);
  terminal.step(`✓ sandbox: every vendor is simulated, and nothing leaves this machine (${seconds(began)})`);
  return sandbox;
}

async function documentsOf(
  sandbox: Sandbox,
  options: UpOptions,
  secrets: Secrets,
): Promise<CheckedDocuments> {
  const { inSandbox } = await importInSandbox();
  return loadChecked(options.documents ?? [EXAMPLES], secrets, inSandbox(sandbox));
}

/** Simulators and an invented company are nothing that a real company's process should carry; the image does not have them at all. */
async function importInSandbox() {
  try {
    return await import('../in-sandbox.js');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      'This installation has no simulated vendors: they are not part of the image. See the sandbox from a clone, with `npm start`.',
    );
  }
}

async function apply(
  connections: OpenConnections,
  documents: CheckedDocuments,
  terminal: Terminal,
): Promise<void> {
  const { added, changed, removed, same } = await applyDocuments(connections, documents);
  const differing = added.length + changed.length + removed.length;
  terminal.step(
    differing === 0
      ? `✓ ${same.length} documents, as they were applied before`
      : `✓ ${documents.documents.length} documents applied: ${added.length} new, ${changed.length} changed, ${removed.length} removed`,
  );
}

/** Without documents it goes on with those that were applied before; the first may still come while it is up. */
async function goOnWithApplied(
  settings: ProcessSettings,
  connections: OpenConnections,
  options: UpOptions,
  terminal: Terminal,
): Promise<void> {
  await refuseWithoutSandbox(settings, connections);
  if (await new Documents(connections.database).revision()) return;
  if (options.once)
    throw new UsageError(
      'No documents are applied yet: name them with --documents, or see it all with --sandbox.',
    );
  terminal.step(
    '! No documents are applied yet. `carillon apply --documents <folder>` makes them live here within seconds.',
  );
}

function tellWhereToLook(sandbox: Sandbox, terminal: Terminal): void {
  terminal.say();
  terminal.say(`See what people see:   ${sandbox.url}`);
  terminal.say('Why was it said?       npm run carillon -- explain <delivery>');
  terminal.say('Why was it not said?   npm run carillon -- explain --person <e-mail> --rule low-hours');
  terminal.say('What would it say?     npm run carillon -- preview low-hours --over lastMonth');
}
