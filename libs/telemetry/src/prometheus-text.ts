import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** Of UCUM, in Prometheus' words. Others, such as `1` and `{call}`, are not part of a name. */
const units: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' };

// One scope has all our metrics; its name on every series would tell nobody anything.
const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

/**
 * Metrics as Prometheus reads them. OpenTelemetry's serializer leaves out the unit, which the collector's translation appends: with it a metric
 * has one name by either way.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
export const prometheusText = (collected: ResourceMetrics): string =>
  serializer.serialize({
    ...collected,
    scopeMetrics: collected.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map(withUnit),
    })),
  });

function withUnit<Data extends MetricData>(metric: Data): Data {
  const unit = units[metric.descriptor.unit];
  if (unit === undefined) return { ...metric, descriptor: { ...metric.descriptor, unit: '' } };
  const { name } = metric.descriptor;
  return {
    ...metric,
    descriptor: { ...metric.descriptor, name: name.endsWith(`_${unit}`) ? name : `${name}_${unit}`, unit },
  };
}
