import type { Inline } from '../message.js';

/** Why a run of a subscription was not decided as a whole. */
export const runTroubleReasons = ['error', 'held', 'failed', 'missed', 'rows'] as const;
export type RunTroubleReason = (typeof runTroubleReasons)[number];

/** Why a connection is in trouble: the reasons of a failed call, data that is not complete, and records in it that cannot be read. */
export const troubleReasons = [
  'rate-limited',
  'unavailable',
  'timeout',
  'unauthorized',
  'rejected',
  'unreadable',
  'incomplete',
  'records',
] as const;
export type TroubleReason = (typeof troubleReasons)[number];

/**
 * Everything that is said, in one language. A language that lacks a phrase does not compile.
 *
 * Sentences about people name no gender and bend no name, because a name comes as it is. Absences have no reason and no type: time off is
 * a day off, whatever the policy behind it.
 */
export interface Phrases {
  /** `April 27 – May 3` */
  readonly range: (from: string, to: string) => string;
  /** `label: value` as the language punctuates it. */
  readonly labelled: (label: string, value: string) => string;

  readonly hours: (count: number) => string;
  readonly days: (count: number) => string;
  readonly times: (count: number) => string;
  readonly daysOff: (count: number) => string;
  readonly hoursOff: (count: number) => string;
  readonly holidays: (count: number) => string;
  readonly people: (count: number) => string;
  readonly decisions: (count: number) => string;
  readonly records: (count: number) => string;

  /** The title of one message about several things. */
  readonly title: (person: string, topics: string, period: string) => string;
  readonly topics: {
    readonly lowHours: (logged: string, expected: string) => string;
    readonly daysOff: string;
    readonly missingHoliday: string;
    readonly exceptionalDays: (days: string) => string;
    readonly overtime: (hours: string) => string;
  };

  readonly lowHours: {
    readonly what: (person: Inline, period: string) => readonly Inline[];
    readonly logged: string;
    readonly expected: string;
    /** What lowered the expectation. */
    readonly counted: (list: string) => string;
    readonly columns: {
      readonly day: string;
      readonly logged: string;
      readonly expected: string;
      readonly note: string;
    };
    readonly whatNow: string;
    readonly howLogged: (zone: string) => string;
    readonly howExpected: string;
    readonly threshold: (hours: string) => string;
  };

  readonly dayNotes: {
    readonly notYetJoined: string;
    readonly alreadyLeft: string;
    readonly notAWorkingDay: string;
    readonly movedWorkingDay: string;
    readonly publicHoliday: string;
    readonly halfPublicHoliday: string;
    readonly companyDay: string;
    readonly halfCompanyDay: string;
    readonly holiday: string;
    readonly halfHoliday: string;
    readonly dayOff: string;
    readonly halfDayOff: string;
  };

  readonly daysOffText: {
    readonly what: (person: Inline, period: string) => readonly Inline[];
    readonly nothing: string;
    readonly howCounted: string;
  };

  readonly missingHoliday: {
    readonly what: (person: Inline) => readonly Inline[];
    readonly whatNow: string;
    readonly nameless: string;
  };

  readonly exceptionalDays: {
    readonly what: (person: Inline, period: string) => readonly Inline[];
    readonly days: string;
    readonly due: string;
    readonly late: string;
    readonly leftEarly: string;
    readonly missing: string;
    readonly absent: string;
    readonly whatNow: string;
    readonly howCounted: string;
    readonly limit: (days: string) => string;
  };

  readonly overtime: {
    readonly what: (person: Inline, period: string) => readonly Inline[];
    readonly total: string;
    readonly onWorkingDays: string;
    readonly onRestDays: string;
    readonly onHolidays: string;
    readonly whatNow: string;
    readonly howCounted: string;
    readonly limit: (hours: string) => string;
  };

  /** How to object. */
  readonly objection: {
    readonly here: string;
    readonly managers: (managers: readonly Inline[]) => readonly Inline[];
  };

  readonly withdrawn: {
    readonly title: (previous: string) => string;
    readonly text: (previous: string) => string;
  };

  /** A message that was asked for by hand. */
  readonly test: {
    readonly title: (channel: string) => string;
    readonly what: (channel: string) => string;
    readonly askedAt: string;
    readonly nothingToDo: string;
  };

  readonly trouble: {
    /** What happened and what helps, whichever connection it is. */
    readonly reasons: Readonly<Record<TroubleReason, { readonly what: string; readonly whatToDo: string }>>;
    readonly howMany: string;
    readonly since: string;
    readonly words: string;
    readonly subscription: string;
    readonly delivery: string;
    readonly attempts: string;
    readonly room: string;
    readonly source: {
      readonly title: (source: string) => string;
      readonly held: (decisions: string) => string;
      /** Where it can be read, but for some records. */
      readonly ofRecords: (source: string, records: string) => string;
      readonly more: (records: string) => string;
    };
    readonly delivering: {
      readonly title: (channel: string) => string;
      readonly failed: string;
      readonly unknown: string;
      /** The same of more than one. */
      readonly several: {
        readonly title: (channel: string) => string;
        readonly failed: string;
        readonly unknown: string;
      };
    };
    readonly unmatched: {
      readonly title: (system: string, people: string) => string;
      readonly what: string;
      readonly whatToDo: string;
      readonly more: (people: string) => string;
    };
    readonly rooms: {
      readonly title: (room: string) => string;
      readonly what: string;
      readonly several: (channel: string) => string;
      /** The room is used, though somebody is missing from it. */
      readonly without: string;
      readonly whatToDo: string;
    };
    readonly runs: {
      readonly title: (subscription: string) => string;
      readonly what: Readonly<Record<RunTroubleReason, string>>;
      readonly whatToDo: string;
    };
  };
}
