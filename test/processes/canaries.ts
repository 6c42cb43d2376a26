import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** Made anew for each run, in the shapes that vendors give them; nothing else in the world looks like one of them. */
const canary = (what: string): string => `cAnArY${what}${randomBytes(12).toString('hex')}`;

/** One of every kind of secret that there is, by the names under which documents refer to them. */
export function plantCanaries() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    'canary-clockify-key': canary('clockify'),
    'canary-vtiger-key': canary('vtiger'),
    'canary-wecom-secret': canary('wecom'),
    'canary-slack-token': `xoxb-${canary('slack')}`,
    'canary-google-account': JSON.stringify(
      {
        type: 'service_account',
        project_id: 'acme',
        private_key_id: canary('keyid'),
        private_key: key,
        client_email: 'carillon@acme.example',
      },
      undefined,
      2,
    ),
    'canary-outlook-secret': canary('outlook'),
    'canary-jira-token': canary('jira'),
    'canary-signing-secret': `whsec_${randomBytes(32).toString('base64')}`,
    'canary-jiandaoyun-key': canary('jiandaoyun'),
    /** What vendors hand out in exchange for the others. */
    'access token': canary('access'),
    'password of the database': canary('database'),
    'password of the queue': canary('queue'),
    'a wrong password': canary('wrong'),
    'key and token of a webhook': canary('webhook'),
  } as const;
}

/** A text that gives a secret away, and which one. */
export interface Needle {
  readonly of: string;
  readonly text: string;
}

/** Every form in which a secret may be found: itself, a part of it, encoded for a URL, and inside of anything in base64. */
export const needlesOf = (canaries: Readonly<Record<string, string>>): readonly Needle[] =>
  Object.entries(canaries).flatMap(([of, secret]) => {
    const parts = secret.startsWith('{')
      ? [...secret.matchAll(/[A-Za-z0-9+/]{40,}/g)].map(([line]) => line)
      : [secret, secret.replace(/^(xoxb-|whsec_)/, '')];
    const forms = parts.flatMap((part) => [part, encodeURIComponent(part), ...insideBase64(part)]);
    return [...new Set(forms)].map((text) => ({ of, text }));
  });

/** A text in the middle of another one that is in base64, such as `user:token`: three ways, by where it begins. */
function insideBase64(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'x'.repeat(before)}${text}`).toString('base64');
    // What shares a character with its neighbours differs with them.
    return encoded.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -2);
  });
}

/** Where secrets are found that should not be: which of them, and the words around it. */
export function found(needles: readonly Needle[], place: string, text: string): readonly string[] {
  return needles.flatMap(({ of, text: needle }) => {
    const at = text.indexOf(needle);
    return at < 0 ? [] : [`${of} in ${place}: …${text.slice(Math.max(0, at - 160), at)}[HERE]`];
  });
}
