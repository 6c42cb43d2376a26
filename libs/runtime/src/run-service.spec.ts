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

  expect(await get('/health/ready')).toEqual({ status: 200, body: { ready: true, checks: {}, runs: {} } });
  health.register('database', () => Promise.reject(new Error('connect postgres://u:secret@db')));
  health.register('queue', () => Promise.resolve());

  expect(await get('/health/live')).toEqual({ status: 200, body: { alive: true } });
  expect(await get('/health/ready')).toEqual({
    status: 503,
    body: { ready: false, checks: { database: 'failed', queue: 'ok' }, runs: {} },
  });
});

it('tells what it runs, and stays ready where it cannot tell', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  const health = running.app.get(Health);
  health.tell('configuration', () => Promise.resolve('abc'));
  health.tell('nothing', () => Promise.resolve(undefined));
  health.tell('broken', () => Promise.reject(new Error('postgres://u:secret@db')));

  expect(await get('/health/ready')).toEqual({
    status: 200,
    body: { ready: true, checks: {}, runs: { configuration: 'abc', nothing: null, broken: null } },
  });
});

it('is not ready any more while it drains, and answers until it has', async () => {
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  let finish: () => void = () => undefined;
  running.app.get(Stopping).drain('work', () => new Promise<void>((resolve) => (finish = resolve)));

  const stopped = running.stop();
  expect(await get('/health/ready')).toMatchObject({ status: 503 });
  finish();

  await expect(stopped).resolves.toBe(true);
  await expect(get('/health/live')).rejects.toThrow();
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
