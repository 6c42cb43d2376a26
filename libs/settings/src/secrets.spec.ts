import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { secretsManager } from './aws-secrets.js';
import { readProcessSettings } from './process-settings.js';
import { resolveSettings } from './resolve-settings.js';
import { Secret } from './secret.js';
import { createSecrets, MemorySecrets, SecretError, Secrets } from './secrets.js';

describe('a secret', () => {
  it('shows itself only to who asks by name', () => {
    const secret = new Secret('hunter2');

    expect(secret.reveal()).toBe('hunter2');
    expect(
      `${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret }, { showHidden: true })}`,
    ).toBe('[secret] {"secret":"[secret]"} { secret: [secret] }');
    expect(Object.keys(secret)).toEqual([]);
  });
});

describe('where secrets are found', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const secrets = (more: Record<string, string> = {}): Secrets =>
    createSecrets(readProcessSettings({ CARILLON_SECRETS_DIR: folder, ...more }).secrets);

  it('in a variable, before a file', async () => {
    await writeFile(join(folder, 'clockify-api-key'), 'of the file');

    const secret = await secrets({ CARILLON_SECRET_CLOCKIFY_API_KEY: 'of the variable' }).resolve(
      'clockify-api-key',
    );

    expect(secret.reveal()).toBe('of the variable');
  });

  it.each([
    ['without a line break', 'hunter2', 'hunter2'],
    ['with one at its end', 'hunter2\n', 'hunter2'],
    ['with one of Windows', 'hunter2\r\n', 'hunter2'],
    ['with two: one belongs to it', 'hunter2\n\n', 'hunter2\n'],
    ['with spaces: they belong to it', ' hunter2 ', ' hunter2 '],
  ])('in a file %s', async (_, written, value) => {
    await writeFile(join(folder, 'key'), written);

    expect((await secrets().resolve('key')).reveal()).toBe(value);
  });

  it('anew at every question, because secrets are rotated', async () => {
    const kept = secrets();
    await writeFile(join(folder, 'key'), 'old');
    await kept.resolve('key');
    await writeFile(join(folder, 'key'), 'new');

    expect((await kept.resolve('key')).reveal()).toBe('new');
  });

  it('or nowhere, and then it is said where it was looked for', async () => {
    await writeFile(join(folder, 'empty'), '\n');
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'there'), 'hunter2');

    expect(await secrets().missing(['there', 'not-there', 'empty', 'folder', 'not-there'])).toEqual([
      { name: 'not-there', lookedIn: ['environment CARILLON_SECRET_NOT_THERE', `file ${folder}/not-there`] },
      { name: 'empty', lookedIn: ['environment CARILLON_SECRET_EMPTY', `file ${folder}/empty (empty)`] },
      { name: 'folder', lookedIn: ['environment CARILLON_SECRET_FOLDER', `file ${folder}/folder (EISDIR)`] },
    ]);
    await expect(secrets().resolve('not-there')).rejects.toThrow(
      `no secret not-there; looked in environment CARILLON_SECRET_NOT_THERE, file ${folder}/not-there`,
    );
  });

  it('never outside of the folder', async () => {
    await writeFile(join(folder, 'key'), 'hunter2');
    const inside = createSecrets(
      readProcessSettings({ CARILLON_SECRETS_DIR: join(folder, 'inner') }).secrets,
    );

    await expect(inside.resolve('../key')).rejects.toThrow(SecretError);
  });
});

/** Secrets Manager as its API describes it, as far as one operation goes; refuses whatever is not exactly that. */
class SecretsManager {
  readonly asked: string[] = [];
  readonly #server: Server;
  trouble: { status: number; type: string } | undefined;

  constructor(private readonly stored: Readonly<Record<string, object>>) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { status, answer } = this.#answer(request.method, request.headers, body);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(
    method: string | undefined,
    headers: IncomingHttpHeaders,
    body: string,
  ): { status: number; answer: object } {
    if (method !== 'POST' || headers['x-amz-target'] !== 'secretsmanager.GetSecretValue')
      return { status: 400, answer: { __type: 'UnknownOperationException' } };
    if (
      !/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request/.test(
        headers.authorization ?? '',
      )
    )
      return { status: 400, answer: { __type: 'IncompleteSignatureException' } };
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    this.asked.push(SecretId);
    if (this.trouble)
      return { status: this.trouble.status, answer: { __type: this.trouble.type, Message: 'hunter2' } };
    const stored = this.stored[SecretId];
    return stored
      ? { status: 200, answer: { Name: SecretId, ...stored } }
      : {
          status: 400,
          answer: { __type: 'ResourceNotFoundException', Message: 'Secrets Manager can’t find it.' },
        };
  }
}

describe('AWS Secrets Manager', () => {
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
  const before = { ...process.env };
  let aws: SecretsManager;
  let secrets: Secrets;
  beforeEach(async () => {
    Object.assign(process.env, credentials);
    aws = new SecretsManager({
      'carillon/slack-bot-token': { SecretString: 'xoxb-1' },
      'carillon/bytes': { SecretBinary: 'aHVudGVyMg==' },
    });
    const endpoint = await aws.listen();
    secrets = new Secrets([secretsManager({ region: 'eu-central-1', prefix: 'carillon/', endpoint })]);
  });
  afterEach(async () => {
    process.env = { ...before };
    await aws.close();
  });

  it('is asked for the name with its prefix', async () => {
    expect((await secrets.resolve('slack-bot-token')).reveal()).toBe('xoxb-1');
    expect(aws.asked).toEqual(['carillon/slack-bot-token']);
  });

  it.each([
    ['where it has no such secret', 'absent', 'AWS Secrets Manager eu-central-1 carillon/absent'],
    [
      'where the secret is bytes',
      'bytes',
      'AWS Secrets Manager eu-central-1 carillon/bytes (BinarySecretError)',
    ],
  ])('is named %s', async (_, name, place) => {
    expect(await secrets.missing([name])).toEqual([{ name, lookedIn: [place] }]);
  });

  it('is named where it refuses, without its words', async () => {
    aws.trouble = { status: 400, type: 'AccessDeniedException' };

    expect(await secrets.missing(['slack-bot-token'])).toEqual([
      {
        name: 'slack-bot-token',
        lookedIn: ['AWS Secrets Manager eu-central-1 carillon/slack-bot-token (AccessDeniedException)'],
      },
    ]);
  });
});

describe('settings with secrets', () => {
  const secrets = new MemorySecrets({ key: 'hunter2', token: 'xoxb' });

  it('get them in the place of their references, however deep', async () => {
    const settings = {
      apiKey: { secret: 'key' },
      bots: [{ token: { secret: 'token' }, rate: 5 }],
      on: true,
      none: null,
    };

    expect(await resolveSettings(settings, secrets)).toEqual({
      apiKey: 'hunter2',
      bots: [{ token: 'xoxb', rate: 5 }],
      on: true,
      none: null,
    });
    expect(settings.apiKey).toEqual({ secret: 'key' });
  });

  it('leave alone what only looks like a reference', async () => {
    const settings = { one: { secret: 'key', more: 1 }, other: { secret: 5 } };

    expect(await resolveSettings(settings, secrets)).toEqual(settings);
  });

  it('name every secret that is missing', async () => {
    const settings = { a: { secret: 'one' }, b: [{ secret: 'two' }], c: { secret: 'key' } };

    await expect(resolveSettings(settings, secrets)).rejects.toThrow(
      'no secret one; looked in memory\nno secret two; looked in memory',
    );
  });
});
