import { setTimeout as sleep } from 'node:timers/promises';
import { AccessToken } from './access-token.js';
import { RemoteError } from './remote-error.js';

/** A vendor that gives out `t1`, `t2`, … when the spec lets it, or at once. */
function vendor({ lastsSeconds = 3600, atOnce = false } = {}) {
  const asked: { readonly signal: AbortSignal; answer(): void; refuse(): void }[] = [];
  const clock = { ms: 0 };
  const token = new AccessToken(
    'vendor',
    (signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<{
        token: string;
        expiresInSeconds: number;
      }>();
      const granted = { token: `t${asked.length + 1}`, expiresInSeconds: lastsSeconds };
      asked.push({
        signal,
        answer: () => resolve(granted),
        refuse: () => reject(new RemoteError('vendor', 'unauthorized', 'refused', 'no')),
      });
      signal.addEventListener('abort', () =>
        // Like a connection: it takes a moment to end.
        setTimeout(() => reject(new RemoteError('vendor', 'unavailable', 'refused', 'ended')), 1),
      );
      if (atOnce) resolve(granted);
      return promise;
    },
    () => clock.ms,
  );
  return { token, asked, clock };
}

const patient = (): AbortSignal => new AbortController().signal;

describe('an access token', () => {
  it('is asked for once, however many wait for it', async () => {
    const { token, asked } = vendor();

    const waiting = Promise.all([token.get(patient()), token.get(patient()), token.get(patient())]);
    asked[0]?.answer();

    expect(await waiting).toEqual(['t1', 't1', 't1']);
    expect(await token.get(patient())).toBe('t1');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['an hour', 'five minutes before its end', 3600, 3300],
    ['two hours', 'five minutes before its end', 7200, 6900],
    ['ten minutes', 'five minutes before its end', 600, 300],
    ['four minutes', 'half of its life', 240, 120],
  ])(
    'that lasts %s is kept until %s, and not a moment longer',
    async (_, _until, lastsSeconds, keptSeconds) => {
      const { token, clock } = vendor({ lastsSeconds, atOnce: true });
      clock.ms = 50_000;
      await token.get(patient());

      clock.ms = 50_000 + keptSeconds * 1000 - 1;
      const before = await token.get(patient());
      clock.ms += 1;
      const then = await token.get(patient());

      expect([before, then]).toEqual(['t1', 't2']);
    },
  );

  it.each([0, -60])('that is over as it comes (%i s) is asked for anew by the next', async (lastsSeconds) => {
    const { token } = vendor({ lastsSeconds, atOnce: true });

    expect([await token.get(patient()), await token.get(patient())]).toEqual(['t1', 't2']);
  });

  it('that is refused is thrown away, and the one that somebody asked for meanwhile is not', async () => {
    const { token } = vendor({ atOnce: true });
    await token.get(patient());

    token.drop('t1');
    const renewed = await token.get(patient());
    token.drop('t1');

    expect([renewed, await token.get(patient())]).toEqual(['t2', 't2']);
  });

  it('that is not given is a failure for all who wait, and the next one asks again', async () => {
    const { token, asked } = vendor();

    const waiting = Promise.allSettled([token.get(patient()), token.get(patient())]);
    asked[0]?.refuse();
    const failed = await waiting;
    const next = token.get(patient());
    asked[1]?.answer();

    for (const each of failed)
      expect(each).toMatchObject({ status: 'rejected', reason: { reason: 'unauthorized', message: 'no' } });
    expect(await next).toBe('t2');
  });

  describe('for whoever is stopped', () => {
    it('is surely no message: refused, in the name of the vendor, with the cause', async () => {
      const { token } = vendor();
      const stop = new AbortController();

      const stopped = token.get(stop.signal);
      stop.abort(new Error('shutting down'));

      await expect(stopped).rejects.toBeInstanceOf(RemoteError);
      await expect(stopped).rejects.toMatchObject({
        system: 'vendor',
        reason: 'unavailable',
        outcome: 'refused',
        message: 'asking for an access token was given up',
        cause: expect.objectContaining({ message: 'shutting down' }),
      });
    });

    it('is late where its time was over', async () => {
      const { token } = vendor();

      await expect(token.get(AbortSignal.timeout(1))).rejects.toMatchObject({
        reason: 'timeout',
        outcome: 'refused',
      });
    });

    it('before it began is not even asked for', async () => {
      const { token, asked } = vendor();

      await expect(token.get(AbortSignal.abort())).rejects.toMatchObject({ outcome: 'refused' });
      expect(asked).toHaveLength(0);
    });

    it('goes on for the others', async () => {
      const { token, asked } = vendor();
      const stop = new AbortController();

      const stopped = token.get(stop.signal);
      const other = token.get(patient());
      stop.abort();
      await expect(stopped).rejects.toMatchObject({ outcome: 'refused' });
      expect(asked[0]?.signal.aborted).toBe(false);
      asked[0]?.answer();

      expect(await other).toBe('t1');
    });

    it('ends the call with the last one, and the next one to come is not ended with it', async () => {
      const { token, asked } = vendor();
      const stop = new AbortController();

      const stopped = Promise.allSettled([token.get(stop.signal), token.get(stop.signal)]);
      stop.abort();
      await stopped;
      expect(asked[0]?.signal.aborted).toBe(true);
      const next = token.get(patient());
      await sleep(5);
      asked[1]?.answer();

      expect(await next).toBe('t2');
      expect(asked).toHaveLength(2);
    });
  });
});
