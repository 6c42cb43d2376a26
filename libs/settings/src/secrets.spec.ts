import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readProcessSettings } from './process-settings.js';
import { resolveSettings } from './resolve-settings.js';
import { Secret } from './secret.js';
import { createSecrets, MemorySecrets, SecretError, type Secrets } from './secrets.js';

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
