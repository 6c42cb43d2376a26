/** `npm run bench`: everything that README.md states about speed, measured on this machine. See README.md beside it. */
import { parseArgs } from 'node:util';
import { evaluation } from './evaluation.ts';
import { facts } from './facts.ts';
import { fairness } from './fairness.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import type { Bench, Measure } from './measure.ts';
import { notifications } from './notifications.ts';
import { oneShot } from './one-shot.ts';
import { profileInto } from './processes.ts';
import { retention } from './retention.ts';
import { Stage } from './stage.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    output: { type: 'string', default: 'text' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
if (!['text', 'json'].includes(options.output)) throw new Error('--output is text or json');
if (options.profile !== undefined) profileInto(options.profile);

const began = performance.now();
const progress = (text: string): void => {
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${text}\n`);
};

const stage = await Stage.set();
let ending: Promise<void> | undefined;
const end = (): Promise<void> => (ending ??= stage.strike());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void end().finally(() => process.exit(130)));

const benches: readonly Bench[] = [
  notifications(stage),
  facts(stage),
  evaluation(stage),
  fairness(stage),
  latency(stage),
  oneShot(stage),
  retention(stage),
  idle(stage),
];
const chosen = benches.filter(({ name }) => options.only === undefined || options.only.includes(name));
if (chosen.length === 0) throw new Error(`--only is one of ${benches.map(({ name }) => name).join(', ')}`);

try {
  const measures: Measure[] = [];
  for (const bench of chosen) {
    progress(`${bench.name} …`);
    measures.push(...(await bench.run({ quick: options.quick, rounds: options.quick ? 2 : 5 }, progress)));
  }
  process.stdout.write(`${table(measures)}\n`);
  if (options.output === 'json') process.stdout.write(`${JSON.stringify({ measures })}\n`);
  process.exitCode = measures.some(({ met }) => met === false) ? 1 : 0;
} finally {
  await end();
}
