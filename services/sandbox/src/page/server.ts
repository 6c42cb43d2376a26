import type {
  GoogleChatSimulator,
  JiandaoyunSimulator,
  JiraSimulator,
  OutlookSimulator,
  SlackSimulator,
} from '#channels/simulators';
import type { LocalDate } from '#domain';
import type { ClockifySimulator, VtigerSimulator } from '#sources/simulators';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { clockifyPage } from './clockify-page.js';
import { googleChatPage } from './google-chat-page.js';
import { jiandaoyunPage } from './jiandaoyun-page.js';
import { jiraBoardPage, jiraIssuePage } from './jira-page.js';
import { mailHtml, outlookPage } from './outlook-page.js';
import { slackPage } from './slack-page.js';
import { viewerOf } from './viewer.js';
import { vtigerPage } from './vtiger-page.js';

interface Shown {
  readonly slack: SlackSimulator;
  readonly googleChat: GoogleChatSimulator;
  readonly jira: JiraSimulator;
  readonly outlook: OutlookSimulator;
  readonly clockify: ClockifySimulator;
  readonly vtiger: VtigerSimulator;
  readonly jiandaoyun: JiandaoyunSimulator;
  /** The company's day: its week is called "this week". */
  readonly today: LocalDate;
}

/** Calls the listener after changes until the function returned is called. */
type OnChange = (listener: () => void) => () => void;

const assets = [
  ['page.css', 'text/css; charset=utf-8'],
  ['google-chat.css', 'text/css; charset=utf-8'],
  ['jira.css', 'text/css; charset=utf-8'],
  ['outlook.css', 'text/css; charset=utf-8'],
  ['vtiger.css', 'text/css; charset=utf-8'],
  ['jiandaoyun.css', 'text/css; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

/** Nothing comes from elsewhere, and nothing that somebody wrote into a message can run. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A mail is in a frame of its own, where it may look as it likes, and do nothing. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The page: rendered anew for every request, and told to look again when something changed. */
export class PageServer {
  private constructor(private readonly app: FastifyInstance) {}

  static async listen(shown: Shown, onChange: OnChange, port: number): Promise<PageServer> {
    const app = fastify({ forceCloseConnections: true });
    app.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', policy);
      void reply.header('x-content-type-options', 'nosniff');
      void reply.header('referrer-policy', 'no-referrer');
      void reply.header('cache-control', 'no-store');
    });
    addPages(app, shown);
    addChanges(app, onChange);
    for (const [name, type] of assets) {
      const content = readFileSync(new URL(name, import.meta.url));
      app.get(`/${name}`, (_request, reply) => reply.type(type).send(content));
    }
    await app.listen({ host: '127.0.0.1', port });
    return new PageServer(app);
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

function addPages(
  app: FastifyInstance,
  { slack, googleChat, jira, outlook, clockify, vtiger, jiandaoyun, today }: Shown,
): void {
  const send = (reply: FastifyReply, page: string | undefined): FastifyReply =>
    page === undefined
      ? reply
          .code(404)
          .type('text/plain; charset=utf-8')
          .send('There is no such channel, Space, issue or mail.')
      : reply.type('text/html; charset=utf-8').send(page);
  app.get('/', (_request, reply) => reply.redirect('/slack'));
  app.get('/slack', (request, reply) =>
    send(reply, slackPage(slack, undefined, viewerOf(request.headers.cookie))),
  );
  app.get<{ Params: { channel: string } }>('/slack/:channel', (request, reply) =>
    send(reply, slackPage(slack, request.params.channel, viewerOf(request.headers.cookie))),
  );
  // Slack's permalinks, which the simulator gives out with the page's address.
  app.get<{ Params: { channel: string; message: string } }>('/archives/:channel/:message', (request, reply) =>
    reply.redirect(
      `/slack/${encodeURIComponent(request.params.channel)}#${encodeURIComponent(request.params.message)}`,
    ),
  );
  app.get('/google-chat', (request, reply) =>
    send(reply, googleChatPage(googleChat, undefined, viewerOf(request.headers.cookie))),
  );
  app.get<{ Params: { space: string } }>('/google-chat/:space', (request, reply) =>
    send(reply, googleChatPage(googleChat, request.params.space, viewerOf(request.headers.cookie))),
  );
  app.get('/outlook', (request, reply) =>
    send(reply, outlookPage(outlook, {}, viewerOf(request.headers.cookie))),
  );
  app.get<{ Params: { mailbox: string; mail?: string } }>('/outlook/:mailbox/:mail?', (request, reply) =>
    send(reply, outlookPage(outlook, request.params, viewerOf(request.headers.cookie))),
  );
  app.get<{ Params: { mailbox: string; mail: string } }>('/outlook/:mailbox/:mail/body', (request, reply) =>
    send(reply.header('content-security-policy', mailPolicy), mailHtml(outlook, request.params)),
  );
  app.get('/jira', (_request, reply) => send(reply, jiraBoardPage(jira)));
  app.get<{ Params: { key: string } }>('/jira/:key', (request, reply) =>
    send(reply, jiraIssuePage(jira, request.params.key, viewerOf(request.headers.cookie))),
  );
  // Where issues are read at a real site.
  app.get<{ Params: { key: string } }>('/browse/:key', (request, reply) =>
    reply.redirect(`/jira/${encodeURIComponent(request.params.key)}`),
  );
  app.get('/clockify', (_request, reply) => send(reply, clockifyPage(clockify, today)));
  app.get('/vtiger', (_request, reply) => send(reply, vtigerPage(vtiger, today)));
  app.get('/jiandaoyun', (_request, reply) => send(reply, jiandaoyunPage(jiandaoyun)));
}

/** Server-sent events: one for every burst of changes, without content. */
function addChanges(app: FastifyInstance, onChange: OnChange): void {
  app.get('/changes', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.write(': hello\n\n');
    const end = onChange(() => reply.raw.write('data: changed\n\n'));
    request.raw.once('close', end);
  });
}
