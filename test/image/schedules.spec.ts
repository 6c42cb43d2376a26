import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { exitCodes } from '../../services/carillon/src/exit-codes.js';
import { wrongWith } from './command-lines.js';

const folder = join(import.meta.dirname, '../../deploy/schedules');
const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

/** What is called in a script, one command line each, up to a pipe or a quote. */
const commandsIn = (script: string): readonly (readonly string[])[] =>
  [...script.matchAll(/^\s*(?:- |sh '|def \w+ = sh\(script: ')?carillon ([^|'\n]+)/gm)].map(
    ([, words = '']) => words.trim().split(/\s+/),
  );

const files = ['github-actions.yaml', 'gitlab-ci.yml', 'Jenkinsfile'] as const;

it('every example of a scheduler is looked at here', async () => {
  expect((await readdir(folder)).toSorted()).toEqual([...files].toSorted());
});

describe.each(files)('%s', (file) => {
  it('runs commands that there are: the schema, the documents, and one run with an end', async () => {
    const commands = commandsIn(await read(file));

    expect(commands.map(([name]) => name)).toEqual(['migrate', 'apply', 'run']);
    expect(await Promise.all(commands.map(wrongWith))).toEqual([undefined, undefined, undefined]);
    expect(commands[2]).toEqual(['run', '--once', '--timeout', '10m']);
  });

  it('says what database it needs, and gives it and the secrets of the documents to the run', async () => {
    const text = await read(file);

    expect(text).toMatch(/Postgres 15 or newer/);
    for (const variable of [
      'DATABASE_URL',
      'CARILLON_SECRET_CLOCKIFY_API_KEY',
      'CARILLON_SECRET_SLACK_BOT_TOKEN',
    ])
      expect(text).toContain(variable);
  });

  it('knows what the exit codes mean', async () => {
    const text = await read(file);

    expect(exitCodes).toEqual({ ok: 0, failed: 1, badConfiguration: 2 });
    expect(text).toMatch(/1: something failed or time ran out; the next run goes on from there/);
    expect(text).toMatch(/2: documents, settings or arguments are wrong/);
  });

  it('names an image with a version, and ends later than the run does by itself', async () => {
    const text = await read(file);

    expect(text).toMatch(/registry\.acme\.example\/carillon:\d+\.\d+\.\d+/);
    expect(text).not.toContain(':latest');
    expect(text).toMatch(/timeout-minutes: 15|timeout: 15 minutes|timeout\(time: 15, unit: 'MINUTES'\)/);
  });
});

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly concurrency: string;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly env: Readonly<Record<string, string>>;
        readonly defaults: { readonly run: { readonly shell: string } };
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}

it('the workflow of GitHub Actions keeps the exit code of a run whose words it shows, and hands every secret to the container', async () => {
  const { on, concurrency, jobs } = parse(await read('github-actions.yaml')) as Workflow;
  const [job] = Object.values(jobs);
  const scripts = (job?.steps ?? []).flatMap(({ run }) => run ?? []).join('\n');

  expect(on.schedule[0]?.cron).toMatch(/^(\S+ ){4}\S+$/);
  expect(concurrency).toBe('carillon');
  // GitHub's `bash` is `bash -eo pipefail`; without a name it is not.
  expect(job?.defaults.run.shell).toBe('bash');
  expect(scripts).toContain('| tee -a "$GITHUB_STEP_SUMMARY"');
  for (const variable of Object.keys(job?.env ?? {}).filter((name) => name !== 'CARILLON_IMAGE'))
    expect(scripts).toContain(`--env ${variable}`);
});

it('the job of GitLab CI is orange where the next run goes on, and red where trying again changes nothing', async () => {
  const { carillon } = parse(await read('gitlab-ci.yml')) as {
    carillon: { readonly allow_failure: object; readonly image: object; readonly resource_group: string };
  };

  expect(carillon).toMatchObject({
    allow_failure: { exit_codes: [exitCodes.failed] },
    image: { entrypoint: [''] },
    resource_group: 'carillon',
  });
});

it('the Jenkinsfile closes what it opens, and is unstable where the next run goes on', async () => {
  const code = (await read('Jenkinsfile')).replaceAll(/^\s*\/\/.*$|'[^'\n]*'|"[^"\n]*"/gm, '');
  const count = (letter: string): number => code.split(letter).length - 1;

  for (const [open, close] of ['{}', '()']) expect(count(open ?? '')).toBe(count(close ?? ''));
  expect(await read('Jenkinsfile')).toMatch(/if \(code == 1\) \{\s*unstable\(/);
  expect(code).toContain('disableConcurrentBuilds()');
});
