import type { SourcePlugin } from './contract.js';

/** Every kind of source there is, by the `type` that documents name, and how it is loaded: none is before it is wanted. */
export const sources: ReadonlyMap<string, () => Promise<SourcePlugin>> = new Map(
  Object.entries({
    carillon: async () => (await import('./carillon/index.js')).carillon as SourcePlugin,
    clockify: async () => (await import('./clockify/index.js')).clockify as SourcePlugin,
    vtiger: async () => (await import('./vtiger/index.js')).vtiger as SourcePlugin,
    wecom: async () => (await import('./wecom/index.js')).wecom as SourcePlugin,
  }),
);
