import type { Schedule } from '#domain';
import { z } from 'zod';
import {
  callsPerDayField,
  expiresOnField,
  nameField,
  offsetField,
  ownerField,
  settingsField,
  sourceScheduleField,
} from './fields.js';

/** A system that is read. */
export interface SourceDocument {
  readonly name: string;
  /** The id of a source plugin. */
  readonly type: string;
  readonly owner?: string;
  /** As written: secrets are still references. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The last local day on which its credentials hold, where somebody has noted it. */
  readonly expiresOn?: string;
  /** How many calls a day the vendor's plan allows, where it has such a limit. */
  readonly callsPerDay?: number;
  /** The window of its own schedule's pulls, in ms from now: negative is the past. */
  readonly collect: { readonly fromMs: number; readonly toMs: number };
  /** Absent: it is read only when a subscription needs it. */
  readonly schedule?: Schedule;
}

const collectField = z
  .strictObject({ from: offsetField.prefault('-21d'), to: offsetField.prefault('now') })
  .refine(({ from, to }) => from < to, {
    error: '`from` is not before `to`',
    params: { remedy: 'a window such as `{ from: -21d, to: now }`' },
  })
  .transform(({ from, to }) => ({ fromMs: from, toMs: to }));

export const sourceSchema = z
  .strictObject({
    name: nameField,
    type: z.string().meta({ description: 'Which source plugin reads it.' }),
    owner: ownerField.exactOptional(),
    settings: settingsField,
    expiresOn: expiresOnField.exactOptional(),
    callsPerDay: callsPerDayField.exactOptional(),
    collect: collectField.prefault({}),
    schedule: sourceScheduleField.exactOptional(),
  })
  .meta({ description: 'A system that is read.' }) satisfies z.ZodType<SourceDocument>;
