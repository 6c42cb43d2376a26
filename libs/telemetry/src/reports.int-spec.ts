import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Compiled code in a process of its own: what a report holds is decided before anything else is loaded. */
const dist = join(import.meta.dirname, '../../../dist/libs/telemetry/src');
const program = `
const { sayLastWords } = await import(${JSON.stringify(join(dist, 'index.js'))});
sayLastWords();
process.kill(process.pid, 'SIGUSR2');
await new Promise((resolve) => setTimeout(resolve, 300));
if (process.env.CRASH) {
  const sent = process.env.SECRET;
  throw Object.assign(new Error('https://acme.example/?key=' + sent), { sent });
}
`;

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'carillon-reports-'));
});
afterEach(() => rm(reports, { recursive: true }));

async function run(
  flags: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; stderr: string; reports: readonly string[] }> {
  const child = spawn(
    process.execPath,
    [
      ...['--report-on-signal', '--report-uncaught-exception', `--report-directory=${reports}`, ...flags],
      ...['--import', join(dist, 'boot.js'), '--input-type=module', '--eval', program],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], SECRET: 'hunter2', ...environment },
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const files = await readdir(reports);
  return {
    code,
    stderr,
    reports: await Promise.all(files.map((file) => readFile(join(reports, file), 'utf8'))),
  };
}

const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

it.each([
  ['without telemetry', [], {}],
  ['with telemetry, as in the image', ['--report-exclude-env'], traced],
])('a report is without the environment: %s', async (_, flags, environment) => {
  const ended = await run(flags, environment);

  expect(ended.code).toBe(0);
  expect(ended.reports.map((text) => text.includes('hunter2'))).toEqual([false]);
});

it('is not written where a thread would show the environment in it, and nothing ends by that', async () => {
  const ended = await run([], traced);

  expect(ended).toMatchObject({ code: 0, reports: [] });
  expect(ended.stderr).toContain('start Node with --report-exclude-env');
});

it('is not written of an error that nobody handled, whose words are said without what it holds', async () => {
  const ended = await run(['--report-exclude-env'], { CRASH: 'yes' });

  expect(ended.code).toBe(1);
  // The one of the signal.
  expect(ended.reports).toHaveLength(1);
  expect(ended.stderr).toContain('✗ crash: Error: https://acme.example/');
  expect(ended.stderr).not.toContain('hunter2');
});
