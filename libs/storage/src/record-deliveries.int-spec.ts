import { randomUUID } from 'node:crypto';
import { Deliveries } from './deliveries.repository.js';
import { DeliveryClaims } from './delivery-claims.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const row = (key: string, name = 'Day of Unity') => ({ key, values: { name, day: '2026-10-05' } });

describe('a delivery of records', () => {
  let test: TestDatabase;
  let deliveries: Deliveries;
  beforeAll(async () => {
    test = await testDatabase();
    deliveries = new Deliveries(test.database);
  });
  afterAll(() => test.drop());

  const say = (id: string, rows: readonly unknown[]): Promise<'new' | 'corrected' | 'same'> =>
    test.database.transaction((tx) =>
      deliveries.say(tx, {
        id,
        subscription: 'enter-holidays',
        channel: id,
        destination: 'to:holidays',
        about: 'record',
        target: { channel: id },
        message: { rows },
        notifications: [],
        whenUnknown: 'leave',
      }),
    );
  const keysOf = async (id: string): Promise<readonly string[]> => {
    const message = (await deliveries.get(id))?.message;
    return message && 'rows' in message ? message.rows.map((one) => (one as { key: string }).key) : [];
  };

  it('keeps its rows where others join it', async () => {
    const id = randomUUID();

    expect(await say(id, [row('a')])).toBe('new');
    expect(await say(id, [row('b')])).toBe('corrected');
    expect(await keysOf(id)).toEqual(['a', 'b']);
  });

  it('is the same where all its rows are there, however many others', async () => {
    const id = randomUUID();
    await say(id, [row('a')]);
    await say(id, [row('b'), row('c')]);

    expect(await say(id, [row('c'), row('a')])).toBe('same');
    expect(await deliveries.get(id)).toMatchObject({ revision: 2, state: 'pending' });
  });

  it('has a row once, as it was said last', async () => {
    const id = randomUUID();
    await say(id, [row('a'), row('b')]);

    expect(await say(id, [row('a', 'Unity Day')])).toBe('corrected');
    expect((await deliveries.get(id))?.message).toEqual({ rows: [row('a', 'Unity Day'), row('b')] });
  });

  it('loses no row to those who say theirs at the same moment', async () => {
    const id = randomUUID();
    const keys = Array.from({ length: 8 }, (_, index) => String(index));

    await Promise.all(keys.map((key) => say(id, [row(key)])));

    expect((await keysOf(id)).toSorted()).toEqual(keys);
  });

  it('is written again where a row joins what was sent', async () => {
    const id = randomUUID();
    await say(id, [row('a')]);
    const claims = new DeliveryClaims(test.database);
    const [claimed] = await claims.claim(id, 1);
    if (!claimed) throw new Error('nothing claimed');
    const receipt = { id: 'h1', address: { id: 'holidays' } };
    await claims.arrived(claimed, { revision: 1, receipt, paceMs: 0 });

    await say(id, [row('b')]);

    expect(await deliveries.get(id)).toMatchObject({ state: 'pending', revision: 2, sent_revision: 1 });
  });
});
