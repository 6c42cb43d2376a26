import type { Company } from '#company';
import { compareInstants, type Instant } from '#domain';
import type { ClaimedOccurrence, OccurrenceState } from '#storage';
import type { Conclusion } from './evaluator.js';
import { isStillPlanned, LATE_HOURS } from './plan.js';
import type { Saying } from './say.js';
import type { UnreadableRecords } from './unreadable-records.js';

/** A look by what was known before a pull began is repeated so much later: the pull's end wakes only what it has changed itself. */
const HALF_READ_MS = 5 * 60_000;
/** An occurrence that is decided later than this after it was due ends as `late`. */
const LATE_MINUTES = 15;

/** Why an occurrence waits, or has failed, as it stands in its row. */
export const HELD = 'held: not all facts are there';
export const TIME_RAN_OUT = 'its time ran out before all facts were there';

/** What one look at an occurrence came to. */
export interface Look {
  readonly occurrence: ClaimedOccurrence;
  /** As known at the moment by which it was concluded; `now` may be later. */
  readonly company: Company;
  readonly conclusions: readonly Conclusion[];
  readonly sayings: readonly Saying[];
  /** Sources of which a pull is asked for or under way, be it for the first time or again, that will do when it is complete. */
  readonly underway: ReadonlySet<string>;
  /** Records that could not be read and that held decisions wait for, by source. */
  readonly unreadable: UnreadableRecords;
  readonly now: Instant;
  /** Whether the time is over in which held decisions may still be said. */
  readonly expired: boolean;
}

/** How a look ends that came to no conclusions, and to none ever. */
export interface End {
  readonly state: OccurrenceState;
  readonly detail: string;
}

/** The states in which an occurrence has had its time: what changes later is a correction. */
export const ended: ReadonlySet<OccurrenceState> = new Set(['done', 'late', 'failed']);

/** How an occurrence ends that is no longer to be decided; undefined where it is. */
export function endOfUndecided(company: Company, occurrence: ClaimedOccurrence): End | undefined {
  if (!isStillPlanned(company, occurrence))
    return { state: 'skipped', detail: 'its schedule is another by now' };
  const tooLate = compareInstants(occurrence.due_at.add({ hours: LATE_HOURS }), company.asOf) < 0;
  if (occurrence.state === 'planned' && tooLate)
    return { state: 'missed', detail: 'nobody came for it in time' };
  return undefined;
}

/** How the occurrence stands after a look, of which some decisions are held or none. */
export function stateAfter(
  { occurrence, expired, now }: Pick<Look, 'occurrence' | 'expired' | 'now'>,
  held: boolean,
): OccurrenceState {
  // It has had its time: a correction changes what was said, not how the run ended.
  if (ended.has(occurrence.state)) return occurrence.state;
  // Nothing is said after `until`, so whatever came out of it now, it has not done what it was for.
  if (expired && (occurrence.state === 'held' || occurrence.state === 'planned')) return 'failed';
  if (held) return expired ? occurrence.state : 'held';
  const late = compareInstants(occurrence.due_at.add({ minutes: LATE_MINUTES }), now) < 0;
  return late && !occurrence.manual ? 'late' : 'done';
}

/** When to look again, apart from what pulls wake. */
export function wakeAfter(
  { occurrence, company, expired, now }: Pick<Look, 'occurrence' | 'company' | 'expired' | 'now'>,
  held: boolean,
): Instant | null {
  const again = compareInstants(company.asOf, now) < 0 ? now.add({ milliseconds: HALF_READ_MS }) : undefined;
  if (!held || expired) return again ?? null;
  return again && compareInstants(again, occurrence.until_at) < 0 ? again : occurrence.until_at;
}
