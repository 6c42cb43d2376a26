import {
  amountsPerUnit,
  numbersOf,
  type FactKind,
  type Instant,
  type Rule,
  type Subject,
  type Value,
} from '#domain';
import type { Database, ExpectedDays, ExpectedSums } from '#storage';
import { measureConnections } from './measure-connections.js';
import { measurePeople } from './measure-people.js';
import { measureTeams } from './measure-teams.js';
import type { Looked } from './subjects.js';

/** What is measured: a rule over the facts of these sources, as known at `asOf`, for an occurrence that was planned for `nominal`. */
export interface Measuring {
  readonly database: Database;
  readonly expectedDays: ExpectedDays;
  readonly rule: Rule;
  readonly sources: readonly string[];
  readonly nominal: Instant;
  readonly asOf: Instant;
}

/** What a rule measured of its subjects, by their ids. */
export interface Measured {
  readonly values: ReadonlyMap<string, Readonly<Record<string, Value>>>;
  /** The sums of expected days of those who have a row for every day; only people have any. */
  readonly expected: ReadonlyMap<string, ExpectedSums>;
  /** The kind of record of a whole period that the rule measures and the subject has none of: nothing is known, which is not zero. */
  readonly unrecorded: (subject: Subject) => FactKind | undefined;
  /** What the source's facts call the subject; undefined where nothing of it can be among them. */
  readonly called: (subject: Subject, source: string) => string | undefined;
  /** Whether the source says that it knows the subject, where its facts have been read as a whole (`isWhole`) or not. */
  readonly isKnown: (subject: Subject, source: string, isWhole: boolean) => boolean;
}

/** A measure that this build cannot compute for this kind of subject; `check` refuses such rules. */
export class UnknownMeasureError extends Error {
  override readonly name = 'UnknownMeasureError';
}

/** How many of what is stored of the number make one unit that rules speak of. */
export function unitOf(kind: FactKind, number: string | undefined): number {
  if (number === undefined) return amountsPerUnit[kind];
  const unit = numbersOf[kind]?.[number];
  if (unit === undefined) throw new UnknownMeasureError(`${kind} has no number ${number}`);
  return unit;
}

/** Computes every measure of a rule over all subjects at once, in SQL. */
export const measure = (what: Measuring, subjects: readonly Looked[]): Promise<Measured> => {
  switch (what.rule.each) {
    case 'person':
      return measurePeople(what, subjects);
    case 'team':
      return measureTeams(what, subjects);
    case 'connection':
      return measureConnections(what, subjects);
  }
};
