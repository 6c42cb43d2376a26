import { Clockify } from './facts.ts';
import { judged, median, pause, told, type Bench } from './measure.ts';
import { peakMemory, startChild, startProduct, type Running } from './processes.ts';
import { apply, type Stage } from './stage.ts';

/** `carillon collect`, as a CronJob starts it, over a window without a record: how soon it asks the source, and what it holds. */
export const oneShot = (stage: Stage): Bench => ({
  name: 'one-shot',
  async run({ rounds }, progress) {
    const source = await Clockify.start(1, 0);
    const world = await stage.world('postgres', Clockify.secrets);
    if (!world) throw new Error('there is always a Postgres');
    await apply(world.database, source.document);
    const [firsts, nests, peaks]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round <= rounds; round += 1) {
      const nestBegan = performance.now();
      const nest = startChild('nest.ts');
      await nest.says(/loaded/);
      const nestMs = performance.now() - nestBegan;
      await nest.exited;

      await source.forget();
      const began = performance.timeOrigin + performance.now();
      const command = startProduct('services/carillon/src/main.js', ['collect', '--source', 'clockify'], {
        environment: world.environment,
      });
      const peak = await peakUntilEnd(command);
      const asked = await source.firstAsked();
      if (asked === null || (await command.exited) !== 0)
        throw new Error(`it did not collect:\n${command.said}`);
      progress(
        `one-shot, ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: first request after ${Math.round(asked - began)} ms, Nest alone ${Math.round(nestMs)} ms, ${Math.round(peak / 2 ** 20)} MiB`,
      );
      if (round === 0) continue;
      firsts.push(asked - began);
      nests.push(nestMs);
      peaks.push(peak);
    }
    await world.close();
    await source.stop();
    return [
      judged(
        'one-shot collect, time to the first request to that of loading Nest alone',
        median(firsts.map((one, index) => one / (nests[index] ?? Number.NaN))),
        '×',
        { under: 3 },
        `${Math.round(median(firsts))} to ${Math.round(median(nests))} ms`,
      ),
      judged('one-shot collect, peak memory', median(peaks) / 1e6, 'MB', { under: 200 }),
      told('loading Nest alone', median(nests), 'ms', 'common, core, schedule, an empty application'),
    ];
  },
});

async function peakUntilEnd(process: Running): Promise<number> {
  let peak = 0;
  while (!process.over) {
    peak = Math.max(peak, peakMemory(process.pid) ?? 0);
    await pause(5);
  }
  return peak;
}
