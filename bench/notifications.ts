import { judged, median, told, type Bench, type Measure } from './measure.ts';
import { decide, hookDocument, message, secrets } from './decided.ts';
import { Alertmanager, BareClient } from './peers.ts';
import { cpuSeconds, startService, type Running } from './processes.ts';
import { Sink } from './sink.ts';
import { apply, freePort, until, type Engine, type Stage, type World } from './stage.ts';

const DESTINATIONS = 10_000;
/** What a process may have on its way: a kill leaves no more to be asked for. */
const MOST_SENDING = 256;

/** Decided rows to accepted by the sink, every one settled in Postgres; beside Alertmanager and a client that keeps nothing. */
export const notifications = (stage: Stage): Bench => ({
  name: 'notifications',
  async run({ quick, rounds }, progress) {
    const count = quick ? 5000 : 20_000;
    const sink = await Sink.start();
    const ours: { readonly engine: Engine; readonly contender: Contender; readonly rates: number[] }[] = [];
    for (const engine of ['redis', 'postgres'] as const) {
      const contender = await Contender.start(stage, engine, sink);
      if (contender) ours.push({ engine, contender, rates: [] });
    }
    const alertmanager = await Alertmanager.start(stage.directory, sink.url, await freePort());
    const bare = await BareClient.start(sink.url, count, JSON.stringify(message).length);
    const alertmanagerRates: number[] = [];
    const bareRates: number[] = [];
    // The first round warms everything up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const figures: string[] = [];
      const keep = (name: string, rates: number[], perSecond: number): void => {
        if (round > 0) rates.push(perSecond);
        figures.push(`${name} ${Math.round(perSecond)}/s`);
      };
      for (const { engine, contender, rates } of ours) keep(engine, rates, await contender.round(count));
      if (alertmanager)
        keep('alertmanager', alertmanagerRates, await alertmanagerRound(alertmanager, sink, count));
      await sink.forget();
      keep('bare client', bareRates, await bare.round());
      progress(
        `notifications, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${figures.join(', ')}`,
      );
    }
    const measures = ours.flatMap(({ engine, contender, rates }) =>
      figuresOf(engine, rates, alertmanager ? alertmanagerRates : undefined, bareRates, contender),
    );
    for (const { contender } of ours) await contender.stop();
    await alertmanager?.stop();
    await bare.stop();
    await sink.stop();
    return [
      ...measures,
      ...(ours.some(({ engine }) => engine === 'redis')
        ? []
        : [told('notifications (queue on Redis)', null, '/s', 'redis-server is not installed')]),
      told(
        'notifications, Alertmanager',
        alertmanager ? median(alertmanagerRates) : null,
        '/s',
        alertmanager ? 'keeps nothing durably' : 'prometheus-alertmanager is not installed',
      ),
      told('notifications, bare HTTP client', median(bareRates), '/s', 'undici pool, 64 connections'),
    ];
  },
});

function figuresOf(
  engine: Engine,
  rates: readonly number[],
  alertmanager: readonly number[] | undefined,
  bare: readonly number[],
  { mostSending, cpu }: Contender,
): readonly Measure[] {
  const name = `notifications (queue on ${engine === 'redis' ? 'Redis' : 'Postgres'})`;
  // Round by round, since what slows one down slows the others of the same round.
  const beside = (others: readonly number[]): number =>
    median(rates.map((rate, round) => rate / (others[round] ?? Number.NaN)));
  return [
    told(name, median(rates), '/s', `${Math.round(median(cpu))} µs of a core each in the notifier itself`),
    judged(
      `${name} to Alertmanager`,
      alertmanager ? beside(alertmanager) : null,
      '×',
      { atLeast: 1.2 },
      alertmanager ? undefined : 'prometheus-alertmanager is not installed',
    ),
    judged(`${name} to a bare HTTP client`, 100 * beside(bare), '%', { atLeast: 25 }),
    judged(`${name}, most rows in \`sending\``, mostSending, 'rows', { atMost: MOST_SENDING }),
  ];
}

/** The notifier as it ships, over a database of its own. */
class Contender {
  mostSending = 0;
  /** Of the notifier's own process, in µs for each message, by rounds. */
  readonly cpu: number[] = [];
  readonly #world: World;
  readonly #notifier: Running;
  readonly #sink: Sink;

  private constructor(world: World, notifier: Running, sink: Sink) {
    this.#world = world;
    this.#notifier = notifier;
    this.#sink = sink;
  }

  static async start(stage: Stage, engine: Engine, sink: Sink): Promise<Contender | undefined> {
    const world = await stage.world(engine, secrets);
    if (!world) return undefined;
    await apply(world.database, hookDocument);
    return new Contender(world, await startService('notifier', world.environment), sink);
  }

  /** Settled rows a second, from the ring until the last one. */
  async round(count: number): Promise<number> {
    const { database } = this.#world;
    await this.#sink.forget();
    const began = await decide(this.#world, {
      count,
      destinations: DESTINATIONS,
      sinkUrl: this.#sink.url,
    });
    const cpuBefore = cpuSeconds(this.#notifier.pid);
    await until(
      'every row is settled',
      async () => {
        const [row] = await database.query<{ sending: number; open: number }>(
          // The oldest of what is open, where all that is on its way is: counting the rest of the backlog would weigh on what is measured.
          `select count(*) filter (where state = 'sending')::int as sending, count(*)::int as open
           from (select state from delivery where is_open order by channel, due_at limit ${8 * MOST_SENDING}) as oldest`,
        );
        this.mostSending = Math.max(this.mostSending, row?.sending ?? 0);
        if (this.#notifier.over) throw new Error(`the notifier ended:\n${this.#notifier.said}`);
        return row?.open === 0;
      },
      { withinMs: 300_000, everyMs: 200 },
    );
    this.cpu.push(((cpuSeconds(this.#notifier.pid) - cpuBefore) * 1e6) / count);
    const [row] = await database.query<{ at: number; sent: number }>(
      `select extract(epoch from max(settled_at)) * 1000 as at, count(*) filter (where state = 'sent')::int as sent from delivery
       where settled_at >= to_timestamp($1 / 1000.0)`,
      [began],
    );
    const arrivals = await this.#sink.arrivals();
    const ids = new Set(arrivals.map(([, , id]) => id));
    // A rate of messages that were lost, or said twice, is no rate.
    if (row?.sent !== count || ids.size !== count || arrivals.length !== count)
      throw new Error(
        `${count} decided, ${row?.sent} sent, ${arrivals.length} arrived, ${ids.size} of them once`,
      );
    return (count * 1000) / (row.at - began);
  }

  async stop(): Promise<void> {
    await this.#notifier.stop();
    await this.#world.close();
  }
}

/** From the first web hook to the last: how long the alerts take to be handed over does not count against it. */
async function alertmanagerRound(alertmanager: Alertmanager, sink: Sink, count: number): Promise<number> {
  await sink.forget();
  await alertmanager.alert(count, JSON.stringify(message));
  await sink.has(count);
  const times = (await sink.arrivals()).map(([, at]) => at);
  return (count * 1000) / (Math.max(...times) - Math.min(...times));
}
