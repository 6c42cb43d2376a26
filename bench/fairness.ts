import { decide, hookDocument, secrets } from './decided.ts';
import { judged, median, pause, quantile, told, type Bench } from './measure.ts';
import { startService } from './processes.ts';
import { Sink } from './sink.ts';
import { apply, until, type Stage, type World } from './stage.ts';

const DESTINATIONS = 1_000;
const EVERY_MS = 30_000;
/** One message to each destination so often: slower than any of them is paced, and well below what the machine can do. */
const WAVE_MS = 1_000;
const LIMITED = '/to/0';

/** Whether a destination that takes one message in 30 s keeps the 999 others waiting. */
export const fairness = (stage: Stage): Bench => ({
  name: 'fairness',
  async run({ quick, rounds }, progress) {
    const waves = quick ? 5 : 10;
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const free = await p99(stage, waves, false);
      const limited = await p99(stage, waves, true);
      progress(
        `fairness, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: p99 ${Math.round(free)} ms without, ${Math.round(limited)} ms beside a limited destination`,
      );
      if (round === 0) continue;
      without.push(free);
      beside.push(limited);
    }
    return [
      judged(
        'p99 of the others beside a destination limited to 1 in 30 s, to that without it',
        median(beside.map((one, index) => one / (without[index] ?? Number.NaN))),
        '×',
        { atMost: 1.2 },
        `${Math.round(median(beside))} to ${Math.round(median(without))} ms`,
      ),
      told('fairness, messages a second', (DESTINATIONS * 1000) / WAVE_MS, '/s', '1,000 destinations'),
    ];
  },
});

/** From a wave's ring to each message's arrival at the others' destinations; in ms. */
async function p99(stage: Stage, waves: number, isLimited: boolean): Promise<number> {
  const [sink, world] = await Promise.all([Sink.start(), stage.world('postgres', secrets)]);
  if (!world) throw new Error('there is always a Postgres');
  await apply(world.database, hookDocument);
  const notifier = await startService('notifier', world.environment);
  await wave(world, sink.url);
  await until('the first wave has arrived', async () => (await sink.count()) === DESTINATIONS);
  await sink.forget();
  // It takes the first one at once; all that follow wait.
  if (isLimited) await sink.limit(LIMITED, EVERY_MS);
  const rings: number[] = [];
  for (let count = 0; count < waves; count += 1) {
    const began = performance.now();
    rings.push(await wave(world, sink.url));
    await pause(Math.max(0, WAVE_MS - (performance.now() - began)));
  }
  const others = (DESTINATIONS - 1) * waves;
  await until(
    'all but those of the limited destination have arrived',
    async () => (await sink.count()) >= others,
  );
  const latencies: number[] = [];
  for (const [path, arrivals] of Map.groupBy(await sink.arrivals(), ([to]) => to)) {
    if (path === LIMITED) continue;
    for (const [index, [, at]] of arrivals.entries()) latencies.push(at - (rings[index] ?? at));
  }
  if (latencies.length < others) throw new Error(`${latencies.length} of ${others} messages arrived`);
  await notifier.stop();
  await world.close();
  await sink.stop();
  return quantile(latencies, 0.99);
}

const wave = (world: World, sinkUrl: string): Promise<number> =>
  decide(world, { count: DESTINATIONS, destinations: DESTINATIONS, sinkUrl });
