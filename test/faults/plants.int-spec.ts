import { FIRST } from './run.js';
import { liveThrough, type Lived } from './live.js';
import { plantedBugs } from './plants.js';
import { PostgresServer } from './postgres.js';
import { Random } from './random.js';
import { rewritten } from './rewrites.js';
import { revealing, scenarios } from './scenarios.js';
import { World } from './world.js';

/** Processes mostly wait, so that several worlds share the two cores well. */
const AT_ONCE = 4;
const WITHIN_MS = 240_000;
/** A week that has not settled by then never does. */
const SETTLED_MS = 15_000;

/** Of which one process alone would show nothing. */
const takesTwo = new Set(['holds deliveries by a lease that is over before the vendor answers']);

const ending = new AbortController();
let postgres: PostgresServer | undefined;
const weeks = new Map<string, Promise<Lived>>();

async function liveWith(plant: string, seed: number): Promise<Lived> {
  if (!postgres) throw new Error('there is no Postgres');
  const week = scenarios[revealing[plant] ?? 'calm'];
  const world = await World.begin({
    queue: 'postgres',
    shape: 'one process',
    replicas: takesTwo.has(plant) ? 2 : 1,
    plant,
    postgres,
  });
  try {
    return await liveThrough(world, FIRST.toString(), week, new Random(seed), {
      inOwnTime: false,
      withinMs: SETTLED_MS,
      signal: ending.signal,
    });
  } finally {
    await world.end();
  }
}

/** How processes share the processors decides some races: a bug has three weeks to show itself. */
async function revealed(plant: string): Promise<Lived> {
  const lived = await liveWith(plant, 1);
  for (const seed of [2, 3]) {
    if (lived.breaches.length > 0) return lived;
    const again = await liveWith(plant, seed);
    if (again.breaches.length > 0) return again;
  }
  return lived;
}

// All begin in this order, so many at a time; each is awaited by its own test.
beforeAll(async () => {
  postgres = await PostgresServer.start();
  const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve<unknown>(undefined));
  for (const [index, { name }] of plantedBugs.entries()) {
    const lane = index % AT_ONCE;
    const week = (lanes[lane] ?? Promise.resolve()).then(() => revealed(name));
    week.catch(() => undefined);
    weeks.set(name, week);
    lanes[lane] = week.catch(() => undefined);
  }
}, WITHIN_MS);
afterAll(async () => {
  ending.abort(new Error('the spec is over'));
  await Promise.allSettled(weeks.values());
  postgres?.destroy();
}, WITHIN_MS);

it('plants at least ten', () => {
  expect(plantedBugs.length).toBeGreaterThanOrEqual(10);
  expect(Object.keys(revealing).toSorted()).toEqual(plantedBugs.map(({ name }) => name).toSorted());
});

it('refuses to plant what has no place any more', () => {
  const rewrite = { file: 'some.js', from: 'one  two', to: 'three' };

  expect(rewritten('a one\n  two b', rewrite)).toBe('a three b');
  expect(() => rewritten('one', rewrite)).toThrow('some.js: "one  two" is there 0 times');
  expect(() => rewritten('one two one two', rewrite)).toThrow('2 times');
});

describe('a bug that is planted breaks a promise', () => {
  it.each(plantedBugs.map(({ name }) => name))(
    '%s',
    async (name) => {
      const { breaches } = (await weeks.get(name)) ?? { breaches: [] };

      expect(breaches.map(({ promise, what }) => `${promise}: ${what}`)).not.toEqual([]);
    },
    WITHIN_MS,
  );
});
