/** The built-in messages about connections, in the order in which a digest says them. */
export const connectionMessages = [
  'token-expires',
  'stale-source',
  'run-missing',
  'connection-errors',
  'connection-slow',
  'quota-low',
] as const;
export type ConnectionMessage = (typeof connectionMessages)[number];

/**
 * What is said to the owner of a connection, in one language. Amounts come with their noun, in the form that the number asks for; sentences
 * are made so that it need not be bent any further.
 */
export interface ConnectionPhrases {
  /** `clockify · 12 of 40 calls failed` */
  readonly title: (connection: string, topics: string) => string;

  readonly calls: (count: number) => string;
  readonly seconds: (count: number) => string;
  readonly hours: (count: number) => string;
  readonly days: (count: number) => string;
  readonly runs: (count: number) => string;

  /** The news in a few words; each gets its amount with the noun. */
  readonly topics: {
    readonly errors: (failed: string) => string;
    readonly slow: (seconds: string) => string;
    readonly stale: (hours: string) => string;
    readonly quota: (share: string) => string;
    readonly token: (days: string) => string;
    readonly tokenToday: string;
    readonly tokenOver: string;
    readonly runs: (runs: string) => string;
  };

  /** What it means, and what helps. */
  readonly said: Readonly<Record<ConnectionMessage, { readonly what: string; readonly whatToDo: string }>>;

  readonly labels: {
    readonly failed: string;
    readonly calls: string;
    readonly mostTake: string;
    readonly age: string;
    readonly interval: string;
    readonly used: string;
    readonly left: string;
    readonly missing: string;
    /** From when on it is told. */
    readonly limit: string;
  };

  /** How it came about, and why nobody else hears of it. */
  readonly how: (period: string) => string;
}
