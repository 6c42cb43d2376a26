import type { LocalDate } from './instant.js';
import type { Locale } from './message.js';
import type { Weekday } from './weekday.js';

/**
 * One human across all systems, as known at one moment. Everything here is already decided: a Person document wins over what the sources
 * say, and those over the workspace's defaults.
 */
export interface Person {
  /** Ours; never a vendor's. */
  readonly id: string;
  /** Unique and stable, plain ASCII, fit for a room's name: `olena-kovalenko`. */
  readonly slug: string;
  readonly name: string;
  /** Lower case. */
  readonly email?: string;
  /** IANA name. */
  readonly zone: string;
  readonly locale: Locale;
  /** The name of a Calendar document; absent where none applies, and then nothing is expected on no ground at all: see `expectedHours`. */
  readonly calendar?: string;
  readonly weekStart: Weekday;
  readonly workingDays: readonly Weekday[];
  /** Hours due on each whole working day; part time is less. */
  readonly dailyHours: number;
  readonly joined?: LocalDate;
  /** The last day of work, inclusive. */
  readonly left?: LocalDate;
  readonly active: boolean;
  /** Ids of people. */
  readonly managers: readonly string[];
  readonly teams: readonly string[];
  /** The person's id in each system, by the name of the Source or Channel document. */
  readonly identities: Readonly<Record<string, string>>;
}
