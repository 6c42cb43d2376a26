import type { SourcePlugin } from '../contract.js';
import { example } from './example.js';
import { limit } from './limit.js';
import { wecomSettings, type WecomSettings } from './settings.js';
import { connectWecom } from './source.js';

/** The attendance month of every member, from WeCom (企业微信). */
export const wecom: SourcePlugin<WecomSettings> = {
  id: 'wecom',
  settings: wecomSettings,
  emits: ['attendance'],
  examples: { attendance: example },
  endpoints: [
    'GET /cgi-bin/gettoken',
    'POST /cgi-bin/user/list_id',
    'GET /cgi-bin/department/simplelist',
    'GET /cgi-bin/user/list',
    'POST /cgi-bin/checkin/getcheckin_monthdata',
  ],
  limit,
  connect: (settings, http) => connectWecom(settings, http),
};
