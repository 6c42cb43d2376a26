import type { CallEstimate, CompanySize } from '../contract.js';
import { limit } from './limit.js';
import { corePageSize } from './paging.js';
import { profilesRefreshed } from './people.js';
import type { ClockifySettings } from './settings.js';

/** Requests for time off that a person makes in a year. */
const requestsAYear = 6;
const entriesAReportPage = 1000;

/** What a run costs in calls: the people, and one pull of a window with so many records. */
export const estimate = (settings: ClockifySettings, { people, records }: CompanySize): CallEstimate => {
  const users = pages(people, corePageSize);
  const groups = 1;
  const entries = settings.reports === 'never' ? people : pages(records, entriesAReportPage);
  const timeOff = settings.timeOff === 'never' ? 0 : 1;
  const allRequests = timeOff * pages(people * requestsAYear, corePageSize);
  const openRequests = timeOff * pages((people * requestsAYear) / 4, corePageSize);
  const listed = users + groups + entries + timeOff;
  return {
    firstRun: listed + people + allRequests,
    steadyRun: listed + Math.min(people, profilesRefreshed) + openRequests,
    limit,
    assumptions: [
      settings.reports === 'never'
        ? 'Entries are asked for person by person, as the settings say.'
        : 'The detailed report is given and says the type of entries; without types: the attendance report (a call for each 1,000 days of people) and a call for each person with a break or automatic entries; without reports: a call for each person.',
      'At most 200 groups; managers are named by roles, which cost no calls.',
      `A member profile is a call for each new person, then ${profilesRefreshed} a run.`,
      `People make ${requestsAYear} requests for time off a year; the first run reads a year of them, later ones about a quarter.`,
    ],
  };
};

const pages = (count: number, size: number): number => Math.max(1, Math.ceil(count / size));
