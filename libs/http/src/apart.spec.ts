import { keepApart } from './apart.js';
import { RemoteError } from './remote-error.js';
import { createHttpClient } from './create-http-client.js';
import { SimulatedServer, type SimulatedResponse } from './simulation.js';

const ms = 200;
const link = 'https://vendor.example/limits';
const to = (place: string) => ({ place, ms, link });

/** How long it took, in ms; timers may fire a millisecond early. */
async function waited(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began + 2;
}

describe('calls to one place', () => {
  it('are so far apart, in the order asked for, and no other place waits', async () => {
    const follow = keepApart('vendor');
    const order: number[] = [];
    const [first, second, third, other] = await Promise.all([
      waited(follow(to('a')).then(() => order.push(1))),
      waited(follow(to('a')).then(() => order.push(2))),
      waited(follow(to('a')).then(() => order.push(3))),
      waited(follow(to('b')).then(() => order.push(0))),
    ]);

    expect(order.filter((one) => one > 0)).toEqual([1, 2, 3]);
    expect(second).toBeGreaterThanOrEqual(ms);
    expect(third).toBeGreaterThanOrEqual(2 * ms);
    expect(Math.max(first, other)).toBeLessThan(second);
  });

  it('count from the answer of the one before', async () => {
    const follow = keepApart('vendor');
    const answered = await follow(to('a'));
    await new Promise((resolve) => setTimeout(resolve, ms));

    answered();

    expect(await waited(follow(to('a')))).toBeGreaterThanOrEqual(ms);
  });

  it('are refused where stopped while they wait', async () => {
    const follow = keepApart('vendor');
    await follow(to('a'));

    const error: unknown = await follow(to('a'), AbortSignal.abort()).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ outcome: 'refused' });
  });

  it('leave the client so, also after a failure', async () => {
    let answer: SimulatedResponse = { status: 500 };
    const server = await SimulatedServer.listen({
      id: 'vendor',
      handle: () => answer,
      save: () => null,
      load: () => undefined,
    });
    const http = createHttpClient({ system: 'vendor' });
    const call = { method: 'POST', url: server.url, apart: to('a') } as const;
    try {
      await expect(http.request(call)).rejects.toMatchObject({ outcome: 'unknown' });
      answer = { status: 200 };

      expect(await waited(http.request(call))).toBeGreaterThanOrEqual(ms);
    } finally {
      await server.close();
    }
  });
});
