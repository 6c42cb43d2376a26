import type { ChannelPlugin } from './contract.js';

/** Every kind of channel there is, by the `type` that documents name, and how it is loaded: none is before it is wanted. */
export const channels: ReadonlyMap<string, () => Promise<ChannelPlugin>> = new Map(
  Object.entries({
    clockify: async () => (await import('./clockify/index.js')).clockify as ChannelPlugin,
    'google-chat': async () => (await import('./google-chat/index.js')).googleChat as ChannelPlugin,
    jiandaoyun: async () => (await import('./jiandaoyun/index.js')).jiandaoyun as ChannelPlugin,
    jira: async () => (await import('./jira/index.js')).jira as ChannelPlugin,
    outlook: async () => (await import('./outlook/index.js')).outlook as ChannelPlugin,
    slack: async () => (await import('./slack/index.js')).slack as ChannelPlugin,
    webhook: async () => (await import('./webhook/index.js')).webhook as ChannelPlugin,
  }),
);
