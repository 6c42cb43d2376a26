import { addComment, listComments } from './comments.js';
import type { Handler } from './context.js';
import { listFields, listIssueTypes, listPriorities } from './createmeta.js';
import { assignIssue, createIssue, createIssues, editIssue, getIssue } from './issues.js';
import { denied } from './jira-error.js';
import { myself, searchPeople } from './people.js';
import { deleteProperty, getProperty, setProperty } from './properties.js';
import { putRemoteLink } from './remote-links.js';
import { approximateCount, searchIssues } from './search.js';
import { listTransitions, transitionIssue } from './transitions.js';

/** What there is to say of a method before it is called. */
interface Method {
  readonly http: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under `/rest/api/3`; `*` stands for an id. */
  readonly path: string;
  /** Parameters that its query may have. */
  readonly query?: readonly string[];
  /** What a stranger hears: that there is no such issue or project (404), or this body (200); 401 where absent. [I] */
  readonly stranger?: 'issue' | 'project' | { readonly body: unknown };
  readonly handler: Handler;
}

export interface Called {
  readonly method: Method;
  readonly ids: readonly string[];
}

const page = ['startAt', 'maxResults'];
const search = [
  'jql',
  'nextPageToken',
  'maxResults',
  'fields',
  'properties',
  'reconcileIssues',
  'fieldsByKeys',
];

/** Every method served here. https://developer.atlassian.com/cloud/jira/platform/rest/v3/ [S] */
const methods: readonly Method[] = [
  { http: 'GET', path: '/myself', handler: myself },
  {
    http: 'GET',
    path: '/user/search',
    query: ['query', 'accountId', ...page],
    stranger: { body: [] },
    handler: searchPeople,
  },
  { http: 'POST', path: '/issue', query: ['updateHistory'], handler: createIssue },
  { http: 'POST', path: '/issue/bulk', handler: createIssues },
  {
    http: 'GET',
    path: '/issue/createmeta/*/issuetypes',
    query: page,
    stranger: 'project',
    handler: listIssueTypes,
  },
  {
    http: 'GET',
    path: '/issue/createmeta/*/issuetypes/*',
    query: page,
    stranger: 'project',
    handler: listFields,
  },
  {
    http: 'GET',
    path: '/priority/search',
    query: ['projectId', ...page],
    stranger: { body: { startAt: 0, maxResults: 50, total: 0, isLast: true, values: [] } },
    handler: listPriorities,
  },
  { http: 'GET', path: '/issue/*', query: ['fields', 'properties'], stranger: 'issue', handler: getIssue },
  { http: 'PUT', path: '/issue/*', query: ['notifyUsers', 'returnIssue'], handler: editIssue },
  { http: 'PUT', path: '/issue/*/assignee', handler: assignIssue },
  {
    http: 'GET',
    path: '/issue/*/transitions',
    query: ['expand', 'transitionId'],
    stranger: 'issue',
    handler: listTransitions,
  },
  { http: 'POST', path: '/issue/*/transitions', handler: transitionIssue },
  {
    http: 'GET',
    path: '/issue/*/comment',
    query: ['orderBy', ...page],
    stranger: 'issue',
    handler: listComments,
  },
  { http: 'POST', path: '/issue/*/comment', handler: addComment },
  { http: 'GET', path: '/issue/*/properties/*', stranger: 'issue', handler: getProperty },
  { http: 'PUT', path: '/issue/*/properties/*', handler: setProperty },
  { http: 'DELETE', path: '/issue/*/properties/*', handler: deleteProperty },
  { http: 'POST', path: '/issue/*/remotelink', handler: putRemoteLink },
  { http: 'POST', path: '/search/jql', handler: searchIssues },
  {
    http: 'GET',
    path: '/search/jql',
    query: search,
    stranger: { body: { issues: [], isLast: true } },
    handler: searchIssues,
  },
  { http: 'POST', path: '/search/approximate-count', handler: approximateCount },
  {
    http: 'POST',
    path: '/webhook',
    handler: () => {
      throw denied('The caller is not an app: only OAuth 2.0 and Connect apps register webhooks.');
    },
  },
];

const patterns = methods.map((method) => ({
  method,
  pattern: new RegExp(`^${method.path.replaceAll('*', '([^/]+)')}$`),
}));

/** The method that a request calls, and the ids in its path. */
export function methodOf(http: string, path: string): Called | undefined {
  for (const { method, pattern } of patterns) {
    const match = method.http === http ? pattern.exec(path) : null;
    if (match) return { method, ids: match.slice(1).map(decoded) };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Paths that were removed, and what to use instead. */
const gonePaths: readonly (readonly [path: string, instead: string])[] = [
  ['/search', '/rest/api/3/search/jql'],
  ['/issue/createmeta', '/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes'],
];

export const insteadOf = (path: string): string | undefined => gonePaths.find(([gone]) => gone === path)?.[1];
