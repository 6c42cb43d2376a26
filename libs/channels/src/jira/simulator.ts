import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { admit, type Admitted, type Door, type Stranger } from './simulator/admission.js';
import { usualDoubts, type Context, type JiraDoubts } from './simulator/context.js';
import { Credentials, type CredentialsState } from './simulator/credentials.js';
import { boardOf, type BoardColumn } from './simulator/board.js';
import { issueNotFound, jiraError, JiraError, notFound } from './simulator/jira-error.js';
import { Limits, publishedLimits, type JiraLimits } from './simulator/limits.js';
import { insteadOf, methodOf, type Called } from './simulator/methods.js';
import { Query, readJson } from './simulator/request.js';
import { Site, type IssueEdit } from './simulator/site.js';
import type { JiraFieldSpec, JiraPersonSpec, JiraProjectSpec } from './simulator/specs.js';
import type {
  JiraField,
  JiraPermission,
  JiraPerson,
  JiraProject,
  SimulatedIssue,
  SiteState,
} from './simulator/state.js';

export { textOf as documentText } from './simulator/adf.js';
export type { BoardColumn } from './simulator/board.js';
export type { JiraDoubts } from './simulator/context.js';
export type { TokenKind } from './simulator/credentials.js';
export { jiraError, jiraThrottled, type ThrottleReason } from './simulator/jira-error.js';
export type { JiraLimits } from './simulator/limits.js';
export type { JiraFieldSpec, JiraPersonSpec, JiraProjectSpec } from './simulator/specs.js';
export type {
  ChangeItem,
  IssueChange,
  IssueComment,
  JiraField,
  JiraIssueType,
  JiraPermission,
  JiraPerson,
  JiraProject,
  JiraStatus,
  JiraTransition,
  RemoteLink,
  ScreenField,
  SimulatedIssue,
} from './simulator/state.js';

export interface JiraSimulatorOptions {
  readonly now?: () => Date;
  /** Whether Jira's rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
  /** Other numbers than the published ones. */
  readonly rates?: Partial<JiraLimits>;
  /** How long the search index runs behind, in milliseconds; 2,000 by default: "seconds". [I] */
  readonly indexLagMs?: number;
  /** What to do where the contract leaves it open. */
  readonly doubts?: Partial<JiraDoubts>;
}

/** Everything that the simulator holds. Of tokens it is their digests only. */
export interface JiraState {
  readonly version: 1;
  readonly site: SiteState;
  readonly credentials: CredentialsState;
}

/**
 * Jira Cloud in memory: one site, with its REST API 3 under `/rest/api/3` for API tokens, and under `/ex/jira/{cloudId}/rest/api/3` for scoped
 * tokens and apps. Written from Atlassian's documents, and stricter than Jira where Jira would quietly ignore a mistake.
 *
 * How sure a statement is stands beside it. [S]: the OpenAPI document of the REST API 3, https://developer.atlassian.com/cloud/jira/platform/rest/v3/.
 * [D]: the documentation. [I]: inferred, or from experience, as the words of most messages are.
 * Not here: scopes of tokens, webhooks that are sent, attachments, worklogs, sprints, service desks.
 */
export class JiraSimulator implements VendorSimulator {
  readonly id = 'jira';
  /** Of the site, for the gateway's paths. */
  readonly cloudId = '11223344-a1b2-3c4d-8e5f-a1b2c3d4e5f6';
  /** The site's address, without a trailing slash: links in answers begin with it. */
  origin = 'https://acme.atlassian.net';

  readonly #site: Site;
  readonly #credentials: Credentials;
  readonly #limits: Limits | undefined;
  readonly #doubts: JiraDoubts;
  readonly #calls = new Map<string, number>();

  constructor(options: JiraSimulatorOptions = {}) {
    const now = options.now ?? (() => new Date());
    this.#site = new Site(now, options.indexLagMs ?? 2_000);
    this.#credentials = new Credentials(now);
    this.#doubts = { ...usualDoubts, ...options.doubts };
    this.#limits =
      options.limits === 'none' ? undefined : new Limits({ ...publishedLimits, ...options.rates }, now);
  }

  /** Goes up with every change, for whoever wants to look again. */
  get revision(): number {
    return this.#site.revision;
  }

  addPerson(spec: JiraPersonSpec): JiraPerson {
    return this.#site.addPerson(spec);
  }

  /** Changes what a person is and may do. */
  changePerson(
    accountId: string,
    change: Partial<Pick<JiraPerson, 'active' | 'hasAccess' | 'emailVisible' | 'browsesUsers'>>,
  ): void {
    Object.assign(this.#person(accountId), change);
    this.#site.touch();
  }

  addProject(spec: JiraProjectSpec): JiraProject {
    return this.#site.addProject(spec);
  }

  /** Puts a field into the site; it is on no screen yet. */
  addField(spec: JiraFieldSpec): JiraField {
    return this.#site.addField(spec);
  }

  /** What a person may do in a project, from now on; everything before. */
  permit(project: string, accountId: string, permissions: readonly JiraPermission[]): void {
    this.#project(project).permissions[accountId] = permissions;
    this.#site.touch();
  }

  /** An app of the site declares a property to be searchable. */
  indexProperty(key: string): void {
    this.#site.indexProperty(key);
  }

  /** Makes an API token of a person, or takes the one given; for 365 days where nothing else is said. */
  issueToken(accountId: string, options?: Parameters<Credentials['issue']>[1]): string {
    return this.#credentials.issue(this.#person(accountId).accountId, options);
  }

  revokeToken(token: string): void {
    this.#credentials.revoke(token);
  }

  /** A person drags an issue to another column, whatever the workflow says. */
  setStatus(issue: string, status: string, by: string): void {
    const held = this.#issue(issue);
    const found = this.#site
      .projectOf(held)
      .statuses.find(({ id, name }) => id === status || name === status);
    if (!found) throw new Error(`there is no status ${status}`);
    const resolution = found.category === 'done' ? '10000' : undefined;
    this.#edit(held, by, { statusId: found.id, fields: { resolution } });
  }

  /** A person changes fields, in the form in which an issue keeps them. */
  editIssue(issue: string, fields: SimulatedIssue['fields'], by: string): void {
    this.#edit(this.#issue(issue), by, { fields });
  }

  /** A person says something about an issue. */
  comment(issue: string, text: string, by: string): void {
    const body = {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
    };
    this.#site.comment(this.#issue(issue), this.#person(by).accountId, { body });
  }

  /** A person moves an issue to another project; gives its new key. */
  moveIssue(issue: string, project: string, by: string): string {
    const held = this.#issue(issue);
    this.#site.move(held, this.#project(project), this.#person(by).accountId);
    return held.key;
  }

  deleteIssue(issue: string): void {
    this.#site.delete(this.#issue(issue));
  }

  people(): readonly JiraPerson[] {
    return this.#site.people;
  }

  projects(): readonly JiraProject[] {
    return this.#site.projects;
  }

  /** By id, key or former key; `undefined` once it was deleted. */
  issue(idOrKey: string): SimulatedIssue | undefined {
    return this.#site.issue(idOrKey);
  }

  /** Of one project, or of all; oldest first, without deleted ones. */
  issues(project?: string): readonly SimulatedIssue[] {
    const id = project === undefined ? undefined : this.#project(project).id;
    return this.#site.issues.filter(
      ({ deleted, projectId }) => deleted === undefined && (id === undefined || projectId === id),
    );
  }

  /** The project's board: a column for each status, in their order. */
  board(project: string): readonly BoardColumn[] {
    return boardOf(this.#project(project), this.issues(project));
  }

  /** How often each method was called, whatever was answered: by `POST /issue/bulk` and the like, with `*` for ids. */
  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  save(): JiraState {
    return { version: 1, site: this.#site.save(), credentials: this.#credentials.save() };
  }

  load(state: unknown): void {
    if (!isState(state)) throw new Error('this is no state of the Jira simulator');
    this.#site.load(state.site);
    this.#credentials.load(state.credentials);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    if (request.path === '/_edge/tenant_info') return { status: 200, body: { cloudId: this.cloudId } };
    const [door, path] = this.#doorOf(request.path);
    if (path === undefined)
      return { status: 404, headers: html, body: '<html><title>Not Found</title></html>' };
    try {
      return this.#answer(request, door, path);
    } catch (error) {
      if (error instanceof JiraError)
        return jiraError(error.status, error.messages, error.errors, error.headers);
      throw error;
    }
  }

  #doorOf(path: string): readonly [Door, string | undefined] {
    const gateway = `/ex/jira/${this.cloudId}`;
    const door = path.startsWith(`${gateway}/`) ? 'gateway' : 'site';
    const rest = door === 'gateway' ? path.slice(gateway.length) : path;
    return [door, /^\/rest\/api\/3(\/.+)$/.exec(rest)?.[1]];
  }

  #answer(request: SimulatedRequest, door: Door, path: string): SimulatedResponse {
    const instead = insteadOf(path);
    if (instead !== undefined)
      throw new JiraError(this.#doubts.gone, [
        `The requested API has been removed. Please migrate to the ${instead} API.`,
      ]);
    const called = methodOf(request.method, path);
    if (!called) throw notFound('null for uri');
    const name = `${called.method.http} ${called.method.path}`;
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    if (isForged(request)) return { status: 403, headers: plain, body: 'XSRF check failed' };

    const admitted = admit(request, door, { site: this.#site, credentials: this.#credentials });
    if (!('person' in admitted)) return this.#toStranger(called, admitted, door);
    if (admitted.kind === 'oauth') this.#limits?.point();
    const headers = this.#limits?.call(called) ?? {};
    const { status, body } = called.method.handler(this.#contextOf(request, called, admitted));
    return { status, headers, ...(body === undefined ? {} : { body }) };
  }

  #contextOf(request: SimulatedRequest, { method, ids }: Called, { person }: Admitted): Context {
    return {
      site: this.#site,
      origin: this.origin,
      caller: person,
      query: new Query(request.query, method.query ?? []),
      body: method.http === 'POST' || method.http === 'PUT' ? readJson(request) : undefined,
      ids,
      doubts: this.#doubts,
      countWrite: ({ id }) => this.#limits?.write(id),
    };
  }

  /** Some reads are answered to everybody, with nothing in them. [I] */
  #toStranger({ method: { stranger } }: Called, { headers }: Stranger, door: Door): SimulatedResponse {
    if (door === 'gateway') return { status: 401, headers, body: { code: 401, message: 'Unauthorized' } };
    if (stranger === undefined || !this.#doubts.anonymousReads)
      return {
        status: 401,
        headers: { ...plain, ...headers },
        body: 'Client must be authenticated to access this resource.',
      };
    if (typeof stranger === 'object') return { status: 200, headers, body: stranger.body };
    const missing = stranger === 'issue' ? issueNotFound() : notFound('No project could be found.');
    return jiraError(missing.status, missing.messages, {}, headers);
  }

  #edit(issue: SimulatedIssue, by: string, edit: IssueEdit): void {
    this.#site.edit(issue, this.#person(by).accountId, edit);
  }

  #person(accountId: string): JiraPerson {
    const person = this.#site.person(accountId);
    if (!person) throw new Error(`there is no person ${accountId}`);
    return person;
  }

  #project(idOrKey: string): JiraProject {
    const project = this.#site.project(idOrKey);
    if (!project) throw new Error(`there is no project ${idOrKey}`);
    return project;
  }

  #issue(idOrKey: string): SimulatedIssue {
    const issue = this.#site.issue(idOrKey);
    if (!issue) throw new Error(`there is no issue ${idOrKey}`);
    return issue;
  }
}

const html = { 'content-type': 'text/html; charset=UTF-8' };
const plain = { 'content-type': 'text/plain' };

/** A write that looks like a browser's has to say that no page was tricked into it. [I] */
const isForged = ({ method, headers }: SimulatedRequest): boolean =>
  method !== 'GET' &&
  (headers['user-agent'] ?? '').startsWith('Mozilla/') &&
  headers['x-atlassian-token'] !== 'no-check';

const isState = (state: unknown): state is JiraState =>
  typeof state === 'object' && state !== null && 'version' in state && state.version === 1;
