import type { Instant } from '#domain';

/** How far back what was said is looked at again when what it was said on changes. */
const CORRECTIONS_DAYS = 28;

/** Occurrences planned before this are not corrected any more. */
export const correctionsSince = (now: Instant): Instant => now.subtract({ hours: CORRECTIONS_DAYS * 24 });
