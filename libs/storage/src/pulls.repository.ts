import type { Instant, TimeWindow } from '#domain';
import type { Database, Sql } from './database.js';

/** A read of one system that somebody asked for. */
export interface PullRequest {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  /** Absent for people, who have no window. */
  readonly window?: TimeWindow;
  readonly askedBy: string;
  readonly dueAt: Instant;
  readonly traceparent?: string;
}

/** What a pull has to cover, and from when on it must have begun. */
export interface PullWant {
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window: TimeWindow | undefined;
  readonly begunAfter: Instant;
}

export interface PullCounts {
  readonly fetched: number;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly rejected: number;
  readonly gone: number;
  readonly calls: number;
}

export interface StoredPull extends PullCounts {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly state: 'due' | 'running' | 'complete' | 'failed';
  readonly asked_by: string;
  readonly window_from: Instant | null;
  readonly window_to: Instant | null;
  readonly began_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly due_at: Instant;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly traceparent: string | null;
}

/** The columns of a `StoredPull`. */
export const STORED = `id, system, what, state, asked_by, window_from, window_to, began_at, ended_at, due_at, fetched, new, changed, same, rejected, gone, calls, reason, detail, traceparent`;

/** What was asked of the sources, and what came of it: how far they are read. */
export class Pulls {
  constructor(private readonly database: Database) {}

  /** Asks for pulls; those asked for already stay as they are. Returns the ids that are new. */
  async want(requests: readonly PullRequest[], sql: Sql = this.database): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const request of requests) {
      const rows = await sql.query<{ id: string }>(
        `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at, traceparent)
         values ($1, $2, $3, $4, $5, $6, 'due', $7, $8) on conflict do nothing returning id`,
        [
          request.id,
          request.system,
          request.what,
          request.window?.from ?? null,
          request.window?.to ?? null,
          request.askedBy,
          request.dueAt,
          request.traceparent ?? null,
        ],
      );
      ids.push(...rows.map((row) => row.id));
    }
    return ids;
  }

  /** Pulls that are due and that nobody attends to, oldest first. */
  async due(limit = 50): Promise<readonly { id: string; system: string }[]> {
    return this.database.query(
      `select id, system from pull where state in ('due', 'running') and due_at <= clock_timestamp()
         and (lease_until is null or lease_until < clock_timestamp()) order by due_at limit $1`,
      [limit],
    );
  }

  /** Those that somebody is doing now, and how many records they have brought so far. */
  async running(): Promise<readonly { system: string; fetched: number }[]> {
    return this.database.query(`select system, fetched from pull where state = 'running' order by system`);
  }

  async get(id: string): Promise<StoredPull | undefined> {
    const [row] = await this.database.query<StoredPull>(`select ${STORED} from pull where id = $1`, [id]);
    return row;
  }

  /** The first moment of all that complete pulls of the last `days` before `asOf` have read; undefined where there were none. */
  async readBackTo(asOf: Instant, days: number): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ read_from: Instant | null }>(
      `select min(window_from) as read_from from pull where what = 'facts' and state = 'complete'
         and ended_at <= $1 and ended_at > $1::timestamptz - $2 * interval '1 day'`,
      [asOf, days],
    );
    return row?.read_from ?? undefined;
  }

  /**
   * The latest complete pull that covers the window, of what was known at `asOf`; undefined where there is none, and where facts of that time
   * may have been removed since.
   */
  async latestComplete(
    system: string,
    what: 'facts' | 'people',
    window: TimeWindow | undefined,
    asOf: Instant | undefined,
    sql: Sql = this.database,
  ): Promise<StoredPull | undefined> {
    const [row] = await sql.query<StoredPull>(
      `select ${STORED} from pull where system = $1 and what = any($2) and state = 'complete'
         and ($3::timestamptz is null or (window_from <= $3 and window_to >= $4)) and ($5::timestamptz is null or ended_at <= $5)
         and not exists (select 1 from facts_horizon where at > $3 or at > $5)
       order by began_at desc limit 1`,
      // Whoever pulls facts has pulled people before them.
      [
        system,
        what === 'people' ? ['people', 'facts'] : ['facts'],
        window?.from ?? null,
        window?.to ?? null,
        asOf ?? null,
      ],
    );
    return row;
  }

  /** When the first complete pull of facts ended that covers the window and began late enough. */
  async firstCompleted(
    system: string,
    window: TimeWindow,
    begunAfter: Instant,
  ): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      `select min(ended_at) as at from pull where system = $1 and what = 'facts' and state = 'complete'
         and window_from <= $2 and window_to >= $3 and began_at >= $4`,
      [system, window.from, window.to, begunAfter],
    );
    return row?.at ?? undefined;
  }

  /**
   * Those of the wants for which no complete pull is there, and none is on its way that will do. All are looked at in one moment: whoever asks
   * in another finds all of them served, or none.
   */
  async unserved<Want extends PullWant>(wants: readonly Want[]): Promise<readonly Want[]> {
    if (wants.length === 0) return [];
    const rows = await this.database.query<{ place: number }>(
      `select want.place::int as place
       from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) with ordinality
         as want (system, what, window_from, window_to, begun_after, place)
       where not exists (
         select 1 from pull where pull.system = want.system and pull.what in (want.what, 'facts')
           and (want.window_from is null or (pull.window_from <= want.window_from and pull.window_to >= want.window_to))
           and (pull.began_at >= want.begun_after and pull.state = 'complete'
             or coalesce(pull.began_at, 'infinity') >= want.begun_after and pull.state in ('due', 'running')))
       order by want.place`,
      [
        wants.map(({ system }) => system),
        wants.map(({ what }) => what),
        wants.map(({ window }) => window?.from ?? null),
        wants.map(({ window }) => window?.to ?? null),
        wants.map(({ begunAfter }) => begunAfter),
      ],
    );
    return rows.flatMap(({ place }) => wants[place - 1] ?? []);
  }

  /** Whether a pull is asked for or running that will do when it is complete: it covers the window and begins late enough. */
  async underway(
    system: string,
    what: 'facts' | 'people',
    window: TimeWindow | undefined,
    begunAfter: Instant,
    options: { readonly firstTry: boolean } = { firstTry: false },
  ): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from pull where system = $1 and what = any($2) and state in ('due', 'running')
         and ($3::timestamptz is null or (window_from <= $3 and window_to >= $4)) and (began_at is null or began_at >= $5)
         and (not $6 or (attempts = 0 and due_at <= clock_timestamp() + interval '1 second')) limit 1`,
      [
        system,
        what === 'people' ? ['people', 'facts'] : ['facts'],
        window?.from ?? null,
        window?.to ?? null,
        begunAfter,
        options.firstTry,
      ],
    );
    return rows.length > 0;
  }

  /** Whether a pull of the system has failed for good since an instant, and none has been complete after it. */
  async failedSince(system: string, what: 'facts' | 'people', at: Instant): Promise<boolean> {
    const [row] = await this.database.query<{ state: string }>(
      `select state from pull where system = $1 and what = any($2) and state in ('complete', 'failed') and ended_at >= $3 order by ended_at desc limit 1`,
      [system, what === 'people' ? ['people', 'facts'] : ['facts'], at],
    );
    return row?.state === 'failed';
  }

  /** How many pulls that were asked for by this have failed for good. */
  async failures(system: string, what: 'facts' | 'people', askedBy: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from pull where system = $1 and what = $2 and state = 'failed' and starts_with(asked_by, $3)`,
      [system, what, askedBy],
    );
    return row?.count ?? 0;
  }

  /**
   * When the first pull began that had brought a part of the window by `now` and not the whole: one that was under way then, or one that was
   * given up or overtaken after it had kept pages, unless a complete pull that began later has read that part again. Without a window: a part
   * of how things stand, which every pull reads as a whole.
   */
  async unfinishedSince(
    system: string,
    window: TimeWindow | undefined,
    now: Instant,
  ): Promise<Instant | undefined> {
    const [row] = await this.database.query<{ at: Instant | null }>(
      `select min(at) as at from (
         select began_at as at, began_at as latest, window_from, window_to, state in ('due', 'running') or ended_at > $4 as under_way
         from pull where system = $1 and what = 'facts' and began_at <= $4 and ($2::timestamptz is null or (window_from < $3 and window_to > $2))
           and (state in ('due', 'running') or ended_at > $4 or (state = 'failed' and (fetched > 0 or attempts > 0)))
         union all
         select cut_off_first, cut_off_last, window_from, window_to, false
         from pull where system = $1 and cut_off_first <= $4 and ($2::timestamptz is null or (window_from < $3 and window_to > $2))
       ) as half
       where under_way or not exists (select 1 from pull later where later.system = $1 and later.what = 'facts' and later.state = 'complete'
         and later.began_at >= half.latest and later.ended_at <= $4
         and ($2::timestamptz is null or (later.window_from <= greatest(half.window_from, $2) and later.window_to >= least(half.window_to, $3))))`,
      [system, window?.from ?? null, window?.to ?? null, now],
    );
    return row?.at ?? undefined;
  }

  /** Pulls asked for since an instant, for a run's report. */
  async since(at: Instant): Promise<readonly StoredPull[]> {
    return this.database.query<StoredPull>(
      `select ${STORED} from pull where created_at >= $1 or ended_at >= $1 order by created_at`,
      [at],
    );
  }

  /** Pulls that are under way or due; those that were put off for later without having begun are not. */
  async unsettled(system?: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*) as count from pull where state in ('due', 'running') and (began_at is not null or due_at <= clock_timestamp())
         and ($1::text is null or system = $1)`,
      [system ?? null],
    );
    return row?.count ?? 0;
  }

  /** Whom the records are about that a pull could not read. */
  async rejectedSubjects(pullId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ subject: string }>(
      'select distinct subject from rejection where pull_id = $1 and subject is not null',
      [pullId],
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  async rejections(pullId: string): Promise<readonly { kind: string; key: string; why: string }[]> {
    return this.database.query('select kind, key, why from rejection where pull_id = $1 order by kind, key', [
      pullId,
    ]);
  }
}
