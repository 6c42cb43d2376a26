import { Command } from 'commander';
import { createSecrets } from '#settings';
import { exitCodes } from '../exit-codes.js';
import { loadChecked } from '../session.js';
import type { CommandContext } from './context.js';
import { documentsOption, outputOption } from './options.js';

/** `carillon check`: everything that can be known to be wrong without asking a vendor. */
export const checkCommand = (context: CommandContext): Command =>
  new Command('check')
    .summary('check documents: every mistake with file, line and what would be right')
    .description(
      'Reads documents, checks their fields, names, expressions, audiences and secrets, and changes nothing. Exits with 2 where something is wrong.',
    )
    .addOption(documentsOption())
    .option('--no-secrets', 'do not ask whether the secrets are there')
    .addOption(outputOption())
    .action(async (options: { documents: readonly string[]; secrets: boolean }, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const { documents } = await loadChecked(
          options.documents,
          options.secrets ? createSecrets(settings.secrets) : undefined,
        );
        terminal.say(`✓ ${documents.length} documents, nothing wrong.`);
        terminal.json({ documents: documents.length, problems: [] });
        return exitCodes.ok;
      });
    });
