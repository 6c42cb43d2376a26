/**
 * For tests only: `node --import ./test/faults/typescript.ts --import ./test/faults/inside.ts …`. Puts a process into the harness' hands: its
 * clock, the moment of its death, a mark on whatever it takes a lease of, and pieces of the build that it has otherwise. It dies
 * with the harness. Nothing in `services` or `libs` loads this file.
 */
import crypto from 'node:crypto';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { variables, type Order, type Reply } from './orders.js';
import { plantedBug } from './plants.js';
import { hastened, rewriteOnLoad } from './rewrites.js';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

/** Leases are held by tokens: by the mark it is known whose they were. */
const mark = given(variables.mark);
if (!/^[0-9a-f]{8}$/.test(mark)) throw new Error(`${variables.mark}: "${mark}" is no mark`);
const { randomUUID } = crypto;
crypto.randomUUID = (options) =>
  `${mark}${randomUUID(options).slice(mark.length)}` as ReturnType<typeof randomUUID>;
syncBuiltinESMExports();

let aheadMs = Number(given(variables.aheadMs));
const RealDate = Date;
const now = (): number => RealDate.now() + aheadMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, words: [], made) =>
    Reflect.construct(
      target,
      words.length === 0 ? [now()] : words,
      made === globalThis.Date ? target : made,
    ) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

const plant = process.env[variables.plant];
const rewrittenFiles = rewriteOnLoad(new URL('../../dist/', import.meta.url), [
  ...hastened,
  ...(plant === undefined ? [] : plantedBug(plant).rewrites),
]);

// Not before: they are a part of what may be rewritten.
const { setFaultHandler } = await import('#runtime');
const [{ sources }, { channels }] = await Promise.all([import('#sources'), import('#channels')]);
// Documents would load them one by one, some not before the first message: whether all is rewritten is asked at the start.
for (const load of [...sources.values(), ...channels.values()]) await load();
process.on('message', (order: Order) => {
  switch (order.do) {
    case 'set clock':
      aheadMs = order.aheadMs;
      return;
    case 'live':
      setFaultHandler(undefined);
      return;
    case 'tell what is rewritten':
      say({ said: 'rewritten', files: rewrittenFiles() });
      return;
    case 'die at': {
      let left = order.nth;
      setFaultHandler(async (point) => {
        if (point !== order.point) return;
        left -= 1;
        if (left !== 0) return;
        writeSync(2, `fault: killed at ${point}\n`);
        process.kill(process.pid, 'SIGKILL');
        // The signal takes a moment; nothing may happen in it.
        await new Promise(() => undefined);
      });
    }
  }
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const say = (reply: Reply): void => void process.send?.(reply);
say({ said: 'prepared' });
