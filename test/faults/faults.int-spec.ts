import { redisServerOnPath } from '../../libs/queues/src/testing.js';
import type { Figures } from './report.js';
import { runFaults } from './run.js';
import { besides, scenarios, type ScenarioName } from './scenarios.js';
import type { QueueKind, WorldOptions } from './world.js';

const ending = new AbortController();
afterAll(() => ending.abort(new Error('the spec is over')));

const live = (
  queue: QueueKind,
  shape: WorldOptions['shape'],
  weeks: readonly ScenarioName[],
): Promise<Figures> =>
  runFaults({
    queue,
    shape,
    rounds: weeks.length,
    store: weeks.map((week) => [...scenarios[week], ...(besides[week] ?? [])]),
    seed: 1,
    replicas: 2,
    inOwnTime: false,
    signal: ending.signal,
  });

function expectPromisesKept(figures: Figures, rounds: number): void {
  expect(figures.breaches).toEqual([]);
  expect(figures).toMatchObject({ rounds, lost: 0, duplicates: 0, unfair: 0, unbalanced: 0, missed: [] });
  expect(figures.due).toBeGreaterThan(rounds * 6);
  expect(figures.sent + figures.unaskable[1].unsaid).toBe(figures.due);
}

describe('weeks in which processes are killed, with the queue on Postgres', () => {
  it('are told of once, truly and with nothing missing', async () => {
    const weeks = (Object.keys(scenarios) as ScenarioName[]).filter((name) => name !== 'calm');

    const figures = await live('postgres', 'three services', weeks);

    expectPromisesKept(figures, weeks.length);
  }, 240_000);
});

if (redisServerOnPath()) {
  describe('weeks in which processes are killed, with the queue on Redis', () => {
    it('are told of once, truly and with nothing missing', async () => {
      const weeks: readonly ScenarioName[] = ['killed after settling', 'killed after deciding'];

      const figures = await live('redis', 'one process', weeks);

      expectPromisesKept(figures, weeks.length);
    }, 240_000);
  });
} else {
  it.skip('weeks with the queue on Redis were not lived through: no redis-server on PATH', () => undefined);
}
