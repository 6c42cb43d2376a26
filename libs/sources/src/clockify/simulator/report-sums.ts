import type { Entry } from './model.js';

/** A running timer counts nothing yet. */
export const seconds = (entry: Entry): number => (entry.end === null ? 0 : (entry.end - entry.start) / 1000);
/** Seconds of all of them. */
export const sum = (entries: readonly Entry[]): number =>
  entries.reduce((total, entry) => total + seconds(entry), 0);

/** Null where there is nothing to total. */
export function totals(entries: readonly Entry[], amounts: boolean): Record<string, unknown> | null {
  if (entries.length === 0) return null;
  return {
    _id: '',
    totalTime: sum(entries),
    totalBillableTime: sum(entries.filter((entry) => entry.billable)),
    entriesCount: entries.length,
    totalAmount: amounts ? entries.reduce((total, entry) => total + amount(entry), 0) : 0,
    amounts: [],
  };
}

/** Minor units. */
export const amount = (entry: Entry): number =>
  entry.billable && entry.hourlyRate ? Math.round((entry.hourlyRate.amount * seconds(entry)) / 3600) : 0;

/** In the order of the first entry of each group. */
export function groupBy(entries: readonly Entry[], key: (entry: Entry) => string): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group) group.push(entry);
    else groups.set(key(entry), [entry]);
  }
  return groups;
}
