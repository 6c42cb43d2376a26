import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of tables are never removed, so whoever writes them need not ask. */
const never = ['forwards.repository.ts'];

const statements = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && !never.includes(file))
  .flatMap((file) =>
    [
      ...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/`[^`]*insert into (\w+) \([^`]*`/g),
    ].map(([text, table]) => ({ file, table, text })),
  )
  .filter(({ table }) => table === 'delivery' || table === 'occurrence');

it('is asked for wherever something could be said or run that was before: its key may be all that is left of it', () => {
  expect(new Set(statements.map(({ table }) => table))).toEqual(new Set(['delivery', 'occurrence']));
  expect(statements.filter(({ text }) => !text.includes('from removed'))).toEqual([]);
});
