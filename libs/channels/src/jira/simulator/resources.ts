import { priorities, resolutions, systemFields } from './fields.js';
import type { Site } from './site.js';
import type {
  IssueComment,
  IssueView,
  JiraField,
  JiraPerson,
  JiraStatus,
  SimulatedIssue,
  StatusCategory,
} from './state.js';

/** What answers are made of. */
export interface Place {
  readonly site: Site;
  readonly origin: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** As Jira writes times: without a colon in the offset. [S] */
const jiraTime = (at: string): string => at.replace('Z', '+0000');

const self = ({ origin }: Place, path: string): string => `${origin}/rest/api/3/${path}`;

export const personObject = (place: Place, person: JiraPerson): Json => ({
  self: self(place, `user?accountId=${person.accountId}`),
  accountId: person.accountId,
  accountType: person.accountType,
  displayName: person.displayName,
  ...(person.emailVisible ? { emailAddress: person.emailAddress } : {}),
  active: person.active,
  timeZone: person.timeZone,
});

const knownPerson = (place: Place, accountId: unknown): Json | null => {
  const person = place.site.person(String(accountId));
  return person ? personObject(place, person) : null;
};

const categories: Readonly<Record<StatusCategory, Json>> = {
  new: { id: 2, key: 'new', colorName: 'blue-gray', name: 'To Do' },
  indeterminate: { id: 4, key: 'indeterminate', colorName: 'yellow', name: 'In Progress' },
  done: { id: 3, key: 'done', colorName: 'green', name: 'Done' },
};

export const statusObject = (place: Place, { id, name, category }: JiraStatus): Json => ({
  self: self(place, `status/${id}`),
  id,
  name,
  statusCategory: categories[category],
});

/** An issue named in another's answer, or just made. */
export const issueReference = (place: Place, { id, key }: Pick<IssueView, 'id' | 'key'>): Json => ({
  id,
  key,
  self: self(place, `issue/${id}`),
});

function valueObject(place: Place, field: JiraField, value: unknown): unknown {
  if (value === undefined) return field.kind === 'labels' ? [] : null;
  switch (field.kind) {
    case 'priority':
      return priorities.find(({ id }) => id === value) ?? null;
    case 'resolution':
      return resolutions.find(({ id }) => id === value) ?? null;
    case 'option':
      return field.options?.find(({ id }) => id === value) ?? null;
    case 'person':
      return knownPerson(place, value);
    case 'parent': {
      const parent = place.site.issue(String(value));
      return parent
        ? { ...issueReference(place, parent), fields: { summary: parent.fields['summary'] } }
        : null;
    }
    default:
      return value;
  }
}

/** Every field that an issue shows, by id. */
function shownFields(place: Place, view: IssueView): Readonly<Record<string, () => unknown>> {
  const { site } = place;
  const project = site.projectOf(view);
  const type = site.typeOf(view);
  const status = site.statusOf(view);
  const own = (field: JiraField) =>
    [field.id, () => valueObject(place, field, view.fields[field.id])] as const;
  const custom = (type?.screen ?? []).flatMap(({ id }) => {
    const field = id.startsWith('customfield_') ? site.field(id) : undefined;
    return field ? [own(field)] : [];
  });
  return {
    project: () => ({
      self: self(place, `project/${project.id}`),
      id: project.id,
      key: project.key,
      name: project.name,
    }),
    issuetype: () =>
      type && {
        id: type.id,
        name: type.name,
        subtask: type.hierarchyLevel < 0,
        hierarchyLevel: type.hierarchyLevel,
      },
    status: () => status && statusObject(place, status),
    reporter: () => knownPerson(place, view.reporter),
    creator: () => knownPerson(place, view.reporter),
    created: () => jiraTime(view.created),
    updated: () => jiraTime(view.updated),
    ...Object.fromEntries([...systemFields.map(own), ...custom]),
  };
}

/** The fields that were asked for; ones that are not there are passed over, as Jira does. */
export function fieldsOf(place: Place, view: IssueView, asked: readonly string[]): Json {
  const all = shownFields(place, view);
  const everything = asked.some((name) => name === '*all' || name === '*navigable');
  const without = new Set(asked.filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const onlyWithout = without.size > 0 && without.size === asked.length;
  const names = everything || onlyWithout ? Object.keys(all) : asked;
  return Object.fromEntries(
    names.flatMap((name) => {
      const show = without.has(name) || !Object.hasOwn(all, name) ? undefined : all[name];
      return show ? [[name, show()]] : [];
    }),
  );
}

export function commentObject(place: Place, issue: SimulatedIssue, comment: IssueComment): Json {
  const author = knownPerson(place, comment.author);
  return {
    self: self(place, `issue/${issue.id}/comment/${comment.id}`),
    id: comment.id,
    author,
    updateAuthor: author,
    body: comment.body,
    created: jiraTime(comment.created),
    updated: jiraTime(comment.created),
    jsdPublic: true,
  };
}

const schemaTypes: Readonly<Record<JiraField['kind'], string>> = {
  text: 'string',
  document: 'string',
  number: 'number',
  date: 'date',
  option: 'option',
  person: 'user',
  labels: 'array',
  priority: 'priority',
  parent: 'issuelink',
  resolution: 'resolution',
};

/** A field as createmeta and the screens of transitions describe it. */
export function fieldObject(
  field: JiraField,
  { required, default: byDefault }: { readonly required: boolean; readonly default?: unknown },
  allowedPriorities: readonly string[],
): Json {
  const isCustom = field.id.startsWith('customfield_');
  const allowed = {
    priority: priorities.filter(({ id }) => allowedPriorities.includes(id)),
    resolution: resolutions,
    option: field.options ?? [],
  };
  return {
    fieldId: field.id,
    key: field.id,
    name: field.name,
    required,
    hasDefaultValue: byDefault !== undefined,
    operations: field.kind === 'labels' ? ['add', 'set', 'remove'] : ['set'],
    schema: {
      type: schemaTypes[field.kind],
      ...(field.kind === 'labels' ? { items: 'string' } : {}),
      ...(isCustom ? { customId: Number(field.id.slice('customfield_'.length)) } : { system: field.id }),
    },
    ...(field.kind in allowed ? { allowedValues: allowed[field.kind as keyof typeof allowed] } : {}),
  };
}
