import { Accounts } from '#storage';
import { Desk } from './testing.js';

describe('a token that is refused', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open();
  }, 60_000);
  afterEach(() => desk.close(), 60_000);

  it('cannot even be read, since the store of secrets is away: all waits, untouched, and is said once when it is back', async () => {
    const { token } = desk.slack;
    Reflect.deleteProperty(desk.secrets, 'token');
    const id = await desk.say('on Monday at nine');
    await desk.drain().catch(() => undefined);

    expect(await desk.delivery(id)).toMatchObject({ sent_revision: 0, attempts: 0 });
    expect(['pending', 'held', 'retrying']).toContain((await desk.delivery(id)).state);
    expect(desk.shown()).toEqual([]);

    desk.secrets.token = token;
    await desk.drain();
    await desk.drain();

    expect(desk.shown()).toEqual(['on Monday at nine']);
    expect(await desk.delivery(id)).toMatchObject({ state: 'sent' });
  }, 30_000);

  it('is read again at once: it may have been rotated since the connection was made', async () => {
    desk.secrets.token = 'xoxb-until-monday';
    // Nothing is due, but the connection is made.
    await desk.drain();
    desk.secrets.token = desk.slack.token;

    const id = await desk.say('on Monday at nine');
    await desk.drain();
    await desk.drain();

    expect(desk.shown()).toEqual(['on Monday at nine']);
    expect(await desk.delivery(id)).toMatchObject({ state: 'sent', reason: null });
    expect(await desk.troubles.listOpen()).toEqual([]);
  }, 30_000);

  it('holds what is to be said until there is a good one, and then says all of it once', async () => {
    desk.secrets.token = 'xoxb-not-ours';
    const ids = [await desk.say('one'), await desk.say('two')];
    await desk.drain();
    await desk.drain();

    for (const id of ids)
      expect(await desk.delivery(id)).toMatchObject({ state: 'held', reason: 'unauthorized', attempts: 0 });
    expect(await desk.troubles.listOpen()).toMatchObject(
      ids.toSorted().map((about) => ({ kind: 'delivery', about, detail: { reason: 'unauthorized' } })),
    );

    desk.secrets.token = desk.slack.token;
    await desk.say('three');
    // Refused once by what was known before, and then in the destination's time.
    await desk.drain();
    await desk.drain();

    expect(desk.shown().toSorted()).toEqual(['one', 'three', 'two']);
    expect(await desk.troubles.listOpen()).toEqual([]);
  }, 30_000);

  it('is not waited for any longer once there is another, though others of the channel arrive by it', async () => {
    const good = desk.slack.token;
    desk.secrets.token = 'xoxb-not-ours';
    const id = await desk.say('in between');
    await desk.drain();
    await desk.drain();
    expect(await desk.delivery(id)).toMatchObject({ state: 'held', reason: 'unauthorized' });
    // Somebody else's passage has connected again, by the old one.
    await desk.drain();
    const refused = desk.server.requests.length;

    await desk.releaseRenewed();
    expect(await desk.delivery(id)).toMatchObject({ state: 'held' });
    desk.secrets.token = good;
    await desk.releaseRenewed();
    await desk.drain();

    expect(desk.shown()).toEqual(['in between']);
    // One call, by the new one.
    expect(desk.server.requests.length - refused).toBe(1);
  }, 30_000);

  it('is remembered while the delivery waits for its turn: waiting undoes no refusal', async () => {
    desk.secrets.token = 'xoxb-not-ours';
    const id = await desk.say('in turn');
    await desk.drain();
    const accounts = new Accounts(desk.database);

    await accounts.pause('slack', 'method:send', 60_000);
    await desk.drain();
    const waiting = await desk.delivery(id);
    await desk.database.query(`update account set paused_until = '-infinity' where scope = 'method:send'`);
    await desk.drain();

    expect(waiting).toMatchObject({ state: 'retrying', reason: 'unauthorized' });
    expect(await desk.delivery(id)).toMatchObject({ state: 'held', reason: 'unauthorized' });
  }, 30_000);
});
