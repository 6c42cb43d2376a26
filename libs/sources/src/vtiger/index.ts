import type { SourcePlugin } from '../contract.js';
import { limit } from './limit.js';
import { recordOf } from './record-address.js';
import { vtigerSettings, type VtigerSettings } from './settings.js';
import { connectVtiger } from './source.js';

/** Open issues by team from Vtiger, cloud or your own server. */
export const vtiger: SourcePlugin<VtigerSettings> = {
  id: 'vtiger',
  settings: vtigerSettings,
  emits: ['kpi.openIssues', 'team'],
  limit,
  recordOf,
  connect: (settings, http) => connectVtiger(settings, http),
};
