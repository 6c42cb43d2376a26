import type { LoggerService } from '@nestjs/common';
import { createLogger } from '#telemetry';

const log = createLogger('nest');

/** Nest's own lines in our format. Its start-up chatter is debug. */
export const nestLogger: LoggerService = {
  log: (message: unknown, context?: unknown) => log.debug('nest says', { text: message, context }),
  debug: (message: unknown, context?: unknown) => log.debug('nest says', { text: message, context }),
  verbose: (message: unknown, context?: unknown) => log.trace('nest says', { text: message, context }),
  warn: (message: unknown, context?: unknown) => log.warn('nest warns', { text: message, context }),
  error: (message: unknown, ...rest: unknown[]) =>
    log.error('nest fails', { error: message, context: rest.at(-1) }),
  fatal: (message: unknown, ...rest: unknown[]) =>
    log.fatal('nest fails', { error: message, context: rest.at(-1) }),
};
