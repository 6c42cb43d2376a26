import { logTo } from '#telemetry';
import { Stopping } from './stopping.js';

let restore: () => void;
beforeEach(() => {
  restore = logTo({ write: () => undefined });
});
afterEach(() => restore());

it('says that no more work is to be taken before it waits for what is at hand', async () => {
  const stopping = new Stopping();
  let requestedWhenDrained = false;
  stopping.drain('worker', async () => {
    requestedWhenDrained = stopping.signal.aborted;
  });

  expect(stopping.requested).toBe(false);
  await expect(stopping.stop(1000)).resolves.toBe(true);

  expect(requestedWhenDrained).toBe(true);
});

it('does not wait longer than it was told, and says so', async () => {
  const stopping = new Stopping();
  stopping.drain('stuck', () => new Promise(() => undefined));

  await expect(stopping.stop(50)).resolves.toBe(false);
});

it('waits for the others where one fails', async () => {
  const stopping = new Stopping();
  let drained = false;
  stopping.drain('failing', () => Promise.reject(new Error('broken')));
  stopping.drain('slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    drained = true;
  });

  await expect(stopping.stop(1000)).resolves.toBe(false);

  expect(drained).toBe(true);
});

it('forgets what has ended by itself', async () => {
  const stopping = new Stopping();
  const done = stopping.drain('worker', () => Promise.reject(new Error('closed twice')));

  done();

  await expect(stopping.stop(1000)).resolves.toBe(true);
});
