/**
 * `npm run faults`: the real processes, against simulated vendors, and everything that can go wrong. The last line of `--output json` is one
 * object; the exit code is 1 where a promise was broken, 2 where it was asked wrongly.
 */
import { parseArgs } from 'node:util';
import { table } from './report.js';
import { runFaults } from './run.js';

const usage = `npm run faults -- [options]

  --queue postgres|redis   the engine of the queue (postgres)
  --rounds N               how many weeks to live through (30)
  --seed N                 what to break, and when; drawn and printed without it
  --replicas N             how many of each service (3)
  --in-own-time            nothing is hurried: leases, retries and pauses take as long as in earnest
  --output text|json       json: one object on the last line as well (text)
`;

function ask() {
  const { values } = parseArgs({
    options: {
      queue: { type: 'string', default: 'postgres' },
      rounds: { type: 'string', default: '30' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      replicas: { type: 'string', default: '3' },
      'in-own-time': { type: 'boolean', default: false },
      output: { type: 'string', default: 'text' },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'rounds' | 'seed' | 'replicas', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new TypeError(`--${name}: a whole number from ${least} on`);
    return value;
  };
  const { queue, output } = values;
  if (queue !== 'postgres' && queue !== 'redis') throw new TypeError('--queue: postgres or redis');
  if (output !== 'text' && output !== 'json') throw new TypeError('--output: text or json');
  return {
    help: values.help,
    queue,
    output,
    rounds: number('rounds', 1),
    seed: number('seed', 0),
    replicas: number('replicas', 1),
    inOwnTime: values['in-own-time'],
  } as const;
}

function asked(): ReturnType<typeof ask> {
  try {
    return ask();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

const options = asked();
if (options.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const ending = new AbortController();
// Whatever was started ends with this process.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => process.exit(code));

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const began = performance.now();
const sinceBegin = (): string => `${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s`;
say(
  `${options.rounds} rounds on ${options.queue}, seed ${options.seed}, ${options.replicas} replicas of each service`,
);
try {
  const figures = await runFaults({
    ...options,
    signal: ending.signal,
    onUp: () => say(`${sinceBegin()}  all is up`),
    onRound: (round, lived, faults) => {
      const verdict =
        lived.breaches.length === 0 ? 'ok' : `BROKEN: ${lived.breaches.map(({ what }) => what).join('; ')}`;
      const took = `${(lived.recovery.seconds + lived.recovery.spared).toFixed(1)} s to recover`;
      const notes = [...lived.missed, ...lived.crashes.map((crash) => crash.slice(0, 400))];
      say(
        `${sinceBegin()}  round ${round}, week of ${lived.week}: ${faults.map(({ kind }) => kind).join(' + ') || 'calm'}; ${took}; ${verdict}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
      );
    },
  });
  say(`\n${table(figures)}\n`);
  const isBroken = figures.breaches.length > 0;
  if (isBroken)
    say(
      `A promise was broken. The same again: npm run faults -- --queue ${options.queue} --seed ${options.seed} --rounds ${1 + Math.max(...figures.breaches.map(({ round }) => round))} --replicas ${options.replicas}`,
    );
  if (options.output === 'json') say(JSON.stringify(figures));
  process.exit(isBroken ? 1 : 0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(3);
}
