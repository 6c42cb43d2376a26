import type { Instant, Message } from '#domain';

export type DeliveryState =
  'pending' | 'held' | 'sending' | 'sent' | 'retrying' | 'unknown' | 'failed' | 'retracted';
export type DeliveryAbout = 'notification' | 'trouble' | 'record';

/** What is to be said or written to one logical destination. */
export interface NewDelivery {
  readonly id: string;
  readonly subscription: string;
  readonly occurrenceId?: string;
  readonly channel: string;
  readonly destination: string;
  readonly subject?: string;
  readonly about: DeliveryAbout;
  /** The subscription's target and what the notifier needs to find the room's members. */
  readonly target: Readonly<Record<string, unknown>>;
  /** A message, or the rows of a record channel. */
  readonly message: Message | { readonly rows: readonly unknown[] };
  readonly notifications: readonly string[];
  readonly whenUnknown: 'repeat' | 'leave';
  readonly traceparent?: string;
  /** Since when it may have been said, where no occurrence tells: what a restored database asks by. */
  readonly begunAt?: Instant;
}

export interface Delivery {
  readonly id: string;
  readonly subscription: string;
  readonly occurrence_id: string | null;
  readonly channel: string;
  readonly destination: string;
  readonly subject: string | null;
  readonly about: DeliveryAbout;
  readonly target: Readonly<Record<string, unknown>>;
  readonly message: Message | { readonly rows: readonly unknown[] };
  readonly revision: number;
  readonly sent_revision: number;
  readonly state: DeliveryState;
  readonly receipt: StoredReceipt | null;
  readonly due_at: Instant;
  readonly attempts: number;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly when_unknown: 'repeat' | 'leave';
  readonly traceparent: string | null;
  readonly created_at: Instant;
  readonly settled_at: Instant | null;
  /** It may have been sent since then without our knowing, because the database was restored from a backup; the channel is asked first. */
  readonly doubted_since: Instant | null;
}

export interface StoredReceipt {
  readonly id: string;
  readonly address: { readonly id: string };
  readonly url?: string;
}

export interface StoredAttempt {
  readonly delivery_id: string;
  readonly number: number;
  readonly revision: number;
  readonly began_at: Instant;
  readonly ended_at: Instant | null;
  readonly outcome: 'arrived' | 'refused' | 'unknown' | null;
  readonly reason: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly address: { readonly id: string };
  readonly trace_id: string | null;
}

/** A delivery that this process holds, with its destination's lease: what has to be known to send it. `was` is the state it came from. */
export interface ClaimedDelivery extends Pick<
  Delivery,
  | 'id'
  | 'subscription'
  | 'channel'
  | 'destination'
  | 'subject'
  | 'about'
  | 'target'
  | 'message'
  | 'revision'
  | 'sent_revision'
  | 'receipt'
  | 'attempts'
  | 'reason'
  | 'when_unknown'
  | 'traceparent'
  | 'doubted_since'
> {
  readonly was: 'pending' | 'retrying' | 'unknown';
  /** Since when it was due, in ms since 1970. */
  readonly dueMs: number;
  readonly token: string;
}

/** What became of an attempt. */
export interface AttemptEnd {
  readonly outcome: 'arrived' | 'refused' | 'unknown';
  readonly reason?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** How a delivery that did not arrive goes on. */
export interface Unarrived {
  readonly state: 'pending' | 'retrying' | 'unknown' | 'held' | 'failed';
  readonly delayMs: number;
  readonly reason?: string;
  readonly detail?: string;
  readonly attempt?: { readonly number: number; readonly end: AttemptEnd };
  /** How many attempts are spent by now; as many as before by default. */
  readonly attempts?: number;
  /** Nobody looks at it any more: it stays in this state. */
  readonly left?: boolean;
  /** For how long nothing else is written to its destination. */
  readonly paceMs: number;
}

/** What arrived: the destination shows `revision`. */
export interface Arrived {
  readonly revision: number;
  readonly receipt: StoredReceipt;
  /** The attempt that brought it, where we know of it. */
  readonly attempt?: number;
  readonly paceMs: number;
}

/** Something that a delivery says, or said. */
export interface SaidNotification {
  readonly rule: string;
  readonly subject: string;
  readonly says: boolean;
  readonly occurrence_id: string;
}
