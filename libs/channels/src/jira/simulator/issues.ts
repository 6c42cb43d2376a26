import { z } from 'zod';
import { documentTrouble } from './adf.js';
import { issueOf, issueToWrite, type Context, type Handler, type Reply } from './context.js';
import { readPerson, type FieldPlace } from './fields.js';
import {
  checkFieldPermissions,
  issueBody,
  propertiesOf,
  readFields,
  readIssueBody,
  type IssueBody,
} from './issue-body.js';
import { denied, invalid, invalidFields, invalidRequest, JiraError } from './jira-error.js';
import { shaped } from './request.js';
import { fieldsOf, issueReference, type Json } from './resources.js';
import { screenOf } from './screens.js';
import type { JiraIssueType, JiraProject, SimulatedIssue } from './state.js';
import { perform } from './transitions.js';

const reference = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ key: z.string() }),
  z.strictObject({ name: z.string() }),
]);

function projectOf({ site, caller }: Context, sent: unknown): JiraProject | undefined {
  const asked = reference.safeParse(sent).data;
  const name = asked && ('id' in asked ? asked.id : 'key' in asked ? asked.key : undefined);
  const project = name === undefined ? undefined : site.project(name);
  return project && site.may(caller, project, 'browse') ? project : undefined;
}

const typeOf = (project: JiraProject | undefined, sent: unknown): JiraIssueType | undefined => {
  const asked = reference.safeParse(sent).data;
  return project?.issueTypes.find(
    ({ id, name }) => asked && ('id' in asked ? id === asked.id : 'name' in asked && name === asked.name),
  );
};

function create(context: Context, body: IssueBody): Json {
  const { project: sentProject, issuetype, ...fields } = body.fields ?? {};
  const project = projectOf(context, sentProject);
  if (!project) throw invalidFields({ project: 'Specify a valid project ID or key' });
  if (!context.site.may(context.caller, project, 'create'))
    throw denied('You do not have permission to create issues in this project.');
  const type = typeOf(project, issuetype);
  if (!type) throw invalidFields({ issuetype: 'Specify a valid issue type' });
  const place = {
    site: context.site,
    project,
    hierarchyLevel: type.hierarchyLevel,
    author: context.caller,
  };
  const { comment, ...update } = body.update ?? {};
  const comments = readComments(comment);
  const values = readFields({ fields, update }, { fields: screenOf(type), held: {}, complete: true }, place);
  checkFieldPermissions(context, place, values);
  const properties = propertiesOf(body);
  const issue = context.site.addIssue(project, type.id, context.caller, { fields: values, properties });
  for (const text of comments) context.site.comment(issue, context.caller.accountId, { body: text });
  return {
    ...issueReference(context, issue),
    ...(body.transition ? { transition: attempted(context, issue, body.transition.id) } : {}),
  };
}

/** The issue is there even where it could not go on at once. [I] */
function attempted(context: Context, issue: SimulatedIssue, transition: string): Json {
  try {
    perform(context, issue, transition, {});
    return { status: 200, errorCollection: { errorMessages: [], errors: {} } };
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    return {
      status: error.status,
      errorCollection: { errorMessages: error.messages, errors: error.errors },
    };
  }
}

function readComments(operations: readonly Json[] = []): readonly unknown[] {
  return operations.map((operation) => {
    const added = z.strictObject({ add: z.strictObject({ body: z.unknown() }) }).safeParse(operation);
    if (!added.success) throw invalidFields({ comment: 'Only an add with a body is supported.' });
    const trouble = documentTrouble(added.data.add.body);
    if (trouble !== undefined) throw invalidFields({ comment: trouble });
    return added.data.add.body;
  });
}

export const createIssue: Handler = (context) => ({
  status: 201,
  body: create(context, readIssueBody(context.body)),
});

/** "≤50". [S] */
const mostAtOnce = 50;

export const createIssues: Handler = (context) => {
  const { issueUpdates } = shaped(
    context.body,
    z.strictObject({ issueUpdates: z.array(issueBody).min(1).max(mostAtOnce) }),
  );
  const issues: Json[] = [];
  const errors: Json[] = [];
  issueUpdates.forEach((body, index) => {
    try {
      issues.push(create(context, body));
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      errors.push({
        status: error.status,
        elementErrors: { errorMessages: error.messages, errors: error.errors },
        failedElementNumber: index,
      });
    }
  });
  return { status: issues.length > 0 ? 201 : 400, body: { issues, errors } };
};

export const getIssue: Handler = (context) => {
  const issue = issueOf(context);
  return {
    status: 200,
    body: issueObject(context, issue, {
      fields: context.query.list('fields') ?? ['*all'],
      properties: context.query.list('properties') ?? [],
    }),
  };
};

function issueObject(
  context: Context,
  issue: SimulatedIssue,
  asked: { readonly fields: readonly string[]; readonly properties: readonly string[] },
): Json {
  const { properties } = asked;
  const shown = properties.includes('*all')
    ? issue.properties
    : Object.fromEntries(Object.entries(issue.properties).filter(([key]) => properties.includes(key)));
  return {
    ...issueReference(context, issue),
    ...(properties.length > 0 ? { properties: shown } : {}),
    fields: fieldsOf(context, issue, asked.fields),
  };
}

export const editIssue: Handler = (context) => {
  const issue = issueToWrite(context, 'edit');
  const { site, caller } = context;
  if (!context.query.flag('notifyUsers', true) && !caller.administers)
    throw denied('To discard the user notification either admin or project admin permissions are required.');
  const body = readIssueBody(context.body);
  if (!body.fields && !body.update && !body.properties)
    throw invalidRequest("one of 'fields' or 'update' is required");
  if (body.transition) throw invalidRequest('an issue is moved by its transitions');
  const place = placeOf(context, issue);
  const { comment, ...update } = body.update ?? {};
  const comments = readComments(comment);
  const screen = { fields: screenOf(typeOfIssue(context, issue)), held: issue.fields, complete: false };
  const values = readFields({ fields: body.fields, update }, screen, place);
  checkFieldPermissions(context, place, values);
  const properties = propertiesOf(body);
  if (comments.length > 0 && !site.may(caller, place.project, 'comment'))
    throw denied('You do not have permission to comment on this issue.');
  site.edit(issue, caller.accountId, { fields: values });
  for (const text of comments) site.comment(issue, caller.accountId, { body: text });
  for (const [key, value] of Object.entries(properties)) site.setProperty(issue, key, value);
  if (!context.query.flag('returnIssue')) return noContent;
  return { status: 200, body: issueObject(context, issue, { fields: ['*all'], properties: [] }) };
};

export const assignIssue: Handler = (context) => {
  const issue = issueToWrite(context, 'assign');
  const { accountId } = shaped(context.body, z.strictObject({ accountId: z.string().nullable() }));
  const read = accountId === null ? { value: undefined } : readPerson({ accountId }, placeOf(context, issue));
  if ('trouble' in read) throw invalid(read.trouble);
  context.site.edit(issue, context.caller.accountId, { fields: { assignee: read.value } });
  return noContent;
};

const noContent: Reply = { status: 204 };

function typeOfIssue({ site }: Context, issue: SimulatedIssue): JiraIssueType {
  const type = site.typeOf(issue);
  if (!type) throw new Error(`there is no issue type ${issue.issueTypeId}`);
  return type;
}

const placeOf = (context: Context, issue: SimulatedIssue): FieldPlace => ({
  site: context.site,
  project: context.site.projectOf(issue),
  hierarchyLevel: typeOfIssue(context, issue).hierarchyLevel,
  author: context.caller,
});
