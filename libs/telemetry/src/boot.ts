/**
 * Loaded before everything else (`node --import ./dist/libs/telemetry/src/boot.js`), so that the instrumentations can wrap the modules
 * that follow. The one place besides `libs/settings` that reads the environment: these variables are OpenTelemetry's own, and
 * settings do not exist yet. Where no endpoint is named it loads nothing and costs nothing; `/metrics` is loaded by who listens.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
import { keepReportsFromThreads } from './reports.js';
import { describeScraping } from './scraping.js';
import { serviceName } from './service-name.js';
import { signalsWanted } from './signals-wanted.js';

const wanted = signalsWanted(process.env);
const name = process.env['OTEL_SERVICE_NAME'] || serviceName(process.argv);
describeScraping(wanted.scraping, name);
if (wanted.traces || wanted.metrics || wanted.logs) {
  keepReportsFromThreads();
  const { register } = await import('node:module');
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startSdk } = await import('./sdk.js');
  startSdk(wanted, name);
}
