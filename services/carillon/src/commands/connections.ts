import { Command } from 'commander';
import { showConnections } from '#connections';
import { connectionsText } from '../connections/text.js';
import { exitCodes } from '../exit-codes.js';
import { migrate, open } from '../session.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** `carillon connections`: how every connection is. It reads what was noted; it calls nobody, as `doctor` does. */
export const connectionsCommand = (context: CommandContext): Command =>
  new Command('connections')
    .summary('how every source and channel is: errors, response time, quota, token, owner')
    .description(
      'A line for each Source and Channel document, with what was noted in the last 24 hours. It calls nobody; `carillon doctor` does.',
    )
    .addOption(outputOption())
    .action(async (_options: unknown, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const connections = await open(settings, terminal, { name: 'carillon-connections' });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          const shown = await showConnections(connections.database);
          terminal.say(connectionsText(shown));
          terminal.json({ connections: shown });
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });
