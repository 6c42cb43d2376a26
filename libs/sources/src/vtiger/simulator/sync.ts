import type { Crm } from './crm.js';
import { isAdmin } from './crm.js';
import type { StoredRecord } from './model.js';
import type { Shown } from './query-run.js';
import { usableModule } from './query-run.js';
import { denied, Refusal } from './refusal.js';
import { stamp, unixTime } from './server-clock.js';

const batch = 100;

interface Changes {
  readonly updated: readonly Shown[];
  readonly deleted: readonly string[];
  readonly more: boolean;
  /** Seconds since the epoch. */
  readonly lastModifiedTime: number;
}

/**
 * What changed strictly after a second, a batch of 100 at a time (vtiger 7.x, `include/Webservices`). Of several records that share the last
 * second of a batch, those beyond it are never told. The time is put on the wall of the server's zone, then compared with what the database holds.
 * Where nothing changed the given time comes back; that is inferred.
 */
export function sync(
  { crm, user, show, serverZone }: SyncCall,
  params: { readonly modifiedTime: string; readonly elementType: string; readonly syncType: string },
): Changes {
  if (!/^\d{1,11}$/.test(params.modifiedTime))
    throw new Refusal('DATABASE_QUERY_ERROR', 'modifiedTime is a number of seconds');
  const names = params.elementType
    ? [usableModule(crm, user, params.elementType).name]
    : [...crm.modules.values()].filter((each) => crm.mayUse(user, each)).map(({ name }) => name);
  const owners = ownersOf(crm, user, params.syncType || 'user');
  const since = stamp(Number(params.modifiedTime) * 1000, serverZone);
  const modified = (record: StoredRecord): string => record.values['modifiedtime'] ?? '';
  const changed = names
    .filter((name) => crm.module(name).isEntity)
    .flatMap((name) => crm.records(name))
    .filter((record) => modified(record) > since && crm.maySee(user, record))
    .filter((record) => owners?.includes(record.values['assigned_user_id'] ?? '') ?? true)
    .toSorted((one, other) =>
      modified(one) < modified(other) ? -1 : Number(modified(one) > modified(other)),
    );
  const told = changed.slice(0, batch);
  const last = told.at(-1);
  return {
    updated: told.filter(({ deleted }) => !deleted).map(show),
    deleted: told.filter(({ deleted }) => deleted).map((record) => crm.idOf(record)),
    more: changed.length > batch,
    lastModifiedTime: last ? unixTime(modified(last), serverZone) : Number(params.modifiedTime),
  };
}

export interface SyncCall {
  readonly crm: Crm;
  readonly user: StoredRecord;
  readonly serverZone: string;
  readonly show: (record: StoredRecord) => Shown;
}

/** Undefined is everybody. */
function ownersOf(crm: Crm, user: StoredRecord, syncType: string): readonly string[] | undefined {
  const own = crm.idOf(user);
  switch (syncType) {
    case 'user':
      return [own];
    case 'userandgroup':
      return [own, ...crm.groupsOf(user)];
    case 'application':
      if (!isAdmin(user)) throw denied('syncType application');
      return undefined;
    default:
      throw new Refusal('OPERATION_NOT_SUPPORTED', `There is no syncType '${syncType}'`, 400);
  }
}
