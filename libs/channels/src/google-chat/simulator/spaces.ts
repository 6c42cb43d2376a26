import { z } from 'zod';
import { ApiError, denied, invalid, notFound } from './api-error.js';
import { spaceOf, type Context, type Handler } from './context.js';
import { spaceFilter } from './filters.js';
import { page } from './paging.js';
import { readBody } from './request.js';
import { membershipResource, spaceResource } from './resources.js';
import type { SimulatedSpace, SpacePerson } from './state.js';

/** Group chats and direct messages appear only after the first message. [S] */
const isListed = ({ workspace }: Context, space: SimulatedSpace): boolean =>
  !space.deleted && space.app && (space.spaceType === 'SPACE' || workspace.timeline(space.name).length > 0);

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces/list [S] */
export const listSpaces: Handler = (context) => {
  const { workspace, query } = context;
  const filter = query.text('filter');
  const matches = spaceFilter(filter);
  const found = workspace.spaces.filter((space) => isListed(context, space) && matches(space));
  const { items, nextPageToken } = page(found, query, {
    byDefault: 100,
    max: 1000,
    list: `spaces ${filter ?? ''}`,
  });
  return {
    ...(items.length === 0 ? {} : { spaces: items.map(spaceResource) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
};

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces/get [S] */
export const getSpace: Handler = (context) => spaceResource(spaceOf(context));

/** 404 while there are none yet. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces/findDirectMessage [S] */
export const findDirectMessage: Handler = ({ workspace, query, doubts }) => {
  const name = query.text('name') ?? '';
  if (!/^users\/[^/]+$/.test(name)) throw invalid('Invalid user resource name.');
  if (name.includes('@') && !doubts.findByEmail)
    throw denied('E-mail addresses are only taken with user authentication.');
  const person = workspace.person(name);
  const space = person && workspace.directWith(person.name);
  if (!space?.app) throw notFound();
  return spaceResource(space);
};

const newSpace = z.strictObject({
  spaceType: z.literal('SPACE'),
  displayName: z.string().min(1, 'A space needs a display name.'),
  customer: z.string().regex(/^customers\/[^/]+$/, 'Invalid customer resource name.'),
  spaceThreadingState: z.literal('THREADED_MESSAGES').optional(),
});

/** For apps that an administrator allowed to. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces/create [S] */
export const createSpace: Handler = ({ workspace, query, request }) => {
  const { displayName } = readBody(request, newSpace);
  const requestId = query.text('requestId');
  const there = workspace.spaces.filter(({ deleted }) => !deleted);
  const before = there.find((space) => requestId !== undefined && space.requestId === requestId);
  if (before) return spaceResource(before);
  // "May give": the stricter reading.
  if (there.some((space) => space.displayName === displayName))
    throw new ApiError('ALREADY_EXISTS', 'A space with this display name already exists.');
  return spaceResource(
    workspace.addSpace({ displayName, ...(requestId === undefined ? {} : { requestId }) }),
  );
};

const peopleIn = ({ workspace }: Context, space: SimulatedSpace): readonly SpacePerson[] =>
  space.members.flatMap((name) => workspace.person(name) ?? []);

/** People only: an app does not see apps. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.members/list [S] */
export const listMembers: Handler = (context) => {
  const space = spaceOf(context);
  const { items, nextPageToken } = page(peopleIn(context, space), context.query, {
    byDefault: 100,
    max: 1000,
    list: `members ${space.name}`,
  });
  return {
    ...(items.length === 0 ? {} : { memberships: items.map((person) => membershipResource(space, person)) }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
};

const newMember = z.strictObject({
  member: z.strictObject({
    name: z.string().regex(/^users\/[^/]+$/, 'Invalid user resource name.'),
    type: z.literal('HUMAN'),
  }),
});

/** For apps that an administrator allowed to. https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.members/create [S] */
export const createMember: Handler = (context) => {
  const { workspace, request } = context;
  const space = spaceOf(context);
  const { member } = readBody(request, newMember);
  if (space.spaceType === 'DIRECT_MESSAGE') throw invalid('Members cannot be added to direct messages.');
  const person = workspace.person(member.name);
  if (!person) throw notFound();
  if (space.members.includes(person.name))
    throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists.');
  workspace.join(space, person.name);
  return membershipResource(space, person);
};

/** With user authentication only, so no caller here gets as far. [S] */
export const setUpSpace: Handler = () => {
  throw denied('Request had insufficient authentication scopes.');
};
