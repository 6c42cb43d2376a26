import { RemoteError } from '#http';
import type { JiraApi } from './api.js';
import { listOf } from './project.js';
import { transitionsReply, type StoredIssue } from './schema.js';

/** What a screen may ask for when an issue is done; Jira has it in every site. */
const usualResolution = { resolution: { name: 'Done' } };

/**
 * Moves an issue by the transition of that name. Ids differ by workflow, so it is looked for each time. Where the issue cannot go that way
 * from where it is, the error to throw once everything else is done: people have moved it, and somebody should look. Throws `RemoteError`.
 */
export async function move(
  api: JiraApi,
  { id, key, fields: { status } }: StoredIssue,
  name: string,
  signal: AbortSignal,
): Promise<RemoteError | undefined> {
  const { transitions } = await api.ask({
    label: 'transitions of an issue',
    method: 'GET',
    path: `issue/${id}/transitions?expand=transitions.fields`,
    reply: transitionsReply,
    signal,
  });
  const possible = transitions.filter(({ isAvailable = true }) => isAvailable);
  const transition = possible.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!transition)
    return new RemoteError(
      'jira',
      'rejected',
      'refused',
      `${key} cannot be moved by \`${name}\` from \`${status.name}\`; possible is ${listOf(possible.map((one) => one.name))}`,
      { code: 'no-transition' },
    );
  const asksResolution = transition.fields?.['resolution'];
  try {
    await api.tell({
      label: 'move an issue',
      method: 'POST',
      path: `issue/${id}/transitions`,
      json: {
        transition: { id: transition.id },
        ...(asksResolution?.required === true && asksResolution.hasDefaultValue !== true
          ? { fields: usualResolution }
          : {}),
      },
      signal,
    });
    return undefined;
  } catch (error) {
    // It asks for more than we know, or a rule of the workflow says no.
    if (error instanceof RemoteError && error.status === 400)
      return new RemoteError(
        'jira',
        'rejected',
        'refused',
        `${key} was not moved by \`${name}\`: ${error.message}`,
        { code: 'no-transition', status: 400, cause: error },
      );
    throw error;
  }
}
