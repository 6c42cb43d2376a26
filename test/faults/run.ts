import { Temporal } from 'temporal-polyfill';
import { otherFaults, pointKills, type Fault } from './faults.js';
import { liveThrough, type Lived } from './live.js';
import { Random } from './random.js';
import { figuresOf, type Figures } from './report.js';
import { occurrencesPerWeek } from './scenarios.js';
import { World, type QueueKind, type WorldOptions } from './world.js';

export interface RunOptions {
  readonly queue: QueueKind;
  readonly rounds: number;
  readonly seed: number;
  readonly replicas: number;
  readonly inOwnTime: boolean;
  readonly signal: AbortSignal;
  /** What each round has in store, in the place of what the seed has. */
  readonly store?: readonly (readonly Fault[])[];
  readonly shape?: WorldOptions['shape'];
  /** Told after each week. */
  readonly onRound?: (round: number, lived: Lived, faults: readonly Fault[]) => void;
  /** Told when all is up, and before what. */
  readonly onUp?: (world: World) => void;
}

/** The first Monday that is told of. */
export const FIRST = Temporal.PlainDate.from('2026-10-12');
const WITHIN_MS = { hurried: 45_000, inOwnTime: 10 * 60_000 };
/** So many faults beside the kill at a point. */
const MOST_OTHERS = 2;

/** Lives through so many weeks, each with what the seed has in store for it; the first has nothing. */
export async function runFaults(options: RunOptions): Promise<Figures> {
  const { queue, rounds, seed, replicas, signal } = options;
  const world = await World.begin({ queue, replicas, shape: options.shape ?? 'three services' });
  const lived: Lived[] = [];
  try {
    options.onUp?.(world);
    const store = faultsOf(seed, queue);
    for (let round = 0; round < rounds; round += 1) {
      signal.throwIfAborted();
      const faults = options.store?.[round] ?? (round === 0 ? [] : store(round));
      const one = await liveThrough(
        world,
        FIRST.add({ weeks: round }).toString(),
        faults,
        // Of its own: how one week goes changes nothing of what the next has in store.
        new Random(seed * 100_003 + round),
        {
          inOwnTime: options.inOwnTime,
          withinMs: options.inOwnTime ? WITHIN_MS.inOwnTime : WITHIN_MS.hurried,
          signal,
        },
      );
      lived.push(one);
      options.onRound?.(round, one, faults);
      if (one.breaches.some(({ what }) => what.includes('not settled'))) break;
    }
    return figuresOf(lived, {
      seed,
      queue,
      replicas,
      occurrences: lived.length * occurrencesPerWeek,
    });
  } finally {
    await world.end();
  }
}

/** What each round has in store: one fault point after the other, and of the other faults all before one comes again. */
function faultsOf(seed: number, queue: QueueKind): (round: number) => readonly Fault[] {
  const random = new Random(seed);
  const possible = otherFaults.filter((fault) => fault.queue === undefined || fault.queue === queue);
  const firstPoint = random.int(0, pointKills.length - 1);
  const deck: Fault[] = [];
  return (round) => {
    const point = pointKills[(firstPoint + round) % pointKills.length];
    const others: Fault[] = [];
    for (let left = random.int(1, MOST_OTHERS); left > 0; left -= 1) {
      if (deck.length === 0) deck.push(...random.shuffled(possible));
      const next = deck.shift();
      if (next) others.push(next);
    }
    return [...(point ? [point] : []), ...others];
  };
}
