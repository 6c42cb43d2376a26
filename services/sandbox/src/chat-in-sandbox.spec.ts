import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSign } from 'node:crypto';
import { Sandbox } from './sandbox.js';

let directory: string;
let sandbox: Sandbox;

const start = async (): Promise<void> => {
  sandbox = await Sandbox.start({ directory, today: '2026-03-04', limits: 'none' });
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-chat-'));
  await start();
});

afterEach(async () => {
  await sandbox.stop();
  await rm(directory, { recursive: true });
});

const ferrari = 'spaces/AAAAferrari';

/** As any client of the Chat API would, with the key that the sandbox gives out. */
async function token(): Promise<string> {
  const key = JSON.parse(sandbox.secrets['google-chat-service-account']) as Record<string, string>;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: key['client_email'],
    scope: 'https://www.googleapis.com/auth/chat.bot',
    aud: key['token_uri'],
    iat: now,
    exp: now + 3600,
  };
  const unsigned = [{ alg: 'RS256', typ: 'JWT', kid: key['private_key_id'] }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = createSign('RSA-SHA256')
    .update(unsigned)
    .sign(key['private_key'] ?? '', 'base64url');
  const response = await fetch(sandbox.endpoints.googleChatToken, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${unsigned}.${signature}`,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function chat(
  method: string,
  path: string,
  body: object,
): Promise<{ name: string; thread: { name: string } }> {
  const response = await fetch(`${sandbox.endpoints.googleChat}v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { name: string; thread: { name: string } };
}

const card = (text: string, title = 'Ferrari: 34') => ({
  cardsV2: [
    {
      cardId: 'kpi',
      card: {
        header: { title },
        sections: [
          {
            widgets: [
              { decoratedText: { topLabel: 'Value', text, wrapText: true } },
              {
                buttonList: {
                  buttons: [{ text: 'Open', onClick: { openLink: { url: 'https://a.example/' } } }],
                },
              },
            ],
          },
        ],
      },
    },
  ],
});

const page = async (path: string): Promise<string> => (await fetch(sandbox.url + path)).text();
const personCalled = (email: string): string =>
  sandbox.simulators.googleChat.people().find((person) => person.email === email)?.name ?? '';

describe('Google Chat in the sandbox', () => {
  it('has a Space for each team, with its people and the app in it', () => {
    const { googleChat } = sandbox.simulators;

    expect(googleChat.spaces().map(({ displayName, app }) => [displayName, app])).toEqual([
      ['Ferrari', true],
      ['Porsche', true],
      ['Tesla', true],
      ['Volvo', true],
      ['Porsche leads', true],
      ['Carillon ops', true],
      ['Coffee & cake', false],
    ]);
    expect(googleChat.members(ferrari).map(({ email }) => email)).toEqual([
      'bohdan@acme.example',
      'iryna@acme.example',
      'petro@acme.example',
      'sofiia@acme.example',
    ]);
  });

  it('shows a card with what it said before, and answers below it', async () => {
    const { name, thread } = await chat('POST', `${ferrari}/messages`, card('<b>34</b> points'));
    await chat('PATCH', `${name}?updateMask=cardsV2`, card('<b>35</b> points'));
    sandbox.simulators.googleChat.say(personCalled('iryna@acme.example'), ferrari, '*Mine*', thread.name);

    const body = await page('/google-chat/AAAAferrari');

    expect(body).toContain('<h3 >Ferrari: 34</h3>');
    expect(body).toMatch(/Value<\/p>\s*<p[^>]*><span class="text"><b>35<\/b> points/);
    expect(body).toMatch(/Edited<\/summary>[^]+<b>34<\/b> points[^]+1 reply[^]+<strong>Mine<\/strong>/);
    expect(body).toMatch(/<a class="button outlined" href="https:\/\/a\.example\/"/);
  });

  it('escapes what is in messages and cards', async () => {
    const bad = '<img src=x onerror=alert(1)>';
    await chat('POST', `${ferrari}/messages`, { text: bad, ...card(bad, bad) });

    const body = await page('/google-chat/AAAAferrari');

    expect(body).not.toContain('<img');
    expect(body).toContain('unknown tag: img');
  });

  it('says where the app is not, and knows no other Space', async () => {
    expect(await page('/google-chat/AAAAcoffee')).toContain('Carillon is not in this Space');
    expect((await fetch(`${sandbox.url}/google-chat/AAAAnone`)).status).toBe(404);
  });

  it('takes the same key after a restart', async () => {
    const before = sandbox.secrets;
    await sandbox.stop();
    await start();

    await chat('POST', `${ferrari}/messages`, card('still here'));

    expect(sandbox.secrets).toEqual(before);
  });
});

describe('a folder of a release that had neither Google Chat nor Vtiger', () => {
  it('gets them, and keeps the rest', async () => {
    const { slack } = sandbox.endpoints;
    await sandbox.stop();
    const file = join(directory, 'sandbox.json');
    const {
      ports,
      googleChat: _,
      ...rest
    } = JSON.parse(await readFile(file, 'utf8')) as {
      ports: Record<string, number>;
      googleChat: unknown;
    };
    const older = { page: ports['page'], slack: ports['slack'], clockify: ports['clockify'] };
    await writeFile(file, JSON.stringify({ ...rest, ports: older }));
    await Promise.all(['google-chat', 'vtiger'].map((name) => rm(join(directory, `${name}.json`))));

    await start();

    expect(sandbox.endpoints.slack).toBe(slack);
    expect(await page('/google-chat/AAAAtesla')).toContain('Nothing was said here yet');
  });
});

describe('Vtiger in the sandbox', () => {
  it('lets the user of the key in, and keeps back what that user may not see', async () => {
    const response = await fetch(
      `${sandbox.endpoints.vtiger}/restapi/v1/vtiger/default/query?${new URLSearchParams({ query: "SELECT * FROM Calendar WHERE taskstatus != 'Completed';" }).toString()}`,
      {
        headers: {
          authorization: `Basic ${btoa(`carillon:${sandbox.secrets['vtiger-access-key']}`)}`,
        },
      },
    );
    const { result } = (await response.json()) as { result: unknown[] };
    const all = sandbox.simulators.vtiger
      .records('Calendar')
      .filter(({ values }) => values['taskstatus'] !== 'Completed');

    expect(result.length).toBeGreaterThan(30);
    expect(result.length).toBeLessThan(all.length);
  });

  it('is shown by teams, and a task where messages link to', async () => {
    const [task] = sandbox.simulators.vtiger.records('Calendar');

    const body = await page('/vtiger');

    expect(sandbox.vtigerRecordUrl).toBe(`${sandbox.url}/vtiger#t{number}`);
    expect(body).toContain(`id="t${task?.number}"`);
    expect(body).toMatch(/Ferrari\s*<span>\d+ open/);
    expect(body).toContain('Carillon may not see it');
  });
});
