import { RemoteError } from '#http';
import type { Address } from '../contract.js';
import { jiraDestination, type JiraDestination } from './settings.js';

/** The whole destination as one text: an issue is made by all of it. */
export const addressOf = (destination: JiraDestination): Address => ({ id: JSON.stringify(destination) });

/** Throws `RemoteError` `rejected` for what is no destination of Jira. */
export function destinationOf(value: unknown): JiraDestination {
  const { data } = jiraDestination.safeParse(value);
  if (data) return data;
  throw new RemoteError('jira', 'rejected', 'refused', 'the destination names no project of Jira');
}

/** `project OPS, Bug (Done when it is over)` */
export const shownDestination = ({
  project,
  issueType,
  resolve,
}: Readonly<Record<string, unknown>>): string =>
  [
    `project ${String(project)}`,
    ...(typeof issueType === 'string' ? [`, ${issueType}`] : []),
    ...(typeof resolve === 'string' ? [` (${resolve} when it is over)`] : []),
  ].join('');

/** Throws `RemoteError` `rejected` for what is no address of ours. */
export function placeOf({ id }: Address): JiraDestination {
  try {
    return destinationOf(JSON.parse(id));
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    throw new RemoteError('jira', 'rejected', 'refused', 'the address is none of Jira');
  }
}
