/**
 * For tests only: `node --import ./test/faults/boot.ts …` with `CARILLON_TEST_FAULT=<point>[:<nth>]` kills its own process, without any
 * chance to clean up, at the nth time (the first by default) that it comes by the point. Nothing in `services` or `libs` loads this file.
 */
import { writeSync } from 'node:fs';
import { faultPointNames, setFaultHandler } from '#runtime';

const planned = process.env['CARILLON_TEST_FAULT'];
if (planned !== undefined && planned !== '') {
  const [point, nth = '1'] = planned.split(':');
  const at = Number(nth);
  // A misspelt point would let the test pass without any fault.
  if (!faultPointNames.some((name) => name === point) || !Number.isInteger(at) || at < 1)
    throw new Error(
      `CARILLON_TEST_FAULT: "${planned}" is no point:nth; points are ${faultPointNames.join(', ')}`,
    );
  let passed = 0;
  setFaultHandler(async (name) => {
    if (name !== point) return;
    passed += 1;
    if (passed !== at) return;
    writeSync(2, `fault: killed at ${point}, time ${at}\n`);
    process.kill(process.pid, 'SIGKILL');
    // The signal takes a moment; nothing may happen in it.
    await new Promise(() => undefined);
  });
}
