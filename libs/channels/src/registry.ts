import { clockify } from './clockify/index.js';
import type { ChannelPlugin } from './contract.js';
import { slack } from './slack/index.js';
import { webhook } from './webhook/index.js';

/** Every kind of channel there is, by the `type` that documents name. */
export const channels: ReadonlyMap<string, ChannelPlugin> = new Map(
  [clockify, slack, webhook].map((plugin) => [plugin.id, plugin as ChannelPlugin]),
);
