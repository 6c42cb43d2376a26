import type { CallEstimate, CompanySize } from '../contract.js';
import { limit } from './limit.js';
import { membersACall } from './month-report.js';
import type { WecomSettings } from './settings.js';

/** Nobody says how many there are before they are listed. */
const membersADepartment = 50;
const membersAListing = 10_000;

/** What a run costs in calls: the tokens, the members twice (as people, and to ask for), and a hundred records a call. */
export function estimate(
  { contactsSecret }: Pick<WecomSettings, 'contactsSecret'>,
  { people }: CompanySize,
): CallEstimate {
  const byCursor = contactsSecret !== undefined;
  const listing = byCursor
    ? Math.max(1, Math.ceil(people / membersAListing))
    : 1 + Math.max(1, Math.ceil(people / membersADepartment));
  const run = (byCursor ? 2 : 1) + 2 * listing + Math.max(1, Math.ceil(people / membersACall));
  return {
    firstRun: run,
    steadyRun: run,
    limit,
    assumptions: [
      'One month is read; a window that touches two of them costs a call more for each 100 members.',
      byCursor
        ? 'Everybody is in one department or two.'
        : `A department has ${membersADepartment} members; with contactsSecret they are listed ${membersAListing} a call.`,
      'A member whom the app may not see costs some 14 calls, until it is found who that is.',
    ],
  };
}
