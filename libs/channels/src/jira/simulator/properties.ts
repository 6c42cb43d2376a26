import { issueOf, issueToWrite, type Handler } from './context.js';
import { checkProperty } from './issue-body.js';
import { notFound } from './jira-error.js';

const missing = (key: string) => notFound(`The property ${key} does not exist.`);

export const getProperty: Handler = (context) => {
  const issue = issueOf(context);
  const key = context.ids[1] ?? '';
  if (!Object.hasOwn(issue.properties, key)) throw missing(key);
  return { status: 200, body: { key, value: issue.properties[key] } };
};

/** The body is the value itself. [S] */
export const setProperty: Handler = (context) => {
  const issue = issueToWrite(context, 'edit');
  const key = context.ids[1] ?? '';
  checkProperty(key, context.body);
  const isNew = !Object.hasOwn(issue.properties, key);
  context.site.setProperty(issue, key, context.body);
  return { status: isNew ? 201 : 200 };
};

export const deleteProperty: Handler = (context) => {
  const issue = issueToWrite(context, 'edit');
  const key = context.ids[1] ?? '';
  if (!Object.hasOwn(issue.properties, key)) throw missing(key);
  context.site.removeProperty(issue, key);
  return { status: 204 };
};
