import { Injectable } from '@nestjs/common';
import { CompanyReader, connectionsOf } from '#company';
import {
  addedResponseTimes,
  localDate,
  responseTimeOf,
  type Connection,
  type Instant,
  type LocalDate,
} from '#domain';
import type { ConnectionNotes } from '#sources';
import { ConnectionCalls, Database, Documents, Troubles, type Trouble } from '#storage';
import { Temporal } from 'temporal-polyfill';
import { CallCounter } from './call-counter.js';
import { ObserveConnections } from './observe-connections.js';

/** How far back calls are looked at. */
const HOURS = 24;

/** One connection, as it is seen now. */
export interface ShownConnection extends Pick<Connection, 'name' | 'kind' | 'type' | 'owner'> {
  /** `trouble` where something is wrong of which its owner was told; `unused` where nothing was ever called. */
  readonly state: 'well' | 'trouble' | 'unused';
  /** Why, where something is wrong: kinds of troubles. */
  readonly troubles: readonly Trouble['kind'][];
  /** When a source was last read as a whole; when calls of a channel last went well, to a quarter of an hour. */
  readonly lastSuccess?: Instant;
  /** Of the last 24 hours. */
  readonly calls: number;
  readonly errors: number;
  readonly p95Ms?: number;
  /** The share that was used at the most; 1 is all. */
  readonly quotaUsed?: number;
  /** Whole days in UTC; below 0 it is over. */
  readonly tokenDaysLeft?: number;
}

/** Every connection with what was noted about it. It reads what was stored; it calls nobody. */
@Injectable()
export class ShowConnections {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly stored: ConnectionCalls,
    private readonly troubles: Troubles,
    private readonly observe: ObserveConnections,
  ) {}

  /** As they are now. */
  async all(): Promise<readonly ShownConnection[]> {
    const now = await this.database.now();
    const company = await this.companies.current();
    const [notes, lastWell, lastRead, troubles] = await Promise.all([
      this.observe.over({ from: now.subtract({ hours: HOURS }), to: now }),
      this.stored.lastWell(),
      this.stored.lastRead(
        company.configuration.sources.map(({ name }) => name),
        now,
      ),
      this.troubles.listOpen(),
    ]);
    const noted = new Map(notes.map((one) => [one.connection, one]));
    return connectionsOf(company).map(({ name, kind, type, owner }) => {
      const lastSuccess = kind === 'source' ? lastRead.get(name) : lastWell.get(name);
      const wrong = new Set(troubles.filter((one) => isOf(one, name)).map((one) => one.kind));
      const called = numbersOf(noted.get(name), localDate(now, 'UTC'));
      return {
        name,
        kind,
        type,
        ...(owner === undefined ? {} : { owner }),
        state: wrong.size > 0 ? 'trouble' : called.calls === 0 && !lastSuccess ? 'unused' : 'well',
        troubles: [...wrong],
        ...(lastSuccess ? { lastSuccess } : {}),
        ...called,
      };
    });
  }
}

/** The same for whoever asks once and ends, such as a command. */
export function showConnections(database: Database): Promise<readonly ShownConnection[]> {
  const companies = new CompanyReader(database);
  const stored = new ConnectionCalls(database);
  const documents = new Documents(database);
  const observe = new ObserveConnections(database, companies, documents, stored, new CallCounter(stored));
  return new ShowConnections(database, companies, stored, new Troubles(database), observe).all();
}

const isOf = ({ kind, about, detail }: Trouble, name: string): boolean =>
  (kind === 'source' && about === name) ||
  detail['source'] === name ||
  detail['channel'] === name ||
  detail['system'] === name;

type Numbers = Pick<ShownConnection, 'calls' | 'errors' | 'p95Ms' | 'quotaUsed' | 'tokenDaysLeft'>;

function numbersOf(notes: ConnectionNotes | undefined, today: LocalDate): Numbers {
  if (!notes) return { calls: 0, errors: 0 };
  const { calls, quotaUsed, holdsUntil } = notes;
  const all = calls.reduce((sum, one) => sum + one.calls, 0);
  const times = calls.reduce<readonly number[]>((sum, one) => addedResponseTimes(sum, one.times), []);
  const failed = calls.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'rate-limited');
  const last = holdsUntil && ('day' in holdsUntil ? holdsUntil.day : localDate(holdsUntil.at, 'UTC'));
  return {
    calls: all,
    errors: failed.reduce((sum, one) => sum + one.calls, 0),
    ...(all > 0 ? { p95Ms: responseTimeOf(times, 0.95) } : {}),
    ...(quotaUsed === undefined ? {} : { quotaUsed }),
    ...(last === undefined
      ? {}
      : { tokenDaysLeft: Temporal.PlainDate.from(today).until(last, { largestUnit: 'day' }).days }),
  };
}
