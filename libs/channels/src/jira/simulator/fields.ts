import { documentTrouble, longestText } from './adf.js';
import type { Site } from './site.js';
import type { JiraField, JiraPerson, JiraProject } from './state.js';

/** https://support.atlassian.com/jira-cloud-administration/docs/configure-issue-fields/ [S] */
const longestLine = 255;
const longestLabel = 255;

/** Jira's own fields that a caller can set; `project` and `issuetype` are no values of an issue. */
export const systemFields: readonly JiraField[] = [
  { id: 'summary', name: 'Summary', kind: 'text' },
  { id: 'description', name: 'Description', kind: 'document' },
  { id: 'environment', name: 'Environment', kind: 'document' },
  { id: 'priority', name: 'Priority', kind: 'priority' },
  { id: 'labels', name: 'Labels', kind: 'labels' },
  { id: 'assignee', name: 'Assignee', kind: 'person' },
  { id: 'duedate', name: 'Due date', kind: 'date' },
  { id: 'parent', name: 'Parent', kind: 'parent' },
  { id: 'resolution', name: 'Resolution', kind: 'resolution' },
];

export const priorities = [
  { id: '1', name: 'Highest' },
  { id: '2', name: 'High' },
  { id: '3', name: 'Medium' },
  { id: '4', name: 'Low' },
  { id: '5', name: 'Lowest' },
] as const;

export const resolutions = [
  { id: '10000', name: 'Done' },
  { id: '10001', name: "Won't Do" },
  { id: '10002', name: 'Duplicate' },
] as const;

/** Where a value is to stand. */
export interface FieldPlace {
  readonly site: Site;
  readonly project: JiraProject;
  readonly hierarchyLevel: number;
  readonly author: JiraPerson;
}

/** The value as an issue keeps it (`undefined` for none), or what is wrong with it. */
export type ReadValue = { readonly value: unknown } | { readonly trouble: string };

/** Reads what a caller sent for a field. `null` clears it. */
export function readValue(field: JiraField, sent: unknown, place: FieldPlace): ReadValue {
  if (field.id === 'summary') return readSummary(sent);
  if (sent === null) return { value: undefined };
  switch (field.kind) {
    case 'text':
      return readLine(field, sent);
    case 'document': {
      const trouble = documentTrouble(sent);
      return trouble === undefined ? { value: sent } : { trouble };
    }
    case 'number':
      return typeof sent === 'number' ? { value: sent } : { trouble: 'Specify a number.' };
    case 'date':
      return isDate(sent)
        ? { value: sent }
        : { trouble: `Error parsing date string: ${shown(sent)}. Use yyyy-MM-dd.` };
    case 'labels':
      return readLabels(sent);
    case 'priority': {
      const found = byIdOrName(
        priorities.filter(({ id }) => place.project.priorities.includes(id)),
        sent,
      );
      return found ? { value: found.id } : { trouble: 'The priority selected is invalid.' };
    }
    case 'resolution': {
      const found = byIdOrName(resolutions, sent);
      return found ? { value: found.id } : { trouble: 'The resolution selected is invalid.' };
    }
    case 'option':
      return readOption(field, sent);
    case 'person':
      return readPerson(sent, place);
    case 'parent':
      return readParent(sent, place);
  }
}

function readSummary(sent: unknown): ReadValue {
  if (sent === null || sent === '' || (typeof sent === 'string' && sent.trim() === ''))
    return { trouble: 'You must specify a summary of the issue.' };
  if (typeof sent !== 'string') return { trouble: 'Operation value must be a string' };
  if (/[\r\n]/.test(sent))
    return { trouble: 'The summary is invalid because it contains newline characters.' };
  if (sent.length > longestLine) return { trouble: `Summary can't exceed ${longestLine} characters.` };
  return { value: sent };
}

function readLine(field: JiraField, sent: unknown): ReadValue {
  if (typeof sent !== 'string') return { trouble: 'Operation value must be a string' };
  if (/[\r\n]/.test(sent)) return { trouble: `${field.name} must be a single line.` };
  if (sent.length > longestLine) return { trouble: `${field.name} can't exceed ${longestLine} characters.` };
  return { value: sent === '' ? undefined : sent };
}

/** What is wrong with a label; `undefined` where nothing is. */
export function labelTrouble(label: unknown): string | undefined {
  if (typeof label !== 'string' || label === '') return 'A label must be a non-empty string.';
  if (/\s/.test(label)) return `The label '${label}' contains spaces which is invalid.`;
  if (label.length > longestLabel)
    return `The label '${label}' exceeds the maximum length of ${longestLabel}.`;
  return undefined;
}

function readLabels(sent: unknown): ReadValue {
  if (!Array.isArray(sent)) return { trouble: 'data was not an array' };
  for (const label of sent) {
    const trouble = labelTrouble(label);
    if (trouble !== undefined) return { trouble };
  }
  const labels = [...new Set(sent as string[])].sort();
  return { value: labels.length === 0 ? undefined : labels };
}

function readOption(field: JiraField, sent: unknown): ReadValue {
  const asked = oneKey(sent, ['id', 'value']);
  const found = field.options?.find(
    ({ id, value }) =>
      (asked?.name === 'id' && id === asked.text) || (asked?.name === 'value' && value === asked.text),
  );
  if (found) return { value: found.id };
  const valid = field.options?.map(({ id, value }) => `${id}[${value}]`).join(', ') ?? '';
  return { trouble: `Specify a valid 'id' or 'value' for ${field.name}. The allowed values are ${valid}` };
}

/** `-1` is for whoever gets issues automatically. */
export function readPerson(sent: unknown, { site, project }: FieldPlace): ReadValue {
  const asked = oneKey(sent, ['accountId', 'id']);
  if (!asked) return { trouble: 'Expected an object with an accountId.' };
  if (asked.text === '-1') return { value: project.lead };
  const person = site.person(asked.text);
  if (!person) return { trouble: `User '${asked.text}' does not exist.` };
  if (!mayBeAssigned(person, project, site))
    return { trouble: `User '${asked.text}' cannot be assigned issues.` };
  return { value: person.accountId };
}

const mayBeAssigned = (person: JiraPerson, project: JiraProject, site: Site): boolean =>
  person.active &&
  person.hasAccess &&
  person.accountType === 'atlassian' &&
  site.may(person, project, 'browse') &&
  site.may(person, project, 'be-assigned');

/** One level above the issue; of subtasks also in the same project. [I] */
function readParent(sent: unknown, { site, project, hierarchyLevel, author }: FieldPlace): ReadValue {
  const asked = oneKey(sent, ['key', 'id']);
  const parent = asked && site.issueFor(author, asked.text);
  if (!parent) return { trouble: 'Could not find issue by id or key.' };
  const level = site.typeOf(parent)?.hierarchyLevel;
  if (level !== hierarchyLevel + 1 || (hierarchyLevel < 0 && parent.projectId !== project.id))
    return { trouble: 'Given parent issue does not belong to appropriate hierarchy.' };
  return { value: parent.id };
}

/** An object with one of these keys and no other. */
function oneKey(
  sent: unknown,
  names: readonly string[],
): { readonly name: string; readonly text: string } | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined;
  const [entry, ...more] = Object.entries(sent);
  if (!entry || more.length > 0 || !names.includes(entry[0]) || typeof entry[1] !== 'string')
    return undefined;
  return { name: entry[0], text: entry[1] };
}

function byIdOrName<Item extends { readonly id: string; readonly name: string }>(
  items: readonly Item[],
  sent: unknown,
): Item | undefined {
  const asked = oneKey(sent, ['id', 'name']);
  return asked && items.find((item) => item[asked.name as 'id' | 'name'] === asked.text);
}

function isDate(sent: unknown): boolean {
  if (typeof sent !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(sent)) return false;
  const date = new Date(`${sent}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(sent);
}

const shown = (sent: unknown): string =>
  (typeof sent === 'string' ? sent : JSON.stringify(sent)).slice(0, longestText);
