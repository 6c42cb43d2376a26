import { context, propagation, trace } from '@opentelemetry/api';
import { core, node } from '@opentelemetry/sdk-node';
import { currentTraceId, logTo, withSpan } from '#telemetry';
import { collectQueue, deliverQueue, Queues, type QueuesOptions } from './index.js';
import { redisServerOnPath, startTestPostgres, startTestRedis, type TestEngine } from './testing.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The limit is for what hangs. */
async function eventually(holds: () => boolean, withinMs = 40_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`);
    await sleep(20);
  }
}

type StartEngine = () => Promise<TestEngine>;

const engines: Readonly<Record<string, StartEngine>> = {
  Postgres: startTestPostgres,
  ...(redisServerOnPath()
    ? { Redis: () => startTestRedis(), 'a Redis cluster': () => startTestRedis({ cluster: true }) }
    : {}),
};
const names = Object.keys(engines);

/** One engine and the queues on it. */
class Bench {
  readonly queues: Queues;
  readonly #opened: Queues[] = [];

  private constructor(readonly engine: TestEngine) {
    // Longer than in earnest: on a busy machine a bell that is given up would only be rung by the sweep.
    this.queues = this.open({ ringWithinMs: 30_000 });
  }

  static async start(name: string): Promise<Bench> {
    const start = engines[name];
    if (!start) throw new Error(`there is no engine ${name}`);
    return new Bench(await start());
  }

  open(options: Partial<QueuesOptions> = {}): Queues {
    const opened = new Queues({ url: this.engine.url, ...options });
    this.#opened.push(opened);
    return opened;
  }

  /** All queues; the engine stays. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((one) => one.close()));
  }

  async end(): Promise<void> {
    await this.close();
    await this.engine.end();
  }
}

let count = 0;
/** Every case has queues of its own. */
const fresh = (): `collect.${string}` => collectQueue(`case ${(count += 1)}`);
const pull = (pullId: string): { v: 1; pullId: string } => ({ v: 1, pullId });

const benches = new Map<string, Bench>();
const bench = (name: string): Bench => {
  const found = benches.get(name);
  if (!found) throw new Error(`${name} did not start`);
  return found;
};
let silence: () => void;
beforeAll(async () => {
  silence = logTo({ write: () => undefined });
  await Promise.all(names.map(async (name) => void benches.set(name, await Bench.start(name))));
});
afterAll(async () => {
  await Promise.all([...benches.values()].map((one) => one.end()));
  silence();
});

/** Declares what every engine promises. All of it runs at once, for most of it waits. */
const everywhere = (title: string, test: (on: Bench) => Promise<void>): void =>
  it.concurrent.each(names)(`on %s ${title}`, (name) => test(bench(name)));

/** Likewise, on an engine of one's own that may be stopped and emptied. */
const onOneOfItsOwn = (title: string, test: (on: Bench) => Promise<void>): void =>
  it.concurrent.each(names)(`on %s ${title}`, async (name) => {
    const own = await Bench.start(name);
    await test(own).finally(() => own.end());
  });

describe('queues', () => {
  // What would still be open would count as left open below.
  afterAll(() => Promise.all(names.map((name) => bench(name).close())));

  onOneOfItsOwn(
    'says within 3 s that nobody heard, while the engine is away, and goes on when it is back',
    async (on) => {
      const queues = on.open();
      const queue = fresh();
      const seen: string[] = [];
      const worker = queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 2 });
      await queues.ring(queue, pull('before'));
      await eventually(() => seen.length === 1);
      const leaving = on.open();
      leaving.work(fresh(), () => Promise.resolve(), { concurrency: 1 });
      await leaving.ring(fresh(), pull('before'));

      await on.engine.stop();
      const began = Date.now();
      await expect(queues.ring(queue, pull('meanwhile'))).resolves.toEqual({ rung: false });
      await expect(queues.ring(fresh(), pull('meanwhile'))).resolves.toEqual({ rung: false });
      await expect(queues.check()).rejects.toThrow();
      expect(Date.now() - began).toBeLessThan(3 * 3000);
      await leaving.close();
      const early = on.open();
      const latecomer = early.work(fresh(), async (job) => void seen.push(job.pullId), { concurrency: 1 });
      await sleep(1500);
      await on.engine.start();

      const heard = async (ringing: Queues, at: typeof queue, id: string): Promise<void> => {
        while (!(await ringing.ring(at, pull(id))).rung) await sleep(100);
      };
      await heard(queues, queue, 'after');
      await heard(early, latecomer.queue as typeof queue, 'late');
      await eventually(() => seen.includes('after') && seen.includes('late'));
      await worker.close();
      await latecomer.close();
    },
  );

  onOneOfItsOwn('finishes what was in hand over a restart', async (on) => {
    const queue = fresh();
    const done: string[] = [];
    let begun = 0;
    const worker = on.queues.work(
      queue,
      async (job) => {
        begun += 1;
        await sleep(1000);
        done.push(job.pullId);
      },
      { concurrency: 1, leaseMs: 3000 },
    );
    await on.queues.ring(queue, pull('p1'));
    await eventually(() => begun === 1);

    await on.engine.stop();
    await sleep(1500);
    await on.engine.start();

    await eventually(() => done.includes('p1'));
    while (!(await on.queues.ring(queue, pull('p2'))).rung) await sleep(100);
    await eventually(() => done.includes('p2'));
    await worker.close();
  });

  onOneOfItsOwn('loses nothing by a flush that the caller rings again', async (on) => {
    const queue = fresh();
    const seen: string[] = [];
    await on.queues.ringMany(queue, [
      { job: pull('p1'), jobId: 'p1' },
      { job: pull('p2'), jobId: 'p2', delayMs: 60_000 },
    ]);

    await on.engine.flush();
    const worker = on.queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });
    await sleep(300);
    expect(seen).toEqual([]);
    await on.queues.ringMany(queue, [
      { job: pull('p1'), jobId: 'p1' },
      { job: pull('p2'), jobId: 'p2' },
    ]);

    await eventually(() => seen.length === 2);
    await worker.close();
  });

  onOneOfItsOwn('survives a flush in mid-work', async (on) => {
    const queue = fresh();
    const seen: string[] = [];
    const worker = on.queues.work(
      queue,
      async (job) => {
        seen.push(job.pullId);
        await sleep(500);
      },
      { concurrency: 1 },
    );
    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    await eventually(() => seen.length === 1);

    await on.engine.flush();
    await on.queues.ring(queue, pull('p2'), { jobId: 'p1' });

    await eventually(() => seen.includes('p2'));
    await worker.close();
  });

  everywhere('answers when asked whether it is there', async (on) => {
    // A busy engine may take longer than whoever asks for readiness waits.
    let answers = false;
    for (let tries = 0; tries < 100 && !answers; tries += 1) {
      if (tries > 0) await sleep(100);
      answers = await on.queues.check().then(
        () => true,
        () => false,
      );
    }

    expect(answers).toBe(true);
  });

  everywhere('hands over every job, in whatever order', async (on) => {
    const queue = fresh();
    const seen = new Set<string>();
    const ids = Array.from({ length: 200 }, (_, index) => `p${index}`);

    await expect(
      on.queues.ringMany(
        queue,
        ids.map((id) => ({ job: pull(id) })),
      ),
    ).resolves.toEqual({ rung: true });
    const worker = on.queues.work(queue, async (job) => void seen.add(job.pullId), { concurrency: 10 });

    await eventually(() => seen.size === ids.length);
    expect(await worker.close()).toBe(true);
  });

  everywhere('wakes a worker that waits already', async (on) => {
    const queue = fresh();
    const seen: number[] = [];
    const worker = on.queues.work(queue, async () => void seen.push(Date.now()), { concurrency: 1 });
    await sleep(500);

    // A busy engine may not take it in time, and says so.
    let rungAt = Date.now();
    for (let tries = 0; tries < 100 && !(await on.queues.ring(queue, pull('p1'))).rung; tries += 1) {
      await sleep(100);
      rungAt = Date.now();
    }

    await eventually(() => seen.length > 0);
    // Far less than the 10 s after which it would look by itself.
    expect((seen[0] ?? Infinity) - rungAt).toBeLessThan(5000);
    await worker.close();
  });

  everywhere('holds a delayed job back until its time', async (on) => {
    const queue = fresh();
    const seen: number[] = [];
    const worker = on.queues.work(queue, async () => void seen.push(Date.now()), { concurrency: 1 });
    await sleep(200);

    const rungAt = Date.now();
    await on.queues.ring(queue, pull('p1'), { delayMs: 1500 });

    await eventually(() => seen.length === 1);
    expect((seen[0] ?? 0) - rungAt).toBeGreaterThanOrEqual(1490);
    expect((seen[0] ?? Infinity) - rungAt).toBeLessThan(6500);
    await worker.close();
  });

  everywhere('runs what waits under the same id once', async (on) => {
    const queue = fresh();
    const seen: string[] = [];

    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    await on.queues.ringMany(queue, [
      { job: pull('p1'), jobId: 'p1' },
      { job: pull('p2'), jobId: 'p2' },
    ]);
    const worker = on.queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });

    await eventually(() => seen.length >= 2);
    await sleep(1000);
    expect([...seen].sort()).toEqual(['p1', 'p2']);
    await worker.close();
  });

  everywhere('can be rung again under an id whose job is done', async (on) => {
    const queue = fresh();
    let runs = 0;
    const worker = on.queues.work(queue, async () => void (runs += 1), { concurrency: 1 });

    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    await eventually(() => runs === 1);
    await sleep(200);
    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });

    await eventually(() => runs === 2);
    await worker.close();
  });

  everywhere('runs once more what is rung while it is worked on', async (on) => {
    const queue = fresh();
    let runs = 0;
    let rung = (): void => undefined;
    const allRung = new Promise<void>((resolve) => (rung = resolve));
    const worker = on.queues.work(
      queue,
      async () => {
        runs += 1;
        await allRung;
      },
      { concurrency: 1 },
    );

    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    await eventually(() => runs === 1);
    for (let ring = 0; ring < 3; ring += 1) await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    rung();

    await eventually(() => runs === 2);
    await sleep(1500);
    expect(runs).toBe(2);
    await worker.close();
  });

  everywhere('does not let a delayed ring swallow one for now', async (on) => {
    const queue = fresh();
    let runs = 0;
    const worker = on.queues.work(queue, async () => void (runs += 1), { concurrency: 1 });

    await on.queues.ring(queue, pull('p1'), { jobId: 'p1', delayMs: 60_000 });
    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });

    await eventually(() => runs === 1);
    await worker.close();
  });

  everywhere('drops a job whose handler throws, and goes on', async (on) => {
    const queue = fresh();
    const seen: string[] = [];
    const worker = on.queues.work(
      queue,
      async (job) => {
        seen.push(job.pullId);
        if (job.pullId === 'bad') throw new Error('broken');
      },
      { concurrency: 1 },
    );

    await on.queues.ring(queue, pull('bad'), { jobId: 'bad' });
    await on.queues.ring(queue, pull('good'));
    await eventually(() => seen.includes('good'));
    expect(seen.filter((id) => id === 'bad')).toHaveLength(1);
    await on.queues.ring(queue, pull('bad'), { jobId: 'bad' });

    await eventually(() => seen.filter((id) => id === 'bad').length === 2);
    await worker.close();
  });

  everywhere('refuses a job of another shape on the way in', async (on) => {
    const wrong = { v: 1, pullId: 'p1', person: 'olena' } as const;

    await expect(on.queues.ring(fresh(), wrong)).rejects.toThrow('unreadable job');
  });

  everywhere('gives a job that is taken away at closing to another worker at once', async (on) => {
    const queue = fresh();
    const other = on.open();
    let begun = 0;
    const first = on.queues.work(
      queue,
      (_job, { signal }) => {
        begun += 1;
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('interrupted')));
        });
      },
      { concurrency: 1 },
    );
    await on.queues.ring(queue, pull('p1'), { jobId: 'p1' });
    await eventually(() => begun === 1);
    const seen: string[] = [];
    const second = other.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });

    expect(await first.close(100)).toBe(true);

    // Sooner than the lease of 30 s lets anybody take it.
    await eventually(() => seen.length === 1, 10_000);
    expect(seen).toEqual(['p1']);
    await second.close();
  });

  everywhere('gives the job of a worker that died to another', async (on) => {
    const queue = fresh();
    const dying = on.open();
    const leaseMs = 1000;
    let begun = 0;
    dying.work(
      queue,
      () => {
        begun += 1;
        return new Promise(() => undefined);
      },
      { concurrency: 1, leaseMs },
    );
    await on.queues.ring(queue, pull('p1'));
    await eventually(() => begun === 1);
    await dying.close();
    const seen: string[] = [];
    const second = on.queues.work(queue, async (job) => void seen.push(job.pullId), {
      concurrency: 1,
      leaseMs,
    });

    await eventually(() => seen.length === 1);
    await second.close();
  });

  everywhere('opens and closes workers as documents come and go', async (on) => {
    const queue = deliverQueue('slack');
    let runs = 0;
    for (let round = 0; round < 12; round += 1) {
      const worker = on.queues.work(queue, async () => void (runs += 1), { concurrency: 1 });
      await on.queues.ring(queue, { v: 1, channel: 'slack' });
      await eventually(() => runs === round + 1);
      expect(await worker.close()).toBe(true);
    }
  });
});

describe('queues, while nothing else goes on in the process,', () => {
  it.each(names)('on %s lets the trace travel with the job', async (name) => {
    const provider = new node.NodeTracerProvider();
    provider.register({ propagator: new core.W3CTraceContextPropagator() });
    const traced = bench(name).open();
    const queue = fresh();
    const inside: (string | undefined)[] = [];
    const worker = traced.work(queue, async () => void inside.push(currentTraceId()), { concurrency: 1 });

    const outside = await withSpan('test', {}, async () => {
      await traced.ring(queue, pull('p1'));
      return currentTraceId();
    });

    await eventually(() => inside.length === 1);
    expect(inside).toEqual([outside]);
    expect(outside).toMatch(/^[0-9a-f]{32}$/);
    await worker.close();
    await traced.close();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it.each(names)('on %s leaves nothing open when it is closed', async (name) => {
    const open = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length;
    const before = open();
    const closing = bench(name).open();
    const queue = fresh();
    closing.work(queue, async () => undefined, { concurrency: 1 });
    await closing.ring(queue, pull('p1'));
    await sleep(300);

    await closing.close();

    await eventually(() => open() <= before + 1);
    await expect(closing.ring(queue, pull('p2'))).resolves.toEqual({ rung: false });
  });
});

if (!redisServerOnPath())
  it.skip('the conformance suite of queues on Redis did not run: no redis-server on PATH', () => undefined);

it('knows its engine by the scheme and says which there are', () => {
  expect(() => new Queues({ url: 'amqp://localhost' })).toThrow(/postgres:\/\/.*redis:\/\//);
});
