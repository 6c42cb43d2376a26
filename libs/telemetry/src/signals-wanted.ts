export interface SignalsWanted {
  /** By OTLP. */
  readonly traces: boolean;
  /** By OTLP. */
  readonly metrics: boolean;
  /** By OTLP. */
  readonly logs: boolean;
  /** At `/metrics`. */
  readonly scraping: boolean;
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

/**
 * Which signals have somewhere to go. An empty variable counts as unset, as the specification demands. Metrics can be scraped where nobody says
 * otherwise: `OTEL_METRICS_EXPORTER` names `otlp`, `prometheus`, both with a comma, or `none`.
 */
export function signalsWanted(environment: Readonly<Record<string, string | undefined>>): SignalsWanted {
  const given = (name: string): boolean => (environment[name] ?? '') !== '';
  const exporters = (signal: Signal): readonly string[] | undefined => {
    const name = `OTEL_${signal}_EXPORTER`;
    return given(name) ? environment[name]?.split(',').map((one) => one.trim()) : undefined;
  };
  const byOtlp = (signal: Signal): boolean =>
    (given('OTEL_EXPORTER_OTLP_ENDPOINT') || given(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`)) &&
    (exporters(signal)?.includes('otlp') ?? true);
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true')
    return { traces: false, metrics: false, logs: false, scraping: false };
  return {
    traces: byOtlp('TRACES'),
    metrics: byOtlp('METRICS'),
    logs: byOtlp('LOGS'),
    scraping: exporters('METRICS')?.includes('prometheus') ?? true,
  };
}
