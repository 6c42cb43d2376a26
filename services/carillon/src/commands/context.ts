import type { Command } from 'commander';
import { ScheduleError } from '#domain';
import { ConfigurationError } from '#documents';
import { SchemaBehindError } from '#connections';
import { UnusableQueueError } from '#queues';
import {
  readProcessSettings,
  SecretError,
  SettingsError,
  type Environment,
  type ProcessSettings,
} from '#settings';
import { EmbeddedPostgresError, UnusablePostgresError } from '#storage';
import { setLogLevel, shutdownTelemetry } from '#telemetry';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { BadConfigurationError } from '../session.js';
import { Terminal, type OutputFormat } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { InterruptedError, Interruption } from './interruption.js';

export { UsageError };

/** What a command does. `stopping` is aborted at Ctrl-C; what it started, it ends before it returns or throws. */
export type Action = (
  terminal: Terminal,
  settings: ProcessSettings,
  stopping: AbortSignal,
) => Promise<ExitCode>;

/** How long whatever still keeps the process alive has after the command has ended. */
const LINGER_MS = 2000;

/** What every command is run in: its settings, its terminal, its exit code, and the way it ends. */
export class CommandContext {
  constructor(readonly environment: Environment) {}

  /** Runs a command and ends the process with its exit code. Errors become words: what is wrong, and what to do. */
  async run(command: Command, action: Action): Promise<void> {
    const { output } = command.opts<{ output?: OutputFormat }>();
    const terminal = new Terminal(output ?? 'text', process.stdout, process.stderr);
    const interruption = new Interruption(terminal, { startedByNpm: this.isSet('npm_lifecycle_event') });
    let code: number;
    try {
      const settings = readProcessSettings(this.environment);
      // A command speaks for itself; its services' log is for those who ask.
      setLogLevel(this.environment['LOG_LEVEL'] ? settings.logs.level : 'silent');
      code = await action(terminal, settings, interruption.signal);
    } catch (error) {
      code =
        error instanceof InterruptedError
          ? error.exitCode
          : isBadConfiguration(error)
            ? exitCodes.badConfiguration
            : exitCodes.failed;
      this.#tell(error, code, terminal);
    }
    await shutdownTelemetry();
    process.exitCode = code;
    await terminal.written();
    setTimeout(() => process.exit(code), LINGER_MS).unref();
  }

  /** Whether a variable was set, where its default means something else than the same value. */
  isSet(variable: string): boolean {
    return Boolean(this.environment[variable]?.trim());
  }

  #tell(error: unknown, code: number, terminal: Terminal): void {
    const message = wordsOf(error);
    terminal.error(message.replace(/^/gm, '✗ '));
    if (code === exitCodes.failed && error instanceof Error && this.environment['LOG_LEVEL'] === 'debug')
      terminal.error(error.stack ?? '');
    terminal.json({
      error: message,
      ...(error instanceof BadConfigurationError
        ? {
            problems: error.problems.map(({ at, document, path, message: problem, remedy }) => ({
              ...at,
              ...(document === undefined ? {} : { document }),
              path,
              message: problem,
              remedy,
            })),
          }
        : {}),
    });
  }
}

/** An error of a connection that was tried at several addresses has its words in its parts. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set(error.errors.map(wordsOf))].join('; ');
  if (!(error instanceof Error)) return String(error);
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code !== undefined && syscall === 'connect')
    return `Nobody answers at ${address ?? '?'}:${port ?? '?'} (${code}).`;
  return error.message;
}

const isBadConfiguration = (error: unknown): boolean =>
  error instanceof BadConfigurationError ||
  error instanceof ConfigurationError ||
  error instanceof SettingsError ||
  error instanceof SecretError ||
  error instanceof ScheduleError ||
  error instanceof SchemaBehindError ||
  error instanceof EmbeddedPostgresError ||
  error instanceof UnusablePostgresError ||
  error instanceof UnusableQueueError ||
  error instanceof UsageError;
