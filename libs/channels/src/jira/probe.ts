import { RemoteError, type Finding } from '#http';
import type { JiraApi } from './api.js';
import type { Assignees } from './assignees.js';
import { fieldOf, listOf, type CreateScreen, type Projects } from './project.js';
import { myself, type IssueField } from './schema.js';
import { jiraDestination, type JiraDestination } from './settings.js';

interface Tools {
  readonly api: JiraApi;
  readonly projects: Projects;
  readonly assignees: Assignees;
}

/** What each issue is given in any case, or Jira fills in by itself. */
const filled: ReadonlySet<string> = new Set(['project', 'issuetype', 'summary', 'description', 'reporter']);

/** Whether the token is good, and whether each destination's project takes what would be sent. */
export async function probe(
  tools: Tools,
  destinations: readonly Readonly<Record<string, unknown>>[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    const { displayName } = await tools.api.ask({
      label: 'own account',
      method: 'GET',
      path: 'myself',
      reply: myself,
      signal,
    });
    const who = displayName === undefined ? '' : ` of ${displayName}`;
    findings.push({ level: 'ok', about: 'api token', message: `Jira accepts the token${who}.` });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return [{ level: 'problem', about: 'api token', message: error.message, remedy: tokenRemedy(error) }];
  }
  const parsed = destinations.flatMap((one) => jiraDestination.safeParse(one).data ?? []);
  const distinct = new Map(parsed.map((one) => [JSON.stringify(one), one]));
  for (const destination of distinct.values()) findings.push(...(await examined(tools, destination, signal)));
  return findings;
}

async function examined(
  { projects, assignees }: Tools,
  destination: JiraDestination,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const about = `${destination.project} ${destination.issueType}`;
  try {
    const screen = await projects.screen(destination.project, destination.issueType, signal);
    const findings = [
      ...named(destination, screen),
      ...required(destination, screen),
      ...(await assignable(destination, assignees, signal)),
    ].map((finding) => ({ ...finding, about }));
    return findings.some(({ level }) => level === 'problem')
      ? findings
      : [
          { level: 'ok', about, message: 'Issues of this type can be made as the document says.' },
          ...findings,
        ];
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return [
      {
        level: 'problem',
        about,
        message: error.message,
        remedy: 'Mend the destination, or let the account browse the project and create issues in it.',
      },
    ];
  }
}

type Found = Omit<Finding, 'about'>;

/** Fields that the document names and the screen does not have, and values that they do not take. */
function named(destination: JiraDestination, screen: CreateScreen): readonly Found[] {
  const wanted = [
    ...(destination.priority === undefined ? [] : ['priority']),
    ...(destination.labels.length === 0 ? [] : ['labels']),
    ...(destination.assignee === undefined ? [] : ['assignee']),
    ...(destination.due === undefined ? [] : ['duedate']),
    ...(destination.parent === undefined ? [] : ['parent']),
    ...Object.keys(destination.fields),
  ];
  const absent = wanted
    .filter((id) => fieldOf(screen, id) === undefined)
    .map((id): Found => ({
      level: id === 'assignee' ? 'warning' : 'problem',
      message: `The field \`${id}\` is not on the screen of \`${screen.type.name}\`.`,
      remedy: `Put it on the screen for creating issues, or take it out of the subscription’s \`to\`.`,
    }));
  const isFindable = destination.labels.length > 0 || fieldOf(screen, 'labels') !== undefined;
  return [
    ...absent,
    ...priority(destination, screen),
    ...(isFindable
      ? []
      : [
          {
            level: 'warning' as const,
            message:
              'Labels are not on the screen, so nobody can ask whether an issue was made after a lost answer.',
            remedy: 'Put the field Labels on the screen for creating issues.',
          },
        ]),
  ];
}

function priority({ priority: wanted, project }: JiraDestination, screen: CreateScreen): readonly Found[] {
  const values = fieldOf(screen, 'priority')?.allowedValues;
  if (wanted === undefined || values === undefined) return [];
  if (values.some(({ id, name }) => id === wanted || name?.toLowerCase() === wanted.toLowerCase())) return [];
  return [
    {
      level: 'problem',
      message: `The project \`${project}\` has no priority \`${wanted}\`.`,
      remedy: `It has ${listOf(values.flatMap(({ name }) => name ?? []))}.`,
    },
  ];
}

/** Fields that Jira wants and nobody fills. */
const required = (destination: JiraDestination, { fields, type }: CreateScreen): readonly Found[] =>
  fields
    .filter((field) => field.required && !field.hasDefaultValue && !isFilled(destination, field))
    .map(({ fieldId, name }) => ({
      level: 'problem',
      message: `The field \`${fieldId}\` (${name}) is required for \`${type.name}\`, and nothing fills it.`,
      remedy: fieldId.startsWith('customfield_')
        ? `Give it a value: \`fields: { ${fieldId}: … }\` in the subscription’s \`to\`, or make it optional in Jira.`
        : 'Name it in the subscription’s `to`, or make it optional in Jira.',
    }));

const isFilled = (destination: JiraDestination, { fieldId }: IssueField): boolean =>
  filled.has(fieldId) ||
  fieldId === 'labels' ||
  (fieldId === 'priority' && destination.priority !== undefined) ||
  (fieldId === 'assignee' && destination.assignee !== undefined) ||
  (fieldId === 'duedate' && destination.due !== undefined) ||
  (fieldId === 'parent' && destination.parent !== undefined) ||
  fieldId in destination.fields;

async function assignable(
  { assignee }: JiraDestination,
  assignees: Assignees,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  // Whoever a message is about is known when it is sent.
  if (assignee === undefined || assignee.includes('{{')) return [];
  if ((await assignees.find(assignee, signal)) !== undefined) return [];
  return [
    {
      level: 'warning',
      message: `Nobody is found by the address ${assignee}: issues would be made without an assignee and say so.`,
      remedy:
        'Give that person access to Jira, and the account the global permission "Browse users and groups".',
    },
  ];
}

const tokenRemedy = ({ reason }: RemoteError): string =>
  reason === 'unauthorized'
    ? 'Make a new API token at https://id.atlassian.com/manage-profile/security/api-tokens and put it into the secret of the channel.'
    : 'Check `baseUrl` and the network; https://jira-software.status.atlassian.com says how Jira is.';
