import type { Command } from 'commander';
import { ScheduleError } from '#domain';
import { ConfigurationError } from '#documents';
import { SchemaBehindError } from '#connections';
import {
  readProcessSettings,
  SecretError,
  SettingsError,
  type Environment,
  type ProcessSettings,
} from '#settings';
import { EmbeddedPostgresError } from '#storage';
import { setLogLevel, shutdownTelemetry } from '#telemetry';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { BadConfigurationError } from '../session.js';
import { Terminal, type OutputFormat } from '../terminal.js';

/** An argument that cannot be right, found only once the documents are known. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Action = (terminal: Terminal, settings: ProcessSettings) => Promise<ExitCode>;

/** What every command is run in: its settings, its terminal, its exit code, and the way it ends. */
export class CommandContext {
  constructor(private readonly environment: Environment) {}

  /** Runs a command and ends the process with its exit code. Errors become words: what is wrong, and what to do. */
  async run(command: Command, action: Action): Promise<void> {
    const { output } = command.opts<{ output?: OutputFormat }>();
    const terminal = new Terminal(output ?? 'text', process.stdout, process.stderr);
    let code: ExitCode;
    try {
      const settings = readProcessSettings(this.environment);
      // A command speaks for itself; its services' log is for those who ask.
      setLogLevel(this.environment['LOG_LEVEL'] === undefined ? 'silent' : settings.logs.level);
      code = await action(terminal, settings);
    } catch (error) {
      code = isBadConfiguration(error) ? exitCodes.badConfiguration : exitCodes.failed;
      terminal.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      if (!isBadConfiguration(error) && error instanceof Error && this.environment['LOG_LEVEL'] === 'debug')
        terminal.error(error.stack ?? '');
      terminal.json({ error: error instanceof Error ? error.message : String(error) });
    }
    await shutdownTelemetry();
    process.exitCode = code;
    // Whatever still keeps the process alive has had its time.
    setTimeout(() => process.exit(code), 2000).unref();
  }

  /** Resolves at Ctrl-C or SIGTERM; a second one ends the process at once. */
  untilStopped(terminal: Terminal): Promise<void> {
    return new Promise((resolve) => {
      let asked = false;
      const stop = (): void => {
        if (asked) process.exit(130);
        asked = true;
        terminal.step('Stopping: finishing what is at hand. Ctrl-C again ends at once.');
        resolve();
      };
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
    });
  }
}

const isBadConfiguration = (error: unknown): boolean =>
  error instanceof BadConfigurationError ||
  error instanceof ConfigurationError ||
  error instanceof SettingsError ||
  error instanceof SecretError ||
  error instanceof ScheduleError ||
  error instanceof SchemaBehindError ||
  error instanceof EmbeddedPostgresError ||
  error instanceof UsageError;
