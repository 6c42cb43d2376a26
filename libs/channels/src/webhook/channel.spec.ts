import { instant, type Message } from '#domain';
import { createHttpClient, RemoteError } from '#http';
import { SimulatedServer, type SimulatedRequest, type SimulatedResponse } from '#http/simulation';
import { Webhook } from 'standardwebhooks';
import type { Attempt, Channel } from '../contract.js';
import { webhook } from './index.js';
import { WebhookSimulator } from './simulator.js';

const secret = `whsec_${Buffer.from('a key of thirty-two bytes, surely').toString('base64')}`;
const older = `whsec_${Buffer.from('the key of before, thirty-two too').toString('base64')}`;

/** Keeps what arrived, headers included, and hands it on. */
class Recorder extends WebhookSimulator {
  readonly raw: SimulatedRequest[] = [];
  override handle(request: SimulatedRequest): SimulatedResponse {
    this.raw.push(request);
    return super.handle(request);
  }
}

let receiver: Recorder;
let server: SimulatedServer;
beforeEach(async () => {
  receiver = new Recorder({ secret });
  server = await SimulatedServer.listen(receiver);
});
afterEach(() => server.close());

const connect = (more: object = {}): Channel =>
  webhook.connect(
    webhook.settings.parse({ signingSecret: secret, allowPrivateAddresses: true, ...more }),
    createHttpClient({ system: 'webhook', timeoutMs: 5000 }),
  );
const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  deliveryId: '3f2c1a9e-0000-5000-8000-000000000001',
  revision: 1,
  number: 1,
  beganAt: instant(new Date().toISOString()),
  signal: AbortSignal.timeout(5000),
  ...more,
});
const message: Message = {
  locale: 'uk',
  title: 'Години за тиждень',
  blocks: [
    { type: 'text', text: [{ person: 'Олена' }, ': ', { strong: '12,5 год' }, ' із 40'] },
    {
      type: 'table',
      columns: ['День', 'Год'],
      rows: [
        ['Понеділок', '8'],
        ['Вівторок', '4,5'],
      ],
    },
    { type: 'note', text: [{ link: 'Чому?', url: 'https://acme.example/why' }] },
  ],
};
const at = (path = '/in'): { id: string } => ({ id: `${server.url}${path}` });
const failure = async (promise: Promise<unknown> | undefined): Promise<RemoteError> => {
  const error = await promise?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RemoteError)) throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
};

describe('a message to a webhook', () => {
  it('verifies with the library that receivers use', async () => {
    await connect().send?.(message, at(), attempt());

    const [request] = receiver.raw;
    const payload = new Webhook(secret).verify(request?.body ?? '', { ...request?.headers });
    expect(payload).toEqual({
      type: 'carillon.message',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      data: {
        deliveryId: attempt().deliveryId,
        revision: 1,
        message,
        text: [
          'Години за тиждень',
          'Олена: 12,5 год із 40',
          'День       Год\nПонеділок    8\nВівторок   4,5',
          'Чому? (https://acme.example/why)',
        ].join('\n\n'),
      },
    });
  });

  it('keeps its id over tries and has another for a correction', async () => {
    const channel = connect();

    const first = await channel.send?.(message, at(), attempt());
    const again = await channel.send?.(message, at(), attempt({ number: 2 }));
    if (first) await channel.update?.(first, message, attempt({ revision: 2 }));

    expect(again).toEqual(first);
    expect(receiver.received.map(({ id, event }) => [id, event.type, event.data.revision])).toEqual([
      ['3f2c1a9e-0000-5000-8000-000000000001-1', 'carillon.message', 1],
      ['3f2c1a9e-0000-5000-8000-000000000001-2', 'carillon.message.updated', 2],
    ]);
    expect(receiver.repeated).toBe(1);
  });

  it('is signed by both keys while they are being exchanged', async () => {
    receiver = new Recorder({ secret: older });
    await server.close();
    server = await SimulatedServer.listen(receiver);

    await connect({ previousSigningSecret: older }).send?.(message, at(), attempt());

    expect(receiver.received).toHaveLength(1);
    expect(receiver.raw[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it('is refused where the receiver knows another key', async () => {
    const error = await failure(connect({ signingSecret: older }).send?.(message, at(), attempt()));

    expect(error).toMatchObject({ reason: 'unauthorized', outcome: 'refused', status: 401 });
  });

  it('is refused where its time is too long ago', async () => {
    const error = await failure(
      connect().send?.(message, at(), attempt({ beganAt: instant('2020-01-01T00:00:00Z') })),
    );

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', status: 400 });
  });

  it('fails for good where the receiver is gone', async () => {
    server.plan({ kind: 'answer', answer: { status: 410 } });

    const error = await failure(connect().send?.(message, at(), attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused', code: 'gone' });
  });

  it('does not follow a redirect', async () => {
    server.plan({ kind: 'answer', answer: { status: 307, headers: { location: `${server.url}/there` } } });

    const error = await failure(connect().send?.(message, at(), attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('shows nothing of the path in its errors', async () => {
    server.plan({ kind: 'answer', answer: { status: 500 } });

    const error = await failure(connect().send?.(message, at('/in/hush?key=hush'), attempt()));

    expect(error.message).toBe(`webhook at ${new URL(server.url).host} answered 500`);
  });
});

describe('where messages may go', () => {
  it.each(['http://127.0.0.1:1/', 'http://receiver.example/'])('is not %s without leave', async (url) => {
    const channel = connect({ allowPrivateAddresses: false });

    expect(await failure(channel.address?.({ url }, AbortSignal.timeout(1000)))).toMatchObject({
      reason: 'rejected',
      outcome: 'refused',
    });
    expect(await failure(channel.send?.(message, { id: url }, attempt()))).toMatchObject({
      reason: 'rejected',
    });
  });

  it('is nowhere inside the network, also by https', async () => {
    const channel = connect({ allowPrivateAddresses: false });
    const url = server.url.replace('http:', 'https:').replace('127.0.0.1', 'localhost');

    const error = await failure(channel.send?.(message, { id: url }, attempt()));

    expect(error).toMatchObject({ reason: 'rejected', outcome: 'refused' });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['no URL', { url: 'receiver' }],
    ['no web address', { url: 'ftp://receiver.example' }],
    ['a user', { url: 'https://olena:hush@receiver.example' }],
    ['something beside it', { url: 'https://receiver.example', room: 'x' }],
    ['nothing', {}],
  ])('is told by a destination without %s', (_name, destination) => {
    expect(webhook.destination.safeParse(destination).success).toBe(false);
  });
});

describe('the signing secret', () => {
  it.each([
    ['without its prefix', Buffer.alloc(32).toString('base64')],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['no base64', 'whsec_not base64 at all, but long enough'],
  ])('is refused %s', (_name, signingSecret) => {
    const parsed = webhook.settings.safeParse({ signingSecret });

    expect(parsed.success).toBe(false);
    expect(parsed.error?.message).not.toContain(signingSecret);
  });
});

describe('the sandbox receiver', () => {
  it.each([
    ['a GET', { method: 'GET' }, 405],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['no headers of the specification', {}, 400],
    ['too much', { body: 'x'.repeat(20_001) }, 413],
  ])('refuses %s', (_name, request, status) => {
    const answer = receiver.handle({
      method: 'POST',
      path: '/in',
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json' },
      body: '{}',
      ...request,
    });

    expect(answer.status).toBe(status);
  });

  it('remembers over a restart', async () => {
    await connect().send?.(message, at(), attempt());
    const restarted = new WebhookSimulator({ secret });

    restarted.load(JSON.parse(JSON.stringify(receiver.save())));

    expect(restarted.received).toEqual(receiver.received);
  });
});

describe('the limit of web hooks', () => {
  it('that one receiver states is its own: nobody else waits with it', async () => {
    server.plan({ kind: 'answer', answer: { status: 429, headers: { 'retry-after': '30' } } });

    const error = await failure(connect().send?.(message, at(), attempt()));

    expect(error).toMatchObject({ reason: 'rate-limited', scope: 'destination', retryAfterMs: 30_000 });
  });

  it.each([
    [{}, { requests: 50, perSeconds: 1 }],
    [{ perSecond: 200 }, { requests: 200, perSeconds: 1 }],
    [{ perSecond: 2.5 }, { requests: 2, perSeconds: 0.8 }],
    [{ perSecond: 0.1 }, { requests: 1, perSeconds: 10 }],
  ])('of all of them together is what the settings say: %j', (more, limit) => {
    expect(connect(more).limit).toMatchObject(limit);
  });

  it('is none where every receiver is a server of its own', () => {
    expect(connect({ perSecond: 'unlimited' }).limit).toBe('none');
  });
});
