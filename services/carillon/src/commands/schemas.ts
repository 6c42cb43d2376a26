import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { channels } from '#channels';
import { jsonSchemas, loadPlugins } from '#documents';
import { sources } from '#sources';
import { exitCodes } from '../exit-codes.js';
import { UsageError } from '../usage-error.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** `carillon schemas`: JSON Schemas of all documents, for editors. */
export const schemasCommand = (context: CommandContext): Command =>
  new Command('schemas')
    .summary('write JSON Schemas of all documents, for editors')
    .description(
      'Writes one JSON Schema for each kind of document, with the settings of every plugin of this build, and document.schema.json for files of ' +
        'all kinds. An editor takes them by a first line such as:\n\n  # yaml-language-server: $schema=./schemas/document.schema.json',
    )
    .requiredOption('--out <folder>', 'where to write them; made where it is not there')
    .addOption(outputOption())
    .action(async (options: { readonly out: string }, command: Command) => {
      await context.run(command, async (terminal) => {
        const schemas = Object.entries(jsonSchemas(await loadPlugins({ sources, channels })));
        try {
          await mkdir(options.out, { recursive: true });
          for (const [name, schema] of schemas)
            await writeFile(join(options.out, name), `${JSON.stringify(schema, undefined, 2)}\n`);
        } catch (error) {
          throw new UsageError(
            `The folder ${options.out} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
          );
        }
        terminal.say(`✓ ${schemas.length} schemas in ${options.out}`);
        terminal.json({ folder: options.out, files: schemas.map(([name]) => name) });
        return exitCodes.ok;
      });
    });
