import type { LocalDate } from '#domain';
import fastify, { type FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { layout } from './layout.js';
import type { Show, VendorPages } from './vendor-pages.js';

/** What is shown, by vendor. */
interface Shown {
  /** In the order of their tabs; the first is where the page begins. */
  readonly vendors: readonly VendorPages[];
  /** The company's day. */
  readonly today: LocalDate;
}

/** Calls the listener after changes until the function returned is called. */
type OnChange = (listener: () => void) => () => void;

const css = 'text/css; charset=utf-8';
const assets = [
  ['page.css', css],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

/** Nothing comes from elsewhere, and nothing that somebody wrote into a message can run. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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
    const sheets = shown.vendors.flatMap(({ styleSheet }) =>
      styleSheet === undefined ? [] : [[styleSheet, css] as const],
    );
    for (const [name, type] of [...assets, ...sheets]) {
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

function addPages(app: FastifyInstance, { vendors, today }: Shown): void {
  app.get('/', (_request, reply) => reply.redirect(`/${vendors[0]?.view ?? ''}`));
  for (const vendor of vendors) {
    const show: Show = (reply, page) =>
      page === undefined
        ? reply
            .code(404)
            .type('text/plain; charset=utf-8')
            .send('There is no such channel, Space, issue or mail.')
        : reply
            .type('text/html; charset=utf-8')
            .send(typeof page === 'string' ? page : layout(page, vendor, vendors));
    vendor.add(app, show, today);
  }
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
