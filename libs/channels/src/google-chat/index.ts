import type { ChannelPlugin } from '../contract.js';
import { connectGoogleChat } from './channel.js';
import { missing } from './missing.js';
import { googleChatDestination, googleChatSettings, type GoogleChatSettings } from './settings.js';

const link = 'https://developers.google.com/workspace/chat/limits';

/** Google Chat, by the Chat API as an app and by incoming webhooks. */
export const googleChat: ChannelPlugin<GoogleChatSettings> = {
  id: 'google-chat',
  takes: 'messages',
  settings: googleChatSettings,
  /** "Message writes per minute" of the app's project. */
  limit: { requests: 3000, perSeconds: 60, link },
  /** Of a space, whoever writes there. */
  destinationLimit: { requests: 1, perSeconds: 1, link },
  destination: googleChatDestination,
  lane: ({ thread: _, ...place }) => place,
  missing,
  connect: connectGoogleChat,
};
