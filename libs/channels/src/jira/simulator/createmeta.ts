import type { Context, Handler } from './context.js';
import { priorities } from './fields.js';
import { notFound } from './jira-error.js';
import { offsetPage, paged } from './request.js';
import { fieldObject, type Json } from './resources.js';
import { screenOf } from './screens.js';
import type { JiraIssueType, JiraProject } from './state.js';

/** Seen by those who may make issues in it. */
function projectOf({ site, caller, ids }: Context): JiraProject {
  const project = site.project(ids[0] ?? '');
  if (!project || !site.may(caller, project, 'browse') || !site.may(caller, project, 'create'))
    throw notFound('Project not found or you do not have permission to create issues in it.');
  return project;
}

const typeObject = ({ id, name, hierarchyLevel }: JiraIssueType): Json => ({
  id,
  name,
  description: '',
  subtask: hierarchyLevel < 0,
  hierarchyLevel,
});

export const listIssueTypes: Handler = (context) => ({
  status: 200,
  body: paged(
    'issueTypes',
    projectOf(context).issueTypes.map(typeObject),
    offsetPage(context.query, 50, 200),
  ),
});

export const listFields: Handler = (context) => {
  const project = projectOf(context);
  const type = project.issueTypes.find(({ id }) => id === context.ids[1]);
  if (!type) throw notFound('Issue type not found in the project.');
  const shown = screenOf(type).flatMap((onScreen) => {
    const field = context.site.field(onScreen.id);
    return field ? [fieldObject(field, onScreen, project.priorities)] : [];
  });
  const fields = [...frame(project, type), ...shown];
  return { status: 200, body: paged('fields', fields, offsetPage(context.query, 50, 200)) };
};

/** What every screen has before all else. */
const frame = (project: JiraProject, type: JiraIssueType): readonly Json[] =>
  [
    { id: 'project', name: 'Project', allowed: { id: project.id, key: project.key, name: project.name } },
    { id: 'issuetype', name: 'Issue Type', allowed: typeObject(type) },
  ].map(({ id, name, allowed }) => ({
    fieldId: id,
    key: id,
    name,
    required: true,
    hasDefaultValue: false,
    operations: ['set'],
    schema: { type: id, system: id },
    allowedValues: [allowed],
  }));

export const listPriorities: Handler = ({ site, query, caller }) => {
  const asked = query.text('projectId');
  const project = asked === undefined ? undefined : site.project(asked);
  if (asked !== undefined && (project?.id !== asked || !site.may(caller, project, 'browse')))
    throw notFound(`No project could be found with id '${asked}'.`);
  const page = offsetPage(query);
  const values = priorities
    .filter(({ id }) => project?.priorities.includes(id) ?? true)
    .map((priority) => ({ ...priority, isDefault: priority.name === 'Medium' }));
  return {
    status: 200,
    body: { ...paged('values', values, page), isLast: page.startAt + page.maxResults >= values.length },
  };
};
