import type { ChannelPlugin } from '../contract.js';
import { connectClockify } from './channel.js';
import { together } from './holiday-record.js';
import { clockifyDestination, clockifySettings, type ClockifySettings } from './settings.js';

/** Enters missing holidays in Clockify; a record channel, which takes no messages. */
export const clockify: ChannelPlugin<ClockifySettings> = {
  id: 'clockify',
  takes: 'records',
  settings: clockifySettings,
  // As the source has it: 50 a second are published for paid workspaces, and the source wants some of them.
  limit: {
    requests: 10,
    perSeconds: 1,
    link: 'https://clockify.me/help/getting-started/webhook-and-api-limitations',
  },
  destination: clockifyDestination,
  together,
  connect: connectClockify,
};
