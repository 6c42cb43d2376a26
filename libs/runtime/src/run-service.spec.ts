import { Module } from '@nestjs/common';
import { logTo } from '#telemetry';
import { Health } from './health.js';
import { startService, type RunningService } from './run-service.js';
import { Stopping } from './stopping.js';

@Module({})
class Empty {}

let restore: () => void;
let running: RunningService | undefined;
beforeEach(() => {
  restore = logTo({ write: () => undefined });
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  restore();
});

const get = async (path: string): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${running?.url}${path}`);
  return { status: answer.status, body: await answer.json() };
};

it('is alive whatever is broken, and ready only while every check passes', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  const health = running.app.get(Health);

  expect(await get('/readyz')).toEqual({
    status: 200,
    body: { ready: true, checks: {}, reasons: [], runs: {} },
  });
  const refused = Object.assign(new Error('connect postgres://u:secret@db'), { code: 'ECONNREFUSED' });
  health.register(
    'database',
    () => Promise.reject(refused),
    'Postgres does not answer; look whether it is up',
  );
  health.register('queue', () => Promise.resolve(), 'the queue does not answer');

  expect(await get('/healthz')).toEqual({ status: 200, body: { alive: true } });
  expect(await get('/readyz')).toEqual({
    status: 503,
    body: {
      ready: false,
      checks: { database: 'failed', queue: 'ok' },
      reasons: ['database: Postgres does not answer; look whether it is up (ECONNREFUSED)'],
      runs: {},
    },
  });
});

it('tells what it runs, and stays ready where it cannot tell', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  const health = running.app.get(Health);
  health.tell('configuration', () => Promise.resolve('abc'));
  health.tell('nothing', () => Promise.resolve(undefined));
  health.tell('broken', () => Promise.reject(new Error('postgres://u:secret@db')));

  expect(await get('/readyz')).toEqual({
    status: 200,
    body: {
      ready: true,
      checks: {},
      reasons: [],
      runs: { configuration: 'abc', nothing: null, broken: null },
    },
  });
});

it('is not ready any more while it drains, and answers until it has', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  let finish: () => void = () => undefined;
  running.app.get(Stopping).drain('work', () => new Promise<void>((resolve) => (finish = resolve)));

  const stopped = running.stop();
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: { reasons: ['stopping: it was asked to end, and takes no more work'] },
  });
  finish();

  await expect(stopped).resolves.toBe(true);
  await expect(get('/healthz')).rejects.toThrow();
});

it('says where work had to be left', async () => {
  running = await startService(Empty, { name: 'spec', drainMs: 20 });
  running.app.get(Stopping).drain('stuck', () => new Promise(() => undefined));

  expect(running.url).toBeUndefined();
  await expect(running.stop()).resolves.toBe(false);
});

it('throws where it cannot listen', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  const port = Number(new URL(running.url ?? '').port);

  await expect(startService(Empty, { name: 'second', port, host: '127.0.0.1' })).rejects.toThrow(
    /EADDRINUSE/,
  );
});
