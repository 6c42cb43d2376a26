/**
 * Where messages arrive: any path of it is a destination. Answers 204 at once and notes when each came. One path may be told to take a message
 * in so many seconds only, and answers 429 with `Retry-After` meanwhile, as vendors do.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let arrivals: [path: string, at: number, id: string][] = [];
let limited: { readonly path: string; readonly everyMs: number } | undefined;
let freeAt = 0;

const now = (): number => performance.timeOrigin + performance.now();

const server = createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    const path = request.url ?? '';
    const at = now();
    if (path === limited?.path) {
      if (at < freeAt) {
        response.writeHead(429, { 'retry-after': String(Math.ceil((freeAt - at) / 1000)) }).end();
        return;
      }
      freeAt = at + limited.everyMs;
    }
    arrivals.push([path, at, String(request.headers['webhook-id'] ?? '')]);
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

type Order =
  | { readonly ask: 'count' }
  | { readonly ask: 'arrivals' }
  | { readonly ask: 'forget' }
  | { readonly ask: 'limit'; readonly path?: string; readonly everyMs?: number };

process.on('message', (order: Order) => {
  switch (order.ask) {
    case 'count':
      process.send?.({ count: arrivals.length });
      return;
    case 'arrivals':
      process.send?.({ arrivals });
      return;
    case 'forget':
      arrivals = [];
      process.send?.({});
      return;
    case 'limit':
      limited = order.path === undefined ? undefined : { path: order.path, everyMs: order.everyMs ?? 0 };
      freeAt = 0;
      process.send?.({});
  }
});
process.on('disconnect', () => process.exit(0));
