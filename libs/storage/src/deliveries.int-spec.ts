import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Message } from '#domain';
import { Accounts } from './accounts.repository.js';
import { Deliveries } from './deliveries.repository.js';
import { DeliveryClaims } from './delivery-claims.repository.js';
import type { NewDelivery, Unarrived } from './delivery.js';
import { Troubles } from './troubles.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

const message = (title: string): Message => ({ locale: 'en', title, blocks: [] });
const receipt = { id: '1.0', address: { id: 'C1' } };

describe('deliveries', () => {
  let test: TestDatabase;
  let deliveries: Deliveries;
  let claims: DeliveryClaims;

  beforeAll(async () => {
    test = await testDatabase();
    deliveries = new Deliveries(test.database);
    claims = new DeliveryClaims(test.database);
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
  const claim = async (channel: string, limit = 10) => claims.claim(channel, limit);

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
    const attempt = await claims.begin(claimed, { id: 'C1' }, undefined);
    await claims.arrived(claimed, { revision: 1, receipt, attempt: attempt.number, paceMs: 0 });

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
    const attempt = await claims.begin(claimed, { id: 'C1' }, undefined);
    await say({ id, channel: 'three', message: message('corrected') });

    await claims.arrived(claimed, {
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
    await claims.begin(holding, { id: 'C1' }, undefined);
    await test.database.query(`update delivery set lease_until = '-infinity' where channel = 'four'`);
    await test.database.query(`update destination set lease_until = '-infinity' where channel = 'four'`);

    const channels = await claims.sweep();

    expect(channels).toContain('four');
    expect((await deliveries.get(begun))?.state).toBe('unknown');
    expect((await deliveries.get(idle))?.state).toBe('pending');
    await expect(claims.arrived(holding, { revision: 1, receipt, attempt: 1, paceMs: 0 })).rejects.toThrow(
      'no longer ours',
    );
  });

  it('counts an attempt that a kill left open as spent, and none that was not begun', async () => {
    const [begun, idle] = [randomUUID(), randomUUID()];
    await say({ id: begun, channel: 'spent', destination: 'a' });
    await say({ id: idle, channel: 'spent', destination: 'b' });
    for (const delivery of await claim('spent'))
      if (delivery.id === begun) await claims.begin(delivery, { id: 'C1' }, undefined);
    await test.database.query(`update delivery set lease_until = '-infinity' where channel = 'spent'`);

    await claims.sweep();

    expect((await deliveries.get(begun))?.attempts).toBe(1);
    expect((await deliveries.get(idle))?.attempts).toBe(0);
  });

  it('begins and ends many at once, each by its own lease', async () => {
    const ids = Array.from({ length: 40 }, () => randomUUID());
    for (const id of ids) await say({ id, channel: 'many', destination: id });
    const claimed = await claim('many', 100);
    const [lost, ...kept] = claimed;
    if (!lost) throw new Error('nothing claimed');
    await test.database.query('update delivery set lease_token = gen_random_uuid() where id = $1', [lost.id]);

    const begun = await Promise.allSettled(
      claimed.map((one) => claims.begin(one, { id: one.id }, undefined)),
    );
    const ended = await Promise.allSettled(
      claimed.map((one) => claims.arrived(one, { revision: 1, receipt, attempt: 1, paceMs: 0 })),
    );

    expect(begun.map(({ status }) => status)).toEqual(['rejected', ...kept.map(() => 'fulfilled')]);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', ...kept.map(() => 'fulfilled')]);
    expect((await deliveries.get(lost.id))?.state).toBe('sending');
    for (const { id } of kept) {
      expect(await deliveries.get(id)).toMatchObject({ state: 'sent', sent_revision: 1, receipt });
      expect(await deliveries.attempts(id)).toMatchObject([
        { number: 1, outcome: 'arrived', address: { id } },
      ]);
    }
  });

  it('closes what was wrong with a delivery and its room when it arrives, and nothing else', async () => {
    const id = randomUUID();
    const troubles = new Troubles(test.database);
    await say({ id, channel: 'mended', destination: 'room:mended' });
    for (const [kind, about] of [
      ['delivery', id],
      ['room', 'room:mended'],
      ['room', 'room:another'],
    ] as const)
      await troubles.open({ kind, about, detail: {} });
    const [claimed] = await claim('mended');
    if (!claimed) throw new Error('nothing claimed');

    await claims.arrived(claimed, { revision: 1, receipt, paceMs: 0 });

    const open = (await troubles.listOpen()).map(({ about }) => about);
    expect(open).toContain('room:another');
    expect(open).not.toContain(id);
    expect(open).not.toContain('room:mended');
    await troubles.close('room', 'room:another');
  });

  it('passes over what another process is just taking', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const id of ids) await say({ id, channel: 'shared', destination: id });

    const taken = await Promise.all([claim('shared', 5), claim('shared', 5), claim('shared', 5)]);
    const rest = await claim('shared', 100);

    const all = [...taken.flat(), ...rest].map((delivery) => delivery.id);
    expect(all.toSorted()).toEqual(ids.toSorted());
    expect(taken.flat().length).toBe(15);
  });

  it('gives back what was not begun, as it was', async () => {
    const id = randomUUID();
    await say({ id, channel: 'back' });
    const taken = await claim('back');

    await claims.release(taken);

    expect(await deliveries.get(id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await claim('back')).map((one) => one.id)).toEqual([id]);
  });

  it('lets nobody whose lease is lost renew it, or say what became of an attempt', async () => {
    await say({ channel: 'lease' });
    const [mine] = await claim('lease');
    if (!mine) throw new Error('nothing claimed');
    const attempt = await claims.begin(mine, { id: 'C1' }, undefined);
    await claims.renew(mine);
    await test.database.query(`update delivery set lease_until = '-infinity' where channel = 'lease'`);
    await test.database.query(`update destination set lease_until = '-infinity' where channel = 'lease'`);
    await claims.sweep();
    const [theirs] = await claim('lease');

    await expect(claims.renew(mine)).rejects.toThrow('no longer ours');
    await expect(claims.endAttempt(mine, attempt.number, { outcome: 'refused' })).rejects.toThrow(
      'no longer ours',
    );

    expect(theirs).toMatchObject({ id: mine.id, was: 'unknown' });
    expect(await claims.openAttempt(mine.id)).toMatchObject({ outcome: null });
  });

  it('does what belongs to the end of a delivery with it, or not at all', async () => {
    await say({ channel: 'together' });
    const [claimed] = await claim('together');
    if (!claimed) throw new Error('nothing claimed');

    const ending = claims.settle(claimed, { state: 'failed', delayMs: 0, paceMs: 0 }, () =>
      Promise.reject(new Error('killed')),
    );

    await expect(ending).rejects.toThrow('killed');
    expect((await deliveries.get(claimed.id))?.state).toBe('sending');
  });

  it('keeps a paced destination waiting, and nobody else', async () => {
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    await say({ id: first, channel: 'five', destination: 'a' });
    await say({ id: second, channel: 'five', destination: 'a' });
    const [claimed] = await claim('five');
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await claims.begin(claimed, { id: 'C1' }, undefined);
    await claims.arrived(claimed, { revision: 1, receipt, attempt: attempt.number, paceMs: 60_000 });
    await say({ id: other, channel: 'five', destination: 'b' });

    const next = await claim('five');

    expect(next.map((delivery) => delivery.id)).toEqual([other]);
  });

  it('shares one account between replicas', async () => {
    const limit = { requests: 10, perSeconds: 3600 };

    const grants = await Promise.all([1, 2, 3].map(() => new Accounts(test.database).take('six', limit, 4)));

    expect(grants.reduce((sum, grant) => sum + grant.granted, 0)).toBe(10);
    expect((await new Accounts(test.database).take('six', limit, 4)).waitMs).toBeGreaterThan(0);
  });

  it('lets one at a time write where several destinations share a pace, and lets all of them rest', async () => {
    const turn = (lane: string): Promise<number> => new Accounts(test.database).turn('chat', lane, 60_000);

    const waits = await Promise.all(['a', 'a', 'a', 'b'].map(turn));

    expect(waits.slice(0, 3).filter((wait) => wait === 0)).toHaveLength(1);
    expect(waits[3]).toBe(0);
    expect(Math.max(...waits)).toBeGreaterThan(30_000);
    await new Accounts(test.database).rest('chat', 'c', 60_000);
    expect(await turn('c')).toBeGreaterThan(30_000);
    expect(await new Accounts(test.database).paused('chat')).toEqual(new Map());
  });

  it('lets one at a time write in a lane that was used before, however many come at once when it is free again', async () => {
    const accounts = new Accounts(test.database);
    await accounts.turn('chat', 'used', 60_000);

    for (let again = 0; again < 20; again += 1) {
      await test.database.query(
        `update account set paused_until = clock_timestamp() - interval '1 second' where scope = 'used'`,
      );
      const waits = await Promise.all(Array.from({ length: 6 }, () => accounts.turn('chat', 'used', 60_000)));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(1);
      expect(waits.filter((wait) => wait > 50_000)).toHaveLength(5);
    }
  });

  describe('after a restore from a backup', () => {
    const due = '2026-01-05T09:00:00Z';
    const occurrence = async (dueAt: string): Promise<string> => {
      const id = randomUUID();
      await test.database.query(
        `insert into occurrence (id, subscription, zone, nominal_at, due_at, until_at, state) values ($1, $2, 'UTC', $3, $3, $3, 'done')`,
        [id, id, dueAt],
      );
      return id;
    };
    const endOnce = async (channel: string, to: Unarrived): Promise<void> => {
      const [claimed] = await claim(channel);
      if (!claimed) throw new Error('nothing claimed');
      await claims.settle(claimed, to);
    };

    it('asks for what was held, and keeps doubting it while it is held again', async () => {
      const id = randomUUID();
      await say({ id, channel: 'doubt-held', occurrenceId: await occurrence(due) });
      await endOnce('doubt-held', { state: 'held', delayMs: 0, paceMs: 0 });

      await deliveries.distrustPending();
      const [claimed] = await claim('doubt-held');
      await endOnceHeld(claimed);
      await deliveries.releaseHeld('doubt-held');

      expect(claimed).toMatchObject({ id, was: 'unknown', doubted_since: Temporal.Instant.from(due) });
      expect(await deliveries.get(id)).toMatchObject({ state: 'unknown', doubted_since: expect.anything() });
    });

    const endOnceHeld = async (claimed: Awaited<ReturnType<typeof claim>>[number] | undefined) => {
      if (!claimed) throw new Error('nothing claimed');
      await claims.settle(claimed, { state: 'held', delayMs: 0, paceMs: 0 });
    };

    it('asks for what is made anew of an occurrence from before it, since that was due', async () => {
      const [before, after] = [randomUUID(), randomUUID()];
      await deliveries.distrustPending();

      await say({ id: before, channel: 'doubt-new', occurrenceId: await occurrence(due) });
      await say({ id: after, channel: 'doubt-new', occurrenceId: await occurrence('2126-01-05T09:00:00Z') });

      expect(await deliveries.get(before)).toMatchObject({
        state: 'unknown',
        doubted_since: Temporal.Instant.from(due),
      });
      expect(await deliveries.get(after)).toMatchObject({ state: 'pending', doubted_since: null });
    });

    it('asks for hundreds that are made at once, and leaves alone what was there', async () => {
      const there = randomUUID();
      const fresh = Array.from({ length: 501 }, () => randomUUID());
      await say({ id: there, channel: 'doubt-many', message: message('as it was') });
      await deliveries.distrustPending();
      const occurrenceId = await occurrence(due);
      const delivery: Omit<NewDelivery, 'id'> = {
        subscription: 'weekly',
        channel: 'doubt-many',
        destination: 'room:person:1',
        about: 'notification',
        target: {},
        message: message('"new"'),
        notifications: [],
        whenUnknown: 'leave',
      };

      const made = await test.database.transaction((tx) =>
        deliveries.sayNew(
          tx,
          occurrenceId,
          [there, ...fresh].map((id) => ({ ...delivery, id })),
        ),
      );

      expect([...made].sort()).toEqual(fresh.sort());
      expect(await deliveries.get(there)).toMatchObject({ message: { title: 'as it was' }, revision: 1 });
      expect(await deliveries.get(fresh[500] ?? '')).toMatchObject({
        message: { title: '"new"' },
        occurrence_id: occurrenceId,
        state: 'unknown',
        doubted_since: Temporal.Instant.from(due),
      });
    });

    it('asks for a trouble from before it, which has no occurrence', async () => {
      const id = randomUUID();
      await deliveries.distrustPending();

      await say({ id, channel: 'doubt-trouble', about: 'trouble', begunAt: Temporal.Instant.from(due) });

      expect(await deliveries.get(id)).toMatchObject({ state: 'unknown' });
    });

    it('asks for what had failed before it and is said in other words since', async () => {
      const id = randomUUID();
      await say({ id, channel: 'doubt-failed', occurrenceId: await occurrence(due) });
      await endOnce('doubt-failed', { state: 'failed', delayMs: 0, paceMs: 0 });
      await deliveries.distrustPending();

      await say({ id, channel: 'doubt-failed', message: message('corrected') });

      expect(await deliveries.get(id)).toMatchObject({ state: 'unknown', revision: 2 });
    });

    it('believes what the channel says', async () => {
      const id = randomUUID();
      await deliveries.distrustPending();
      await say({ id, channel: 'doubt-over', occurrenceId: await occurrence(due) });
      const [claimed] = await claim('doubt-over');
      if (!claimed) throw new Error('nothing claimed');

      await claims.believe(claimed);
      await claims.settle(claimed, { state: 'retrying', delayMs: 0, paceMs: 0 });

      expect(await deliveries.get(id)).toMatchObject({ state: 'retrying', doubted_since: null });
      await expect(claims.believe(claimed)).rejects.toThrow('no longer ours');
    });
  });

  it('gives up what is held longer than anybody would want to hear it, and says it never again', async () => {
    const occurrenceId = randomUUID();
    await test.database.query(
      `insert into occurrence (id, subscription, zone, nominal_at, due_at, until_at, state) values ($1, 'weekly', 'UTC', now(), now(), now() - interval '6 days', 'done')`,
      [occurrenceId],
    );
    const [old, young] = [randomUUID(), randomUUID()];
    const troubles = new Troubles(test.database);
    for (const id of [old, young]) {
      await say({ id, channel: 'expiry', destination: id, occurrenceId });
      await troubles.open({ kind: 'room', about: id, detail: {} });
    }
    for (const claimed of await claim('expiry'))
      await claims.settle(claimed, { state: 'held', delayMs: 0, paceMs: 0 });
    await test.database.query(`update delivery set created_at = now() - interval '8 days' where id = $1`, [
      old,
    ]);

    const count = await deliveries.expireHeld();
    const again = await say({ id: old, channel: 'expiry', destination: old, message: message('other') });

    expect(count).toBe(1);
    expect(again).toBe('same');
    expect(await deliveries.get(old)).toMatchObject({ state: 'retracted', reason: 'expired' });
    expect((await deliveries.get(young))?.state).toBe('held');
    expect((await troubles.listOpen()).map(({ about }) => about)).toEqual([young]);
  });

  it('sends what had failed where there is something else to say', async () => {
    const id = randomUUID();
    await say({ id, channel: 'eight' });
    const [claimed] = await claim('eight');
    if (!claimed) throw new Error('nothing claimed');
    await claims.settle(claimed, { state: 'failed', delayMs: 0, attempts: 12, paceMs: 0 });

    await say({ id, channel: 'eight', message: message('corrected') });

    expect(await deliveries.get(id)).toMatchObject({ state: 'pending', attempts: 0, settled_at: null });
    expect(await claim('eight')).toHaveLength(1);
  });

  it('looks again at what was left unknown where there is something else to say, and reports it once', async () => {
    const id = randomUUID();
    await say({ id, channel: 'nine' });
    const [claimed] = await claim('nine');
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await claims.begin(claimed, { id: 'C1' }, undefined);
    await claims.settle(claimed, {
      state: 'unknown',
      left: true,
      delayMs: 0,
      attempt: { number: attempt.number, end: { outcome: 'unknown' } },
      paceMs: 0,
    });
    const settled = await test.database.now();

    const reported = await deliveries.since(settled);
    await say({ id, channel: 'nine', message: message('corrected') });
    const [again] = await claim('nine');

    expect(reported.map((one) => one.id)).not.toContain(id);
    expect(again).toMatchObject({ id, was: 'unknown', attempts: 0 });
  });

  it('retracts only what nobody has seen, and says it again where it holds after all', async () => {
    const [unseen, seen] = [randomUUID(), randomUUID()];
    await say({ id: unseen, channel: 'retracting' });
    await say({ id: seen, channel: 'retracting', destination: 'room:person:2' });
    const claimed = (await claim('retracting')).find(({ id }) => id === seen);
    if (!claimed) throw new Error('nothing claimed');
    const attempt = await claims.begin(claimed, { id: 'C1' }, undefined);
    await claims.arrived(claimed, { revision: 1, receipt, attempt: attempt.number, paceMs: 0 });
    await test.database.query(`update delivery set state = 'held' where id = $1`, [unseen]);

    const retracted = await test.database.transaction(async (tx) => [
      await deliveries.retract(tx, unseen),
      await deliveries.retract(tx, seen),
    ]);
    const after = await deliveries.get(unseen);
    const again = await say({ id: unseen, channel: 'retracting' });

    expect(retracted).toEqual([true, false]);
    expect(after?.state).toBe('retracted');
    expect(again).toBe('corrected');
    expect(await deliveries.get(unseen)).toMatchObject({ state: 'pending', settled_at: null });
  });
});
