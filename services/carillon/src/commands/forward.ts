import { Argument, Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { showForward } from '../forward/shown-forward.js';
import { forwardText } from '../forward/text.js';
import { migrate, open } from '../session.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** `carillon forward show`: the flow of a Forward, with what its last run came to. It reads what was stored; it calls nobody. */
export const forwardCommand = (context: CommandContext): Command =>
  new Command('forward')
    .summary('draw the way of facts to a table, step by step, with the counts of the last run')
    .description(
      'From the source to the table: calls, names of keys, facts, mapping, checks, batches and rows; what was rejected and what has vanished, with the reason.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['show']))
    .argument('<name>', 'the name of a Forward document')
    .addOption(outputOption())
    .action(async (_action: 'show', name: string, _options: unknown, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const connections = await open(settings, terminal, { name: 'carillon-forward' });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          const shown = await showForward(connections.database, name);
          terminal.say(forwardText(shown));
          terminal.json(shown);
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });
