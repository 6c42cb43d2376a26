import type { DateRange, Decision, Message, Rule, Subject } from '#domain';

/** A decision that is to be told, with its rule. */
export interface Fired {
  readonly rule: Rule;
  readonly decision: Decision;
}

/** Puts what fired about one subject into words. */
export type Words = (subject: Subject, group: readonly Fired[]) => Message;

/** From the first day of any of these periods to the last of any. */
export function hull(decisions: readonly { readonly period: DateRange }[]): DateRange {
  const froms = decisions.map(({ period }) => period.from).toSorted();
  const tos = decisions.map(({ period }) => period.to).toSorted();
  return { from: froms[0] ?? '', to: tos.at(-1) ?? '' };
}
