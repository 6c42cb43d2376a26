import { Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CompanyReader } from '#company';
import { collectQueue, deliverQueue, evaluateQueue } from '#queues';
import { Backlog, Database, type Age } from '#storage';
import {
  attributeNames as attribute,
  beginConfiguration,
  createLogger,
  observe,
  type Observation,
} from '#telemetry';

const log = createLogger('watch');
/** `/metrics` asks nobody for credentials: however often it is scraped, Postgres is asked no more often than this. */
const KEPT_MS = 5000;
const PATIENCE_MS = 3000;

/**
 * Tells how long what is due has waited in each queue, and how old each source's facts are, whenever somebody scrapes or metrics are sent. Every
 * service tells it of all queues: a role of which no process is left could not say that nobody attends to its rows.
 */
@Injectable()
class Watch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #backlog: Backlog;
  #recent: { readonly until: number; readonly read: Promise<readonly Observation[]> } | undefined;
  #end: () => void = () => undefined;

  constructor(
    database: Database,
    private readonly companies: CompanyReader,
  ) {
    this.#backlog = new Backlog(database);
  }

  onApplicationBootstrap(): void {
    beginConfiguration();
    this.#end = observe(() => this.#observations());
  }

  onModuleDestroy(): void {
    this.#end();
  }

  /** Nothing where Postgres does not answer: an old age would look like a young one. */
  #observations(): Promise<readonly Observation[]> {
    const now = performance.now();
    if (!this.#recent || this.#recent.until <= now)
      this.#recent = { until: now + KEPT_MS, read: withinPatience(this.#read()) };
    return this.#recent.read;
  }

  async #read(): Promise<readonly Observation[]> {
    const [{ configuration }, ages] = await Promise.all([this.companies.configured(), this.#backlog.ages()]);
    const sources = configuration.sources.map(({ name }) => name);
    const channels = configuration.channels.map(({ name }) => name);
    const ageOf = (about: Age['about'], name: string): number | undefined =>
      ages.find((age) => age.about === about && age.name === name)?.ageMs;
    const waits = (queue: string, ageMs = 0): Observation => ({
      metric: 'oldestDue',
      value: ageMs / 1000,
      attributes: { [attribute.queue]: queue },
    });
    return [
      ...[...sources, ...channels].map((name) => waits(collectQueue(name), ageOf('collect', name))),
      waits(evaluateQueue, ageOf('evaluate', '')),
      ...channels.map((name) => waits(deliverQueue(name), ageOf('deliver', name))),
      ...sources.flatMap((source): Observation[] => {
        const ageMs = ageOf('source', source);
        // What was never read as a whole has no age; that its pulls fail is counted.
        if (ageMs === undefined) return [];
        return [{ metric: 'sourceAge', value: ageMs / 1000, attributes: { [attribute.source]: source } }];
      }),
    ];
  }
}

async function withinPatience(reading: Promise<readonly Observation[]>): Promise<readonly Observation[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } catch (error) {
    log.warn('what waits is not known', { error });
    return [];
  } finally {
    clearTimeout(timer);
  }
}

/** For services; a command that ends after one run has nobody to tell. */
@Module({ providers: [Watch] })
export class WatchModule {}
