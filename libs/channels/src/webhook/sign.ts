import { createHmac, createSecretKey } from 'node:crypto';

/**
 * Signs as the specification's own libraries do, by what Node has compiled instead of in JavaScript; specs verify it with that library.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 * @param secrets `whsec_…`; each gives a signature, separated by spaces
 */
export function signer(secrets: readonly string[]): (id: string, timestamp: string, body: string) => string {
  // A key that is given as bytes is made anew for each message, which takes longer than signing.
  const keys = secrets.map((secret) => createSecretKey(secret.slice('whsec_'.length), 'base64'));
  return (id, timestamp, body) =>
    keys
      .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
      .join(' ');
}
