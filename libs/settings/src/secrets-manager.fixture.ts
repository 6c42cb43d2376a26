import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Reply {
  readonly status: number;
  readonly answer: object;
}

const refused = (type: string, Message?: string): Reply => ({
  status: 400,
  answer: { __type: type, ...(Message === undefined ? {} : { Message }) },
});

/** What `SignedHeaders` must name at least. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const signed =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([a-z0-9-]+)\/secretsmanager\/aws4_request, SignedHeaders=(?=[^,]*\bhost\b)(?=[^,]*\bx-amz-date\b)(?=[^,]*\bx-amz-target\b)[^,]+, Signature=[0-9a-f]{64}$/;

/**
 * AWS Secrets Manager, as far as one operation goes: JSON 1.1 by POST, the operation in `X-Amz-Target`, signed by Signature Version 4. It refuses
 * whatever is not exactly that. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export class SecretsManagerSimulator {
  /** The secrets that were asked for, in order. */
  readonly asked: string[] = [];
  /** What it answers instead, such as `ThrottlingException`. */
  trouble: { readonly status: number; readonly type: string } | undefined;
  readonly #server: Server;

  constructor(
    readonly stored: Record<string, { readonly SecretString: string } | { readonly SecretBinary: string }>,
    private readonly region = 'eu-central-1',
  ) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { status, answer } = this.#answer(request.method, request.headers, body);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(method: string | undefined, headers: IncomingHttpHeaders, body: string): Reply {
    if (method !== 'POST' || headers['x-amz-target'] !== 'secretsmanager.GetSecretValue')
      return refused('UnknownOperationException');
    if (headers['content-type'] !== 'application/x-amz-json-1.1') return refused('SerializationException');
    const [, key, region] = signed.exec(headers.authorization ?? '') ?? [];
    if (!/^\d{8}T\d{6}Z$/.test(String(headers['x-amz-date'])) || region !== this.region)
      return refused('IncompleteSignatureException');
    if (key !== 'AKIDEXAMPLE') return refused('UnrecognizedClientException');
    const { SecretId, ...others } = JSON.parse(body) as { SecretId?: unknown };
    if (typeof SecretId !== 'string' || SecretId === '' || Object.keys(others).length > 0)
      return refused('InvalidParameterException');
    this.asked.push(SecretId);
    if (this.trouble) return { ...refused(this.trouble.type, 'hunter2'), status: this.trouble.status };
    const stored = this.stored[SecretId];
    return stored
      ? { status: 200, answer: { Name: SecretId, VersionStages: ['AWSCURRENT'], ...stored } }
      : refused('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
}
