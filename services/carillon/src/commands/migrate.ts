import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { migrate, open } from '../session.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** `carillon migrate`: the schema, before the services of a new release start. */
export const migrateCommand = (context: CommandContext): Command =>
  new Command('migrate')
    .summary('bring the database schema up to date')
    .description(
      'Runs the migrations that the database lacks, those of the queue included. Safe to run again, and from several places at once.',
    )
    .addOption(outputOption())
    .action(async (_options: unknown, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const connections = await open(settings, terminal, { name: 'carillon-migrate' });
        try {
          const migrations = await migrate(connections, settings, terminal);
          terminal.say(
            migrations.length === 0 ? 'The schema is up to date.' : `Done: ${migrations.join(', ')}`,
          );
          terminal.json({ migrations });
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });
