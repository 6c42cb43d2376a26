import { teamsOf, type Company, type Want } from '#company';
import type { TroublingRecords } from '#domain';
import { sources } from '#sources';
import { unreadableOf, type Database, type Pulls } from '#storage';
import type { Conclusion } from './evaluator.js';

/** Records that could not be read and that decisions wait for, by source. */
export type UnreadableRecords = ReadonlyMap<string, TroublingRecords>;

/** Owners are named so many; the rest are counted. */
const NAMED = 20;

/** What of each source that is wanted could not be read about those whose decisions are held, as their conclusions saw it. */
export async function unreadableRecords(
  { database, pulls }: { readonly database: Database; readonly pulls: Pulls },
  company: Company,
  wants: readonly Want[],
  conclusions: readonly Conclusion[],
): Promise<UnreadableRecords> {
  const held = new Set(
    conclusions.flatMap(({ decisions }) =>
      decisions.filter(({ reason }) => reason === 'incomplete').map(({ subject }) => subject),
    ),
  );
  const records = new Map<string, TroublingRecords>();
  if (held.size === 0) return records;
  for (const { system, what, window } of wants) {
    if (what !== 'facts') continue;
    const pull = await pulls.latestComplete(system, what, window, company.asOf);
    if (!pull?.rejected) continue;
    const teams = new Map(teamsOf(company).map((team) => [team.name, team]));
    // People are not named: whoever owns the source finds them by the record.
    const people = company.people.flatMap(({ id, identities }) =>
      held.has(id) ? (identities[system] ?? []) : [],
    );
    const waiting = [...teams.values()].filter(({ id }) => held.has(id)).map(({ name }) => name);
    const { count, first } = await unreadableOf(database, pull.id, [...waiting, ...people], NAMED);
    if (count === 0) continue;
    const document = company.configuration.sources.find(({ name }) => name === system);
    const plugin = await sources.get(document?.type ?? '')?.();
    records.set(system, {
      count,
      first: first.map(({ kind, key, why, subject }) => {
        const record = plugin?.recordOf?.(document?.settings ?? {}, { kind, key });
        const of = teams.get(subject)?.title;
        return { ...(record ?? { name: `${kind} ${key}` }), ...(of === undefined ? {} : { of }), why };
      }),
    });
  }
  return records;
}
