import { z } from 'zod';
import { readServiceAccount } from './service-account.js';

/** The URL as Chat shows it when a webhook is made: its space, and the two values that open it. */
const webhookUrl = z
  .string()
  .refine(isWebhookUrl, 'is the whole URL of the webhook, with key and token, as Chat shows it')
  .meta({ secret: true, description: 'The whole URL of the incoming webhook.' });

function isWebhookUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ['https:', 'http:'].includes(url.protocol) &&
    !url.username &&
    !url.password &&
    !url.hash &&
    /\/v1\/spaces\/[^/]+\/messages$/.test(url.pathname) &&
    ['key', 'token'].every((name) => url.searchParams.get(name))
  );
}

/** What Google Chat is reached with: a Chat app's service account, incoming webhooks, or both. */
export const googleChatSettings = z
  .strictObject({
    serviceAccount: z
      .string()
      .refine(
        (text) => readServiceAccount(text) !== undefined,
        'is the JSON key file of a service account, whole',
      )
      .meta({ secret: true, description: 'The JSON key file of the service account of the Chat app.' })
      .optional(),
    webhooks: z
      .record(z.string().min(1).max(100), webhookUrl)
      .default({})
      .describe('Incoming webhooks by the names that subscriptions call them.'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://chat.googleapis.com/')
      .describe('Where the Chat API is; another one only for tests'),
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://oauth2.googleapis.com/token')
      .describe('Where access tokens are asked for; another one only for tests'),
  })
  .refine(
    ({ serviceAccount, webhooks }) => serviceAccount !== undefined || Object.keys(webhooks).length > 0,
    {
      error: 'it has neither a `serviceAccount` nor `webhooks`',
      params: { remedy: '`serviceAccount: { secret: google-chat-service-account }`' },
    },
  );
export type GoogleChatSettings = z.infer<typeof googleChatSettings>;

/** A space that the app is in, or a webhook of the settings; and the thread in it, else each message begins its own. */
export const googleChatDestination = z
  .strictObject({
    space: z
      .string()
      .regex(
        /^spaces\/[A-Za-z0-9_-]+$/,
        'the name of a space, such as spaces/AAAAxyz: see the end of its URL',
      )
      .optional(),
    webhook: z.string().min(1).max(100).describe('The name of a webhook of the channel.').optional(),
    thread: z
      .string()
      .min(1)
      .max(200)
      .describe('Messages with the same key share a thread: `kpi-{{ team.name }}`.')
      .optional(),
  })
  .refine(({ space, webhook }) => (space === undefined) !== (webhook === undefined), {
    error: 'it names one `space` or one `webhook`',
    params: {
      remedy: '`space: spaces/AAAAxyz`, or `webhook: ferrari` by its name in the settings of the channel',
    },
  });
