import {
  addDays,
  localDate,
  overlap,
  windowOfDays,
  type Instant,
  type LocalDate,
  type TimeWindow,
} from '#domain';

/** A month, as far as it can be asked for. */
export interface Month {
  /** `2026-03` */
  readonly name: string;
  readonly firstDay: LocalDate;
  /** Inclusive. Of the month that is not over it is yesterday: what a day comes to is not known before it ends. */
  readonly lastDay: LocalDate;
  /** From the first midnight to the one that ends the last day. */
  readonly window: TimeWindow;
}

/**
 * The months of the zone that the window touches, oldest first. One of which less than two days are over is left out: WeCom takes no range
 * that begins and ends on one day.
 */
export function monthsIn(window: TimeWindow, now: Instant, zone: string): readonly Month[] {
  const today = localDate(now, zone);
  const months: Month[] = [];
  for (let firstDay = firstOfMonth(localDate(window.from, zone)); firstDay < today;) {
    const next = firstOfMonth(addDays(firstDay, 31));
    const end = next < today ? next : today;
    const lastDay = addDays(end, -1);
    const covered = windowOfDays({ from: firstDay, to: end }, zone);
    if (!overlap(window, { from: covered.from, to: window.to })) break;
    if (firstDay < lastDay && overlap(window, covered))
      months.push({ name: firstDay.slice(0, 7), firstDay, lastDay, window: covered });
    firstDay = next;
  }
  return months;
}

const firstOfMonth = (day: LocalDate): LocalDate => `${day.slice(0, -2)}01`;
