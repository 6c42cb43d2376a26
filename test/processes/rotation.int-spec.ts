import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerSimulator } from '../../libs/settings/src/secrets-manager.fixture.js';
import { pullId } from '#domain';
import { Pulls } from '#storage';
import { justPast } from './just-past.js';
import { Processes, until, type ProductProcess } from './processes.js';
import { secrets, Story } from './story.js';

const newKey = 'a-key-of-clockify-made-anew';
const newToken = 'xoxb-a-token-of-slack-made-anew';

/** As Kubernetes does it: whoever reads sees the old one or the new one, whole. */
async function put(folder: string, name: string, value: string): Promise<void> {
  await writeFile(join(folder, `.${name}`), value);
  await rename(join(folder, `.${name}`), join(folder, name));
}

describe('secrets that are rotated while a process runs, none of them in its environment', () => {
  const processes = new Processes();
  let story: Story;
  let folder: string;
  let aws: SecretsManagerSimulator;
  let up: ProductProcess;
  const told = (name: string): readonly string[] => story.shown()[`hours-${name}`]?.messages ?? [];

  beforeAll(async () => {
    const { at, schedule } = justPast();
    story = await Story.begin({ at, schedule });
    await story.appliedEarlier(8);
    folder = await mkdtemp(join(tmpdir(), 'carillon-rotation-'));
    await mkdir(join(folder, 'urls'));
    aws = new SecretsManagerSimulator({ 'carillon/slack-bot-token': { SecretString: secrets.slack } });
    const endpoint = await aws.listen();
    await Promise.all([
      put(folder, 'clockify-api-key', secrets.clockify),
      put(join(folder, 'urls'), 'database-url', story.test.url),
      put(join(folder, 'urls'), 'queue-url', story.queueUrl),
    ]);
    up = processes.carillon(['up'], {
      environment: {
        DATABASE_URL_FILE: join(folder, 'urls/database-url'),
        QUEUE_URL_FILE: join(folder, 'urls/queue-url'),
        CARILLON_SECRETS_DIR: folder,
        CARILLON_SECRETS_AWS: 'eu-central-1/carillon/',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
        CARILLON_HOME: join(folder, 'home'),
        LOG_LEVEL: 'info',
        PORT: '0',
      },
    });
    await until(
      'the week is told',
      () => told('olena-kovalenko').length > 0 && told('nadia-petrenko').length > 0,
    );
  });
  afterAll(async () => {
    await processes.endAll();
    await Promise.all([story?.end(), aws?.close()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('are taken from a file and from AWS, which is asked seldom', () => {
    expect(told('olena-kovalenko')).toEqual([expect.stringMatching(/^Olena Kovalenko: 7\.5 of 40 h/)]);
    expect(new Set(aws.asked)).toEqual(new Set(['carillon/slack-bot-token']));
    expect(aws.asked.length).toBeLessThan(5);
  });

  it('are used in place of the old ones, by the next pull and the next message', async () => {
    const owner = story.clockify.accountKeys.get(secrets.clockify) ?? '';
    story.clockify.removeKey(secrets.clockify);
    story.clockify.addKey(newKey, owner);
    Object.assign(story.slack, { token: newToken });
    aws.stored['carillon/slack-bot-token'] = { SecretString: newToken };
    await put(folder, 'clockify-api-key', newKey);
    story.work(story.people.olena, 3, 4);

    const now = await story.test.database.now();
    const pull = { system: 'clockify', what: 'facts', askedBy: 'somebody' } as const;
    await new Pulls(story.test.database).want([
      { ...pull, id: pullId(pull), window: { from: now.subtract({ hours: 24 * 21 }), to: now }, dueAt: now },
    ]);
    await until('it is corrected', () =>
      told('olena-kovalenko').some((text) => text.includes('11.5 of 40 h')),
    );

    expect(told('olena-kovalenko')).toHaveLength(1);
    expect((await up.stop()).code).toBe(0);
  });
});
