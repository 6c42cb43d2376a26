import { changesOf } from './changes.js';
import { systemFields } from './fields.js';
import {
  personOf,
  projectOf,
  type JiraFieldSpec,
  type JiraPersonSpec,
  type JiraProjectSpec,
} from './specs.js';
import type {
  ChangeItem,
  FieldValues,
  IssueComment,
  IssueView,
  JiraField,
  JiraIssueType,
  JiraPermission,
  JiraPerson,
  JiraProject,
  JiraStatus,
  RemoteLink,
  SimulatedIssue,
  SiteState,
} from './state.js';

const empty = (): SiteState => ({
  people: [],
  projects: [],
  customFields: [],
  issues: [],
  indexedProperties: [],
  ids: 0,
});

/** What of an issue can change at once. */
export interface IssueEdit {
  readonly fields?: FieldValues;
  readonly statusId?: string;
  readonly issueTypeId?: string;
}

/** The site in memory: who and what there is, and how it changes. It knows nothing of HTTP. */
export class Site {
  #state = empty();
  readonly #people = new Map<string, JiraPerson>();
  /** By id, key and former keys. */
  readonly #issues = new Map<string, SimulatedIssue>();
  /** Issues that have, or ever had, a label. */
  readonly #labelled = new Map<string, Set<SimulatedIssue>>();
  /** Goes up with every change. */
  revision = 0;

  constructor(
    readonly now: () => Date,
    /** How long the search index runs behind, in milliseconds. */
    readonly indexLagMs: number,
  ) {}

  get people(): readonly JiraPerson[] {
    return this.#state.people;
  }

  get projects(): readonly JiraProject[] {
    return this.#state.projects;
  }

  /** In the order in which they were made; deleted ones too. */
  get issues(): readonly SimulatedIssue[] {
    return this.#state.issues;
  }

  save(): SiteState {
    return structuredClone(this.#state);
  }

  load(state: SiteState): void {
    this.#state = structuredClone(state);
    for (const index of [this.#people, this.#issues, this.#labelled]) index.clear();
    for (const person of this.#state.people) this.#people.set(person.accountId, person);
    for (const issue of this.#state.issues) this.#index(issue);
    this.revision += 1;
  }

  addPerson(spec: JiraPersonSpec): JiraPerson {
    const person = personOf(spec, `5b10a2844c20165700${this.#nextId().padStart(6, '0')}`);
    if (this.#people.has(person.accountId)) throw new Error(`there is a person ${person.accountId} already`);
    this.#state.people.push(person);
    this.#people.set(person.accountId, person);
    this.revision += 1;
    return person;
  }

  addProject(spec: JiraProjectSpec): JiraProject {
    if (this.project(spec.key)) throw new Error(`there is a project ${spec.key} already`);
    const project = projectOf(spec, this.#nextId());
    this.#state.projects.push(project);
    this.revision += 1;
    return project;
  }

  addField(spec: JiraFieldSpec): JiraField {
    const field = { ...spec, id: spec.id ?? `customfield_${this.#nextId()}` };
    if (this.field(field.id)) throw new Error(`there is a field ${field.id} already`);
    this.#state.customFields.push(field);
    this.revision += 1;
    return field;
  }

  indexProperty(key: string): void {
    this.#state.indexedProperties.push(key);
    this.revision += 1;
  }

  isIndexed(property: string): boolean {
    return this.#state.indexedProperties.includes(property);
  }

  person(accountId: string): JiraPerson | undefined {
    return this.#people.get(accountId);
  }

  /** By id or key. */
  project(idOrKey: string): JiraProject | undefined {
    return this.#state.projects.find(({ id, key }) => id === idOrKey || key === idOrKey);
  }

  field(id: string): JiraField | undefined {
    return [...systemFields, ...this.#state.customFields].find((field) => field.id === id);
  }

  may(person: JiraPerson, project: JiraProject, permission: JiraPermission): boolean {
    return project.permissions[person.accountId]?.includes(permission) ?? true;
  }

  projectOf(issue: IssueView): JiraProject {
    const project = this.project(issue.projectId);
    if (!project) throw new Error(`there is no project ${issue.projectId}`);
    return project;
  }

  typeOf(issue: IssueView): JiraIssueType | undefined {
    return this.projectOf(issue).issueTypes.find(({ id }) => id === issue.issueTypeId);
  }

  statusOf(issue: IssueView): JiraStatus | undefined {
    return this.projectOf(issue).statuses.find(({ id }) => id === issue.statusId);
  }

  /** By id, key or a key that it once had; not deleted ones. */
  issue(idOrKey: string): SimulatedIssue | undefined {
    const issue = this.#issues.get(idOrKey);
    return issue?.deleted === undefined ? issue : undefined;
  }

  /** The issue, if the person may see it. */
  issueFor(person: JiraPerson, idOrKey: string): SimulatedIssue | undefined {
    const issue = this.issue(idOrKey);
    return issue && this.may(person, this.projectOf(issue), 'browse') ? issue : undefined;
  }

  labelled(label: string): ReadonlySet<SimulatedIssue> {
    return this.#labelled.get(label) ?? new Set();
  }

  addIssue(
    project: JiraProject,
    issueTypeId: string,
    author: JiraPerson,
    content: { readonly fields: FieldValues; readonly properties: Readonly<Record<string, unknown>> },
  ): SimulatedIssue {
    project.lastNumber += 1;
    const at = this.now().toISOString();
    const issue: SimulatedIssue = {
      id: this.#nextId(),
      key: `${project.key}-${project.lastNumber}`,
      projectId: project.id,
      issueTypeId,
      statusId: project.statuses[0]?.id ?? '',
      reporter: author.accountId,
      created: at,
      updated: at,
      fields: content.fields,
      formerKeys: [],
      comments: [],
      history: [],
      properties: { ...content.properties },
      remoteLinks: [],
      earlier: [],
    };
    this.#state.issues.push(issue);
    this.#index(issue);
    this.revision += 1;
    return issue;
  }

  /** Changes an issue; what stays the same leaves no trace in its history. */
  edit(issue: SimulatedIssue, author: string, { fields, statusId, issueTypeId }: IssueEdit): void {
    const after = {
      ...issue,
      fields: { ...issue.fields, ...fields },
      statusId: statusId ?? issue.statusId,
      issueTypeId: issueTypeId ?? issue.issueTypeId,
    };
    this.#change(issue, author, changesOf(this, issue, after), () => {
      issue.fields = after.fields;
      issue.statusId = after.statusId;
      issue.issueTypeId = after.issueTypeId;
    });
    this.#indexLabels(issue);
  }

  /** Moves an issue to another project: it gets a new key, and the old one still leads to it. */
  move(issue: SimulatedIssue, project: JiraProject, author: string): void {
    project.lastNumber += 1;
    const key = `${project.key}-${project.lastNumber}`;
    const status = project.statuses.find(({ id }) => id === issue.statusId) ?? project.statuses[0];
    const type =
      project.issueTypes.find(({ id }) => id === issue.issueTypeId) ??
      project.issueTypes.find(({ hierarchyLevel }) => hierarchyLevel === 0);
    const item = { field: 'Key', from: null, fromText: issue.key, to: null, toText: key };
    this.#change(issue, author, [item], () => {
      issue.formerKeys.push(issue.key);
      issue.key = key;
      issue.projectId = project.id;
      issue.statusId = status?.id ?? '';
      issue.issueTypeId = type?.id ?? issue.issueTypeId;
    });
    this.#issues.set(key, issue);
  }

  delete(issue: SimulatedIssue): void {
    issue.deleted = this.now().toISOString();
    this.revision += 1;
  }

  comment(
    issue: SimulatedIssue,
    author: string,
    { body, properties = {} }: Pick<IssueComment, 'body'> & Partial<Pick<IssueComment, 'properties'>>,
  ): IssueComment {
    const comment = { id: this.#nextId(), author, body, properties, created: this.now().toISOString() };
    this.#remember(issue);
    issue.comments.push(comment);
    issue.updated = comment.created;
    this.revision += 1;
    return comment;
  }

  setProperty(issue: SimulatedIssue, key: string, value: unknown): void {
    issue.properties[key] = value;
    this.revision += 1;
  }

  removeProperty(issue: SimulatedIssue, key: string): void {
    const { [key]: _, ...kept } = issue.properties;
    issue.properties = kept;
    this.revision += 1;
  }

  addRemoteLink(issue: SimulatedIssue, globalId: string | undefined, link: RemoteLink['link']): RemoteLink {
    const made = { id: Number(this.#nextId()), ...(globalId === undefined ? {} : { globalId }), link };
    issue.remoteLinks.push(made);
    this.revision += 1;
    return made;
  }

  replaceRemoteLink(held: RemoteLink, link: RemoteLink['link']): void {
    held.link = link;
    this.revision += 1;
  }

  /** Somebody changed a person or a project. */
  touch(): void {
    this.revision += 1;
  }

  #change(issue: SimulatedIssue, author: string, items: readonly ChangeItem[], apply: () => void): void {
    if (items.length === 0) return;
    this.#remember(issue);
    apply();
    issue.updated = this.now().toISOString();
    issue.history.push({ id: this.#nextId(), at: issue.updated, author, items });
    this.revision += 1;
  }

  /** Keeps what the index still shows for a while. */
  #remember(issue: SimulatedIssue): void {
    const now = this.now();
    issue.earlier = [
      ...issue.earlier.filter(({ until }) => Date.parse(until) + this.indexLagMs > now.getTime()),
      ...(this.indexLagMs > 0 ? [{ until: now.toISOString(), view: viewOf(issue) }] : []),
    ];
  }

  #index(issue: SimulatedIssue): void {
    for (const name of [issue.id, issue.key, ...issue.formerKeys]) this.#issues.set(name, issue);
    this.#indexLabels(issue);
  }

  #indexLabels(issue: SimulatedIssue): void {
    for (const { fields } of [issue, ...issue.earlier.map(({ view }) => view)])
      for (const label of (fields['labels'] as readonly string[] | undefined) ?? []) {
        const held = this.#labelled.get(label) ?? new Set();
        this.#labelled.set(label, held.add(issue));
      }
  }

  #nextId(): string {
    this.#state.ids += 1;
    return String(9_999 + this.#state.ids);
  }
}

const viewOf = ({
  id,
  key,
  projectId,
  issueTypeId,
  statusId,
  reporter,
  created,
  updated,
  fields,
}: IssueView): IssueView => ({
  id,
  key,
  projectId,
  issueTypeId,
  statusId,
  reporter,
  created,
  updated,
  fields,
});
