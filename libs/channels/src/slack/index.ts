import type { ChannelPlugin } from '../contract.js';
import { connectSlack } from './channel.js';
import { slackDestination, slackSettings, type SlackSettings } from './settings.js';

/** Slack, by the Web API with a bot token. */
export const slack: ChannelPlugin<SlackSettings> = {
  id: 'slack',
  takes: 'messages',
  settings: slackSettings,
  /** "Several hundred messages per minute" and workspace; the tiers of the other methods are Slack's to say by 429. */
  limit: { requests: 300, perSeconds: 60, link: 'https://docs.slack.dev/apis/web-api/rate-limits' },
  destinationLimit: {
    requests: 1,
    perSeconds: 1,
    link: 'https://docs.slack.dev/reference/methods/chat.postMessage#rate_limiting',
  },
  destination: slackDestination,
  connect: connectSlack,
};
