import type { ChannelPlugin } from '../contract.js';
import { connectJiandaoyun } from './channel.js';
import { ceiling, endpoints } from './limits.js';
import { jiandaoyunDestination, jiandaoyunSettings, type JiandaoyunSettings } from './settings.js';

/** Writes rows into forms of Jiandaoyun (简道云). It takes no messages. */
export const jiandaoyun: ChannelPlugin<JiandaoyunSettings> = {
  id: 'jiandaoyun',
  takes: 'table',
  settings: jiandaoyunSettings,
  endpoints,
  limit: ceiling,
  destination: jiandaoyunDestination,
  /** What writing sets off does not make it another table. */
  lane: ({ app, form }) => ({ app, form }),
  connect: connectJiandaoyun,
};
