import type { SourcePlugin } from '../contract.js';
import { limit, quotaUsed } from './limit.js';
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
  quotaUsed,
  connect: (settings, http) => connectVtiger(settings, http),
};
