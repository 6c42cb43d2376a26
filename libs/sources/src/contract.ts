import type { Fact, FactKind, Identity, Instant, LocalDate, TimeWindow } from '#domain';
import type { Finding, HttpClient, RateLimit } from '#http';
import type { z } from 'zod';

/** A system we read. A plain object: no Nest, no environment, no clock. */
export interface SourcePlugin<Settings = unknown> {
  /** Folder name, queue suffix and metric label. */
  readonly id: string;
  /** Has the vendor's `baseUrl`s with their defaults; secret fields carry `.meta({ secret: true })` and are strings here (resolved by the host). */
  readonly settings: z.ZodType<Settings>;
  /** A source that emits `team` names its teams as the keys of `settings.teams`; each has to be a Team document. */
  readonly emits: readonly FactKind[];
  /** A record of a kind as mappings see it: the attributes of one of its facts. Nobody real. */
  readonly examples?: Readonly<Partial<Record<FactKind, Readonly<Record<string, unknown>>>>>;
  /** What it calls, for whoever has to allow it: `GET /cgi-bin/gettoken`. */
  readonly endpoints?: readonly string[];
  /** The vendor's published limit, with a link to it. */
  readonly limit: RateLimit;
  /**
   * How people find the record there that a rejection names by its key. Pure, from the document's settings as they are written, so that it can
   * be said where no secret is at hand; the kind and key alone without it.
   */
  recordOf?(
    settings: Readonly<Record<string, unknown>>,
    rejection: Pick<Rejection, 'kind' | 'key'>,
  ): { readonly name: string; readonly url?: string };
  /** What share of its quota is used up (1 is all), where the vendor tells it in the headers of answers, whose names are lower-cased. */
  quotaUsed?(headers: Readonly<Record<string, string>>): number | undefined;
  connect(settings: Settings, http: HttpClient): Source;
}

/** Where a pull that was cut off goes on; opaque to the host, stored as text. */
export type Cursor = string;

/**
 * What a source may keep between pulls, such as profiles that cost a call each. Kept per source document, forgotten with it.
 * It only saves calls: losing it changes no fact.
 */
export interface SourceMemory {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** What the host has noted about one connection over a window. */
export interface ConnectionNotes {
  /** The name of its document. */
  readonly connection: string;
  /** By how they went (`ok`, or the reason of the failure), and how many took how long, in the steps of `responseTimes`. Empty where there were none. */
  readonly calls: readonly {
    readonly outcome: string;
    readonly calls: number;
    readonly times: readonly number[];
  }[];
  /** Of a source with a schedule: the newest complete reading before the window's end, since when it is configured, and its longest pause in ms. */
  readonly reading?: {
    readonly lastRead: Instant | undefined;
    readonly knownSince: Instant;
    readonly intervalMs: number;
    /** Planned readings of the window that nobody began within an hour. */
    readonly missing: number;
  };
  /** The share of the vendor's quota, or of the plan's calls a day, that was used up at the most; absent where nobody knows. */
  readonly quotaUsed?: number;
  /** The last day on which the credentials hold, as somebody noted it, or the instant at which they expire, as they say themselves. */
  readonly holdsUntil?: { readonly day: LocalDate } | { readonly at: Instant };
}

/** What the host hands to every pull. */
export interface PullRun {
  /** Where to go on from, or undefined to begin. */
  readonly cursor: Cursor | undefined;
  readonly now: Instant;
  readonly memory: SourceMemory;
  readonly signal: AbortSignal;
  /**
   * What the host has noted about its connections; only the source `carillon` asks. Rejects with `RemoteError` where the window begins before
   * what is kept.
   */
  readonly observed?: (window: TimeWindow) => Promise<readonly ConnectionNotes[]>;
}

/** A record that could not be read. The key or position says which; nothing of its content is kept. */
export interface Rejection {
  readonly kind: FactKind;
  readonly key: string;
  /** Whom it is about, as the `subject` of a fact, where that much could be read: what is said of them waits until it can be read as a whole. */
  readonly subject?: string;
  readonly why: string;
}

export interface Page {
  readonly facts: readonly Fact[];
  readonly rejected: readonly Rejection[];
  /** Where to go on from after this page. */
  readonly cursor: Cursor;
}

/** How large the company is, for pricing a run. */
export interface CompanySize {
  readonly people: number;
  /** Records in one window. */
  readonly records: number;
}

/** What runs cost in calls, against the vendor's limit. */
export interface CallEstimate {
  readonly firstRun: number;
  readonly steadyRun: number;
  readonly limit: RateLimit;
  /** What the figures assume, a line each. */
  readonly assumptions: readonly string[];
}

export interface Source {
  /**
   * Every fact that belongs to [from, to) (`factBelongs` says when), a page at a time, each page with the cursor to go on from. Asking twice gives the same keys.
   * It ends normally only when it saw everything (a count that changed while paging makes it throw `unavailable` with the code `count-changed`,
   * and the host begins anew without the cursor): the host then closes the
   * versions of what it did not see again. Throws `RemoteError`.
   */
  pull(window: TimeWindow, run: PullRun): AsyncIterable<Page>;
  /** The people this system knows, for the host to match; ends normally only when all were seen. */
  people?(run: PullRun): AsyncIterable<readonly Identity[]>;
  /** Do credentials, plan and permissions suffice? Changes nothing. */
  probe(signal: AbortSignal): Promise<readonly Finding[]>;
  estimate?(size: CompanySize): CallEstimate;
}
