export interface SignalsWanted {
  readonly traces: boolean;
  readonly metrics: boolean;
}

/** Which signals have somewhere to go. An empty variable counts as unset, as the specification demands. */
export function signalsWanted(environment: Readonly<Record<string, string | undefined>>): SignalsWanted {
  const given = (name: string): boolean => (environment[name] ?? '') !== '';
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return { traces: false, metrics: false };
  const any = given('OTEL_EXPORTER_OTLP_ENDPOINT');
  return {
    traces:
      (any || given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')) && environment['OTEL_TRACES_EXPORTER'] !== 'none',
    metrics:
      (any || given('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT')) &&
      environment['OTEL_METRICS_EXPORTER'] !== 'none',
  };
}
