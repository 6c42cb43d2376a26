import { priorities, resolutions } from '../fields.js';
import type { Site } from '../site.js';
import type { IssueView, JiraPerson, SimulatedIssue } from '../state.js';
import { textOf } from '../adf.js';

/** Who asks, where. */
export interface Asking {
  readonly site: Site;
  readonly caller: JiraPerson;
}

/** How a field is searched. */
export interface SearchField {
  readonly name: string;
  readonly kind: 'id' | 'date' | 'text';
  /** What an issue has in it: ids, labels, times, texts. */
  of(view: IssueView, issue: SimulatedIssue): readonly string[];
  /** The ids that a written value stands for; none where there is no such value. Absent where every value is one. */
  known?(text: string): readonly string[];
  /** What it is ordered by, where not by the first of its values. */
  rank?(view: IssueView): string | number;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

const matching = (items: readonly Named[], text: string): readonly string[] => [
  ...new Set(
    items
      .filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())
      .map(({ id }) => id),
  ),
];

const one = (value: unknown): readonly string[] => (value === undefined ? [] : [String(value)]);

const categories = [
  { id: 'new', name: 'To Do' },
  { id: 'indeterminate', name: 'In Progress' },
  { id: 'done', name: 'Done' },
];

const aliases: Readonly<Record<string, string>> = {
  issue: 'key',
  issuekey: 'key',
  id: 'key',
  type: 'issuetype',
  due: 'duedate',
};

/** The field that a query names; `undefined` where there is none. */
export function searchField(name: string, { site, caller }: Asking): SearchField | undefined {
  const lower = name.toLowerCase();
  const fields = fieldsOf(site, caller);
  const known = fields[aliases[lower] ?? lower];
  if (known) return { name, ...known };
  const custom = site.field(/^cf\[(\d+)\]$/.exec(lower)?.[1]?.replace(/^/, 'customfield_') ?? '');
  if (!custom) return undefined;
  const isText = custom.kind === 'text' || custom.kind === 'document';
  return {
    name,
    kind: custom.kind === 'date' ? 'date' : isText ? 'text' : 'id',
    of: ({ fields: { [custom.id]: value } }) =>
      custom.kind === 'document' && value !== undefined ? [textOf(value)] : one(value),
    ...(custom.kind === 'option'
      ? {
          known: (text: string) =>
            matching(custom.options?.map(({ id, value }) => ({ id, name: value })) ?? [], text),
        }
      : {}),
  };
}

const fieldsOf = (site: Site, caller: JiraPerson): Readonly<Record<string, Omit<SearchField, 'name'>>> => ({
  project: {
    kind: 'id',
    of: ({ projectId }) => [projectId],
    known: (text) => {
      const seen = site.projects.filter((project) => site.may(caller, project, 'browse'));
      return matching([...seen, ...seen.map(({ id, key }) => ({ id, name: key }))], text);
    },
  },
  key: {
    kind: 'id',
    of: ({ id }) => [id],
    known: (text) => one(site.issueFor(caller, text)?.id),
    rank: ({ key }) => key.replace(/\d+$/, (number) => number.padStart(9, '0')),
  },
  issuetype: {
    kind: 'id',
    of: ({ issueTypeId }) => [issueTypeId],
    known: (text) =>
      matching(
        site.projects.flatMap(({ issueTypes }) => issueTypes),
        text,
      ),
  },
  status: {
    kind: 'id',
    of: ({ statusId }) => [statusId],
    known: (text) =>
      matching(
        site.projects.flatMap(({ statuses }) => statuses),
        text,
      ),
  },
  statuscategory: {
    kind: 'id',
    of: (view) => one(site.statusOf(view)?.category),
    known: (text) => matching(categories, text),
  },
  assignee: {
    kind: 'id',
    of: ({ fields }) => one(fields['assignee']),
    known: (text) => one(site.person(text)?.accountId),
  },
  reporter: {
    kind: 'id',
    of: ({ reporter }) => [reporter],
    known: (text) => one(site.person(text)?.accountId),
  },
  priority: {
    kind: 'id',
    of: ({ fields }) => one(fields['priority']),
    known: (text) => matching(priorities, text),
  },
  resolution: {
    kind: 'id',
    of: ({ fields }) => one(fields['resolution']),
    known: (text) => matching(resolutions, text),
  },
  parent: {
    kind: 'id',
    of: ({ fields }) => one(fields['parent']),
    known: (text) => one(site.issueFor(caller, text)?.id),
  },
  labels: { kind: 'id', of: ({ fields }) => (fields['labels'] as readonly string[] | undefined) ?? [] },
  created: { kind: 'date', of: ({ created }) => [created] },
  updated: { kind: 'date', of: ({ updated }) => [updated] },
  duedate: { kind: 'date', of: ({ fields }) => one(fields['duedate']) },
  summary: { kind: 'text', of: ({ fields }) => one(fields['summary']) },
  description: {
    kind: 'text',
    of: ({ fields }) => one(fields['description']).map(() => textOf(fields['description'])),
  },
  comment: { kind: 'text', of: (_, { comments }) => comments.map(({ body }) => textOf(body)) },
  text: {
    kind: 'text',
    of: ({ fields }, { comments }) => [
      String(fields['summary'] ?? ''),
      textOf(fields['description']),
      ...comments.map(({ body }) => textOf(body)),
    ],
  },
});
