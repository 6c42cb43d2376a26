import { denied, issueNotFound } from './jira-error.js';
import type { Query } from './request.js';
import type { Site } from './site.js';
import type { JiraPermission, JiraPerson, SimulatedIssue } from './state.js';

/** Where the contract leaves open what happens, which way it goes here. Each default is the stricter or the likelier one. */
export interface JiraDoubts {
  /** Whether reads with bad credentials are answered as to a stranger (empty lists, 404 for issues) instead of with 401. */
  readonly anonymousReads: boolean;
  /** What paths that are gone answer. */
  readonly gone: 410 | 404;
  /** What a search by a property that no app declared does: it finds nothing, or is refused. */
  readonly unindexedProperty: 'empty' | 'refused';
  /** The most issues of one page of a search, whatever was asked for. */
  readonly largestPage: number;
  /** The most comments of an issue. */
  readonly mostComments: number;
  /** The most remote links of an issue. */
  readonly mostRemoteLinks: number;
}

export const usualDoubts: JiraDoubts = {
  anonymousReads: true,
  gone: 410,
  unindexedProperty: 'empty',
  largestPage: 100,
  mostComments: 5000,
  mostRemoteLinks: 2000,
};

/** What a method sees of the world. */
export interface Context {
  readonly site: Site;
  /** The site's address in answers, without a trailing slash. */
  readonly origin: string;
  readonly caller: JiraPerson;
  readonly query: Query;
  /** The JSON of the body; `undefined` for a read. */
  readonly body: unknown;
  /** The ids in the path, percent-decoded, in their order. */
  readonly ids: readonly string[];
  readonly doubts: JiraDoubts;
  /** Counts a write to one issue; throws 429. */
  countWrite(issue: SimulatedIssue): void;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** Throws `JiraError`. */
export type Handler = (context: Context) => Reply;

/** The issue of the path, if the caller may see it. */
export function issueOf({ site, caller, ids }: Pick<Context, 'site' | 'caller' | 'ids'>): SimulatedIssue {
  const issue = site.issueFor(caller, ids[0] ?? '');
  if (!issue) throw issueNotFound();
  return issue;
}

/** The issue of the path, to be written to; counted as a write. */
export function issueToWrite(context: Context, permission: JiraPermission): SimulatedIssue {
  const issue = issueOf(context);
  context.countWrite(issue);
  if (!context.site.may(context.caller, context.site.projectOf(issue), permission))
    throw denied(`You do not have permission to ${permission} this issue.`);
  return issue;
}
