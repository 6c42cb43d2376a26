import { signalsWanted } from './signals-wanted.js';

const collector = 'http://collector:4318';

it.each([
  [{}, false, false, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector }, true, true, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false, false, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces` }, true, false, true],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector}/v1/metrics` }, false, true, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_SDK_DISABLED: 'true' }, false, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'none' }, true, false, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'otlp' }, true, true, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'prometheus' }, true, false, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_METRICS_EXPORTER: 'otlp, prometheus' }, true, true, true],
  [{ OTEL_METRICS_EXPORTER: '' }, false, false, true],
])('%o: traces %s, metrics %s, scraping %s', (environment, traces, metrics, scraping) => {
  expect(signalsWanted(environment)).toEqual({ traces, metrics, scraping });
});
