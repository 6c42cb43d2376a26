import type { ChannelPlugin } from '../contract.js';
import { connectWebhook } from './channel.js';
import { webhookDestination, webhookSettings, type WebhookSettings } from './settings.js';

const link =
  'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability';

/** Signed messages to receivers of one's own, as Standard Webhooks describes them. */
export const webhook: ChannelPlugin<WebhookSettings> = {
  id: 'webhook',
  takes: 'messages',
  settings: webhookSettings,
  /** The specification names no limit. Ours is so that a digest for everybody does not come down on one small server at once. */
  limit: { requests: 50, perSeconds: 1, link },
  destinationLimit: { requests: 5, perSeconds: 1, link },
  destination: webhookDestination,
  connect: connectWebhook,
};
