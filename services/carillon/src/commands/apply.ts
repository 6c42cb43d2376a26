import { Command } from 'commander';
import { diffDocuments, type DocumentDiff } from '#documents';
import { createSecrets } from '#settings';
import { Documents } from '#storage';
import { exitCodes } from '../exit-codes.js';
import { applyDocuments, loadChecked, open } from '../session.js';
import type { Terminal } from '../terminal.js';
import type { CommandContext } from './context.js';
import { documentsOption, outputOption } from './options.js';
import { SchemaBehindError } from '#connections';

/** `carillon apply`: documents become the configuration of every running process, all of them or none. */
export const applyCommand = (context: CommandContext): Command =>
  new Command('apply')
    .summary('make documents the configuration; live in every process within seconds')
    .description(
      'Checks the documents and makes them the whole configuration: what is not among them is removed. Nothing is applied where anything is wrong.',
    )
    .addOption(documentsOption())
    .option('--dry-run', 'only show what would change')
    .addOption(outputOption())
    .action(async (options: { documents: readonly string[]; dryRun?: boolean }, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const checked = await loadChecked(options.documents, createSecrets(settings.secrets));
        const connections = await open(settings, terminal, { name: 'carillon-apply' });
        try {
          if (await connections.database.pendingMigrations()) throw new SchemaBehindError();
          const diff: DocumentDiff = options.dryRun
            ? diffDocuments(await new Documents(connections.database).current(), checked.documents)
            : await applyDocuments(connections, checked);
          print(diff, terminal, options.dryRun ?? false);
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });

function print(diff: DocumentDiff, terminal: Terminal, dryRun: boolean): void {
  for (const one of diff.added) terminal.say(`+ ${one.kind} ${one.name}`);
  for (const { after, paths } of diff.changed)
    terminal.say(`~ ${after.kind} ${after.name}: ${paths.join(', ')}`);
  for (const one of diff.removed) terminal.say(`- ${one.kind} ${one.name}`);
  const changes = diff.added.length + diff.changed.length + diff.removed.length;
  terminal.say(
    changes === 0
      ? 'Nothing differs from what is applied.'
      : dryRun
        ? 'Nothing was applied.'
        : `✓ applied: ${changes} of ${changes + diff.same.length} documents differ from before.`,
  );
  const title = (one: { readonly kind: string; readonly name: string }): string => `${one.kind} ${one.name}`;
  terminal.json({
    applied: !dryRun,
    added: diff.added.map(title),
    changed: diff.changed.map(({ after, paths }) => ({ document: title(after), paths })),
    removed: diff.removed.map(title),
    same: diff.same.length,
  });
}
