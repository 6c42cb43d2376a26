import { randomUUID } from 'node:crypto';
import type { Message } from '#domain';
import { Deliveries, type NewDelivery } from './deliveries.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const message = (title: string): Message => ({ locale: 'en', title, blocks: [] });
const receipt = { id: '1.0', address: { id: 'C1' } };

describe('deliveries', () => {
  let test: TestDatabase;
  let deliveries: Deliveries;

  beforeAll(async () => {
    test = await testDatabase();
    deliveries = new Deliveries(test.database);
  });
  afterAll(() => test.drop());

  const say = (over: Partial<NewDelivery> = {}): Promise<'new' | 'corrected' | 'same'> =>
    test.database.transaction((tx) =>
      deliveries.say(tx, {
        id: randomUUID(),
        subscription: 'weekly',
        channel: 'slack',
        destination: 'room:person:1',
        about: 'notification',
        target: { channel: 'slack' },
        message: message('hello'),
        notifications: [],
        whenUnknown: 'leave',
        ...over,
      }),
    );
  const claim = async (channel: string, limit = 10) => deliveries.claim(channel, limit, randomUUID());

  it('gives each destination to one process at a time, and the oldest delivery first', async () => {
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    await say({ id: first, channel: 'one' });
    await say({ id: second, channel: 'one' });
    await say({ id: other, channel: 'one', destination: 'room:person:2' });

    const [mine, theirs] = await Promise.all([claim('one'), claim('one')]);
    const all = [...mine, ...theirs].map((delivery) => delivery.id).sort();

    expect(all).toEqual([first, other].sort());
    expect(await claim('one')).toEqual([]);
  });

  it('says the same once, and a correction as a new revision of what was sent', async () => {
    const id = randomUUID();
    await say({ id, channel: 'two' });
    const [claimed] = await claim('two');
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await deliveries.begin(claimed, { id: 'C1' }, undefined);
    await deliveries.sent(claimed, { revision: 1, receipt, attempt: attempt.number, paceMs: 0 });

    const again = await say({ id, channel: 'two' });
    const same = await deliveries.get(id);
    const corrected = await say({ id, channel: 'two', message: message('corrected') });
    const after = await deliveries.get(id);

    expect(again).toBe('same');
    expect(same?.state).toBe('sent');
    expect(corrected).toBe('corrected');
    expect(after).toMatchObject({ state: 'pending', revision: 2, sent_revision: 1, receipt });
  });

  it('asks again where a correction came while the first version was on its way', async () => {
    const id = randomUUID();
    await say({ id, channel: 'three' });
    const [claimed] = await claim('three');
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await deliveries.begin(claimed, { id: 'C1' }, undefined);
    await say({ id, channel: 'three', message: message('corrected') });

    await deliveries.sent(claimed, {
      revision: claimed.revision,
      receipt,
      attempt: attempt.number,
      paceMs: 0,
    });

    expect(await deliveries.get(id)).toMatchObject({ state: 'pending', revision: 2, sent_revision: 1 });
  });

  it('finds what a killed process held: unknown where an attempt had begun, pending where none had', async () => {
    const [begun, idle] = [randomUUID(), randomUUID()];
    await say({ id: begun, channel: 'four', destination: 'a' });
    await say({ id: idle, channel: 'four', destination: 'b' });
    const claimed = await claim('four');
    const holding = claimed.find((delivery) => delivery.id === begun);
    if (!holding) throw new Error('nothing claimed');
    await deliveries.begin(holding, { id: 'C1' }, undefined);
    await test.database.query(`update delivery set lease_until = '-infinity' where channel = 'four'`);
    await test.database.query(`update destination set lease_until = '-infinity' where channel = 'four'`);

    const channels = await deliveries.sweep();

    expect(channels).toContain('four');
    expect((await deliveries.get(begun))?.state).toBe('unknown');
    expect((await deliveries.get(idle))?.state).toBe('pending');
    await expect(deliveries.sent(holding, { revision: 1, receipt, attempt: 1, paceMs: 0 })).rejects.toThrow(
      'no longer ours',
    );
  });

  it('keeps a paced destination waiting, and nobody else', async () => {
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    await say({ id: first, channel: 'five', destination: 'a' });
    await say({ id: second, channel: 'five', destination: 'a' });
    const [claimed] = await claim('five');
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await deliveries.begin(claimed, { id: 'C1' }, undefined);
    await deliveries.sent(claimed, { revision: 1, receipt, attempt: attempt.number, paceMs: 60_000 });
    await say({ id: other, channel: 'five', destination: 'b' });

    const next = await claim('five');

    expect(next.map((delivery) => delivery.id)).toEqual([other]);
  });

  it('shares one account between replicas', async () => {
    const limit = { requests: 10, perSeconds: 3600 };

    const grants = await Promise.all([1, 2, 3].map(() => deliveries.takeBudget('six', limit, 4)));

    expect(grants.reduce((sum, grant) => sum + grant.granted, 0)).toBe(10);
    expect((await deliveries.takeBudget('six', limit, 4)).waitMs).toBeGreaterThan(0);
  });
});
