import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels, type Attempt, type Channel } from '#channels';
import { instant, type Message } from '#domain';
import { createHttpClient } from '#http';
import { jiraLogin } from './company-jira.js';
import { Sandbox } from './sandbox.js';

let directory: string;
let sandbox: Sandbox;
let jira: Channel;

const start = async (): Promise<void> => {
  sandbox = await Sandbox.start({ directory, today: '2026-03-04', limits: 'none' });
  const plugin = await channels.get('jira')?.();
  if (!plugin) throw new Error('there is no channel jira');
  const settings = plugin.settings.parse({
    baseUrl: sandbox.endpoints.jira,
    siteUrl: sandbox.url,
    email: jiraLogin.email,
    apiToken: sandbox.secrets['jira-api-token'],
  });
  jira = plugin.connect(settings, createHttpClient({ system: 'jira' }));
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-jira-'));
  await start();
});

afterEach(async () => {
  await sandbox.stop();
  await rm(directory, { recursive: true });
});

const attempt = (): Attempt => ({
  deliveryId: '0b9f7d0e-1c2d-5e5f-8a9b-0c1d2e3f4a5b',
  revision: 1,
  number: 1,
  beganAt: instant('2026-03-04T08:00:00Z'),
  signal: AbortSignal.timeout(10_000),
});

const message: Message = {
  locale: 'uk',
  title: 'Ferrari: 34 <b>замість</b> 20',
  blocks: [
    { type: 'text', text: ['Показник ', { strong: '34' }, ' вищий за ціль.'] },
    { type: 'table', columns: ['Пріоритет', 'Завдань'], rows: [['Critical', '2']] },
    { type: 'note', text: [{ link: 'як рахується', url: 'https://acme.example/how' }] },
  ],
};

const make = async (): Promise<string> => {
  const to = await jira.address?.(
    { project: 'OPS', priority: 'High', assignee: 'bohdan@acme.example' },
    AbortSignal.timeout(10_000),
  );
  const receipt = to && (await jira.send?.(message, to, attempt()));
  return receipt?.url ?? '';
};

const page = async (path: string): Promise<string> => (await fetch(`${sandbox.url}${path}`)).text();

it('shows an issue on the board and by itself, as text and not as markup', async () => {
  const url = await make();

  const board = await page('/jira');
  const issue = await (await fetch(url)).text();

  expect(url).toBe(`${sandbox.url}/browse/OPS-1`);
  for (const text of [board, issue]) {
    expect(text).toContain('Ferrari: 34 &lt;b&gt;замість&lt;/b&gt; 20');
    expect(text).toContain('OPS-1');
    expect(text).toContain('Богдан Макетний');
    expect(text).toContain('High');
  }
  expect(issue).toMatch(/<strong>34<\/strong>/);
  expect(issue).toContain('href="https://acme.example/how"');
  expect(issue).toMatch(/<th><p>Пріоритет<\/p><\/th>/);
});

it('shows where an issue is by now, what was said about it, and that there is none', async () => {
  await make();
  const { jira: site } = sandbox.simulators;
  const [olena] = site.people();
  site.setStatus('OPS-1', 'Done', olena?.accountId ?? '');
  site.comment('OPS-1', 'Дивлюся <i>далі</i>', olena?.accountId ?? '');

  expect(await page('/jira/OPS-1')).toContain('Дивлюся &lt;i&gt;далі&lt;/i&gt;');
  expect(await page('/jira')).toMatch(/column done[\s\S]*OPS-1/);
  expect((await fetch(`${sandbox.url}/jira/OPS-9`)).status).toBe(404);
});

it('keeps issues over a restart, and takes the same token', async () => {
  await make();
  await sandbox.stop();
  await start();

  const findings = await jira.probe(AbortSignal.timeout(10_000), [{ project: 'OPS' }]);

  expect(await page('/jira')).toContain('OPS-1');
  expect(findings.map(({ level }) => level)).toEqual(['ok', 'ok']);
});
