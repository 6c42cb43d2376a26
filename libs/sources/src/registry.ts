import { clockify } from './clockify/index.js';
import type { SourcePlugin } from './contract.js';
import { vtiger } from './vtiger/index.js';
import { wecom } from './wecom/index.js';

/** Every kind of source there is, by the `type` that documents name. */
export const sources: ReadonlyMap<string, SourcePlugin> = new Map(
  [clockify, vtiger, wecom].map((plugin) => [plugin.id, plugin as SourcePlugin]),
);
