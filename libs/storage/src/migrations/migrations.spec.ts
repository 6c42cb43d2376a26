import type { QueryRunner } from 'typeorm';
import { migrations } from './index.js';

/**
 * Processes of the release before run beside those of this one, on this schema. So a migration may add what nobody has to know, and loosen;
 * whatever takes away, renames or demands comes a release after the last code that needs the old. Anything that is not named here is refused:
 * name it with the reason why old processes do not mind.
 */
const allowed: readonly RegExp[] = [
  /^create table \w+ \(/,
  // Slower to write, and nothing else. A unique one refuses what old processes may write, so only on tables that are new.
  /^create index \w+ on \w+/,
  // Old processes read by name and insert by name: a column that may be absent, or fills itself.
  /^alter table \w+ (?:add column \w+ (?!.*\bnot null\b(?!.*\b(?:default|generated always as)\b))[^;]*)+$/,
  /^alter table \w+ set \(\w+ = \d+\)$/,
  /^alter table \w+ alter column \w+ set storage \w+$/,
  // Plans change; results do not.
  /^drop index \w+$/,
  /^alter table \w+ drop constraint \w+_fkey$/,
];

/** Looked at one by one. */
const exceptions: readonly string[] = [
  // The same three columns as `fact_current`, which it takes the place of: it refuses nothing new, and `on conflict` finds it.
  "create unique index fact_current_key on fact (key, kind, source) where known_until = 'infinity'",
];

/** What a migration says to Postgres, without comments, a statement each. */
async function statementsOf(migration: (typeof migrations)[number]): Promise<readonly string[]> {
  const said: string[] = [];
  const runner = { query: (text: string) => Promise.resolve(void said.push(text)) };
  await new migration().up(runner as unknown as QueryRunner);
  return said
    .join(';')
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}

/** Those that processes of the release before would mind. */
function offending(statements: readonly string[]): readonly string[] {
  const made = new Set(statements.flatMap((statement) => /^create table (\w+)/.exec(statement)?.[1] ?? []));
  return statements.filter((statement) => {
    const [, table] = /^(?:insert into|create unique index \w+ on|alter table) (\w+)/.exec(statement) ?? [];
    const isOnNewTable = table !== undefined && made.has(table);
    return !isOnNewTable && !exceptions.includes(statement) && !allowed.some((form) => form.test(statement));
  });
}

describe('migrations', () => {
  it.each(migrations.map((migration) => [migration.name, migration] as const))(
    'add and loosen, so that the release before goes on beside: %s',
    async (_, migration) => {
      const statements = await statementsOf(migration);

      expect(statements.length).toBeGreaterThan(0);
      expect(offending(statements)).toEqual([]);
    },
  );

  it.each([
    'drop table fact',
    'alter table fact drop column hash',
    'alter table fact rename column hash to digest',
    'alter table fact rename to facts',
    'alter table fact alter column hash type bytea',
    'alter table fact alter column pull_id set not null',
    'alter table fact add column digest text not null',
    'alter table fact add column digest text, add column other text not null',
    'alter table fact add constraint hash_is_there check (hash is not null)',
    'create unique index fact_hash on fact (hash)',
    'update fact set hash = null',
    'delete from fact',
    'truncate fact',
  ])('could not contain: %s', (statement) => {
    expect(offending([statement])).toEqual([statement]);
  });

  it.each([
    'alter table fact add column digest text',
    "alter table fact add column digest text not null default ''",
    'create table thing (id uuid primary key); create unique index thing_id on thing (id); insert into thing values (null)',
  ])('could contain: %s', (text) => {
    expect(offending(text.split('; '))).toEqual([]);
  });

  it('only go forward: what was released has its number for ever', async () => {
    const numbers = migrations.map(({ name }) => Number(/\d+$/.exec(name)?.[0]));

    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
