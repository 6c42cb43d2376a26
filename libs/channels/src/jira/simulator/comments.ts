import { z } from 'zod';
import { documentTrouble } from './adf.js';
import { issueOf, issueToWrite, type Handler } from './context.js';
import { propertiesOf } from './issue-body.js';
import { invalidFields, invalidRequest, JiraError } from './jira-error.js';
import { offsetPage, paged, shaped } from './request.js';
import { commentObject } from './resources.js';

const commentBody = z.strictObject({
  body: z.unknown(),
  properties: z.array(z.strictObject({ key: z.string(), value: z.unknown() })).optional(),
});

export const addComment: Handler = (context) => {
  const issue = issueToWrite(context, 'comment');
  const sent = shaped(context.body, commentBody);
  const trouble = documentTrouble(sent.body);
  if (trouble !== undefined) throw invalidFields({ comment: trouble });
  const properties = propertiesOf(sent);
  if (issue.comments.length >= context.doubts.mostComments)
    throw new JiraError(413, ['The issue has the most comments that an issue can have.']);
  const comment = context.site.comment(issue, context.caller.accountId, { body: sent.body, properties });
  return { status: 201, body: commentObject(context, issue, comment) };
};

export const listComments: Handler = (context) => {
  const issue = issueOf(context);
  const order = context.query.text('orderBy') ?? 'created';
  if (!['created', '+created', '-created'].includes(order))
    throw invalidRequest('orderBy must be created, +created or -created');
  const comments = issue.comments.map((comment) => commentObject(context, issue, comment));
  if (order === '-created') comments.reverse();
  return { status: 200, body: paged('comments', comments, offsetPage(context.query, 100, 5000)) };
};
