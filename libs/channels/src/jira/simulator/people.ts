import type { Handler } from './context.js';
import { invalid } from './jira-error.js';
import { offsetPage } from './request.js';
import { personObject } from './resources.js';
import type { JiraPerson } from './state.js';

export const myself: Handler = (context) => ({
  status: 200,
  // One's own address is always seen.
  body: { ...personObject(context, context.caller), emailAddress: context.caller.emailAddress },
});

/** By the beginnings of names and addresses; a hidden address finds its person, too, and is not in the answer. [S][I] */
export const searchPeople: Handler = (context) => {
  const { site, caller, query } = context;
  const accountId = query.text('accountId');
  const asked = query.text('query')?.toLowerCase();
  if (asked === undefined && accountId === undefined)
    throw invalid("Either the 'query' or 'accountId' query parameters must be provided.");
  const { startAt, maxResults } = offsetPage(query);
  if (!caller.browsesUsers) return { status: 200, body: [] };
  const found = site.people
    .filter((person) =>
      accountId === undefined ? begins(person, asked ?? '') : person.accountId === accountId,
    )
    .slice(startAt, startAt + maxResults);
  return { status: 200, body: found.map((person) => personObject(context, person)) };
};

const begins = ({ displayName, emailAddress }: JiraPerson, asked: string): boolean => {
  const name = displayName.toLowerCase();
  return [name, ...name.split(/\s+/), emailAddress.toLowerCase()].some((text) => text.startsWith(asked));
};
