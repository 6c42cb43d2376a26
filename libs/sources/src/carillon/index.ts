import type { SourcePlugin } from '../contract.js';
import { carillonSettings, type CarillonSettings } from './settings.js';
import { connectCarillon } from './source.js';

/** What Carillon itself has noted about its connections. It calls nobody. */
export const carillon: SourcePlugin<CarillonSettings> = {
  id: 'carillon',
  settings: carillonSettings,
  emits: [
    'connection.calls',
    'connection.freshness',
    'connection.quota',
    'connection.token',
    'connection.runs',
  ],
  // Its own database is no vendor; this is what a connection to Postgres bears without anybody noticing.
  limit: {
    requests: 100,
    perSeconds: 1,
    link: 'https://www.postgresql.org/docs/current/runtime-config-connection.html',
  },
  connect: connectCarillon,
};
