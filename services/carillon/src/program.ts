import { Command } from 'commander';
import type { Environment } from '#settings';
import { applyCommand } from './commands/apply.js';
import { checkCommand } from './commands/check.js';
import { collectCommand } from './commands/collect.js';
import { CommandContext } from './commands/context.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { migrateCommand } from './commands/migrate.js';
import { previewCommand } from './commands/preview.js';
import { runCommand } from './commands/run.js';
import { upCommand } from './commands/up.js';

/** The command line. */
export function program(environment: Environment): Command {
  const context = new CommandContext(environment);
  return new Command('carillon')
    .description('Chat-native notifications from the systems where a company’s work is recorded.')
    .showHelpAfterError('Run `carillon --help`, or `carillon <command> --help`.')
    .addCommand(upCommand(context))
    .addCommand(migrateCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(applyCommand(context))
    .addCommand(collectCommand(context))
    .addCommand(runCommand(context))
    .addCommand(previewCommand(context))
    .addCommand(explainCommand(context))
    .addCommand(doctorCommand(context));
}
