import { z } from 'zod';
import type { SourcePlugin } from '../contract.js';
import { numberOf } from './walk.js';

/** Where a record is shown, by the document's `recordUrl`. */
export const addressOf = (recordUrl: string, id: string): string =>
  recordUrl.replaceAll('{id}', id).replaceAll('{number}', String(numberOf(id)));

/** Of the document as it is written, which may name no module. */
const written = z.object({ module: z.string().default('Tasks'), recordUrl: z.string().optional() });

/** A record as people look for it: the module and the id, and where it is shown if the document says so. */
export const recordOf: NonNullable<SourcePlugin['recordOf']> = (settings, { key }) => {
  const { module, recordUrl } = written.parse(settings);
  return {
    name: `${module} ${key}`,
    ...(recordUrl === undefined ? {} : { url: addressOf(recordUrl, key) }),
  };
};
