import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createHttpClient, type HttpCall } from './create-http-client.js';
import { RemoteError } from './remote-error.js';
import {
  everythingSaid,
  SimulatedServer,
  type SimulatedRequest,
  type SimulatedResponse,
} from './simulation.js';

/** A vendor that answers whatever the spec says, and remembers what it was asked. */
class Vendor {
  readonly id = 'vendor';
  readonly seen: SimulatedRequest[] = [];
  answer: SimulatedResponse = { status: 200, body: { ok: true } };
  handle(request: SimulatedRequest): SimulatedResponse {
    this.seen.push(request);
    return this.answer;
  }
  save(): unknown {
    return null;
  }
  load(): void {}
}

const rawServers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of rawServers.splice(0)) await close();
});

/** The URL of a server below HTTP: what it does with a connection is up to the spec. Closed after it. */
async function raw(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rawServers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failure = async (promise: Promise<unknown>): Promise<RemoteError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RemoteError)) throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
};

describe('a request that is answered', () => {
  const vendor = new Vendor();
  let server: SimulatedServer;
  beforeAll(async () => {
    server = await SimulatedServer.listen(vendor);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    vendor.seen.length = 0;
    vendor.answer = { status: 200, body: { ok: true } };
  });
  const http = createHttpClient({ system: 'vendor' });

  it('brings status, headers and the parsed body', async () => {
    vendor.answer = { status: 201, headers: { 'X-Request-Id': 'r1' }, body: { name: 'Оля' } };

    const answer = await http.request({ method: 'GET', url: `${server.url}/people?page=2` });

    expect(answer.status).toBe(201);
    expect(answer.headers['x-request-id']).toBe('r1');
    expect(answer.json()).toEqual({ name: 'Оля' });
    expect(vendor.seen[0]?.query.get('page')).toBe('2');
  });

  it.each([
    ['json', { json: { a: 'б' } }, 'application/json; charset=utf-8', '{"a":"б"}'],
    ['form', { form: { a: 'b c', d: '&' } }, 'application/x-www-form-urlencoded', 'a=b+c&d=%26'],
    ['text', { body: 'as it is', headers: { 'Content-Type': 'text/plain' } }, 'text/plain', 'as it is'],
    ['bytes', { body: new TextEncoder().encode('bytes') }, undefined, 'bytes'],
  ])('sends a body as %s', async (_name, body, type, text) => {
    await http.request({ method: 'POST', url: `${server.url}/things`, ...body });

    expect(vendor.seen[0]?.headers['content-type']).toBe(type);
    expect(vendor.seen[0]?.body).toBe(text);
  });

  it('counts what has left', async () => {
    const counting = createHttpClient({ system: 'vendor' });

    await counting.request({ method: 'GET', url: server.url });
    await failure(counting.request({ method: 'GET', url: 'http://127.0.0.1:1/' }));

    expect(counting.calls).toBe(1);
  });

  it('tells of every call without path, query or headers', async () => {
    const calls: HttpCall[] = [];
    const told = createHttpClient({ system: 'vendor', onCall: (call) => calls.push(call) });

    await told.request({ method: 'GET', url: `${server.url}/people/7?key=hush`, label: 'people' });
    vendor.answer = { status: 404 };
    await failure(told.request({ method: 'GET', url: `${server.url}/people/8` }));
    await failure(told.request({ method: 'GET', url: 'http://127.0.0.1:1/' }));

    const host = new URL(server.url).host;
    expect(calls).toEqual([
      { system: 'vendor', method: 'GET', host, label: 'people', status: 200, durationMs: expect.any(Number) },
      {
        system: 'vendor',
        method: 'GET',
        host,
        status: 404,
        reason: 'rejected',
        durationMs: expect.any(Number),
      },
      {
        system: 'vendor',
        method: 'GET',
        host: '127.0.0.1:1',
        reason: 'unavailable',
        durationMs: expect.any(Number),
      },
    ]);
  });

  // status, Retry-After, reason, outcome of a write
  it.each([
    [302, undefined, 'rejected', 'unknown'],
    [303, undefined, 'rejected', 'unknown'],
    [307, undefined, 'rejected', 'refused'],
    [400, undefined, 'rejected', 'refused'],
    [401, undefined, 'unauthorized', 'refused'],
    [403, undefined, 'unauthorized', 'refused'],
    [404, undefined, 'rejected', 'refused'],
    [408, undefined, 'timeout', 'refused'],
    [409, undefined, 'rejected', 'refused'],
    [429, undefined, 'rate-limited', 'refused'],
    [429, '7', 'rate-limited', 'refused'],
    [500, undefined, 'unavailable', 'unknown'],
    [502, undefined, 'unavailable', 'unknown'],
    [503, undefined, 'unavailable', 'unknown'],
    [503, '7', 'unavailable', 'refused'],
    [504, undefined, 'unavailable', 'unknown'],
  ])('%i with Retry-After %s is %s, and a write is %s', async (status, retryAfter, reason, outcome) => {
    vendor.answer = {
      status,
      headers: { location: '/elsewhere', ...(retryAfter ? { 'retry-after': retryAfter } : {}) },
    };
    const url = `${server.url}/things`;

    const read = await failure(http.request({ method: 'GET', url }));
    const query = await failure(http.request({ method: 'POST', url, reads: true, json: {} }));
    const write = await failure(http.request({ method: 'POST', url, json: {} }));

    const retryAfterMs = retryAfter ? 7000 : undefined;
    expect(read).toMatchObject({ system: 'vendor', reason, outcome: 'refused', status, retryAfterMs });
    expect(query).toMatchObject({ reason, outcome: 'refused', status, retryAfterMs });
    expect(write).toMatchObject({ reason, outcome, status, retryAfterMs });
    // A followed redirect would be a fourth request.
    expect(vendor.seen).toHaveLength(3);
  });

  it("leaves to the vendor's plugin the statuses that it accepts", async () => {
    vendor.answer = { status: 409, body: { code: 'exists' } };

    const answer = await http.request({ method: 'PUT', url: server.url, json: {} }, [409]);

    expect(answer.json()).toEqual({ code: 'exists' });
  });

  it('calls an answer that is no JSON unreadable, and a write so answered unknown', async () => {
    vendor.answer = { status: 200, body: '<html>Olena earns 100</html>' };

    const read = await http.request({ method: 'GET', url: server.url });
    const write = await http.request({ method: 'POST', url: server.url, json: {} });

    expect(await failure((async () => read.json())())).toMatchObject({
      reason: 'unreadable',
      outcome: 'refused',
    });
    const error = await failure((async () => write.json())());
    expect(error).toMatchObject({ reason: 'unreadable', outcome: 'unknown' });
    expect(error.message).not.toContain('Olena');
    expect(error.cause).toBeUndefined();
  });

  it('takes no answer beyond its size', async () => {
    const small = createHttpClient({ system: 'vendor', maxBytes: 1000 });
    vendor.answer = { status: 200, body: 'x'.repeat(1001) };

    const read = await failure(small.request({ method: 'GET', url: server.url }));
    const write = await failure(small.request({ method: 'POST', url: server.url, json: {} }));

    expect(read).toMatchObject({ reason: 'unreadable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unreadable', outcome: 'unknown' });
  });

  it('names no secret of the request in its error', async () => {
    vendor.answer = { status: 500, body: 'hush-body' };

    const error = await failure(
      http.request({
        method: 'POST',
        url: `${server.url}/services/T0001/B0001/hushHUSH0123456789abcdef?token=hush-query`,
        headers: { authorization: 'Bearer hush-header' },
        json: { text: 'hush-sent' },
      }),
    );

    expect(error.message).toMatch(/^POST 127\.0\.0\.1:\d+\/services\/T0001\/B0001\/… answered 500$/);
    expect([error.message, error.stack, String(error.cause), JSON.stringify(error)].join()).not.toMatch(
      /hush/i,
    );
  });

  it('refuses credentials in a URL without repeating them', async () => {
    const call = http.request({ method: 'GET', url: 'http://olena:hush@127.0.0.1/' });

    await expect(call).rejects.toThrow(new TypeError('credentials go into headers, not into the URL'));
  });

  it('paces to the limit', async () => {
    const limited = createHttpClient({
      system: 'vendor',
      limit: { requests: 2, perSeconds: 0.2, link: 'https://vendor.example/limits' },
    });
    const began = performance.now();

    for (let call = 0; call < 5; call += 1) await limited.request({ method: 'GET', url: server.url });

    expect(performance.now() - began).toBeGreaterThanOrEqual(400);
  });

  it('ends a wait for the limit when told to, before anything has left', async () => {
    const limited = createHttpClient({
      system: 'vendor',
      limit: { requests: 1, perSeconds: 60, link: 'https://vendor.example/limits' },
    });
    await limited.request({ method: 'GET', url: server.url });
    const stop = new AbortController();

    const waiting = failure(
      limited.request({ method: 'POST', url: server.url, json: {}, signal: stop.signal }),
    );
    stop.abort(new Error('draining'));

    expect(await waiting).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect((await waiting).cause).toEqual(new Error('draining'));
    expect(limited.calls).toBe(1);
  });
});

describe('a request that is not answered', () => {
  const vendor = new Vendor();
  let server: SimulatedServer;
  beforeEach(async () => {
    server = await SimulatedServer.listen(vendor);
  });
  afterEach(() => server.close());
  const http = createHttpClient({ system: 'vendor', timeoutMs: 200 });

  const both = async (
    url: string,
    more: { signal?: () => AbortSignal } = {},
  ): Promise<{ read: RemoteError; write: RemoteError }> => {
    const signal = () => (more.signal ? { signal: more.signal() } : {});
    return {
      read: await failure(http.request({ method: 'GET', url, ...signal() })),
      write: await failure(http.request({ method: 'POST', url, json: { a: 1 }, ...signal() })),
    };
  };

  it.each([
    ['nobody listens', 'http://127.0.0.1:1/'],
    ['the name does not exist', 'http://nowhere.invalid/'],
  ])('was refused where %s', async (_name, url) => {
    const { read, write } = await both(url);

    expect(read).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
  });

  it('was refused where the other side does not speak TLS', async () => {
    const plain = await raw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

    const { read, write } = await both(plain.replace('http:', 'https:'));

    expect(read).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
  });

  it('was refused where TLS is never agreed upon in time', async () => {
    const mute = await raw(() => undefined);

    const { read, write } = await both(mute.replace('http:', 'https:'));

    expect(read).toMatchObject({ reason: 'timeout', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'timeout', outcome: 'refused' });
  });

  it.each(['cut-before', 'cut-after'] as const)('is unknown to a write after %s', async (kind) => {
    server.plan({ kind, times: 2 });

    const { read, write } = await both(server.url);

    expect(read).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unavailable', outcome: 'unknown' });
  });

  it('times out in silence', async () => {
    server.plan({ kind: 'silence', times: 2 });

    const { read, write } = await both(server.url);

    expect(read).toMatchObject({ reason: 'timeout', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'timeout', outcome: 'unknown' });
  });

  it('times out over the whole exchange, however steadily bytes drip', async () => {
    const drip = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(timer));
    });

    const { read, write } = await both(drip);

    expect(read).toMatchObject({ reason: 'timeout', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'timeout', outcome: 'unknown' });
  });

  it('breaks off in the middle of an answer', async () => {
    const half = await raw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf')),
    );

    const { read, write } = await both(half);

    expect(read).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unavailable', outcome: 'unknown' });
  });

  it('believes a refusal whose body breaks off', async () => {
    const half = await raw((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 429 Slow Down\r\nretry-after: 3\r\ncontent-length: 1000\r\n\r\nhalf'),
      ),
    );

    const { write } = await both(half);

    expect(write).toMatchObject({ reason: 'rate-limited', outcome: 'refused', retryAfterMs: 3000 });
  });

  it('is unreadable where the other side does not speak HTTP', async () => {
    const smtp = await raw((socket) => socket.once('data', () => socket.write('220 mail.example ESMTP\r\n')));

    const { read, write } = await both(smtp);

    expect(read).toMatchObject({ reason: 'unreadable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unreadable', outcome: 'unknown' });
  });

  it('was refused where it was given up before it began', async () => {
    const { read, write } = await both(server.url, { signal: () => AbortSignal.abort() });

    expect(read).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'unavailable', outcome: 'refused' });
    expect(server.requests).toEqual([]);
  });

  it('is unknown to a write that was given up while under way', async () => {
    server.plan({ kind: 'silence', times: 2 });

    const { read, write } = await both(server.url, { signal: () => AbortSignal.timeout(50) });

    expect(read).toMatchObject({ reason: 'timeout', outcome: 'refused' });
    expect(write).toMatchObject({ reason: 'timeout', outcome: 'unknown' });
  });

  it('goes on working after each of these', async () => {
    server.plan({ kind: 'cut-before' });
    await failure(http.request({ method: 'GET', url: server.url }));

    const answer = await http.request({ method: 'GET', url: server.url });

    expect(answer.status).toBe(200);
  });
});

describe('fetch on the same way out', () => {
  const vendor = new Vendor();
  let server: SimulatedServer;
  beforeAll(async () => {
    server = await SimulatedServer.listen(vendor);
  });
  afterAll(() => server.close());
  const http = createHttpClient({ system: 'vendor', timeoutMs: 200 });

  it('returns every answer, also errors', async () => {
    vendor.answer = { status: 429, headers: { 'retry-after': '3' }, body: { error: 'ratelimited' } };

    const answer = await http.fetch(`${server.url}/x`, {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
    });

    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(await answer.json()).toEqual({ error: 'ratelimited' });
    expect(vendor.seen.at(-1)).toMatchObject({ method: 'POST', body: 'a=b' });
    expect(http.calls).toBe(1);
  });

  it('returns an answer without a body', async () => {
    vendor.answer = { status: 204 };

    const answer = await http.fetch(server.url);

    expect(answer.status).toBe(204);
  });

  it('throws a RemoteError where none came', async () => {
    server.plan({ kind: 'silence' });

    const error = await failure(http.fetch(server.url, { method: 'POST', body: '{}' }));

    expect(error).toMatchObject({ reason: 'timeout', outcome: 'unknown' });
  });

  it.each(['http://olena:hush@127.0.0.1/', 'hush'])(
    'repeats nothing of a URL that is none: %s',
    async (url) => {
      const error: unknown = await http.fetch(url).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(TypeError);
      expect(everythingSaid(error)).not.toContain('hush');
    },
  );

  it('stops when told to', async () => {
    server.plan({ kind: 'silence' });
    const stop = new AbortController();

    const call = failure(http.fetch(server.url, { method: 'POST', body: '{}', signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);

    expect(await call).toMatchObject({ reason: 'unavailable', outcome: 'unknown' });
  });
});

describe('addresses inside the network', () => {
  const vendor = new Vendor();
  let server: SimulatedServer;
  beforeAll(async () => {
    server = await SimulatedServer.listen(vendor);
  });
  afterAll(() => server.close());

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])(
    'are refused before anything leaves where only public ones are wanted: %s',
    async (host) => {
      const http = createHttpClient({ system: 'webhook' });
      const url = `http://${host}:${new URL(server.url).port}/`;

      const error = await failure(http.request({ method: 'POST', url, json: {}, publicOnly: true }));

      expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
      expect(http.calls).toBe(0);
      expect(server.requests).toEqual([]);
    },
  );

  it('are refused also while a connection that was allowed stands open', async () => {
    const http = createHttpClient({ system: 'webhook' });
    await http.request({ method: 'GET', url: server.url });

    const error = await failure(http.request({ method: 'GET', url: server.url, publicOnly: true }));

    expect(error.reason).toBe('rejected');
  });

  it('can be refused to a whole client', async () => {
    const http = createHttpClient({ system: 'webhook', allowPrivateAddresses: false });

    const error = await failure(http.request({ method: 'GET', url: server.url }));

    expect(error.reason).toBe('rejected');
  });
});
