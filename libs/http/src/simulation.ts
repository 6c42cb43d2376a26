import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export * from './bad-replies.js';

/** A request as a simulated vendor sees it. */
export interface SimulatedRequest {
  readonly method: string;
  /** Without the query, percent-decoding left to the simulator. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SimulatedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects and arrays are sent as JSON, strings as they are. */
  readonly body?: unknown;
}

/** A vendor in memory. It answers as the vendor would, and refuses what the vendor would refuse. */
export interface VendorSimulator {
  readonly id: string;
  handle(request: SimulatedRequest): SimulatedResponse | Promise<SimulatedResponse>;
  /** Everything it holds, as JSON; `load` takes it back. For a sandbox that survives a restart. */
  save(): unknown;
  load(state: unknown): void;
}

/**
 * One bad moment of a vendor, planned by a test.
 * `cut-before`: the connection is cut before the request is acted upon. `cut-after`: it is acted upon, then the connection is cut.
 * `answer`: this answer, nothing acted upon. `nonsense`: 200 with a body that is not what anybody expects. `silence`: acted upon by nobody, never answered.
 * `slow`: acted upon and answered after `delayMs`.
 */
export interface Trouble {
  readonly kind: 'cut-before' | 'cut-after' | 'answer' | 'nonsense' | 'silence' | 'slow';
  /** Which requests it meets; all by default. */
  readonly match?: (request: SimulatedRequest) => boolean;
  /** How many requests it meets before it is over; 1 by default. */
  readonly times?: number;
  /** How many matching requests pass unharmed first; 0 by default. */
  readonly after?: number;
  readonly answer?: SimulatedResponse;
  readonly delayMs?: number;
}

/** A simulator behind a real port of the loopback interface. */
export class SimulatedServer {
  /** Every request that arrived, in order. Headers are left out: they hold credentials. */
  readonly requests: { method: string; path: string; query: string; body: string; at: number }[] = [];
  readonly #troubles: { trouble: Trouble; passes: number; left: number }[] = [];
  readonly #server: Server;

  private constructor(readonly simulator: VendorSimulator) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://simulated');
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : (value ?? ''),
          ]),
        );
        void this.#answer(
          {
            method: request.method ?? 'GET',
            path: url.pathname,
            query: url.searchParams,
            headers,
            body: Buffer.concat(chunks).toString('utf8'),
          },
          response,
        );
      });
    });
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. */
  static async listen(simulator: VendorSimulator, port = 0): Promise<SimulatedServer> {
    const server = new SimulatedServer(simulator);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(port, '127.0.0.1', () => resolve());
    });
    return server;
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Plans a bad moment. Troubles are tried in the order planned; the first that matches is met. */
  plan(trouble: Trouble): void {
    this.#troubles.push({ trouble, passes: trouble.after ?? 0, left: trouble.times ?? 1 });
  }

  /** Forgets all planned troubles. */
  calm(): void {
    this.#troubles.length = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #meet(request: SimulatedRequest): Trouble | undefined {
    for (const planned of this.#troubles) {
      if (planned.left <= 0 || !(planned.trouble.match?.(request) ?? true)) continue;
      if (planned.passes > 0) {
        planned.passes -= 1;
        continue;
      }
      planned.left -= 1;
      return planned.trouble;
    }
    return undefined;
  }

  async #answer(request: SimulatedRequest, response: ServerResponse): Promise<void> {
    const { method, path, body } = request;
    this.requests.push({ method, path, query: request.query.toString(), body, at: Date.now() });
    const trouble = this.#meet(request);
    switch (trouble?.kind) {
      case 'cut-before':
        response.socket?.destroy();
        return;
      case 'silence':
        return;
      case 'nonsense':
        write(response, {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<html>It works!</html>',
        });
        return;
      case 'answer':
        write(response, trouble.answer ?? { status: 500 });
        return;
      default:
    }
    const answer = await this.simulator.handle(request);
    if (trouble?.kind === 'cut-after') {
      response.socket?.destroy();
      return;
    }
    if (trouble?.kind === 'slow')
      await new Promise((resolve) => setTimeout(resolve, trouble.delayMs ?? 1000));
    write(response, answer);
  }
}

function write(response: ServerResponse, answer: SimulatedResponse): void {
  const text =
    typeof answer.body === 'string'
      ? answer.body
      : answer.body === undefined
        ? ''
        : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    ...(typeof answer.body === 'string' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...answer.headers,
  });
  response.end(text);
}
