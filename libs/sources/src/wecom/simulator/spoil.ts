import type { Spoiling } from './model.js';

type Row = Record<string, unknown>;

/** The row as often, and with what is wrong with it, as a test wants it. */
export function spoil(row: Row, spoiling: Spoiling | undefined): readonly Row[] {
  if (!spoiling) return [row];
  const spoilt = structuredClone(row);
  for (const path of spoiling.missing ?? []) {
    const { holder, name } = place(spoilt, path);
    Reflect.deleteProperty(holder, name);
  }
  for (const [path, value] of Object.entries(spoiling.shown ?? {})) {
    const { holder, name } = place(spoilt, path);
    holder[name] = value;
  }
  return Array.from({ length: spoiling.times ?? 1 }, () => spoilt);
}

/** Objects on the way that are not there are made. */
function place(row: Row, path: string): { holder: Row; name: string } {
  const names = path.split('.');
  const name = names.pop() ?? '';
  let holder = row;
  for (const each of names) {
    const inner = holder[each];
    if (typeof inner !== 'object' || inner === null) holder[each] = {};
    holder = holder[each] as Row;
  }
  return { holder, name };
}
