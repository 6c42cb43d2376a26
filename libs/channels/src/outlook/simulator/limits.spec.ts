import { codeOf, mail, start, stopAll } from './session.js';

afterEach(stopAll);

const noon = Date.parse('2026-04-05T12:00:00Z');

describe('the limits', () => {
  it('let four calls at once into a mailbox, and others elsewhere', async () => {
    const waiting: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => waiting.push(resolve));
    const { call } = await start({ limits: 'vendor', work });

    const running = [1, 2, 3, 4].map(async () => call('GET messages'));
    while (waiting.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const fifth = await call('GET messages');
    const elsewhere = call('GET /users/olena@acme.example/messages');
    while (waiting.length < 5) await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();

    expect([fifth.status, codeOf(fifth), fifth.headers.get('retry-after')]).toEqual([
      429,
      'ApplicationThrottled',
      '1',
    ]);
    expect((await elsewhere).status).toBe(200);
    for (const { status } of await Promise.all(running)) expect(status).toBe(200);
    waiting.length = 0;
    const after = call('GET messages');
    while (waiting.length < 1) await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();
    expect((await after).status).toBe(200);
  });

  it('count calls at once over all mailboxes where that is the doubt', async () => {
    const waiting: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => waiting.push(resolve));
    const { call } = await start({ limits: 'vendor', work, doubts: { concurrencyPer: 'app' } });

    const running = [1, 2, 3, 4].map(async () => call('GET messages'));
    while (waiting.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const elsewhere = await call('GET /users/olena@acme.example/messages');
    for (const go of waiting) go();
    await Promise.all(running);

    expect(elsewhere.status).toBe(429);
  });

  it('let so many calls into a mailbox in ten minutes, and say when there is room again', async () => {
    let now = noon;
    const numbers = { requestsPer10Minutes: 2 };
    const { outlook, call } = await start({ limits: 'vendor', numbers, now: () => new Date(now) });
    const get = async () => call('GET messages');

    const within = [(await get()).status, (await get()).status];
    now += 30_000;
    const over = await call('POST sendMail', { message: mail() });

    expect(within).toEqual([200, 200]);
    expect([over.status, codeOf(over), over.headers.get('retry-after')]).toEqual([
      429,
      'TooManyRequests',
      '570',
    ]);
    expect(outlook.messages('bot@acme.example')).toEqual([]);
    expect((await call('GET /users/olena@acme.example/messages')).status).toBe(200);
    now += 570_000;
    expect((await get()).status).toBe(200);
  });

  it('let so many bytes in, so many calls of the app, and may keep silent about how long', async () => {
    const doubts = { retryAfter: false };
    const bytes = await start({ limits: 'vendor', numbers: { uploadPer5Minutes: 10 }, doubts });
    const calls = await start({ limits: 'vendor', numbers: { requestsPer10Seconds: 0 }, doubts });

    const large = await bytes.call('POST messages', mail());
    const many = await calls.call('GET messages');

    expect([large.status, codeOf(large), large.headers.get('retry-after')]).toEqual([
      429,
      'ApplicationThrottled',
      null,
    ]);
    expect([many.status, codeOf(many)]).toEqual([429, 'activityLimitReached']);
  });

  it('of Exchange are heard of by mail, after the message was accepted', async () => {
    let now = noon;
    const { outlook, call } = await start({ limits: 'vendor', now: () => new Date(now) });
    const statuses = [];

    for (let number = 0; number < 31; number += 1)
      statuses.push((await call('POST sendMail', { message: mail() })).status);

    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(outlook.arrived('olena@acme.example')).toHaveLength(30);
    expect(outlook.messages('bot@acme.example', 'inbox')[0]?.content.subject).toMatch(/^Undeliverable/);
    now += 60_000;
    await call('POST sendMail', { message: mail() });
    expect(outlook.arrived('olena@acme.example')).toHaveLength(31);
  });

  it('of recipients are Exchange’s too', async () => {
    const numbers = { recipientsPerMessage: 2, recipientsPerDay: 3 };
    const { outlook, call } = await start({ limits: 'vendor', numbers });
    const to = (count: number) => ({
      message: mail({
        toRecipients: Array.from({ length: count }, (_, one) => ({
          emailAddress: { address: `a${one}@b.example` },
        })),
      }),
    });

    for (const count of [3, 2, 2, 1]) expect((await call('POST sendMail', to(count))).status).toBe(202);

    expect(outlook.arrived('a0@b.example')).toHaveLength(2);
    expect(outlook.arrived('a2@b.example')).toEqual([]);
    expect(outlook.messages('bot@acme.example', 'inbox')).toHaveLength(2);
  });
});
