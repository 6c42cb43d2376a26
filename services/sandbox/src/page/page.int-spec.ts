import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Sandbox } from '../sandbox.js';

/** Debian's; where there is none, the spec says so by name. */
const browserFile = '/usr/bin/chromium';
const withBrowser = existsSync(browserFile) ? describe : describe.skip;

async function addRow({ endpoints, secrets, jiandaoyunForm }: Sandbox, data: object): Promise<void> {
  await fetch(`${endpoints.jiandaoyun}/api/v5/app/entry/data/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets['jiandaoyun-api-key']}`, 'content-type': 'application/json' },
    body: JSON.stringify({ app_id: jiandaoyunForm.app, entry_id: jiandaoyunForm.form, data }),
  });
}

withBrowser('the page in a real browser (did not run where skipped: no /usr/bin/chromium)', () => {
  let directory: string;
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'carillon-page-'));
    sandbox = await Sandbox.start({ directory, today: '2026-11-22' });
    browser = await chromium.launch({
      executablePath: browserFile,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('shows a message as it arrives, as text and not as markup', async () => {
    const { slack } = sandbox.simulators;
    const author = slack.users().find(({ bot, deleted }) => !bot && !deleted);
    if (!author) throw new Error('nobody is in the workspace');
    const channel = slack.addChannel({ name: 'hours-browser', members: [author.id] }).id;
    sandbox.changed();
    await page.goto(`${sandbox.url}/slack/${channel}`);

    slack.say(author.id, channel, 'late &lt;script&gt;window.broken = true&lt;/script&gt; *bold*');
    sandbox.changed();
    await page.getByText('late <script>window.broken = true</script>').waitFor({ timeout: 30_000 });

    expect(await page.locator('strong', { hasText: 'bold' }).count()).toBe(1);
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect(errors).toEqual([]);
  }, 30_000);

  it('shows a message that is longer than the window from its beginning', async () => {
    const { googleChat } = sandbox.simulators;
    const [space] = googleChat.spaces();
    const [author] = googleChat.members(space?.name ?? '');
    if (!space || !author) throw new Error('there is no Space with anybody in it');
    googleChat.say(author.name, space.name, 'before\n'.repeat(60));
    googleChat.say(author.name, space.name, `its beginning${'\nand on'.repeat(60)}`);

    await page.goto(`${sandbox.url}/google-chat/${space.name.split('/')[1]}`);
    const top = await page.evaluate(
      "[...document.querySelectorAll('.message')].at(-1).getBoundingClientRect().top - document.getElementById('scroll').getBoundingClientRect().top",
    );

    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(60);
  }, 30_000);

  it('keeps the name of a row and the labels of its table in sight on a phone', async () => {
    await page.setViewportSize({ width: 375, height: 320 });
    const { jiandaoyun } = sandbox.simulators;
    const { form } = sandbox.jiandaoyunForm;
    const member = { username: 'many', name: '示例' };
    jiandaoyun.addMember(member);
    for (let row = 0; row < 20; row += 1) await addRow(sandbox, { employee: { value: member.username } });
    expect(jiandaoyun.table(form)).toHaveLength(20);
    await page.goto(`${sandbox.url}/jiandaoyun`);

    await page.evaluate("document.getElementById('scroll').scrollTo(300, 300)");
    const at = (selector: string): Promise<{ x: number; y: number }> =>
      page.evaluate(
        `(() => { const box = document.getElementById('scroll').getBoundingClientRect();
          const { x, y } = document.querySelector('${selector}').getBoundingClientRect();
          return { x: Math.round(x - box.x), y: Math.round(y - box.y) }; })()`,
      );

    expect(await page.evaluate("document.getElementById('scroll').scrollLeft")).toBe(300);
    expect((await at('thead th:last-child')).y).toBe(0);
    expect((await at('tbody tr:last-child th')).x).toBe(0);
  }, 30_000);

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 375, height: 700 });
    for (const path of [
      '/slack',
      '/google-chat',
      '/google-chat/AAAAferrari',
      '/outlook',
      '/jira',
      '/clockify',
      '/vtiger',
      '/jiandaoyun',
    ]) {
      await page.goto(`${sandbox.url}${path}`);

      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    }
  }, 30_000);
});
