import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

type Collect = () => Promise<ResourceMetrics>;

let collect: Collect | undefined;
let isWanted = true;
let nameOfService = 'carillon';

/** The boot file says here what the process is called, and whether `/metrics` is wanted; the two meet in this module because one process loads it once. */
export function describeScraping(wanted: boolean, serviceName: string): void {
  isWanted = wanted;
  nameOfService = serviceName;
}

/** Where the SDK sends metrics by OTLP its own reader is asked: a second one, if nobody scraped it, would keep what it was never asked for. */
export function scrapeFrom(reader: Collect): void {
  collect = reader;
}

/**
 * From here on the process counts what it does, for whoever scrapes it. For processes that listen: a command that nobody can ask loads
 * nothing of it. Instruments that were used before count from here on, too.
 */
export async function beginScraping(): Promise<void> {
  if (!isWanted || collect) return;
  const { countInMemory } = await import('./in-memory.js');
  collect = countInMemory(nameOfService);
}

/** What Prometheus reads, in its text format; undefined where `OTEL_METRICS_EXPORTER` leaves it out. */
export async function scrape(): Promise<string | undefined> {
  if (!isWanted || !collect) return undefined;
  const { prometheusText } = await import('./prometheus-text.js');
  return prometheusText(await collect());
}
