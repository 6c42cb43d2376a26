import type { Command } from 'commander';
import { program } from '../../services/carillon/src/program.js';

/** What is wrong with the words of a command line, `['run', '--once']`, by the command line's own commands and options; undefined where nothing is. */
export async function wrongWith(words: readonly string[]): Promise<string | undefined> {
  const [name = '', ...rest] = words;
  const command: Command | undefined = (await program({}, name)).commands.find((one) => one.name() === name);
  if (!command) return `there is no command ${name}`;
  const silent = command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    // As parsing does it, without what the command would do.
    const { unknown } = silent.exitOverride().parseOptions([...rest]);
    return unknown[0] === undefined ? undefined : `${name} has no option ${unknown[0]}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
