import type { SourcePlugin } from '../contract.js';
import { limit } from './limit.js';
import { clockifySettings, type ClockifySettings } from './settings.js';
import { connectClockify } from './source.js';

/** Hours, leave and holidays from Clockify. */
export const clockify: SourcePlugin<ClockifySettings> = {
  id: 'clockify',
  settings: clockifySettings,
  emits: ['work.hours', 'leave', 'holiday'],
  limit,
  connect: connectClockify,
};
