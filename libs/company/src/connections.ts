import { connectionId, workspaceDefaults, type Connection, type Locale } from '#domain';
import type { Company } from './company.js';
import { ownersPlace } from './owners-place.js';

/** The plugin that reads what we have noted ourselves: watching it by itself would tell nothing. */
const OURSELVES = 'carillon';

/** Every system that documents name, to be read or written to. */
export const connectionsOf = (company: Pick<Company, 'configuration' | 'people'>): readonly Connection[] => {
  const { sources, channels } = company.configuration;
  return [
    ...sources.map((document) => ({ document, kind: 'source' as const })),
    ...channels.map((document) => ({ document, kind: 'channel' as const })),
  ]
    .filter(({ document }) => document.type !== OURSELVES)
    .map(({ document: { name, type, owner }, kind }) => ({
      id: connectionId(name),
      name,
      kind,
      type,
      ...(owner === undefined ? {} : { owner }),
      locale: localeOf(company, owner),
    }));
};

/** Of a person the person's own, of a room that of all in it, where they share one. */
function localeOf(company: Pick<Company, 'configuration' | 'people'>, owner: string | undefined): Locale {
  const members = ownersPlace(company, owner)?.to.room?.members ?? [];
  const locales = new Set(
    members.flatMap((member) =>
      typeof member === 'string'
        ? []
        : (company.people.find(({ email }) => email === member.email.toLowerCase())?.locale ?? []),
    ),
  );
  const [only] = locales;
  return only !== undefined && locales.size === 1 ? only : workspaceDefaults.locale;
}
