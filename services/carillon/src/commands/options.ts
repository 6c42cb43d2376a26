import { InvalidArgumentError, Option } from 'commander';

/** Options that several commands share, each made anew because a command owns its options. */
export const outputOption = (): Option =>
  new Option(
    '--output <format>',
    'how the result is printed; `json` puts one object on the last line of stdout',
  )
    .choices(['text', 'json'])
    .default('text');

export const documentsOption = (): Option =>
  new Option('-d, --documents <paths...>', 'files and folders with documents').default(
    ['documents'],
    'documents',
  );

export const timeoutOption = (): Option =>
  new Option('--timeout <duration>', 'how long to wait until all is settled, such as 90s or 10m')
    .argParser(milliseconds)
    .default(600_000, '10m');

function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError('A duration has a number and a unit: 90s, 10m, 1h.');
  return Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
