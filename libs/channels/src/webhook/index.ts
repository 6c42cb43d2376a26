import type { ChannelPlugin } from '../contract.js';
import { connectWebhook } from './channel.js';
import { link, usualLimit } from './limit.js';
import { webhookDestination, webhookSettings, type WebhookSettings } from './settings.js';

/** Signed messages to receivers of one's own, as Standard Webhooks describes them. */
export const webhook: ChannelPlugin<WebhookSettings> = {
  id: 'webhook',
  takes: 'messages',
  settings: webhookSettings,
  limit: usualLimit,
  destinationLimit: { requests: 5, perSeconds: 1, link },
  destination: webhookDestination,
  connect: connectWebhook,
};
