import { redactText } from './redact.js';
import { keepEnvironmentFromReports } from './reports.js';

type LastWords = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin) => void;

const onStderr: LastWords = (error) => {
  process.stderr.write(`✗ crash: ${redactText(stackOf(error))}\n`);
};

let say: LastWords | undefined;

/**
 * From now on an error that nobody handled ends the process with 1, as Node does by itself; but what it says is said by us. Node would print
 * every property of the error and of its causes, and those of HTTP clients hold whole requests. For the same reason no diagnostic report is
 * written of such an error, and others are without the environment.
 */
export function sayLastWords(words: LastWords = onStderr): void {
  if (say === undefined) {
    process.on('uncaughtException', (error, origin) => {
      try {
        say?.(error, origin);
      } finally {
        process.exit(1);
      }
    });
    keepEnvironmentFromReports();
  }
  say = words;
}

/** Causes are told by their words only. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const { cause } = error;
  return `${error.stack ?? error.message}${cause instanceof Error ? `\n  because of ${cause.name}: ${cause.message}` : ''}`;
}
