import type { Instant } from '#domain';
import type { Database, Sql, Transaction } from './database.js';

export interface StoredDocument {
  readonly kind: string;
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly hash: string;
  readonly version: number;
}

/** A document to apply, with the hash of its canonical form. */
export type NewDocument = Omit<StoredDocument, 'version'>;

export interface ConfigurationRevision {
  readonly revision: number;
  readonly hash: string;
}

/** What users configured, in versions. Applying is all or nothing. */
export class Documents {
  constructor(private readonly database: Database) {}

  /** Makes the documents the whole configuration: others are removed. Nothing is written where nothing differs. */
  async apply(documents: readonly NewDocument[], hash: string): Promise<ConfigurationRevision> {
    return this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.apply'))`);
      const before = await this.current(tx);
      const known = new Map(before.map((one) => [`${one.kind}/${one.name}`, one]));
      const wanted = new Set(documents.map((one) => `${one.kind}/${one.name}`));
      const differing = documents.filter((one) => known.get(`${one.kind}/${one.name}`)?.hash !== one.hash);
      const removed = before.filter((one) => !wanted.has(`${one.kind}/${one.name}`));
      const latest = await this.revision(tx);
      if (differing.length === 0 && removed.length === 0 && latest) return latest;
      await this.#replace(tx, differing, removed);
      const [row] = await tx.query<ConfigurationRevision>(
        'insert into configuration (hash, known_since) values ($1, $2) returning revision, hash',
        [hash, await tx.moment()],
      );
      if (!row) throw new Error('the configuration was not kept');
      return row;
    });
  }

  async #replace(
    tx: Transaction,
    differing: readonly NewDocument[],
    removed: readonly StoredDocument[],
  ): Promise<void> {
    const moment = await tx.moment();
    for (const one of [...differing, ...removed]) {
      await tx.query(
        `update document set known_until = $3 where kind = $1 and name = $2 and known_until = 'infinity'`,
        [one.kind, one.name, moment],
      );
    }
    for (const one of differing) {
      await tx.query(
        `insert into document (kind, name, content, hash, version, known_since)
         select $1, $2, $3::jsonb, $4, coalesce(max(version), 0) + 1, $5 from document where kind = $1 and name = $2`,
        [one.kind, one.name, JSON.stringify(one.content), one.hash, moment],
      );
    }
  }

  async current(sql: Sql = this.database): Promise<readonly StoredDocument[]> {
    return sql.query<StoredDocument>(
      `select kind, name, content, hash, version from document where known_until = 'infinity' order by kind, name`,
    );
  }

  async asOf(at: Instant, sql: Sql = this.database): Promise<readonly StoredDocument[]> {
    return sql.query<StoredDocument>(
      `select kind, name, content, hash, version from document where known_since <= $1 and known_until > $1 order by kind, name`,
      [at],
    );
  }

  /** The newest revision, or the one that held at `at`; undefined before anything was applied. */
  async revision(sql: Sql = this.database, at?: Instant): Promise<ConfigurationRevision | undefined> {
    const [row] = await sql.query<ConfigurationRevision>(
      'select revision, hash from configuration where $1::timestamptz is null or known_since <= $1 order by revision desc limit 1',
      [at ?? null],
    );
    return row;
  }

  /**
   * Since when a document has been there without a break, with one field as it is now: one that was taken away and came back is a new one.
   * Undefined where it is not there.
   */
  async unchangedSince(kind: string, name: string, field: string): Promise<Instant | undefined> {
    const versions = await this.database.query<{
      value: string | null;
      since: Instant;
      gone: boolean;
      follows: boolean;
    }>(
      `select (content->$3)::text as value, known_since as since, known_until < 'infinity' as gone,
         known_since is not distinct from lag(known_until) over (order by version) as follows
       from document where kind = $1 and name = $2 order by version desc`,
      [kind, name, field],
    );
    const [present] = versions;
    if (!present || present.gone) return undefined;
    let first = present;
    for (const version of versions.slice(1)) {
      if (!first.follows || version.value !== present.value) break;
      first = version;
    }
    return first.since;
  }
}
