import type { Schedule } from './schedule.js';

/** A room that is kept for a subject: its members are exactly those named. */
export interface RoomTarget {
  /** Liquid over `person` (or `team`): `hours-{{ person.slug }}`. */
  readonly name: string;
  readonly members: readonly ('person' | 'managers' | { readonly email: string })[];
}

/** Where a subscription's messages go. Beyond `channel` and `room` the keys are the channel plugin's own (`space`, `url`, …). */
export interface Target {
  readonly channel: string;
  readonly room?: RoomTarget;
  readonly [key: string]: unknown;
}

/** The place of whoever owns what a rule is about, which differs from one connection to the next: where its troubles are told too. */
export interface OwnersPlace {
  readonly owner: true;
  readonly channel?: undefined;
  readonly room?: undefined;
}

/** A subscription, or what stands for one, whose place is known. */
export type PlacedSubscription = Subscription & { readonly to: Target };

/** Who hears which rules, where and when. */
export interface Subscription {
  readonly name: string;
  readonly rules: readonly string[];
  /** One message for all rules of a subject, instead of one each. */
  readonly digest: boolean;
  readonly for?: { readonly team?: string; readonly person?: string };
  /** Absent on subscriptions that only receive troubles (an owner's room). */
  readonly schedule?: Schedule;
  readonly to: Target | OwnersPlace;
  /** How long after the planned instant a held decision may still be said, in ms. */
  readonly untilMs: number;
  /** What is done where nobody can say whether a message arrived. */
  readonly whenUnknown: 'repeat' | 'leave';
}
