/** The built-in messages about a team's numbers, in the order in which a digest says them. */
export const kpiMessages = ['kpi-index', 'kpi-count', 'kpi-age', 'kpi-share'] as const;
export type KpiMessage = (typeof kpiMessages)[number];

/**
 * What is said about a team's numbers, in one language. Amounts come with their noun, in the form that the number asks for; sentences are
 * made so that it need not be bent any further.
 */
export interface KpiPhrases {
  /** `Ferrari · issue index: 34 (target 20)` */
  readonly title: (team: string, topics: string) => string;
  readonly topic: (label: string, value: string, target: string | undefined) => string;
  /** How each number is called where the rule does not say it. */
  readonly labels: Readonly<Record<KpiMessage, string>>;

  readonly points: (count: number) => string;
  readonly issues: (count: number) => string;
  readonly days: (count: number) => string;

  readonly value: string;
  readonly target: string;
  readonly distance: string;
  readonly above: (amount: string) => string;
  readonly below: (amount: string) => string;
  readonly onTarget: string;
  /** The distance, and what it means. */
  readonly judged: (distance: string, verdict: string) => string;
  readonly attention: string;
  readonly progress: string;

  readonly trend: {
    readonly since: (change: string, day: string) => string;
    readonly same: (day: string) => string;
  };

  readonly parts: {
    readonly columns: {
      readonly count: string;
      readonly weight: string;
      readonly points: string;
    };
    /** By the attribute that it is counted by. */
    readonly by: Readonly<Record<'priority' | 'status', string>>;
    /** What the source has given no value. */
    readonly none: string;
    /** All values that the rule does not name. */
    readonly other: string;
  };

  readonly list: {
    readonly oldest: string;
    readonly overdue: string;
    readonly open: (days: string) => string;
    readonly due: (day: string) => string;
    readonly more: (issues: string) => string;
  };

  /** How it came about. */
  readonly how: {
    readonly read: (sources: string, moment: string) => string;
    readonly counted: Readonly<Record<KpiMessage, string>>;
    readonly better: Readonly<Record<'lower' | 'higher', string>>;
    readonly other: (issues: string) => string;
  };
}
