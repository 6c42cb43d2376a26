import { SchedulerRegistry } from '@nestjs/schedule';
import { logTo } from '#telemetry';
import { Stopping } from './stopping.js';
import { Ticker } from './ticker.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let lines: Record<string, unknown>[];
let restore: () => void;
let stopping: Stopping;
let ticker: Ticker;

beforeEach(() => {
  lines = [];
  restore = logTo({ write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  stopping = new Stopping();
  ticker = new Ticker(new SchedulerRegistry(), stopping);
});
afterEach(async () => {
  await stopping.stop(30_000);
  restore();
});

it('ticks again and again, never two at a time', async () => {
  let running = 0;
  let most = 0;
  let ticks = 0;
  ticker.every('sweep', { everyMs: 20 }, async () => {
    most = Math.max(most, (running += 1));
    ticks += 1;
    await sleep(50);
    running -= 1;
  });

  while (ticks < 5) await sleep(10);

  expect(most).toBe(1);
});

it('goes on after a tick that failed, and tells of slow ones', async () => {
  let ticks = 0;
  ticker.every('plan', { everyMs: 20, slowMs: 5 }, async () => {
    ticks += 1;
    await sleep(15);
    if (ticks === 1) throw new Error('database away');
  });

  while (ticks < 3) await sleep(10);

  expect(lines).toContainEqual(expect.objectContaining({ msg: 'tick failed', tick: 'plan' }));
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'slow tick', tick: 'plan' }));
});

it('ticks at once when asked, and once more where one runs', async () => {
  let ticks = 0;
  const ticking = ticker.every('sweep', { everyMs: 60_000 }, async () => {
    ticks += 1;
    await sleep(20);
  });

  void ticking.now();
  await Promise.all([ticking.now(), ticking.now()]);

  expect(ticks).toBe(2);
});

it('waits for the running tick when the process stops, and ticks no more', async () => {
  let ended = false;
  const ticking = ticker.every('sweep', { everyMs: 60_000 }, async () => {
    await sleep(50);
    ended = true;
  });
  void ticking.now();

  await expect(stopping.stop(30_000)).resolves.toBe(true);
  expect(ended).toBe(true);

  ended = false;
  await ticking.now();
  expect(ended).toBe(false);
});

it('refuses a name that ticks already', () => {
  ticker.every('sweep', { everyMs: 1000 }, async () => undefined);

  expect(() => ticker.every('sweep', { everyMs: 1000 }, async () => undefined)).toThrow(/sweep/);
});
