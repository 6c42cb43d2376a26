import { correctionDays, type Instant } from '#domain';

/** Occurrences planned before this are not corrected any more. */
export const correctionsSince = (now: Instant): Instant => now.subtract({ hours: correctionDays * 24 });
