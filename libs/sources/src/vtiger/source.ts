import type { HttpClient } from '#http';
import type { CallEstimate, CompanySize, Page, PullRun, Source } from '../contract.js';
import { readCursor, writeCursor } from './cursor.js';
import { notThere } from './api.js';
import { describe } from './describe.js';
import { openIssues } from './issues.js';
import { limit } from './limit.js';
import { VtigerApis } from './open-api.js';
import { findOwners } from './owners.js';
import { probe } from './probe.js';
import { rowsAPage } from './query.js';
import type { VtigerSettings } from './settings.js';
import { issueOf, teamOf } from './to-facts.js';
import { walk } from './walk.js';

/** A team that waits for its figures hears of a failure rather than of nothing. */
const RUN_MS = 120_000;

/** Vtiger, read. */
export const connectVtiger = (settings: VtigerSettings, http: HttpClient, runMs = RUN_MS): Source => {
  // A session of the classic web service belongs to one run: between two it would mostly have ended by itself.
  const apis = (): VtigerApis => new VtigerApis({ settings, http });
  return {
    pull: (_, run) => pull(apis(), run, runMs),
    probe: (signal) => probe(apis(), signal),
    estimate: (size) => estimate(settings, size),
  };
};

/** What is open now, of all teams; the window says nothing about a state. */
async function* pull(apis: VtigerApis, run: PullRun, runMs: number): AsyncGenerator<Page> {
  const { settings } = apis.way;
  const { http } = apis.way;
  const before = http.calls;
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(runMs)]);
  const { api, issues } = await describe(apis, { label: 'module', signal }, run);
  const owners = await findOwners(api, settings, signal);
  const place = readCursor(run.cursor);
  if (!place) return;
  const teams = Object.keys(settings.teams).map(teamOf);
  const call = { label: 'open issues', signal };
  const fits = (left: number): void => refuseTooMany(left, http.calls - before, runMs);
  for await (const { rows, next } of walk(api, openIssues(issues, owners), place, call, fits)) {
    const readings = rows.flatMap((row) => issueOf(row, issues.module, owners, settings) ?? []);
    yield {
      facts: [...(next ? [] : teams), ...readings.flatMap((one) => ('fact' in one ? one.fact : []))],
      rejected: readings.flatMap((one) => ('rejection' in one ? one.rejection : [])),
      cursor: writeCursor(next),
    };
  }
}

/** Says at once what would be known after two minutes: that so many issues cannot be read in time. */
function refuseTooMany(issues: number, callsMade: number, runMs: number): void {
  const minutes = Math.max(1, Math.floor(runMs / (limit.perSeconds * 1000)));
  const most = (limit.requests * minutes - callsMade) * rowsAPage;
  if (issues <= most) return;
  const [have, can] = [issues, most].map((number) => number.toLocaleString('en'));
  throw notThere(
    `open issues: there are ${have}, and in two minutes no more than ${can} can be read; ` +
      'name more statuses as `closed`, or only those groups and users whose issues count',
  );
}

/** What a run costs in calls: the module, its owners, the count of what is open, and the pages. */
function estimate({ teams }: VtigerSettings, { records }: CompanySize): CallEstimate {
  const owners = Object.values(teams);
  const lists = ['groups', 'users'] as const;
  const named = lists.filter((list) =>
    owners.some((one) => one[list].some((name) => !/^\d+x\d+$/.test(name))),
  );
  const run = 1 + named.length * 2 + Math.max(1, Math.ceil(records / rowsAPage)) + 1;
  return {
    firstRun: run,
    steadyRun: run,
    limit,
    assumptions: [
      'Issues that the user may not see cost a call and a count for each 100 of them in a row, and a count where they are among the last.',
      named.length === 0
        ? 'Groups and users are named by their ids.'
        : `Up to 100 ${named.join(' and 100 ')}; named by their ids they cost no call.`,
      'The classic web service costs two calls more for its login.',
    ],
  };
}
