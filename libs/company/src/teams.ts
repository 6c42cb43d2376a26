import { teamId, workspaceDefaults, type Team } from '#domain';
import type { Company } from './company.js';
import { connectionsOf } from './connections.js';

/** The teams that documents name. */
export const teamsOf = ({ configuration }: Pick<Company, 'configuration'>): readonly Team[] =>
  configuration.teams.map(({ name, title, locale, members }) => ({
    id: teamId(name),
    name,
    title: title ?? name,
    locale: locale ?? workspaceDefaults.locale,
    size: members.length,
  }));

/** The teams that a subscription is about: the one it is for, or all. */
export function teamsFor(
  company: Company,
  { subscription: name }: { readonly subscription: string },
): readonly Team[] {
  const subscription = company.configuration.subscriptions.find((one) => one.name === name);
  if (!subscription) return [];
  return teamsOf(company).filter(
    ({ name: team }) => subscription.for?.team === undefined || subscription.for.team === team,
  );
}

/** How people, teams and connections are called, by id. */
export const subjectNames = (company: Company): ReadonlyMap<string, string> =>
  new Map([
    ...company.people.map(({ id, name }) => [id, name] as const),
    ...teamsOf(company).map(({ id, title }) => [id, title] as const),
    ...connectionsOf(company).map(({ id, name }) => [id, name] as const),
  ]);
