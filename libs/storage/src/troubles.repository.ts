import type { Instant } from '#domain';
import type { Database, Sql } from './database.js';

/** What an owner has to hear of. */
export type TroubleKind =
  /** A source cannot be read. */
  | 'source'
  /** Facts are not as complete as rules ask, so that decisions are held. */
  | 'incomplete'
  /** A run of a subscription was missed, failed, or cannot be decided as a whole. */
  | 'occurrence'
  /** A delivery failed, or nobody can say whether it arrived. */
  | 'delivery'
  /** A room cannot be made exact. */
  | 'room'
  /** Two systems claim one person, or one system twice. */
  | 'conflict'
  /** Somebody is not known in a system that is needed. */
  | 'unmatched';

export interface Trouble {
  readonly id: string;
  readonly kind: TroubleKind;
  readonly about: string;
  readonly owner: string | null;
  readonly detail: Readonly<Record<string, string>>;
  readonly opened_at: Instant;
  readonly closed_at: Instant | null;
  readonly told: boolean;
  /** When the first of those began that are told of together with it; null until it is told. */
  readonly episode: Instant | null;
}

const STORED = 'id, kind, about, owner, detail, opened_at, closed_at, told, episode';

/** Open troubles: one row for each that lasts, however often it is met. */
export class Troubles {
  constructor(private readonly database: Database) {}

  /**
   * Opens it, or notes that it still lasts. That a source cannot be read for another reason by now is to be told, and so are other records
   * that decisions wait for. Returns its id.
   */
  async open(
    trouble: {
      kind: TroubleKind;
      about: string;
      owner?: string;
      detail: Readonly<Record<string, string>>;
    },
    sql: Sql = this.database,
  ): Promise<string> {
    const [row] = await sql.query<{ id: string }>(
      `insert into trouble (id, kind, about, owner, detail) values (gen_random_uuid(), $1, $2, $3, $4::jsonb)
       on conflict (kind, about) where closed_at is null do update set seen_at = clock_timestamp(), detail = excluded.detail,
         told = trouble.told and (trouble.kind <> 'source' or trouble.detail->>'reason' is not distinct from excluded.detail->>'reason')
           and trouble.detail->>'records' is not distinct from excluded.detail->>'records'
       returning id`,
      [trouble.kind, trouble.about, trouble.owner ?? null, JSON.stringify(trouble.detail)],
    );
    if (!row) throw new Error('the trouble was not kept');
    return row.id;
  }

  /** Its ground is gone. Those told are told again that it is over. */
  async close(kind: TroubleKind, about: string, sql: Sql = this.database): Promise<void> {
    await sql.query(
      `update trouble set closed_at = clock_timestamp(), told = false where kind = $1 and about = $2 and closed_at is null`,
      [kind, about],
    );
  }

  /** Makes the open troubles of a kind exactly these: others of the kind are closed. */
  async replace(
    kind: TroubleKind,
    troubles: readonly { about: string; owner?: string; detail: Readonly<Record<string, string>> }[],
  ): Promise<void> {
    for (const trouble of troubles) await this.open({ kind, ...trouble });
    await this.database.query(
      `update trouble set closed_at = clock_timestamp(), told = false where kind = $1 and closed_at is null and not about = any($2)`,
      [kind, troubles.map((one) => one.about)],
    );
  }

  async listOpen(): Promise<readonly Trouble[]> {
    return this.database.query<Trouble>(
      `select ${STORED} from trouble where closed_at is null order by kind, about`,
    );
  }

  /** Those that nobody has been told of: opened, or over again after having been told. */
  async untold(limit = 1000): Promise<readonly Trouble[]> {
    return this.database.query<Trouble>(
      `select ${STORED} from trouble where not told order by opened_at limit $1`,
      [limit],
    );
  }

  /** Notes that these were told as they were read: one that was closed meanwhile is still to be told as over. */
  async told(troubles: readonly Pick<Trouble, 'id' | 'closed_at'>[]): Promise<void> {
    await this.database.query(
      // In one order, since the end of a pull may close some of them at the same time.
      `with read as materialized (select trouble.id from unnest($1::uuid[], $2::boolean[]) as known(id, is_over) join trouble using (id)
         where (trouble.closed_at is not null) = known.is_over order by trouble.id for update of trouble)
       update trouble set told = true from read where trouble.id = read.id`,
      [troubles.map(({ id }) => id), troubles.map(({ closed_at }) => closed_at !== null)],
    );
  }

  /** Notes that these are told of together, in the message about what began then. */
  async joinEpisode(ids: readonly string[], episode: Instant): Promise<void> {
    await this.database.query(
      'update trouble set episode = $2 where id = any($1::uuid[]) and episode is null',
      [ids, episode],
    );
  }

  /**
   * The source could be read. Where its facts were, that decisions waited for it is over too for all that wait no longer, be it that they are
   * made or that their time is over.
   */
  async closeOfSource(source: string, read: 'facts' | 'people', sql: Sql = this.database): Promise<void> {
    await sql.query(
      `update trouble set closed_at = clock_timestamp(), told = false where id in (
         select id from trouble where closed_at is null and ((kind = 'source' and about = $1)
           or ($2 and kind = 'incomplete' and detail->>'source' = $1 and not exists (
             select 1 from occurrence where occurrence.id::text = trouble.detail->>'occurrence' and occurrence.state = 'held')))
         order by id for update)`,
      [source, read === 'facts'],
    );
  }

  /**
   * For each trouble of a source, those of waiting for it included, when that began which has followed upon one another without a moment's rest
   * until then.
   */
  async sourceInTroubleSince(source: string): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.database.query<{ id: string; since: Instant }>(
      `with known as (select id, opened_at, coalesce(closed_at, 'infinity') as closed_at from trouble
         where (kind = 'source' and about = $1) or (kind = 'incomplete' and detail->>'source' = $1)),
       marked as (select id, opened_at, coalesce(opened_at > max(closed_at)
         over (order by opened_at, id rows between unbounded preceding and 1 preceding), true) as begins from known),
       numbered as (select id, opened_at, count(*) filter (where begins) over (order by opened_at, id) as number from marked)
       select id, min(opened_at) over (partition by number) as since from numbered`,
      [source],
    );
    return new Map(rows.map(({ id, since }) => [id, since]));
  }
}

/** Goes into the detail of a trouble whose ground is tried again by itself: it may well be over before anybody could do something about it. */
export const triedAgain = { next: 'retry' } as const;

export const isTriedAgain = ({ detail }: Pick<Trouble, 'detail'>): boolean =>
  detail['next'] === triedAgain.next;
