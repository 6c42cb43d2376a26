import type { Measure } from './measure.ts';

/** The measures as a table for people, widths by their content. */
export function table(measures: readonly Measure[]): string {
  const rows = measures.map(({ name, value, unit, goal, met, note }) => [
    name,
    value === null ? 'missing' : `${shown(value)} ${unit}`.trimEnd(),
    goal ?? '',
    met === null ? '' : met ? 'met' : 'NOT MET',
    note ?? '',
  ]);
  const all = [['measure', 'value', 'goal', '', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three figures that count. */
const shown = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
