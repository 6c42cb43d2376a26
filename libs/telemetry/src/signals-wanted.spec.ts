import { signalsWanted } from './signals-wanted.js';

const collector = 'http://collector:4318';

it.each([
  [{}, false, false, false, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector }, true, true, true, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, false, false, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces` }, true, false, false, true],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector}/v1/metrics` }, false, true, false, true],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${collector}/v1/logs` }, false, false, true, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SDK_DISABLED: 'true' }, false, false, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'none' }, true, false, true, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'otlp' }, true, true, true, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_LOGS_EXPORTER: 'none' }, true, true, false, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'prometheus' }, true, false, true, true],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'otlp, prometheus' },
    true,
    true,
    true,
    true,
  ],
  [{ OTEL_METRICS_EXPORTER: '' }, false, false, false, true],
])('%o: traces %s, metrics %s, logs %s, scraping %s', (environment, traces, metrics, logs, scraping) => {
  expect(signalsWanted(environment)).toEqual({ traces, metrics, logs, scraping });
});
