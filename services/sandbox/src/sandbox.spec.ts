import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox, type SandboxOptions } from './sandbox.js';

let directory: string;
const started: Sandbox[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.stop()));
  await rm(directory, { recursive: true });
});

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ directory, today: '2026-03-04', limits: 'none', ...options });
  started.push(sandbox);
  return sandbox;
}

async function stop(sandbox: Sandbox): Promise<void> {
  started.splice(started.indexOf(sandbox), 1);
  await sandbox.stop();
}

async function call(sandbox: Sandbox, method: string, fields: Record<string, string>) {
  const response = await fetch(sandbox.endpoints.slack + method, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.secrets['slack-bot-token']}` },
    body: new URLSearchParams(fields),
  });
  return (await response.json()) as { ok: boolean; ts: string; channel: string; permalink: string };
}

async function clockify(sandbox: Sandbox, path: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${sandbox.endpoints.clockify}/v1${path}`, {
    headers: { 'x-api-key': sandbox.secrets['clockify-api-key'] },
  });
  return (await response.json()) as Record<string, unknown>[];
}

const page = async (sandbox: Sandbox, path: string, init?: RequestInit): Promise<string> =>
  (await fetch(sandbox.url + path, init)).text();

const general = (sandbox: Sandbox): string =>
  sandbox.simulators.slack.channels().find(({ name }) => name === 'general')?.id ?? '';

describe('a sandbox', () => {
  it('has the same people in Slack and in Clockify', async () => {
    const sandbox = await start();

    const olena = sandbox.simulators.slack.users().find(({ email }) => email === 'olena@acme.example');
    const users = await clockify(sandbox, `/workspaces/${sandbox.clockifyWorkspaceId}/users?page-size=200`);

    expect(olena).toMatchObject({ name: 'Олена Прикладенко', zone: 'Europe/Kyiv', locale: 'uk-UA' });
    expect(users.map(({ email }) => email)).toContain('olena@acme.example');
  });

  it('serves the page, which loads nothing from elsewhere and runs nothing that was written into it', async () => {
    const sandbox = await start();

    const response = await fetch(`${sandbox.url}/`);
    const body = await response.text();

    expect(response.url).toBe(`${sandbox.url}/slack`);
    expect(body).toContain('<strong>Sandbox.</strong>');
    expect(body).not.toMatch(/(?:src|href)="https?:/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const asset of [
      'page.css',
      'google-chat.css',
      'vtiger.css',
      'jiandaoyun.css',
      'page.js',
      'icon.svg',
    ])
      expect((await fetch(`${sandbox.url}/${asset}`)).status).toBe(200);
    expect((await fetch(`${sandbox.url}/slack/C404`)).status).toBe(404);
  });

  it('escapes what is in messages, blocks, names and topics', async () => {
    const sandbox = await start();
    const bad = '<script>alert(1)</script>';
    const { slack } = sandbox.simulators;
    const mallory = slack.addUser({ name: `Mallory ${bad}`, email: `m"${bad}@acme.example` });
    const channel = slack.addChannel({ name: 'notes', members: [mallory.id], topic: bad, private: false });
    slack.say(
      mallory.id,
      channel.id,
      `${bad} <javascript:alert(1)|press> <https://a.example/"onclick=x|${bad}>`,
    );
    await call(sandbox, 'chat.postMessage', {
      channel: channel.id,
      text: bad,
      blocks: JSON.stringify([
        { type: 'header', text: { type: 'plain_text', text: bad } },
        { type: 'section', text: { type: 'mrkdwn', text: `*${bad}* <@${mallory.id}>` } },
        { type: 'table', rows: [[{ type: 'raw_text', text: bad }]] },
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: bad }, url: 'javascript:alert(1)' }],
        },
      ]),
    });

    const body = await page(sandbox, `/slack/${channel.id}`);

    expect(body).not.toContain('<script>alert');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toMatch(/href="javascript:/i);
    expect(body).not.toMatch(/"onclick=/);
  });

  it('shows names for mentions, replies in their thread, and what an edited message said before', async () => {
    const sandbox = await start();
    const { slack } = sandbox.simulators;
    const erika = slack.users().find(({ email }) => email === 'erika@acme.example')?.id ?? '';
    const { ts, channel } = await call(sandbox, 'chat.postMessage', {
      channel: general(sandbox),
      text: `<@${erika}> logged *18.5* h`,
    });
    await call(sandbox, 'chat.update', { channel, ts, text: `<@${erika}> logged *38.5* h` });
    slack.say(erika, channel, 'Thank you', ts);

    const body = await page(sandbox, `/slack/${channel}`);

    expect(body).toContain('<span class="mention">@Erika Beispiel</span> logged <strong>38.5</strong> h');
    expect(body).toMatch(/\(edited\)[\s\S]+<strong>18\.5<\/strong>/);
    expect(body).toMatch(/1 reply[\s\S]+Thank you/);
  });

  it('tells times in the zone of whoever looks', async () => {
    const sandbox = await start();
    const { ts, channel } = await call(sandbox, 'chat.postMessage', { channel: general(sandbox), text: 'x' });
    const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Seoul' });

    const body = await page(sandbox, `/slack/${channel}`, { headers: { cookie: 'zone=Asia%2FSeoul' } });
    const nonsense = await fetch(`${sandbox.url}/slack`, { headers: { cookie: 'zone=%zz' } });

    expect(body).toContain(`>${time.format(Number(ts) * 1000)}</time>`);
    expect(nonsense.status).toBe(200);
  });

  it('gives out permalinks that lead to the page', async () => {
    const sandbox = await start();
    const { ts, channel } = await call(sandbox, 'chat.postMessage', {
      channel: general(sandbox),
      text: 'here',
    });

    const { permalink } = await call(sandbox, 'chat.getPermalink', { channel, message_ts: ts });
    const response = await fetch(permalink, { redirect: 'manual' });
    const anchor = `p${ts.replace('.', '')}`;

    expect(response.headers.get('location')).toBe(`/slack/${channel}#${anchor}`);
    expect(await page(sandbox, `/slack/${channel}`)).toContain(`id="${anchor}"`);
  });

  it('tells pages that are open when something changed', async () => {
    const sandbox = await start();
    const stream = await fetch(`${sandbox.url}/changes`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();

    await call(sandbox, 'chat.postMessage', { channel: general(sandbox), text: 'x' });

    expect((await reader?.read())?.value).toContain('data: changed');
    await reader?.cancel();
  });

  it('lists hours, leave and holidays beside', async () => {
    const sandbox = await start();

    const body = await page(sandbox, '/clockify');

    expect(body).toContain('Last week<span>23 Feb – 1 Mar</span>');
    expect(body).toContain('Олена Прикладенко');
    expect(body).toMatch(/class="figure">\d+\.\d</);
    expect(body).toContain('class="chip leave');
  });
});

describe('the table in Jiandaoyun', () => {
  const write = async (sandbox: Sandbox, data: Record<string, unknown>): Promise<void> => {
    const { app, form } = sandbox.jiandaoyunForm;
    const response = await fetch(`${sandbox.endpoints.jiandaoyun}/api/v5/app/entry/data/create`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sandbox.secrets['jiandaoyun-api-key']}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        app_id: app,
        entry_id: form,
        data: Object.fromEntries(Object.entries(data).map(([field, value]) => [field, { value }])),
      }),
    });
    expect(response.status).toBe(200);
  };

  it('is shown by the labels of its fields before there is a row', async () => {
    const sandbox = await start();

    const body = await page(sandbox, '/jiandaoyun');

    expect(body).toMatch(/<th scope="col"[^>]* lang="zh-Hans">员工<\/th>/);
    expect(body).toContain('0 rows');
    expect(body).toContain('No rows yet');
  });

  it('has people by their names, days in the zone of the office, and figures to the right', async () => {
    const sandbox = await start();
    await write(sandbox, {
      employee: 'LiYangben',
      month: '2026-01-31T16:00:00Z',
      overtime_hours: 2.5,
      ext_key: '<b>2026-02</b>',
    });

    const body = await page(sandbox, '/jiandaoyun');

    expect(body).toContain('1 row<');
    expect(body).toMatch(/<th scope="row"[^>]*>李样本<\/th>/);
    expect(body).toMatch(/<td[^>]*>2026-02-01<\/td>/);
    expect(body).toMatch(/<td class="right"[^>]*>2\.5<\/td>/);
    expect(body).toContain('&lt;b&gt;2026-02&lt;/b&gt;');
    expect(sandbox.simulators.jiandaoyun.ignored).toEqual([]);
  });

  it('is as it was left after a restart', async () => {
    const first = await start();
    await write(first, { employee: 'WangXuni' });
    const form = first.jiandaoyunForm;
    await stop(first);

    const second = await start({ today: '2026-04-01' });

    expect(second.jiandaoyunForm).toEqual(form);
    expect(await page(second, '/jiandaoyun')).toContain('王虚拟');
  });
});

describe('after a restart', () => {
  it('everything is where it was, on the same ports', async () => {
    const first = await start();
    const { url, endpoints } = first;
    const { channel } = await call(first, 'chat.postMessage', {
      channel: general(first),
      text: 'Still here',
    });
    await stop(first);

    const second = await start();

    expect([second.url, second.endpoints]).toEqual([url, endpoints]);
    expect(await page(second, `/slack/${channel}`)).toContain('Still here');
    expect((await readdir(directory)).sort()).toEqual([
      'clockify.json',
      'google-chat.json',
      'jiandaoyun.json',
      'jira.json',
      'outlook.json',
      'sandbox.json',
      'slack.json',
      'vtiger.json',
      'wecom.json',
    ]);
  });

  it('other ports are taken where the old ones are in use, but never instead of one that was asked for', async () => {
    const first = await start();
    const other = await mkdtemp(join(tmpdir(), 'sandbox-'));

    const beside = await start({ directory, port: 0 });
    const asked = Sandbox.start({ directory: other, port: Number(new URL(first.url).port) });

    expect(beside.endpoints.slack).not.toBe(first.endpoints.slack);
    await expect(asked).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await rm(other, { recursive: true, force: true });
  });

  it('is saved soon after a change, without being stopped', async () => {
    const first = await start();
    await call(first, 'chat.postMessage', { channel: general(first), text: 'Quick' });
    while (!(await readFile(join(directory, 'slack.json'), 'utf8')).includes('Quick'))
      await new Promise((resolve) => setTimeout(resolve, 20));

    const second = await start();

    expect(second.simulators.slack.messages(general(second)).map(({ text }) => text)).toEqual(['Quick']);
  });

  it('on a later day, the days between were lived', async () => {
    const count = (sandbox: Sandbox): number =>
      sandbox.simulators.clockify.save().workspaces[0]?.entries.length ?? 0;
    const first = await start({ today: '2026-03-04' });
    const before = count(first);
    await stop(first);

    const same = await start({ today: '2026-03-04' });
    expect(count(same)).toBe(before);
    await stop(same);
    const later = await start({ today: '2026-03-06' });

    expect(count(later)).toBeGreaterThan(before + 50);
  });

  it('a state that is none is refused in plain words', async () => {
    await writeFile(join(directory, 'sandbox.json'), '{');

    await expect(start()).rejects.toThrow('delete the folder to begin anew');
  });
});
