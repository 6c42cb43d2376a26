import { employ, planRuns, ringForRuns } from './company.ts';
import { secrets } from './decided.ts';
import { judged, median, quantile, told, type Bench, type Measure } from './measure.ts';
import { startService, type Running } from './processes.ts';
import { Sink } from './sink.ts';
import { until, type Engine, type Stage, type World } from './stage.ts';

const PEOPLE = 20;
/** Runs come one after another, so that each finds the system idle. */
const SPACING_MS = 250;
/** How often the rules look by themselves; the queue rings for what is planned at the moment that it is due. */
const TICK_MS = 1_000;
const goals: Readonly<Record<Engine, number>> = { redis: 250, postgres: 500 };

/** From an occurrence that comes due, its facts present, to its message at the sink. */
export const latency = (stage: Stage): Bench => ({
  name: 'latency',
  async run({ quick, rounds }, progress) {
    const runs = quick ? 20 : 60;
    const measures: Measure[] = [];
    const systems: System[] = [];
    for (const engine of ['redis', 'postgres'] as const) {
      const system = await System.start(stage, engine, runs * (rounds + 1));
      if (system) systems.push(system);
      else
        measures.push(told(`due to sink, p99 (queue on Redis)`, null, 'ms', 'redis-server is not installed'));
    }
    for (let round = 0; round <= rounds; round += 1) {
      const figures: string[] = [];
      for (const system of systems) {
        const latencies = await system.round(round * runs, runs);
        const p99 = quantile(latencies, 0.99);
        if (round > 0) system.p99s.push(p99);
        if (round > 0) system.medians.push(median(latencies));
        figures.push(
          `${system.engine} p99 ${Math.round(p99)} ms, median ${Math.round(median(latencies))} ms`,
        );
      }
      progress(
        `latency, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${figures.join('; ')}`,
      );
    }
    for (const system of systems) {
      const name = `due to sink, p99 (queue on ${system.engine === 'redis' ? 'Redis' : 'Postgres'})`;
      measures.push(
        judged(
          name,
          median(system.p99s),
          'ms',
          { under: goals[system.engine] },
          `the tick of ${TICK_MS} ms is not taken off; median ${Math.round(median(system.medians))} ms`,
        ),
      );
      await system.stop();
    }
    return measures;
  },
});

/** Rules and notifier as they ship, with a small company. */
class System {
  readonly engine: Engine;
  readonly p99s: number[] = [];
  readonly medians: number[] = [];
  readonly #world: World;
  readonly #sink: Sink;
  readonly #services: readonly Running[];

  private constructor(engine: Engine, world: World, sink: Sink, services: readonly Running[]) {
    this.engine = engine;
    this.#world = world;
    this.#sink = sink;
    this.#services = services;
  }

  static async start(stage: Stage, engine: Engine, subscriptions: number): Promise<System | undefined> {
    const world = await stage.world(engine, { ...secrets, 'clockify-key': 'never asked' });
    if (!world) return undefined;
    const sink = await Sink.start();
    await employ(world, { people: PEOPLE, weeks: 1, subscriptions, single: true, sinkUrl: sink.url });
    const services = [
      await startService('rules', world.environment),
      await startService('notifier', world.environment),
    ];
    return new System(engine, world, sink, services);
  }

  /** Of so many runs, from the one on: ms from due to arrived. */
  async round(first: number, runs: number): Promise<readonly number[]> {
    await this.#sink.forget();
    const begin = (await this.#world.database.now()).add({ milliseconds: 500 });
    const planned = Array.from({ length: runs }, (_, index) => ({
      subscription: first + index,
      // At any moment of the tick.
      dueAt: begin.add({ milliseconds: index * SPACING_MS + Math.floor(Math.random() * SPACING_MS) }),
    }));
    const rows = await planRuns(this.#world, planned);
    await ringForRuns(this.#world, rows, await this.#world.database.now());
    await until(
      'every message has arrived',
      async () => {
        for (const service of this.#services)
          if (service.over) throw new Error(`${service.name} ended:\n${service.said}`);
        return (await this.#sink.count()) >= runs;
      },
      { everyMs: 250 },
    );
    const dueAt = new Map<string, number>(
      planned.map((run) => [`weekly-${run.subscription}`, run.dueAt.epochMilliseconds]),
    );
    return (await this.#sink.arrivals()).map(
      ([path, at]) => at - (dueAt.get(path.split('/')[1] ?? '') ?? at),
    );
  }

  async stop(): Promise<void> {
    for (const service of this.#services) await service.stop();
    await this.#world.close();
    await this.#sink.stop();
  }
}
