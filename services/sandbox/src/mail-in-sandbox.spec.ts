import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channels, type Receipt } from '#channels';
import { instant, type Message } from '#domain';
import { createHttpClient } from '#http';
import { carillonMailbox } from './company-mail.js';
import { Sandbox } from './sandbox.js';

let directory: string;
let sandbox: Sandbox;

const start = async (): Promise<void> => {
  sandbox = await Sandbox.start({ directory, today: '2026-03-04', limits: 'none' });
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-mail-'));
  await start();
});

afterEach(async () => {
  await sandbox.stop();
  await rm(directory, { recursive: true });
});

const message = (title: string): Message => ({
  locale: 'uk',
  title,
  blocks: [{ type: 'text', text: ['Показник <script>window.broken = true</script>'] }],
});

/** As the channel does it, with what the sandbox gives out. */
async function mail(title: string, deliveryId: string): Promise<Receipt | undefined> {
  const outlook = await channels.get('outlook')?.();
  const channel = outlook?.connect(
    outlook.settings.parse({
      ...sandbox.outlookApp,
      clientSecret: sandbox.secrets['outlook-client-secret'],
      mailbox: carillonMailbox,
      baseUrl: sandbox.endpoints.outlook,
      authority: sandbox.endpoints.outlookSignIn,
    }),
    createHttpClient({ system: 'outlook' }),
  );
  const signal = AbortSignal.timeout(10_000);
  const to = await channel?.address?.({ mail: 'iryna@acme.example', thread: 'Ferrari' }, signal);
  return (
    to &&
    channel?.send?.(message(title), to, {
      deliveryId,
      revision: 1,
      number: 1,
      beganAt: instant('2026-03-04T10:00:00Z'),
      signal,
    })
  );
}

const page = async (path: string): Promise<{ status: number; policy: string; text: string }> => {
  const answer = await fetch(sandbox.url + path);
  return {
    status: answer.status,
    policy: answer.headers.get('content-security-policy') ?? '',
    text: await answer.text(),
  };
};

describe('Outlook in the sandbox', () => {
  it('shows the inbox of whoever got the newest mail, its conversation, and the mail in a frame that can do nothing', async () => {
    await mail('Індекс: 34', '3f2c1a9e-0000-5000-8000-000000000001');
    await mail('Індекс: 30', '3f2c1a9e-0000-5000-8000-000000000002');

    const { text } = await page('/outlook');
    const frame = /<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"[^>]*src="([^"]+)"/.exec(
      text,
    )?.[1];
    const body = await page(frame ?? '');

    expect(text).toContain('iryna@acme.example');
    expect(text).toContain('RE: Ferrari');
    expect(text).toContain('In this conversation');
    expect(body.policy).toMatch(/default-src 'none'.*sandbox/);
    expect(body.policy).not.toContain('allow-scripts');
    expect(body.text).toContain('Індекс: 30');
    expect(body.text).not.toContain('<script>');
  });

  it('has an inbox for everybody, and nothing in it at first', async () => {
    const { status, text } = await page('/outlook/olena@acme.example');

    expect(status).toBe(200);
    expect(text).toContain('Nothing has arrived yet.');
  });

  it.each([
    '/outlook/nobody@acme.example',
    '/outlook/olena@acme.example/x',
    '/outlook/olena@acme.example/x/body',
  ])('does not know %s', async (path) => {
    expect((await page(path)).status).toBe(404);
  });

  it('keeps mail over a restart', async () => {
    await mail('Індекс: 34', '3f2c1a9e-0000-5000-8000-000000000001');
    await sandbox.stop();

    await start();

    expect((await page('/outlook/iryna@acme.example')).text).toContain('Ferrari');
  });
});
