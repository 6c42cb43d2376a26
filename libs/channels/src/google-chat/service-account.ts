import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** An account of a program at Google, and the key that it signs with. */
export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly key: KeyObject;
}

const keyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string(),
  private_key_id: z.string().optional(),
});

/** The account of a key file as Google Cloud hands it out, https://cloud.google.com/iam/docs/keys-create-delete; undefined where the text is none. */
export function readServiceAccount(text: string): ServiceAccount | undefined {
  try {
    const { client_email, private_key, private_key_id } = keyFile.parse(JSON.parse(text));
    const key = createPrivateKey(private_key);
    return key.asymmetricKeyType === 'rsa' ? { email: client_email, keyId: private_key_id, key } : undefined;
  } catch {
    // The errors of the parsers quote what they could not read, and here that is the secret.
    return undefined;
  }
}

/** Whom assertions are addressed to, wherever they are sent. https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth */
const audience = 'https://oauth2.googleapis.com/token';
/** Needs nobody's consent, and works in the spaces that the app is in. https://developers.google.com/workspace/chat/authenticate-authorize-chat-app */
const scope = 'https://www.googleapis.com/auth/chat.bot';
/** "The maximum is 1 hour after the issued time." */
const lastsSeconds = 3600;
/** Google refuses what was issued in the future; our clock may be ahead of its. */
const aheadSeconds = 60;

/** The signed text for which Google gives an access token. `now`: Unix milliseconds. */
export function assertionOf({ email, key, keyId }: ServiceAccount, now: number): string {
  const issued = Math.floor(now / 1000) - aheadSeconds;
  const unsigned = [
    { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) },
    { iss: email, scope, aud: audience, iat: issued, exp: issued + lastsSeconds },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${unsigned}.${sign('RSA-SHA256', Buffer.from(unsigned), key).toString('base64url')}`;
}
