import type { Cells, Identity, Instant, LocalDate, Message } from '#domain';
import type { Finding, HttpClient, RateLimit } from '#http';
import type { z } from 'zod';

/** A place a message can go. It renders and sends; it decides nothing. A plain object: no Nest, no environment, no clock. */
export interface ChannelPlugin<Settings = unknown> {
  readonly id: string;
  /** Has the vendor's `baseUrl`; secret fields carry `.meta({ secret: true })` and are strings here (resolved by the host). */
  readonly settings: z.ZodType<Settings>;
  /** The account's limit, shared by all replicas. */
  readonly limit: RateLimit;
  /** Messages that people read; records of its own form, with keys; or rows of any table, as Forward documents map them. */
  readonly takes: 'messages' | 'records' | 'table';
  /**
   * What it takes are matters that go on, such as issues: what a rule says of a state again takes the place of what it said before, wherever that stands,
   * and is over when the rule no longer holds. Without it each time is a message of its own.
   */
  readonly matters?: true;
  /** What it calls, for whoever has to allow it: `POST /api/v5/app/list`. */
  readonly endpoints?: readonly string[];
  /** How fast one destination may be written to. */
  readonly destinationLimit?: RateLimit;
  /** What the `to` of a subscription may name on this channel, beyond `channel` itself. Unknown keys are refused by it. */
  readonly destination: z.ZodType;
  /** The destination of one person alone, by e-mail address, where the channel has one beside rooms. Pure. */
  alone?(email: string): Readonly<Record<string, unknown>>;
  /** A destination in a few words, for whoever reads where something went; its own texts in a row without it. Pure. */
  shown?(destination: Readonly<Record<string, unknown>>): string;
  /**
   * The part of a destination that has the limit, where several destinations share it, such as the space of a thread. They wait for each other
   * then, whichever subscription or replica writes. Pure; the whole destination without it.
   */
  lane?(destination: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /**
   * What a subscription's destination names that the settings of its Channel document do not have, such as a webhook. For `check`: the settings
   * are as they are written, with names in the place of secrets. Pure; a destination with placeholders in it is only known later.
   */
  missing?(
    destination: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, unknown>>,
  ): readonly Missing[];
  /**
   * Of a record channel: what the rows of one delivery have in common, where several of them are one thing there and are cheaper written at
   * once. Undefined, as without it: each row is a delivery by itself, so that a refused one is in nobody else's way. Pure.
   */
  together?(row: Row, destination: Readonly<Record<string, unknown>>): string | undefined;
  connect(settings: Settings, http: HttpClient): Channel;
}

/** A part of a destination that leads nowhere. */
export interface Missing {
  /** The key of the destination. */
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

/** Where on the channel, as the vendor names it. Opaque to the host, stored as JSON. */
export interface Address {
  /** The vendor's id: a Slack channel's id, a URL. */
  readonly id: string;
}

/** One try to say one thing. */
export interface Attempt {
  /** The delivery's id: stable over retries, restarts and restores. Goes into the message where the vendor lets it be found again. */
  readonly deliveryId: string;
  /** 1 for the first version of what is said, 2 for its first correction. */
  readonly revision: number;
  /** 1 for the first try. */
  readonly number: number;
  readonly beganAt: Instant;
  readonly signal: AbortSignal;
}

/** What proves that a message arrived, and finds it again. Stored as JSON. */
export interface Receipt {
  /** The vendor's id of the message, such as Slack's `ts`. */
  readonly id: string;
  readonly address: Address;
  readonly url?: string;
}

/** The room that is wanted. Members are the channel's own ids, without the bot itself. */
export interface RoomSpec {
  /** The name wanted, already plain ASCII; the channel may add a suffix where it is taken by another. */
  readonly name: string;
  readonly members: readonly string[];
  /** What the room is for, shown where the channel can. */
  readonly purpose: string;
  /** The room as it was found or made the last time, if there was one. */
  readonly known?: Address;
  /** A stable key of the room (not its name), by which a room made in a call whose answer was lost can be found again. */
  readonly key: string;
}

/** One record to write, with its stable key. */
export interface Row {
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A record about a missing holiday, as the `clockify` record channel takes it. */
export interface HolidayRow extends Row {
  readonly values: {
    readonly day: LocalDate;
    readonly name: string;
    /** The channel's own id of the person. */
    readonly externalId: string;
  };
}

/** A row of a table: its cells by field, and the fields that tell it apart from all others. */
export interface TableRow extends Row {
  readonly values: Cells;
  readonly by: readonly string[];
}

/** One try to add rows. */
export interface RowsAttempt {
  /** A UUID of exactly these rows: kept before the call, so that the very same call can be repeated. */
  readonly batch: string;
  readonly signal: AbortSignal;
}

/** A place for rows. All rows of a call are of one Forward, so they have the same fields. */
export interface Table {
  /** How many rows one call adds, and for how long after it the very same call adds nothing more, in ms; 0 where it never may be repeated. Pure. */
  batch(to: Address): { readonly rows: number; readonly repeatableMs: number };
  /** What of the rows the table would not take as it stands, and what to do, a line for each; empty where it takes them whole. Only reads. */
  misfits(rows: readonly TableRow[], to: Address, signal: AbortSignal): Promise<readonly string[]>;
  /** Where each row is already, by what tells it apart; in order. Only reads. */
  locate(
    rows: readonly TableRow[],
    to: Address,
    signal: AbortSignal,
  ): Promise<readonly (Receipt | undefined)[]>;
  /** Adds rows that are not there, all or none; a receipt for each, in order. */
  add(rows: readonly TableRow[], to: Address, attempt: RowsAttempt): Promise<readonly Receipt[]>;
  /** Puts a row's cells in the place of the old ones, and leaves fields alone that it has none for; doing it twice shows it once. */
  change(previous: Receipt, row: TableRow, to: Address, attempt: Pick<Attempt, 'signal'>): Promise<Receipt>;
}

export interface Channel {
  /** The account's limit, where its settings say another than the plugin; `none` where nobody has to be spared. */
  readonly limit?: RateLimit | 'none';
  /**
   * What has the account's limit, where several documents may lead to it, such as a site or a mailbox: they share its budget then, and what of it rests.
   * Each document has its own without it. Never a secret.
   */
  readonly account?: string;
  /**
   * What has the plugin's `destinationLimit`, where only the secrets tell which addresses share it, such as the space that a webhook leads to.
   * Whoever writes to one waits for the others, also by other documents of the plugin and in other replicas. Never a secret itself.
   */
  lane?(address: Address): string | undefined;
  /** What the vendor will be sent, without sending it: for previews and the sandbox. Pure. */
  render(message: Message): unknown;
  send?(message: Message, to: Address, attempt: Attempt): Promise<Receipt>;
  /** Record channels (tables, Clockify's holidays): rows with their keys, a receipt for each, in order. */
  write?(rows: readonly Row[], to: Address, attempt: Attempt): Promise<readonly Receipt[]>;
  /** Where any table's rows are taken. */
  readonly table?: Table;
  /**
   * Puts the new text in the place of the old; the receipt stays good. A message that `withdraws` says that the matter is over: a channel of matters, such as
   * issues, closes it. `to` is the destination as it is named now, where it says more than where the message stands.
   */
  update?(previous: Receipt, message: Message, attempt: Attempt, to?: Address): Promise<Receipt>;
  /** False where a correction that is refused, because what it corrects is gone, is told to the owner instead of being said as a message of its own. */
  readonly followsUp?: false;
  retract?(previous: Receipt, attempt: Attempt): Promise<void>;
  /** Did an attempt with an unknown outcome arrive? Asked since the moment it began; a record channel is handed the attempt's rows, all of which must be there. */
  find?(
    attempt: Attempt,
    to: Address,
    since: Instant,
    rows?: readonly Row[],
  ): Promise<Receipt | 'absent' | 'cannot-tell'>;
  /** The room with exactly these members, made if it is not there. Throws `RemoteError` `rejected` where it cannot be made exact. */
  room?(room: RoomSpec, signal: AbortSignal): Promise<Address>;
  /** The address of a destination that is not a room, from the `to` of the subscription. */
  address?(destination: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Address>;
  /** The people this system knows, for the host to match; ends normally only when all were seen. */
  people?(signal: AbortSignal): AsyncIterable<readonly Identity[]>;
  /**
   * Do credentials, scopes and rooms suffice, and do the destinations that subscriptions name take what would be sent? For `carillon doctor`; changes nothing.
   * Destinations are as they are written, with their placeholders.
   */
  probe(
    signal: AbortSignal,
    destinations?: readonly Readonly<Record<string, unknown>>[],
  ): Promise<readonly Finding[]>;
}
