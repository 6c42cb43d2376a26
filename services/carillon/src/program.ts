import { Command, CommanderError } from 'commander';
import type { Environment } from '#settings';
import { applyCommand } from './commands/apply.js';
import { calendarCommand } from './commands/calendar.js';
import { checkCommand } from './commands/check.js';
import { collectCommand } from './commands/collect.js';
import { CommandContext } from './commands/context.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { migrateCommand } from './commands/migrate.js';
import { previewCommand } from './commands/preview.js';
import { runCommand } from './commands/run.js';
import { schemasCommand } from './commands/schemas.js';
import { upCommand } from './commands/up.js';
import { exitCodes } from './exit-codes.js';

const commands = [
  upCommand,
  migrateCommand,
  checkCommand,
  applyCommand,
  collectCommand,
  runCommand,
  previewCommand,
  explainCommand,
  doctorCommand,
  calendarCommand,
  schemasCommand,
];

/** The command line. Throws commander's errors, where it would end the process by itself with a code that means something else here. */
function program(environment: Environment): Command {
  const context = new CommandContext(environment);
  const root = new Command('carillon')
    .description('Chat-native notifications from the systems where a company’s work is recorded.')
    .showHelpAfterError('Run `carillon --help`, or `carillon <command> --help`.')
    .exitOverride();
  for (const command of commands) root.addCommand(command(context).copyInheritedSettings(root));
  return root.addHelpText(
    'after',
    '\nExit codes: 0 all went well; 1 something failed or time ran out; 2 documents, settings or arguments are wrong.\n' +
      'From a clone: `npm run carillon -- <command>`. Settings and examples: services/carillon/README.md.',
  );
}

/** Runs one command of the command line; the process ends with its exit code. */
export async function main(environment: Environment, argv: readonly string[]): Promise<void> {
  // `carillon explain … | head` closes the pipe when it has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program(environment).parseAsync(argv);
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
