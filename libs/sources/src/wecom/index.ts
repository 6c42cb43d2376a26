import type { SourcePlugin } from '../contract.js';
import { limit } from './limit.js';
import { wecomSettings, type WecomSettings } from './settings.js';
import { connectWecom } from './source.js';

/** The attendance month of every member, from WeCom (企业微信). */
export const wecom: SourcePlugin<WecomSettings> = {
  id: 'wecom',
  settings: wecomSettings,
  emits: ['attendance'],
  limit,
  connect: (settings, http) => connectWecom(settings, http),
};
