import { noted } from '../words.js';
import type { ShownConnection } from '#connections';

const columns = ['connection', 'type', 'state', 'last success', 'errors', 'p95', 'quota', 'token', 'owner'];

/** A line for each connection; what nobody knows is a dash. */
export function connectionsText(connections: readonly ShownConnection[]): string {
  if (connections.length === 0) return 'No documents are applied yet: run `carillon apply` first.';
  const rows = [
    columns,
    ...connections.map((one) => [
      one.name,
      `${one.type} ${one.kind}`,
      one.troubles.length > 0 ? `${one.state}: ${one.troubles.join(', ')}` : one.state,
      one.lastSuccess ? noted(one.lastSuccess) : '–',
      one.calls === 0 ? '–' : `${one.errors} of ${one.calls}`,
      one.p95Ms === undefined ? '–' : `${one.p95Ms / 1000} s`,
      one.quotaUsed === undefined ? '–' : `${Math.floor(one.quotaUsed * 100)} %`,
      one.tokenDaysLeft === undefined ? '–' : `${one.tokenDaysLeft} d`,
      one.owner ?? 'nobody',
    ]),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
