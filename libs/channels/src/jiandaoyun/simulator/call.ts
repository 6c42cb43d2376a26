import { z } from 'zod';
import type { Company, Entry } from './company.js';
import type { Filtering } from './filters.js';
import type { Row } from './model.js';
import { readParameters, type Fields } from './reading.js';
import { refuse } from './refusal.js';
import { showRow, type Shown } from './show.js';
import type { IgnoredWhy, Writing } from './write-values.js';

/** What the writes of one simulator have set off. */
export interface Effects {
  readonly workflows: Started[];
  readonly automations: Started[];
  /** Reminders that were pushed to people. */
  reminders: number;
}

/** A workflow or an automation (智能助手) that a write began. */
export interface Started {
  readonly entryId: string;
  readonly dataId: string;
  /** The path of the call, such as `data/create`. */
  readonly by: string;
}

/** A request that passed the key and the limits. */
export interface Call {
  readonly path: string;
  readonly given: Fields;
  readonly company: Company;
  readonly now: Date;
  /** Ids of the apps that the key may see; all while undefined. */
  readonly apps: ReadonlySet<string> | undefined;
  readonly writing: Writing;
  readonly filtering: Filtering;
  readonly effects: Effects;
  /** Indices of the next batch that get lost; forgotten once asked for. */
  lost(): ReadonlySet<number>;
  readonly refuseRepeatedTransactions: boolean;
}

export type Handler = (call: Call) => Shown;

/** The parameters of a call that is about a form, and the form. */
export function onForm<Shape extends z.ZodRawShape>(
  call: Call,
  shape: Shape,
): { entry: Entry; values: z.output<z.ZodObject<Shape>> } {
  const target = readParameters(call.given, { app_id: z.string(), entry_id: z.string() }).values;
  const entry = findEntry(call, target.app_id, target.entry_id);
  const { app_id: _app, entry_id: _entry, ...rest } = call.given;
  return { entry, values: parameters({ ...call, given: rest }, shape) };
}

/** The parameters of a call; the vendor passes over those it does not know. */
export function parameters<Shape extends z.ZodRawShape>(
  call: Call,
  shape: Shape,
): z.output<z.ZodObject<Shape>> {
  const { values, unknown } = readParameters(call.given, shape);
  for (const name of unknown) call.writing.ignored(name, 'no such parameter');
  return values;
}

function findEntry({ company, apps }: Call, appId: string, entryId: string): Entry {
  if (!company.apps.has(appId)) throw refuse(2004);
  if (apps?.has(appId) === false) throw refuse(17053);
  const entry = company.entries.get(entryId);
  if (entry?.appId !== appId) throw refuse(3000);
  return entry;
}

export const found = (entry: Entry, id: string): Row => {
  const row = entry.rows.get(id);
  if (!row) throw refuse(4001);
  return row;
};

/** The form's data changed now. */
export function touch(entry: Entry, { now }: Call): void {
  entry.dataModifyTime = now.toISOString();
}

export const shown = (call: Call, entry: Entry, row: Row): Shown => showRow(entry, row, call.company);

export const note = (call: Call, name: string, why: IgnoredWhy): void => call.writing.ignored(name, why);
