import type { FactKind } from './fact.js';

/** The named periods a rule can look at. `latest` is the moment of the occurrence. */
export const windowNames = [
  'today',
  'yesterday',
  'lastWeek',
  'thisWeek',
  'lastMonth',
  'thisMonth',
  'latest',
] as const;
export type WindowName = (typeof windowNames)[number];

/** Who may hear of a decision, from narrow to wide; each includes those before it. */
export const audiences = ['person', 'managers', 'team', 'public'] as const;
export type Audience = (typeof audiences)[number];

/** How complete a source must be: `closed` = a complete pull that began after the window closed; else the greatest age of one, in ms. */
export type Need = { readonly closed: true } | { readonly maxAgeMs: number };

/** One number (or, with `by`, one per key) per subject, computed by SQL over all subjects at once. */
export type Measure =
  /** Over the period. Of a kind that holds many numbers `of` names the one: see `numbersOf`. */
  | { readonly sum: FactKind; readonly of?: string }
  | { readonly count: FactKind }
  /** Of the newest record of the period alone: what stood so at its end. */
  | { readonly last: FactKind; readonly of?: string }
  | StateMeasure
  | {
      readonly calendar: 'expectedHours' | 'contractHours' | 'leaveDays' | 'holidayDays' | 'missingHolidays';
    };

/** Looks at the newest state, as it was known at the moment of the decision. */
export type StateMeasure =
  /**
   * The sum of all that is there. With `by`, the sum for each of these values of an attribute, 0 where there is none; what has any other
   * value is summed as {@link otherKey}, so that nothing is lost in silence.
   */
  | { readonly latest: FactKind; readonly by?: string; readonly keys?: readonly string[] }
  /** How old the oldest that is there is: whole local days from the one on which it began to that of the occurrence; 0 where there is none. */
  | { readonly oldest: FactKind }
  /** How many there are whose `due` day lies before the local day of the occurrence. */
  | { readonly overdue: FactKind };

/** The kind of facts that a measure takes over a period; undefined where it looks at a state or at a calendar. */
export const periodFactsOf = (measure: Measure): FactKind | undefined => {
  if ('sum' in measure) return measure.sum;
  if ('count' in measure) return measure.count;
  return 'last' in measure ? measure.last : undefined;
};

/** What stands for all values of an attribute that a measure does not name. */
export const otherKey = 'other';

/** The kind of facts whose state a measure looks at; undefined where it looks at no state. */
export const stateOf = (measure: Measure): FactKind | undefined => {
  if ('latest' in measure) return measure.latest;
  if ('oldest' in measure) return measure.oldest;
  return 'overdue' in measure ? measure.overdue : undefined;
};

/**
 * Whether the rule looks at a state. What was then is so for ever: nothing that is read later corrects what it concluded, unlike hours that
 * somebody enters late.
 */
export const looksAtState = ({ measure }: Pick<Rule, 'measure'>): boolean =>
  Object.values(measure).some((one) => stateOf(one) !== undefined);

/** A rule as processes read it: a checked Rule document. */
export interface Rule {
  readonly name: string;
  readonly each: 'person' | 'team' | 'connection';
  readonly over: WindowName;
  readonly audience: Audience;
  /** By the name of the Source document. */
  readonly needs: Readonly<Record<string, Need>>;
  /** CEL over the subject (`person.locale == "ko"`); absent = everybody. */
  readonly where?: string;
  readonly measure: Readonly<Record<string, Measure>>;
  /** CEL, in the order given; each may use those before it. */
  readonly let: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, number | string>>;
  /** CEL to a boolean. */
  readonly when: string;
  /** Which text is said: the name of a built-in message. */
  readonly say: string;
}

/** A rule's differing parameters for one person, team or connection, or its silence. */
export interface RuleException {
  readonly name: string;
  readonly rule: string;
  /** A person's e-mail or slug; or a team; or a connection, by the name of its document. Exactly one of them. */
  readonly person?: string;
  readonly team?: string;
  readonly connection?: string;
  readonly params?: Readonly<Record<string, number | string>>;
  readonly exempt?: true;
  readonly reason?: string;
  /** The last local day on which it holds, inclusive. */
  readonly until?: string;
}
