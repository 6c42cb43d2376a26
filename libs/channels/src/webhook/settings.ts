import { z } from 'zod';

/** "Between 24 bytes (192 bits) and 64 bytes (512 bits)", base64 after `whsec_`: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const signingSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'begins with whsec_ and goes on in base64')
  .refine((secret) => {
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64').length;
    return bytes >= 24 && bytes <= 64;
  }, 'holds 24 to 64 bytes; make one by: echo "whsec_$(openssl rand -base64 32)"')
  .meta({ secret: true, description: 'key that messages are signed with, whsec_…' });

/** What a Channel document of type `webhook` says. */
export const webhookSettings = z.strictObject({
  signingSecret,
  /** While a key is being exchanged: messages carry a signature by each, so that receivers may change over when they like. */
  previousSigningSecret: signingSecret.optional(),
  allowPrivateAddresses: z
    .boolean()
    .default(false)
    .describe('true: receivers inside the network may be named, also without TLS'),
  perSecond: z
    .union([z.number().positive(), z.literal('unlimited')])
    .default(50)
    .describe(
      'Messages a second to all receivers together; unlimited where they are many servers of their own',
    ),
});
export type WebhookSettings = z.infer<typeof webhookSettings>;

/** Where one receiver listens. */
export const webhookDestination = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine((text) => {
    const url = URL.parse(text);
    return url !== null && !url.username && !url.password && !url.hash;
  }, 'names no user, password or fragment'),
});
