import { Command, CommanderError } from 'commander';
import type { Environment } from '#settings';
import { sayLastWords } from '#telemetry';
import { CommandContext } from './commands/context.js';
import { exitCodes } from './exit-codes.js';

type MakeCommand = (context: CommandContext) => Command;

/** In the order of the help. A command brings much along (Nest, Postgres, vendors), so only the one that is named is loaded. */
const commands = new Map<string, () => Promise<MakeCommand>>([
  ['up', async () => (await import('./commands/up.js')).upCommand],
  ['collector', async () => (await import('./commands/role.js')).roleCommand('collector')],
  ['rules', async () => (await import('./commands/role.js')).roleCommand('rules')],
  ['notifier', async () => (await import('./commands/role.js')).roleCommand('notifier')],
  ['gateway', async () => (await import('./commands/role.js')).roleCommand('gateway')],
  ['migrate', async () => (await import('./commands/migrate.js')).migrateCommand],
  ['check', async () => (await import('./commands/check.js')).checkCommand],
  ['apply', async () => (await import('./commands/apply.js')).applyCommand],
  ['collect', async () => (await import('./commands/collect.js')).collectCommand],
  ['run', async () => (await import('./commands/run.js')).runCommand],
  ['preview', async () => (await import('./commands/preview.js')).previewCommand],
  ['explain', async () => (await import('./commands/explain.js')).explainCommand],
  ['forward', async () => (await import('./commands/forward.js')).forwardCommand],
  ['connections', async () => (await import('./commands/connections.js')).connectionsCommand],
  ['doctor', async () => (await import('./commands/doctor.js')).doctorCommand],
  ['send-test', async () => (await import('./commands/send-test.js')).sendTestCommand],
  ['calendar', async () => (await import('./commands/calendar.js')).calendarCommand],
  ['schemas', async () => (await import('./commands/schemas.js')).schemasCommand],
]);

/** The command line. Throws commander's errors, where it would end the process by itself with a code that means something else here. */
export async function program(environment: Environment, named: string | undefined): Promise<Command> {
  const context = new CommandContext(environment);
  const root = new Command('carillon')
    .description('Chat-native notifications from the systems where a company’s work is recorded.')
    .showHelpAfterError('Run `carillon --help`, or `carillon <command> --help`.')
    .exitOverride();
  const one = commands.get(named ?? '');
  for (const load of one ? [one] : commands.values())
    root.addCommand((await load())(context).copyInheritedSettings(root));
  return root.addHelpText(
    'after',
    '\nExit codes: 0 all went well; 1 something failed or time ran out; 2 documents, settings or arguments are wrong.\n' +
      'From a clone: `npm run carillon -- <command>`. Settings and examples: services/carillon/README.md.',
  );
}

/** Runs one command of the command line; the process ends with its exit code. */
export async function main(environment: Environment, argv: readonly string[]): Promise<void> {
  sayLastWords();
  // `carillon explain … | head` closes the pipe when it has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await (await program(environment, argv[2])).parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    process.exitCode = exitCodes.badConfiguration;
    if (wantsJson(argv)) {
      const said = error.code === 'commander.help' ? 'no command is named' : error.message;
      process.stdout.write(`${JSON.stringify({ error: said.replace(/^error: /, '') })}\n`);
    }
  }
}

/** Also where the arguments are too wrong to be parsed. */
const wantsJson = (argv: readonly string[]): boolean =>
  argv.includes('--output=json') ||
  argv.some((one, index) => one === '--output' && argv[index + 1] === 'json');
