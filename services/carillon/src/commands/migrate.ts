import { Command } from 'commander';
import { Deliveries } from '#storage';
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
    .option(
      '--after-restore',
      'the database was restored from a backup: what was about to be said may have been, and is asked for first',
    )
    .addOption(outputOption())
    .action(async (options: { readonly afterRestore?: boolean }, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const connections = await open(settings, terminal, { name: 'carillon-migrate' });
        try {
          const migrations = await migrate(connections, settings, terminal);
          terminal.say(
            migrations.length === 0 ? 'The schema is up to date.' : `Done: ${migrations.join(', ')}`,
          );
          const distrusted = options.afterRestore
            ? await new Deliveries(connections.database).distrustPending()
            : 0;
          if (options.afterRestore)
            terminal.say(`${distrusted} deliveries are asked for before anything is sent again.`);
          terminal.json({ migrations, distrusted });
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });
