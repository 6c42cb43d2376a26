import { asksForPrevious } from './decide.js';
import { instant, type Instant } from './instant.js';
import { drawnValues } from './messages/index.js';
import { plannedInstants } from './planning.js';
import type { Rule, WindowName } from './rule.js';
import type { Schedule } from './schedule.js';
import type { Subscription } from './subscription.js';

/** How long things are kept, in ms; what is absent is kept for ever. */
export interface Retention {
  /** Facts and what was made of them: after the end of what they tell of, or after they were superseded. */
  readonly factsMs?: number;
  /** What was decided and said: after its run, or after it was last said otherwise. */
  readonly deliveriesMs?: number;
}

const DAY_MS = 86_400_000;

/** How many days back what was said is looked at again when what it was said on changes. */
export const correctionDays = 28;

/** How many days before a planned instant a period begins at the most. */
export const reachDays: Readonly<Record<WindowName, number>> = {
  latest: 1,
  today: 1,
  yesterday: 2,
  thisWeek: 7,
  lastWeek: 14,
  thisMonth: 31,
  lastMonth: 62,
};

/** Zones see one instant as two days. */
const ZONES_DAYS = 1;

/** How long facts are needed by what looks at this period: until its runs are not corrected any more, and nothing held may be said. */
export const factsNeededMs = (over: WindowName, untilMs: number): number =>
  (reachDays[over] + correctionDays + ZONES_DAYS) * DAY_MS + untilMs;

/** How long what a subscription said is needed: while it is corrected, and later ones compare themselves with it. */
export function deliveriesNeededMs(subscription: Subscription, rules: readonly Rule[]): number {
  const { schedule, untilMs } = subscription;
  const runs = Math.max(0, ...rules.map(runsLookedBackAt));
  const back = schedule === undefined || runs === 0 ? 0 : longestSpanMs(schedule, runs);
  return (correctionDays + ZONES_DAYS) * DAY_MS + untilMs + back;
}

/** How many earlier runs a rule shows or asks for. */
const runsLookedBackAt = (rule: Rule): number =>
  rule.say.startsWith('kpi-') ? drawnValues - 1 : asksForPrevious(rule) ? 1 : 0;

/** Any time will do: schedules repeat themselves. */
const SOMEWHERE: Instant = instant('2026-01-01T00:00:00Z');
/** Looked at one after the other, since most schedules come often. */
const YEARS = [0.5, 4, 30];

/** How long so many runs of a schedule take at the longest, in ms. */
function longestSpanMs(schedule: Schedule, runs: number): number {
  const zone = schedule.timezone === 'person' ? 'UTC' : schedule.timezone;
  for (const years of YEARS) {
    const span = years * 365 * DAY_MS;
    const planned = plannedInstants(schedule, zone, SOMEWHERE, SOMEWHERE.add({ milliseconds: span }));
    const at = planned.map(({ nominal }) => nominal.epochMilliseconds);
    if (at.length > runs) return Math.max(...at.slice(runs).map((last, index) => last - (at[index] ?? last)));
  }
  return Math.max(...YEARS) * 365 * DAY_MS;
}
