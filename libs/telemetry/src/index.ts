export * from './last-words.js';
export { createLogger, logTo, setLogLevel, type LogFields, type Logger, type LogLevel } from './logger.js';
export * from './metrics.js';
export * from './names.js';
export { observe, type Observation } from './observed.js';
export * from './redact.js';
export { beginScraping, scrape } from './scraping.js';
export { shutdownTelemetry } from './shutdown.js';
export * from './tracing.js';
