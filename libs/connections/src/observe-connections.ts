import { Injectable } from '@nestjs/common';
import { CompanyReader, connectionsOf } from '#company';
import { CallCounter } from './call-counter.js';
import type { SourceDocument } from '#documents';
import {
  compareInstants,
  longestPause,
  pullId,
  plannedInstants,
  type Instant,
  type TimeWindow,
} from '#domain';
import { RemoteError } from '#http';
import type { ConnectionNotes } from '#sources';
import { ConnectionCalls, Database, Documents } from '#storage';

/** A planned reading has so long to be begun before it counts as missing. */
const MISSING_AFTER_MINUTES = 60;

/** Puts together what is noted about each connection, for the source `carillon`. */
@Injectable()
export class ObserveConnections {
  readonly #pauses = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly documents: Documents,
    private readonly calls: ConnectionCalls,
    private readonly counter: CallCounter,
  ) {}

  /**
   * Over a window, up to now. What this process has counted is written down before, so only other replicas' last seconds are missing.
   * @throws RemoteError `rejected` where the window begins before what is kept
   */
  async over(window: TimeWindow): Promise<readonly ConnectionNotes[]> {
    const keptSince = await this.calls.keptSince();
    if (compareInstants(window.from, keptSince) < 0)
      throw new RemoteError(
        'carillon',
        'rejected',
        'refused',
        `what was noted before ${keptSince.toString()} is not kept: read a later time`,
      );
    await this.counter.flush();
    const company = await this.companies.current();
    const { sources, channels } = company.configuration;
    const now = await this.database.now();
    const [tallies, quotas, ends, lastRead] = await Promise.all([
      this.calls.within(window),
      this.calls.quotasWithin(window),
      this.calls.credentialsEnd(),
      this.calls.lastRead(
        sources.map(({ name }) => name),
        window.to,
      ),
    ]);
    const byConnection = Map.groupBy(tallies, ({ connection }) => connection);
    return Promise.all(
      connectionsOf(company).map(async ({ name, kind }): Promise<ConnectionNotes> => {
        const documents = kind === 'source' ? sources : channels;
        const document = documents.find((one) => one.name === name);
        const source = kind === 'source' ? sources.find((one) => one.name === name) : undefined;
        const calls = byConnection.get(name) ?? [];
        const quotaUsed = quotaOf(calls, document?.callsPerDay, quotas.get(name));
        const end = ends.get(name);
        const reading = source && (await this.#reading(source, window, now, lastRead.get(name)));
        return {
          connection: name,
          calls,
          ...(reading ? { reading } : {}),
          ...(quotaUsed === undefined ? {} : { quotaUsed }),
          ...holdsUntil(document?.expiresOn, end),
        };
      }),
    );
  }

  /** Undefined for a source that is only read when somebody needs it: whoever waits for it is told by itself. */
  async #reading(
    source: SourceDocument,
    window: TimeWindow,
    now: Instant,
    lastRead: Instant | undefined,
  ): Promise<ConnectionNotes['reading']> {
    const { name, schedule } = source;
    if (!schedule) return undefined;
    const knownSince = (await this.documents.unchangedSince('Source', name, 'schedule')) ?? now;
    const from = later(window.from, knownSince);
    const to = earlier(window.to, now.subtract({ minutes: MISSING_AFTER_MINUTES }));
    const planned =
      compareInstants(from, to) < 0 ? plannedInstants(schedule, schedule.timezone, from, to) : [];
    const ids = planned.map(({ nominal }) =>
      pullId({ system: name, what: 'facts', askedBy: `schedule ${nominal.toString()}` }),
    );
    const begun = await this.calls.begun(ids);
    return {
      lastRead,
      knownSince,
      intervalMs: this.#pauseOf(schedule, now),
      missing: ids.filter((id) => !begun.has(id)).length,
    };
  }

  /** It takes some milliseconds to find, and is the same for years. */
  #pauseOf(schedule: NonNullable<SourceDocument['schedule']>, now: Instant): number {
    const key = `${schedule.cron} ${schedule.timezone}`;
    const known = this.#pauses.get(key) ?? longestPause(schedule, schedule.timezone, now);
    this.#pauses.set(key, known);
    return known;
  }
}

/** The greater of what the vendor has told and what was called of what the plan allows. */
function quotaOf(
  calls: readonly { readonly calls: number }[],
  callsPerDay: number | undefined,
  told: number | undefined,
): number | undefined {
  const made = calls.reduce((sum, one) => sum + one.calls, 0);
  const shares = [
    ...(told === undefined ? [] : [told]),
    ...(callsPerDay === undefined ? [] : [made / callsPerDay]),
  ];
  return shares.length === 0 ? undefined : Math.max(...shares);
}

/** What somebody has written down stands before what the credentials say: they may be one of several. */
const holdsUntil = (
  day: string | undefined,
  at: Instant | undefined,
): Pick<ConnectionNotes, 'holdsUntil'> => {
  if (day !== undefined) return { holdsUntil: { day } };
  return at ? { holdsUntil: { at } } : {};
};

const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
const later = (one: Instant, other: Instant): Instant => (compareInstants(one, other) > 0 ? one : other);
