import type { Weekday } from './weekday.js';

/** A person as one system knows them. The host links (system, externalId) to one person; a system never does. */
export interface Identity {
  /** The vendor's stable id. */
  readonly externalId: string;
  /** As the vendor has it; compared in lower case, and only to propose a first link. */
  readonly email?: string;
  readonly name?: string;
  /** False for people who left, were deactivated, or never finished signing up. */
  readonly active: boolean;
  /** Programs are never matched to people. */
  readonly bot?: boolean;
  /** IANA name. */
  readonly zone?: string;
  /** BCP 47 tag as the vendor gives it, such as `ko` or `en-US`. */
  readonly locale?: string;
  readonly weekStart?: Weekday;
  /** Days on which this person usually works. */
  readonly workingDays?: readonly Weekday[];
  /** Hours of work due on each working day. */
  readonly dailyHours?: number;
  /** The same system's ids of this person's managers. Absent: the system does not say. */
  readonly managers?: readonly string[];
}
