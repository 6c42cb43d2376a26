import { context, propagation, trace } from '@opentelemetry/api';
import { core, node } from '@opentelemetry/sdk-node';
import { currentTraceId, logTo, withSpan } from '#telemetry';
import { collectQueue, deliverQueue, Queues, type QueuesOptions } from './index.js';
import { redisServerOnPath, startTestPostgres, startTestRedis, type TestEngine } from './testing.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function eventually(holds: () => boolean, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`);
    await sleep(20);
  }
}

/** What every engine promises; the one suite that both must pass. */
function conformance(name: string, start: () => Promise<TestEngine>): void {
  describe(`queues on ${name}`, () => {
    let engine: TestEngine;
    let queues: Queues;
    const opened: Queues[] = [];
    let silence: () => void;
    let count = 0;
    /** Every case has queues of its own. */
    const fresh = (): `collect.${string}` => collectQueue(`case ${(count += 1)}`);
    const open = (options: Partial<QueuesOptions> = {}): Queues => {
      const made = new Queues({ url: engine.url, ...options });
      opened.push(made);
      return made;
    };
    const pull = (pullId: string): { v: 1; pullId: string } => ({ v: 1, pullId });

    beforeAll(async () => {
      silence = logTo({ write: () => undefined });
      engine = await start();
      queues = open();
    }, 60_000);
    afterAll(async () => {
      await Promise.all(opened.map((one) => one.close()));
      await engine.end();
      silence();
    }, 60_000);

    it('answers when asked whether it is there', async () => {
      await expect(queues.check()).resolves.toBeUndefined();
    });

    it('hands over every job, in whatever order', async () => {
      const queue = fresh();
      const seen = new Set<string>();
      const ids = Array.from({ length: 200 }, (_, index) => `p${index}`);

      await expect(
        queues.ringMany(
          queue,
          ids.map((id) => ({ job: pull(id) })),
        ),
      ).resolves.toEqual({ rung: true });
      const worker = queues.work(queue, async (job) => void seen.add(job.pullId), { concurrency: 10 });

      await eventually(() => seen.size === ids.length);
      expect(await worker.close()).toBe(true);
    });

    it('wakes a worker that waits already', async () => {
      const queue = fresh();
      const seen: number[] = [];
      const worker = queues.work(queue, async () => void seen.push(Date.now()), { concurrency: 1 });
      await sleep(500);

      const rungAt = Date.now();
      await queues.ring(queue, pull('p1'));

      await eventually(() => seen.length === 1);
      expect((seen[0] ?? Infinity) - rungAt).toBeLessThan(1000);
      await worker.close();
    });

    it('holds a delayed job back until its time', async () => {
      const queue = fresh();
      const seen: number[] = [];
      const worker = queues.work(queue, async () => void seen.push(Date.now()), { concurrency: 1 });
      await sleep(200);

      const rungAt = Date.now();
      await queues.ring(queue, pull('p1'), { delayMs: 1500 });

      await eventually(() => seen.length === 1);
      expect((seen[0] ?? 0) - rungAt).toBeGreaterThanOrEqual(1490);
      expect((seen[0] ?? Infinity) - rungAt).toBeLessThan(4000);
      await worker.close();
    });

    it('runs what waits under the same id once', async () => {
      const queue = fresh();
      const seen: string[] = [];

      await queues.ring(queue, pull('p1'), { jobId: 'p1' });
      await queues.ringMany(queue, [
        { job: pull('p1'), jobId: 'p1' },
        { job: pull('p2'), jobId: 'p2' },
      ]);
      const worker = queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });

      await eventually(() => seen.length >= 2);
      await sleep(300);
      expect([...seen].sort()).toEqual(['p1', 'p2']);
      await worker.close();
    });

    it('can be rung again under an id whose job is done', async () => {
      const queue = fresh();
      let runs = 0;
      const worker = queues.work(queue, async () => void (runs += 1), { concurrency: 1 });

      await queues.ring(queue, pull('p1'), { jobId: 'p1' });
      await eventually(() => runs === 1);
      await sleep(200);
      await queues.ring(queue, pull('p1'), { jobId: 'p1' });

      await eventually(() => runs === 2);
      await worker.close();
    });

    it('runs once more what is rung while it is worked on', async () => {
      const queue = fresh();
      let runs = 0;
      const worker = queues.work(
        queue,
        async () => {
          runs += 1;
          await sleep(500);
        },
        { concurrency: 1 },
      );

      await queues.ring(queue, pull('p1'), { jobId: 'p1' });
      await eventually(() => runs === 1);
      for (let ring = 0; ring < 3; ring += 1) await queues.ring(queue, pull('p1'), { jobId: 'p1' });

      await eventually(() => runs === 2);
      await sleep(800);
      expect(runs).toBe(2);
      await worker.close();
    });

    it('does not let a delayed ring swallow one for now', async () => {
      const queue = fresh();
      let runs = 0;
      const worker = queues.work(queue, async () => void (runs += 1), { concurrency: 1 });

      await queues.ring(queue, pull('p1'), { jobId: 'p1', delayMs: 60_000 });
      await queues.ring(queue, pull('p1'), { jobId: 'p1' });

      await eventually(() => runs === 1);
      await worker.close();
    });

    it('drops a job whose handler throws, and goes on', async () => {
      const queue = fresh();
      const seen: string[] = [];
      const worker = queues.work(
        queue,
        async (job) => {
          seen.push(job.pullId);
          if (job.pullId === 'bad') throw new Error('broken');
        },
        { concurrency: 1 },
      );

      await queues.ring(queue, pull('bad'), { jobId: 'bad' });
      await queues.ring(queue, pull('good'));
      await eventually(() => seen.includes('good'));
      expect(seen.filter((id) => id === 'bad')).toHaveLength(1);
      await queues.ring(queue, pull('bad'), { jobId: 'bad' });

      await eventually(() => seen.filter((id) => id === 'bad').length === 2);
      await worker.close();
    });

    it('refuses a job of another shape on the way in', async () => {
      const wrong = { v: 1, pullId: 'p1', person: 'olena' } as const;

      await expect(queues.ring(fresh(), wrong)).rejects.toThrow('unreadable job');
    });

    it('gives a job that is taken away at closing to another worker at once', async () => {
      const queue = fresh();
      const other = open();
      let begun = 0;
      const first = queues.work(
        queue,
        (_job, { signal }) => {
          begun += 1;
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('interrupted')));
          });
        },
        { concurrency: 1 },
      );
      await queues.ring(queue, pull('p1'), { jobId: 'p1' });
      await eventually(() => begun === 1);
      const seen: string[] = [];
      const second = other.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });

      expect(await first.close(100)).toBe(true);

      await eventually(() => seen.length === 1, 5000);
      expect(seen).toEqual(['p1']);
      await second.close();
    });

    it('gives the job of a worker that died to another', async () => {
      const queue = fresh();
      const dying = open();
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
      await queues.ring(queue, pull('p1'));
      await eventually(() => begun === 1);
      await dying.close();
      const seen: string[] = [];
      const second = queues.work(queue, async (job) => void seen.push(job.pullId), {
        concurrency: 1,
        leaseMs,
      });

      await eventually(() => seen.length === 1);
      await second.close();
    }, 20_000);

    it('loses nothing by a flush that the caller rings again', async () => {
      const queue = fresh();
      const seen: string[] = [];
      await queues.ringMany(queue, [
        { job: pull('p1'), jobId: 'p1' },
        { job: pull('p2'), jobId: 'p2', delayMs: 60_000 },
      ]);

      await engine.flush();
      const worker = queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 1 });
      await sleep(300);
      expect(seen).toEqual([]);
      await queues.ringMany(queue, [
        { job: pull('p1'), jobId: 'p1' },
        { job: pull('p2'), jobId: 'p2' },
      ]);

      await eventually(() => seen.length === 2);
      await worker.close();
    });

    it('survives a flush in mid-work', async () => {
      const queue = fresh();
      const seen: string[] = [];
      const worker = queues.work(
        queue,
        async (job) => {
          seen.push(job.pullId);
          await sleep(500);
        },
        { concurrency: 1 },
      );
      await queues.ring(queue, pull('p1'), { jobId: 'p1' });
      await eventually(() => seen.length === 1);

      await engine.flush();
      await queues.ring(queue, pull('p2'), { jobId: 'p1' });

      await eventually(() => seen.includes('p2'));
      await worker.close();
    });

    it('says within 3 s that nobody heard, while the engine is away, and goes on when it is back', async () => {
      const queue = fresh();
      const seen: string[] = [];
      const worker = queues.work(queue, async (job) => void seen.push(job.pullId), { concurrency: 2 });
      await queues.ring(queue, pull('before'));
      await eventually(() => seen.length === 1);
      const leaving = open();
      leaving.work(fresh(), () => Promise.resolve(), { concurrency: 1 });
      await leaving.ring(fresh(), pull('before'));

      await engine.stop();
      const began = Date.now();
      await expect(queues.ring(queue, pull('meanwhile'))).resolves.toEqual({ rung: false });
      await expect(queues.ring(fresh(), pull('meanwhile'))).resolves.toEqual({ rung: false });
      await expect(queues.check()).rejects.toThrow();
      expect(Date.now() - began).toBeLessThan(3 * 3000);
      const leavesAt = Date.now();
      await leaving.close();
      expect(Date.now() - leavesAt).toBeLessThan(5000);
      const early = open();
      const latecomer = early.work(fresh(), async (job) => void seen.push(job.pullId), { concurrency: 1 });
      await sleep(1500);
      await engine.start();

      const heard = async (target: Queues, on: typeof queue, id: string): Promise<void> => {
        while (!(await target.ring(on, pull(id))).rung) await sleep(100);
      };
      await heard(queues, queue, 'after');
      await heard(early, latecomer.queue as typeof queue, 'late');
      await eventually(() => seen.includes('after') && seen.includes('late'), 15_000);
      await worker.close();
      await latecomer.close();
    }, 60_000);

    it('finishes what was in hand over a restart', async () => {
      const queue = fresh();
      const done: string[] = [];
      let begun = 0;
      const worker = queues.work(
        queue,
        async (job) => {
          begun += 1;
          await sleep(1000);
          done.push(job.pullId);
        },
        { concurrency: 1, leaseMs: 3000 },
      );
      await queues.ring(queue, pull('p1'));
      await eventually(() => begun === 1);

      await engine.stop();
      await sleep(1500);
      await engine.start();

      await eventually(() => done.includes('p1'));
      while (!(await queues.ring(queue, pull('p2'))).rung) await sleep(100);
      await eventually(() => done.includes('p2'), 20_000);
      await worker.close();
    }, 60_000);

    it('opens and closes workers as documents come and go', async () => {
      const queue = deliverQueue('slack');
      let runs = 0;
      for (let round = 0; round < 12; round += 1) {
        const worker = queues.work(queue, async () => void (runs += 1), { concurrency: 1 });
        await queues.ring(queue, { v: 1, channel: 'slack' });
        await eventually(() => runs === round + 1);
        expect(await worker.close()).toBe(true);
      }
    }, 30_000);

    it('lets the trace travel with the job', async () => {
      const provider = new node.NodeTracerProvider();
      provider.register({ propagator: new core.W3CTraceContextPropagator() });
      const traced = open();
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
      trace.disable();
      context.disable();
      propagation.disable();
    });

    it('leaves nothing open when it is closed', async () => {
      const before = process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length;
      const closing = new Queues({ url: engine.url });
      const queue = fresh();
      closing.work(queue, async () => undefined, { concurrency: 1 });
      await closing.ring(queue, pull('p1'));
      await sleep(300);

      await closing.close();

      await eventually(
        () =>
          process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind)).length <= before + 1,
        3000,
      );
      await expect(closing.ring(queue, pull('p2'))).resolves.toEqual({ rung: false });
    });
  });
}

conformance('Postgres', startTestPostgres);

if (redisServerOnPath()) {
  conformance('Redis', () => startTestRedis());
  conformance('a Redis cluster', () => startTestRedis({ cluster: true }));
} else {
  it.skip('the conformance suite of queues on Redis did not run: no redis-server on PATH', () => undefined);
}

it('knows its engine by the scheme and says which there are', () => {
  expect(() => new Queues({ url: 'amqp://localhost' })).toThrow(/postgres:\/\/.*redis:\/\//);
});
