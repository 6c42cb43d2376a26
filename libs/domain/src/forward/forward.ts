import type { FactKind } from '../fact.js';
import type { Need, WindowName } from '../rule.js';
import type { Schedule } from '../schedule.js';
import type { Target } from '../subscription.js';

/** What a cell of a table holds; a channel checks it against the type of its field. */
export const cellKinds = [
  'text',
  'texts',
  'number',
  'date',
  'user',
  'users',
  'department',
  'departments',
] as const;
export type CellKind = (typeof cellKinds)[number];

/** One value on its way into a table. A `date` is an instant in ISO 8601, UTC; a department is its number in the table's system. */
export type Cell =
  | { readonly as: 'text' | 'date' | 'user'; readonly value: string }
  | { readonly as: 'number' | 'department'; readonly value: number }
  | { readonly as: 'texts' | 'users'; readonly value: readonly string[] }
  | { readonly as: 'departments'; readonly value: readonly number[] };

/** By the field of the table. */
export type Cells = Readonly<Record<string, Cell>>;

/**
 * What a value becomes.
 *
 * | conversion | cell | from |
 * |---|---|---|
 * | `text` | text | anything that is one value |
 * | `texts`, `users` | the same | a list, or one text with `;` or `,` between |
 * | `number` | number | a number, or a text that is one |
 * | `hours`, `minutes`, `days` | number | a length of time, in seconds unless `of` says otherwise; a day is 24 hours |
 * | `date` | date | unix seconds (or what `of` says), an ISO 8601 text, or a day, which begins at midnight of the schedule's zone |
 * | `user` | user | one id |
 * | `department`, `departments` | the same | whole numbers |
 */
export const conversions = [
  'text',
  'texts',
  'number',
  'hours',
  'minutes',
  'days',
  'date',
  'user',
  'users',
  'department',
  'departments',
] as const;
export type Conversion = (typeof conversions)[number];

/** In what a length of time, or a moment since 1970, is counted in the record. */
export const timeUnits = { milliseconds: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const;
export type TimeUnit = keyof typeof timeUnits;

/** How one field of the table is made. */
export interface ForwardField {
  /** A text with references: `{{base_info.name}}`. */
  readonly from: string;
  readonly as: Conversion;
  readonly of?: TimeUnit;
  /** How many decimal places a number keeps. */
  readonly digits?: number;
  /** What stands for each value, as a text; any other value is refused. */
  readonly values?: Readonly<Record<string, string>>;
  /** What is taken where the record has the object around it and not the value itself. */
  readonly default?: string | number;
}

/** Maps facts to rows of a table: a checked Forward document. */
export interface Forward {
  readonly name: string;
  readonly owner?: string;
  /** The name of the Source document, and which of its facts: each is a row. */
  readonly source: string;
  readonly facts: FactKind;
  readonly over: Exclude<WindowName, 'latest'>;
  /** How complete the source must be. */
  readonly needs: Need;
  readonly schedule: Schedule;
  readonly to: Target;
  /** The fields that tell rows apart: a row that is there is changed, and never added twice. */
  readonly key: readonly string[];
  /** A record that has nothing for one of them is refused. */
  readonly required: readonly string[];
  /** No two rows may have the same values in all of these. */
  readonly unique: readonly (readonly string[])[];
  readonly fields: Readonly<Record<string, ForwardField>>;
  /** A record as the source has them, on which the mapping is tried before anything runs. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** How long after the planned instant a run may still wait for facts, in ms. */
  readonly untilMs: number;
}
