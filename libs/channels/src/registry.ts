import { clockify } from './clockify/index.js';
import type { ChannelPlugin } from './contract.js';
import { googleChat } from './google-chat/index.js';
import { jiandaoyun } from './jiandaoyun/index.js';
import { jira } from './jira/index.js';
import { outlook } from './outlook/index.js';
import { slack } from './slack/index.js';
import { webhook } from './webhook/index.js';

/** Every kind of channel there is, by the `type` that documents name. */
export const channels: ReadonlyMap<string, ChannelPlugin> = new Map(
  [clockify, googleChat, jiandaoyun, jira, outlook, slack, webhook].map((plugin) => [
    plugin.id,
    plugin as ChannelPlugin,
  ]),
);
