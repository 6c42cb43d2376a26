import { createHash } from 'node:crypto';
import type { Identity, Instant } from '#domain';
import type { Database, Sql, Transaction } from './database.js';
import { holdPull, type ClaimedPull } from './claimed-pull.js';

/** One human as first proposed; everything else about a person is derived from documents and identities. */
export interface PersonAnchor {
  readonly id: string;
  readonly slug: string;
  readonly email: string | null;
}

export interface IdentityLink {
  readonly system: string;
  readonly externalId: string;
  readonly personId: string;
  readonly origin: 'document' | 'email';
}

export interface KnownIdentity {
  readonly system: string;
  readonly identity: Identity;
}

export interface IdentityChanges {
  readonly fetched: number;
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  readonly gone: number;
}

/** Who is known, by which system, and who is who. */
export class People {
  constructor(private readonly database: Database) {}

  /** Keeps a complete listing of a pull's system: whoever is not in it is gone from there. Throws where the pull is no longer ours. */
  async keepIdentities(pull: ClaimedPull, identities: readonly Identity[]): Promise<IdentityChanges> {
    const { system } = pull;
    return this.database.transaction(async (tx) => {
      const listed = [...new Map(identities.map((one) => [one.externalId, one])).values()];
      const moment = await tx.moment();
      await holdPull(tx, pull);
      const ids = listed.map((one) => one.externalId);
      const hashes = listed.map(hashOf);
      const closed = await tx.query(
        `update identity set known_until = $2 from unnest($3::text[], $4::text[]) as incoming(external_id, hash)
         where identity.system = $1 and identity.external_id = incoming.external_id and identity.known_until = 'infinity' and identity.hash <> incoming.hash
         returning identity.external_id`,
        [system, moment, ids, hashes],
      );
      const gone = await tx.query(
        `update identity set known_until = $2 where system = $1 and known_until = 'infinity' and not external_id = any($3) returning external_id`,
        [system, moment, ids],
      );
      const inserted = await tx.query(
        `insert into identity (system, external_id, data, hash, known_since)
         select $1, external_id, data, hash, $2 from unnest($3::text[], $4::jsonb[], $5::text[]) as incoming(external_id, data, hash)
         on conflict (system, external_id) where known_until = 'infinity' do nothing returning external_id`,
        [system, moment, ids, listed.map((one) => JSON.stringify(one)), hashes],
      );
      return {
        fetched: listed.length,
        new: inserted.length - closed.length,
        changed: closed.length,
        same: listed.length - inserted.length,
        gone: gone.length,
      };
    });
  }

  async identities(asOf: Instant, sql: Sql = this.database): Promise<readonly KnownIdentity[]> {
    const rows = await sql.query<{ system: string; data: Identity }>(
      'select system, data from identity where known_since <= $1 and known_until > $1 order by system, external_id',
      [asOf],
    );
    return rows.map((row) => ({ system: row.system, identity: row.data }));
  }

  async links(asOf: Instant, sql: Sql = this.database): Promise<readonly IdentityLink[]> {
    return sql.query<IdentityLink>(
      `select system, external_id as "externalId", person_id as "personId", origin from identity_link
       where known_since <= $1 and known_until > $1 order by system, external_id`,
      [asOf],
    );
  }

  /** When anything about who is known and who is who changed last, of what was known at `asOf`; undefined where nobody is known. */
  async lastChange(asOf: Instant, sql: Sql = this.database): Promise<Instant | undefined> {
    const [row] = await sql.query<{ at: Instant | null }>(
      `select greatest(
         (select max(known_since) from person where known_since <= $1),
         (select max(greatest(known_since, case when known_until <= $1 then known_until end)) from identity where known_since <= $1),
         (select max(greatest(known_since, case when known_until <= $1 then known_until end)) from identity_link where known_since <= $1)) as at`,
      [asOf],
    );
    return row?.at ?? undefined;
  }

  async anchors(asOf: Instant, sql: Sql = this.database): Promise<readonly PersonAnchor[]> {
    return sql.query<PersonAnchor>(
      'select id, slug, email from person where known_since <= $1 order by slug',
      [asOf],
    );
  }

  /** Adds people and links, and ends those that are closed. A link that a document moved closes the one before it. */
  async keepLinks(
    tx: Transaction,
    people: readonly PersonAnchor[],
    links: readonly IdentityLink[],
    closed: readonly Pick<IdentityLink, 'system' | 'externalId'>[] = [],
  ): Promise<void> {
    const moment = await tx.moment();
    if (people.length > 0)
      await tx.query(
        `insert into person (id, slug, email, known_since)
         select id, slug, email, $4 from unnest($1::uuid[], $2::text[], $3::text[]) as person(id, slug, email) on conflict do nothing`,
        [
          people.map(({ id }) => id),
          people.map(({ slug }) => slug),
          people.map(({ email }) => email),
          moment,
        ],
      );
    const ended = [...closed, ...links];
    if (ended.length > 0)
      await tx.query(
        `update identity_link link set known_until = $3 from unnest($1::text[], $2::text[]) as ended(system, external_id)
         where link.system = ended.system and link.external_id = ended.external_id and link.known_until = 'infinity'`,
        [ended.map(({ system }) => system), ended.map(({ externalId }) => externalId), moment],
      );
    if (links.length > 0)
      await tx.query(
        `insert into identity_link (system, external_id, person_id, origin, known_since)
         select system, external_id, person_id, origin, $5
         from unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) as link(system, external_id, person_id, origin)`,
        [
          links.map(({ system }) => system),
          links.map(({ externalId }) => externalId),
          links.map(({ personId }) => personId),
          links.map(({ origin }) => origin),
          moment,
        ],
      );
  }
}

const hashOf = (identity: Identity): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(identity).sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('base64url');
