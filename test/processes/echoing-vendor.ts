import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How such a vendor answers: everything that it was sent comes back in one form or another, or the connection is cut. */
export const echoes = ['unauthorized', 'refused', 'broken', 'nonsense', 'cut'] as const;
export type Echo = (typeof echoes)[number];

const statuses = { unauthorized: 401, refused: 400, broken: 500, nonsense: 200 } as const;

/**
 * The worst vendor there is: whatever it is asked, it says back, URL, headers and body, at every place where a vendor of that kind puts its
 * words. Its address is `<url>/<echo>/<vendor>`.
 */
export class EchoingVendor {
  /** Everything that came, as it came: what a test looks for must have been sent at all. */
  readonly heard: string[] = [];
  readonly #server: Server;

  private constructor(
    /** What a token endpoint hands out where it does not refuse. */
    private readonly accessToken: string,
  ) {
    this.#server = createServer((request, response) => {
      bodyOf(request).then(
        (body) => this.#answer(request, body, response),
        () => response.destroy(),
      );
    });
  }

  static async listen(accessToken: string): Promise<EchoingVendor> {
    const vendor = new EchoingVendor(accessToken);
    await new Promise<void>((resolve) => vendor.#server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  /** Where a vendor of this name listens that answers so. */
  at(echo: Echo, vendor: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${echo}/${vendor}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    const said = `${request.url ?? ''} ${JSON.stringify(request.headers)} ${body}`;
    this.heard.push(said);
    const echo = echoes.find((one) => request.url?.startsWith(`/${one}/`)) ?? 'broken';
    if (echo === 'cut') {
      response.destroy();
      return;
    }
    const wantsToken = /\/token(\?|$)|gettoken/.test(request.url ?? '') && echo !== 'unauthorized';
    response.writeHead(wantsToken ? 200 : statuses[echo], {
      'content-type': 'application/json',
      'x-echo': encodeURIComponent(said).slice(0, 4000),
      'www-authenticate': `Bearer error="invalid_token", error_description="${encodeURIComponent(said).slice(0, 2000)}"`,
    });
    response.end(
      JSON.stringify(
        wantsToken
          ? { errcode: 0, access_token: this.accessToken, token_type: 'Bearer', expires_in: 3600 }
          : wordsOf(request.url ?? '', said),
      ),
    );
  }
}

/** What vendors call their words. */
function wordsOf(path: string, said: string): object {
  const words = {
    ...{ ok: false, success: false, errcode: 48_002, errmsg: said, code: 17_018, msg: said, message: said },
    ...{
      errorMessages: [said],
      errors: { summary: said, [said]: said },
      response_metadata: { messages: [said] },
    },
    ...{ needed: said, provided: said, error_description: said, id: said, name: said, key: said },
  };
  return path.includes('/slack/') || path.includes('/token')
    ? { ...words, error: said }
    : { ...words, error: { code: said, message: said, status: said, details: [{ reason: said }] } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
