import type { Instant } from './instant.js';

/** When something happens again and again. */
export interface Schedule {
  /** Five fields, minutes first. */
  readonly cron: string;
  /** An IANA name, or `person`: one occurrence per zone in which people are. */
  readonly timezone: string;
  /** Moved to the next working day of the calendar, at the same local time. */
  readonly shift?: 'nextWorkingDay';
}

/** A planned instant: `nominal` is what the cron says and what windows and keys are built from, `due` is when it happens after any shift. */
export interface PlannedInstant {
  readonly nominal: Instant;
  readonly due: Instant;
}
