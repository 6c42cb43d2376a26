import { createHash } from 'node:crypto';
import type { TableRow } from '#channels';
import { canonical, peopleById, type Company } from '#company';
import { channelPluginOf } from '#connections';
import { recordScope, RecordMapping, rowDeliveryId, type DateRange, type Forward } from '#domain';
import type { ForwardedFact, NewRow, RejectedRecord } from '#storage';

/** A record that the source could not read, as its pull keeps it. */
interface Unread {
  readonly key: string;
  readonly why: string;
}

/** What facts become: a row for each, or the reason why not. */
export interface MappedFacts {
  readonly rows: readonly NewRow[];
  readonly rejected: readonly RejectedRecord[];
}

/** Maps a run's facts to the rows of its table. A record that could not be read this time is rejected, whatever was known of it before. */
export async function mapFacts(
  company: Company,
  forward: Forward,
  zone: string,
  period: DateRange,
  facts: readonly ForwardedFact[],
  unread: readonly Unread[],
): Promise<MappedFacts> {
  const people = peopleById(company);
  const isUnread = new Set(unread.map(({ key }) => key));
  const read = facts.filter(({ key }) => !isUnread.has(key));
  const mapped = new RecordMapping(forward, zone).map(read, (fact) => {
    const person = people.get(fact.person_id ?? '');
    return recordScope(recordOf(fact), {
      subject: fact.subject,
      key: fact.key,
      amount: fact.amount,
      from: fact.starts,
      to: fact.ends,
      person,
      managers: (person?.managers ?? []).flatMap((id) => people.get(id) ?? []),
      dates: period,
    });
  });
  const table = await tableOf(company, forward);
  const rows: NewRow[] = [];
  const rejected: RejectedRecord[] = unread.map(({ key, why }) => ({ factKey: key, why }));
  for (const one of mapped) {
    const { key: factKey, person_id: person } = one.record;
    if ('why' in one) {
      rejected.push({ factKey, why: one.why, ...(one.key === undefined ? {} : { key: one.key }) });
      continue;
    }
    const { key, cells } = one.row;
    const row: TableRow = { key, values: cells, by: forward.key };
    rows.push({
      deliveryId: rowDeliveryId({ forward: forward.name, destination: table, key }),
      key,
      factKey,
      personId: person ?? undefined,
      // Whoever writes a row holds it against everybody, also against another forward of the same table.
      destination: `row:${table} ${createHash('sha256').update(key).digest('base64url').slice(0, 16)}`,
      row,
    });
  }
  return { rows, rejected };
}

/** A fact's own numbers, and the record as its source has it where it was kept whole, by its own names. */
function recordOf({ attributes }: ForwardedFact): Readonly<Record<string, unknown>> {
  const { record } = attributes;
  return typeof record === 'object' && record !== null ? { ...attributes, ...record } : attributes;
}

/** The table, whatever writing to it sets off. */
async function tableOf(
  { configuration }: Company,
  { to: { channel: name, ...to } }: Forward,
): Promise<string> {
  const plugin = await channelPluginOf(configuration, name);
  return canonical(plugin?.lane?.(to) ?? to);
}
