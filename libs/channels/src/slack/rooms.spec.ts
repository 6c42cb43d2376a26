import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHttpClient } from '#http';
import { SimulatedServer } from '#http/simulation';
import type { Address, Channel, RoomSpec } from '../contract.js';
import { slack } from './index.js';
import { markedPurpose, markOf, roomName } from './room-name.js';
import { SlackSimulator } from './simulator.js';

const bot = 'U0CARILLON';
let simulator: SlackSimulator;
let server: SimulatedServer;
let channel: Channel;

beforeEach(async () => {
  simulator = new SlackSimulator({ limits: 'none' });
  server = await SimulatedServer.listen(simulator);
  channel = connect();
  for (const id of ['U1', 'U2', 'U3', 'U4']) simulator.addUser({ id, name: `Person ${id}` });
});

afterEach(() => server.close());

describe('a room that is not there', () => {
  it('is made private, with exactly the bot and its members', async () => {
    const address = await room();

    expect(look(address)).toEqual({
      name: 'hours-olena',
      kind: 'private_channel',
      archived: false,
      members: [bot, 'U1', 'U2'],
      purpose: 'Weekly hours [carillon:room-1]',
    });
  });

  it('never counts the bot among the members wanted', async () => {
    const address = await room({ members: ['U1', bot, 'U1'] });

    expect(look(address).members).toEqual([bot, 'U1']);
  });

  it('gets a name that Slack takes', async () => {
    const address = await room({ name: 'Hours: Олена & Co. / Team' });

    expect(look(address).name).toBe('hours-co-team');
  });

  it('takes more members than one invitation may name', async () => {
    const many = Array.from({ length: 230 }, (_, index) => `UMANY${index}`);
    for (const id of many) simulator.addUser({ id, name: id });

    const address = await room({ members: many });

    expect(look(address).members).toEqual([bot, ...many].sort());
  });
});

describe('a room that is there', () => {
  it('is left as it is where nothing changed', async () => {
    const address = await room();
    const before = JSON.stringify(simulator.save());

    expect(await room({ known: address })).toEqual(address);
    expect(JSON.stringify(simulator.save())).toBe(before);
  });

  it('changes its manager by removing the old one before the new one comes', async () => {
    const address = await room();
    server.requests.length = 0;

    await room({ known: address, members: ['U1', 'U3'] });

    expect(look(address).members).toEqual([bot, 'U1', 'U3']);
    const calls = server.requests.map(({ path }) => path.split('.').at(-1));
    expect(calls.indexOf('kick')).toBeGreaterThan(-1);
    expect(calls.indexOf('kick')).toBeLessThan(calls.indexOf('invite'));
  });

  it('is not added to where somebody cannot be removed', async () => {
    const address = await room();
    simulator.failNext('conversations.kick', 'restricted_action');

    await expect(room({ known: address, members: ['U1', 'U3'] })).rejects.toMatchObject({
      reason: 'rejected',
      outcome: 'refused',
      code: 'restricted_action',
      message: `the members of ${address.id} cannot be made exact: U2 cannot be removed (restricted_action)`,
    });
    expect(look(address).members).toEqual([bot, 'U1', 'U2']);
  });

  it('puts up with somebody who left or came in the meantime', async () => {
    const address = await room();
    simulator.failNext('conversations.kick', 'not_in_channel');
    simulator.failNext('conversations.invite', 'already_in_channel');

    expect(await room({ known: address, members: ['U1', 'U3'] })).toEqual(address);
  });

  it('pages through its members', async () => {
    const many = Array.from({ length: 230 }, (_, index) => `UMANY${index}`);
    for (const id of many) simulator.addUser({ id, name: id });
    const address = await room({ members: many });

    await room({ known: address, members: ['U1'] });

    expect(look(address).members).toEqual([bot, 'U1']);
  });

  it('is opened again where it was archived', async () => {
    const address = await room();
    simulator.archiveChannel(address.id);

    expect(await room({ known: address })).toEqual(address);
    expect(look(address).archived).toBe(false);
  });

  it('is followed by another where it may not be opened again', async () => {
    const address = await room();
    simulator.archiveChannel(address.id);
    simulator.failNext('conversations.unarchive', 'not_authorized');
    simulator.failNext('conversations.unarchive', 'not_authorized');

    const other = await room({ known: address });

    expect(look(other)).toMatchObject({ name: 'hours-olena-2', members: [bot, 'U1', 'U2'] });
  });

  it('is made again where the bot was thrown out', async () => {
    const address = await room();
    simulator.removeBot(address.id);

    const other = await room({ known: address });

    expect(other).not.toEqual(address);
    expect(look(other)).toMatchObject({ name: 'hours-olena-2', members: [bot, 'U1', 'U2'] });
  });

  it('is made again where it is gone', async () => {
    expect(look(await room({ known: { id: 'C0GONE' } })).name).toBe('hours-olena');
  });

  it('is not used where it is open to everybody', async () => {
    const open = simulator.addChannel({ name: 'open', members: [bot, 'U1'] });

    const address = await room({ known: { id: open.id } });

    expect(address.id).not.toBe(open.id);
    expect(look(address).kind).toBe('private_channel');
  });
});

describe('a name that is taken', () => {
  it('by a room of ours whose answer was lost is found again by its mark', async () => {
    const address = await room();
    for (let count = 0; count < 250; count += 1)
      simulator.addChannel({ name: `other-${count}`, members: ['U4'] });

    expect(await room()).toEqual(address);
    expect(simulator.channels().filter(({ name }) => name.startsWith('hours-olena'))).toHaveLength(1);
  });

  it('by a room of ours that was archived is opened again', async () => {
    const address = await room();
    simulator.archiveChannel(address.id);

    expect(await room()).toEqual(address);
  });

  it('by a room of ours that was not marked any more is taken over and marked', async () => {
    simulator.failNext('conversations.setPurpose', 'internal_error');
    await expect(room()).rejects.toMatchObject({ reason: 'unavailable', outcome: 'unknown' });

    const address = await room();

    expect(look(address)).toMatchObject({ name: 'hours-olena', purpose: 'Weekly hours [carillon:room-1]' });
  });

  it('by a room whose creation was cut off is taken over', async () => {
    server.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('conversations.create') });
    await expect(room()).rejects.toMatchObject({ outcome: 'unknown' });

    expect(look(await room())).toMatchObject({ name: 'hours-olena', members: [bot, 'U1', 'U2'] });
  });

  it.each([
    ['an open channel', {}],
    ['an archived channel', { archived: true }],
    ['a private channel that nobody shows us', { private: true, members: ['U4'] }],
    ['somebody else’s private channel with the bot in it', { private: true, members: ['U4', bot] }],
    ['a channel of ours for something else', { private: true, creator: bot, members: [bot], purpose: 'x' }],
    ['a channel of ours with people in it', { private: true, creator: bot, members: [bot, 'U4'] }],
  ])('by %s leads to another', async (_, spec) => {
    const theirs = simulator.addChannel({ name: 'hours-olena', ...spec });
    const before = [...theirs.members];

    const address = await room();

    expect(look(address)).toMatchObject({ name: 'hours-olena-2', members: [bot, 'U1', 'U2'] });
    expect(theirs.members).toEqual(before);
  });

  it('by an empty channel of ours in which something was said leads to another', async () => {
    const used = simulator.addChannel({
      name: 'hours-olena',
      private: true,
      creator: bot,
      members: [bot, 'U4'],
    });
    simulator.say('U4', used.id, 'hello?');
    simulator.removeMember(used.id, 'U4');

    expect(look(await room()).name).toBe('hours-olena-2');
  });

  it('by a room of ours with another key leads to another', async () => {
    const first = await room();
    const second = await room({ key: 'room-12', members: ['U3'] });

    expect(second).not.toEqual(first);
    expect(look(second)).toMatchObject({ name: 'hours-olena-2', members: [bot, 'U3'] });
    expect(look(first).members).toEqual([bot, 'U1', 'U2']);
  });

  it('again and again is told, not tried for ever', async () => {
    for (let suffix = 1; suffix <= 20; suffix += 1)
      simulator.addChannel({ name: roomName('hours-olena', suffix) });

    await expect(room()).rejects.toMatchObject({ reason: 'rejected', code: 'name_taken' });
  });
});

describe('members who cannot come in', () => {
  it('are named by id, and keep the others out of nothing', async () => {
    simulator.addUser({ id: 'UGONE', name: 'Olena Left', deleted: true });

    const asked = room({ members: ['U1', 'UGONE', 'UNOBODY', 'U2'] });

    await expect(asked).rejects.toMatchObject({ reason: 'rejected', outcome: 'refused' });
    await expect(asked).rejects.toThrow(
      /UGONE cannot be invited \(cant_invite\), UNOBODY cannot be invited \(user_not_found\)$/,
    );
    await expect(asked).rejects.not.toThrow('Olena');
    const made = simulator.channels().find(({ name }) => name === 'hours-olena');
    expect(made?.members.toSorted()).toEqual([bot, 'U1', 'U2']);
  });

  it('alone are named as well', async () => {
    simulator.failNext('conversations.invite', 'user_is_restricted');

    await expect(room({ members: ['U1'] })).rejects.toThrow('U1 cannot be invited (user_is_restricted)');
  });

  it('do not hide that the token is bad', async () => {
    simulator.failNext('conversations.invite', 'token_revoked', { errors: [] });

    await expect(room()).rejects.toMatchObject({ reason: 'unauthorized' });
  });
});

describe('a room asked for by two at once', () => {
  it('is one room', async () => {
    const [one, other] = await Promise.all([room(), room()]);

    expect(one).toEqual(other);
    expect(look(one).members).toEqual([bot, 'U1', 'U2']);
  });

  it('is one room even where one is finished while the other is still looking', async () => {
    server.plan({ kind: 'slow', match: ({ path }) => path.endsWith('conversations.create'), delayMs: 100 });
    server.plan({ kind: 'slow', match: ({ path }) => path.endsWith('conversations.list'), delayMs: 500 });

    const [one, other] = await Promise.all([room(), room()]);

    expect(one).toEqual(other);
  });
});

describe('names and marks', () => {
  it.each([
    ['Hours Olena', 1, 'hours-olena'],
    ['hours_olena', 2, 'hours_olena-2'],
    ['...', 1, 'room'],
    ['', 3, 'room-3'],
    ['x'.repeat(100), 1, 'x'.repeat(80)],
    ['x'.repeat(100), 12, `${'x'.repeat(77)}-12`],
  ])('%j with suffix %i is %s', (wanted, suffix, name) => {
    expect(roomName(wanted, suffix)).toBe(name);
  });

  it('are always what Slack takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 99 }), (wanted, suffix) => {
        expect(roomName(wanted, suffix)).toMatch(/^[a-z0-9_-]{1,80}$/);
        expect(roomName(wanted, suffix)).toMatch(/[a-z0-9]/);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), fc.uuid(), (purpose, key) => {
        const marked = markedPurpose(purpose, key);
        expect(marked.length).toBeLessThanOrEqual(250);
        expect(marked).toContain(markOf(key));
      }),
    );
  });
});

function room(change: Partial<RoomSpec> = {}): Promise<Address> {
  const spec: RoomSpec = {
    name: 'hours-olena',
    members: ['U1', 'U2'],
    purpose: 'Weekly hours',
    key: 'room-1',
    ...change,
  };
  const made = channel.room?.(spec, new AbortController().signal);
  if (!made) throw new Error('no rooms here');
  return made;
}

function look(address: Address) {
  const found = simulator.channels().find(({ id }) => id === address.id);
  if (!found) throw new Error(`there is no channel ${address.id}`);
  const { name, kind, archived, members, purpose } = found;
  return { name, kind, archived, members: members.toSorted(), purpose: purpose.value };
}

function connect(): Channel {
  const http = createHttpClient({ system: 'slack', timeoutMs: 2000 });
  return slack.connect({ token: simulator.token, baseUrl: `${server.url}/api` }, http);
}
