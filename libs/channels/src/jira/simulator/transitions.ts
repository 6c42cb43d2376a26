import { z } from 'zod';
import { issueOf, issueToWrite, type Context, type Handler } from './context.js';
import { checkFieldPermissions, readFields, type IssueBody } from './issue-body.js';
import { invalid } from './jira-error.js';
import { shaped } from './request.js';
import { fieldObject, statusObject, type Json } from './resources.js';
import type { JiraTransition, SimulatedIssue } from './state.js';

const illegal = 'It seems that you have tried to perform an illegal workflow operation.';

/** Those that the caller can perform now. */
function possible({ site, caller }: Context, issue: SimulatedIssue): readonly JiraTransition[] {
  const project = site.projectOf(issue);
  if (!site.may(caller, project, 'transition')) return [];
  return project.transitions.filter(({ from }) => from.includes(issue.statusId));
}

export const listTransitions: Handler = (context) => {
  const issue = issueOf(context);
  const withFields = context.query.list('expand')?.includes('transitions.fields') ?? false;
  const wanted = context.query.text('transitionId');
  const transitions = possible(context, issue)
    .filter(({ id }) => wanted === undefined || id === wanted)
    .map((transition) => transitionObject(context, issue, transition, withFields));
  return { status: 200, body: { expand: 'transitions', transitions } };
};

function transitionObject(
  context: Context,
  issue: SimulatedIssue,
  transition: JiraTransition,
  withFields: boolean,
): Json {
  const project = context.site.projectOf(issue);
  const to = project.statuses.find(({ id }) => id === transition.to);
  const fields = transition.screen.flatMap((onScreen) => {
    const field = context.site.field(onScreen.id);
    return field ? [[field.id, fieldObject(field, onScreen, project.priorities)] as const] : [];
  });
  return {
    id: transition.id,
    name: transition.name,
    to: to && statusObject(context, to),
    hasScreen: transition.screen.length > 0,
    isGlobal: false,
    isInitial: false,
    isConditional: false,
    isAvailable: true,
    ...(withFields ? { fields: Object.fromEntries(fields) } : {}),
  };
}

const transitionBody = z.strictObject({
  transition: z.strictObject({ id: z.string() }),
  fields: z.record(z.string(), z.unknown()).optional(),
  update: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
});

export const transitionIssue: Handler = (context) => {
  const issue = issueToWrite(context, 'browse');
  const { transition, ...values } = shaped(context.body, transitionBody);
  perform(context, issue, transition.id, values);
  return { status: 204 };
};

/** Moves the issue along a transition, with the fields of its screen. A way into a `done` status resolves it, one out of it clears that. */
export function perform(
  context: Context,
  issue: SimulatedIssue,
  id: string,
  sent: Pick<IssueBody, 'fields' | 'update'>,
): void {
  const { site, caller } = context;
  const transition = possible(context, issue).find((one) => one.id === id);
  if (!transition) throw invalid(illegal);
  const project = site.projectOf(issue);
  const place = {
    site,
    project,
    hierarchyLevel: site.typeOf(issue)?.hierarchyLevel ?? 0,
    author: caller,
  };
  const screen = { fields: transition.screen, held: issue.fields, complete: true };
  const values = readFields(sent, screen, place);
  checkFieldPermissions(context, place, values);
  const isDone = project.statuses.find((status) => status.id === transition.to)?.category === 'done';
  const resolution = isDone ? (issue.fields['resolution'] ?? '10000') : undefined;
  site.edit(issue, caller.accountId, {
    fields: { resolution, ...values },
    statusId: transition.to,
  });
}
