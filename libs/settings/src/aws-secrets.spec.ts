import { secretsManager } from './aws-secrets.js';
import { resolveSettings } from './resolve-settings.js';
import { SecretsManagerSimulator } from './secrets-manager.fixture.js';
import { Secrets } from './secrets.js';

const before = { ...process.env };
const minutes = (count: number): number => count * 60_000;

let aws: SecretsManagerSimulator;
let secrets: Secrets;
let clock: number;
beforeEach(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_MAX_ATTEMPTS: '1',
  });
  clock = 0;
  aws = new SecretsManagerSimulator({
    'carillon/slack-bot-token': { SecretString: 'xoxb-1' },
    'carillon/bytes': { SecretBinary: 'aHVudGVyMg==' },
    'acme/vendors': { SecretString: JSON.stringify({ botToken: 'xoxb-2', apiKey: 'key-2', port: 5 }) },
  });
  const common = { region: 'eu-central-1', endpoint: await aws.listen(), now: () => clock };
  secrets = new Secrets(
    [secretsManager({ ...common, prefix: 'carillon/' })],
    secretsManager({ ...common, prefix: '' }),
  );
});
afterEach(async () => {
  process.env = { ...before };
  await aws.close();
});

const value = async (name: string): Promise<string> => (await secrets.resolve(name)).reveal();
const rotate = (token: string): void => {
  aws.stored['carillon/slack-bot-token'] = { SecretString: token };
};

it('is asked for the name with its prefix', async () => {
  expect(await value('slack-bot-token')).toBe('xoxb-1');
  expect(aws.asked).toEqual(['carillon/slack-bot-token']);
});

it('is asked once for all keys of a secret that a document places itself', async () => {
  const settings = {
    token: { aws: 'acme/vendors', key: 'botToken' },
    apiKey: { aws: 'acme/vendors', key: 'apiKey' },
  };

  expect(await resolveSettings(settings, secrets)).toEqual({ token: 'xoxb-2', apiKey: 'key-2' });
  expect(await resolveSettings({ whole: { aws: 'carillon/slack-bot-token' } }, secrets)).toEqual({
    whole: 'xoxb-1',
  });
  expect(aws.asked).toEqual(['acme/vendors', 'carillon/slack-bot-token']);
});

it.each([
  ['where it has no such secret', 'absent', 'carillon/absent'],
  ['where the secret is bytes', 'bytes', 'carillon/bytes (BinarySecret)'],
  ['where there is no such key', 'aws:acme/vendors#absent', 'acme/vendors, key absent (NoSuchKey)'],
  ['where the key holds no text', 'aws:acme/vendors#port', 'acme/vendors, key port (NoSuchKey)'],
  [
    'where there are no keys',
    'aws:carillon/slack-bot-token#botToken',
    'carillon/slack-bot-token, key botToken (NoJsonObject)',
  ],
])('is named %s', async (_, name, place) => {
  expect(await secrets.missing([name])).toEqual([
    { name, lookedIn: [`AWS Secrets Manager eu-central-1 ${place}`] },
  ]);
});

it.each([
  [400, 'AccessDeniedException'],
  [400, 'ThrottlingException'],
  [500, 'InternalServiceError'],
])('is named where it answers %i %s, without its words', async (status, type) => {
  aws.trouble = { status, type };

  expect(await secrets.missing(['slack-bot-token'])).toEqual([
    {
      name: 'slack-bot-token',
      lookedIn: [`AWS Secrets Manager eu-central-1 carillon/slack-bot-token (${type})`],
    },
  ]);
});

describe('a rotated secret', () => {
  it('is taken up a minute later', async () => {
    expect(await value('slack-bot-token')).toBe('xoxb-1');
    rotate('xoxb-new');

    clock = minutes(1) - 1;
    expect(await value('slack-bot-token')).toBe('xoxb-1');
    expect(aws.asked).toHaveLength(1);
    clock = minutes(1);
    expect(await value('slack-bot-token')).toBe('xoxb-new');
  });

  it('is taken up at once where the old one was refused', async () => {
    await value('slack-bot-token');
    rotate('xoxb-new');

    secrets.renew();

    expect(await value('slack-bot-token')).toBe('xoxb-new');
    expect(await value('slack-bot-token')).toBe('xoxb-new');
    expect(aws.asked).toHaveLength(2);
  });
});

describe('while AWS does not answer', () => {
  it('what it said before holds for an hour', async () => {
    await value('slack-bot-token');
    aws.trouble = { status: 400, type: 'ThrottlingException' };

    clock = minutes(60) - 1;
    expect(await value('slack-bot-token')).toBe('xoxb-1');
    clock = minutes(60);
    await expect(value('slack-bot-token')).rejects.toThrow('(ThrottlingException)');
    aws.trouble = undefined;
    expect(await value('slack-bot-token')).toBe('xoxb-1');
  });

  it('a refusal holds at once, because it is an answer', async () => {
    await value('slack-bot-token');
    aws.trouble = { status: 400, type: 'AccessDeniedException' };

    clock = minutes(1);

    await expect(value('slack-bot-token')).rejects.toThrow('(AccessDeniedException)');
  });
});
