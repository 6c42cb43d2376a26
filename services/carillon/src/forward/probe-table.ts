import type { Channel, TableRow } from '#channels';
import { convert, type Cells, type Forward } from '#domain';
import type { Finding } from '#http';

/** What a table would not take of a Forward's rows as it stands: fields that are not there, or of another type. Changes nothing. Throws `RemoteError`. */
export async function probeTable(
  forward: Forward,
  channel: Channel,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { channel: _, ...to } = forward.to;
  const address = await channel.address?.(to, signal);
  // `check` lets no Forward name a channel that takes no rows.
  if (!channel.table || !address) throw new TypeError(`${forward.name} names a channel that has no tables`);
  const misfits = await channel.table.misfits([rowLike(forward)], address, signal);
  if (misfits.length === 0) {
    const count = Object.keys(forward.fields).length;
    return [
      { level: 'ok', about: 'table', message: `It takes every field of the mapping, ${count} in all.` },
    ];
  }
  return misfits.map((message) => ({ level: 'problem', about: 'table', message }));
}

/** A row with cells of the kinds that the mapping makes. What is in them is not looked at. */
const rowLike = ({ name, key, fields }: Forward): TableRow => ({
  key: name,
  by: key,
  values: Object.fromEntries(
    Object.entries(fields).map(([field, { as }]) => [
      field,
      convert(as === 'date' ? '2026-01-01' : 1, { as }, 'UTC'),
    ]),
  ) satisfies Cells,
});
