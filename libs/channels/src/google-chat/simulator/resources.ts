import type { Context } from './context.js';
import type { SimulatedSpace, SpaceMessage, SpacePerson } from './state.js';

type Resource = Readonly<Record<string, unknown>>;

const legacyType = { SPACE: 'ROOM', GROUP_CHAT: 'ROOM', DIRECT_MESSAGE: 'DM' } as const;

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces#Space [S]; what is empty or false is left out, as always in Google's JSON. */
export const spaceResource = (space: SimulatedSpace): Resource => ({
  name: space.name,
  type: legacyType[space.spaceType],
  spaceType: space.spaceType,
  ...(space.displayName === '' ? {} : { displayName: space.displayName }),
  spaceThreadingState: space.threadingState,
  ...(space.singleUserBotDm ? { singleUserBotDm: true } : {}),
  spaceUri: `https://chat.google.com/${space.spaceType === 'DIRECT_MESSAGE' ? 'dm' : 'room'}/${space.name.slice('spaces/'.length)}`,
});

/** No e-mail address: an app hears it in interaction events only. [S] */
const userResource = (person: SpacePerson): Resource => ({
  name: person.name,
  displayName: person.displayName,
  type: 'HUMAN',
});

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.members [I] */
export const membershipResource = (space: SimulatedSpace, person: SpacePerson): Resource => ({
  name: `${space.name}/members/${person.name.slice('users/'.length)}`,
  state: 'JOINED',
  role: 'ROLE_MEMBER',
  member: userResource(person),
});

/** The name that answers give: with the sender's own id, where it has one. */
const nameOf = ({ name, space, clientId }: SpaceMessage, { doubts }: Context): string =>
  clientId !== undefined && doubts.clientIdInName ? `${space}/messages/${clientId}` : name;

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages#Message [S] */
export function messageResource(message: SpaceMessage, context: Context): Resource {
  const { workspace } = context;
  const { content, sender } = message;
  const space = workspace.space(message.space);
  const thread = workspace.thread(message.thread);
  // Keys are private to whoever set them.
  const key = thread?.owner === sender.name ? thread.key : undefined;
  return {
    name: nameOf(message, context),
    ...(message.clientId === undefined ? {} : { clientAssignedMessageId: message.clientId }),
    sender: {
      name: sender.name,
      displayName: sender.displayName,
      type: sender.kind === 'person' ? 'HUMAN' : 'BOT',
    },
    createTime: message.createTime,
    ...(message.lastUpdateTime === undefined ? {} : { lastUpdateTime: message.lastUpdateTime }),
    ...(message.deleteTime === undefined ? {} : { deleteTime: message.deleteTime }),
    ...content,
    ...(content.text === undefined ? {} : { formattedText: content.text }),
    ...(message.fallbackText === undefined ? {} : { fallbackText: message.fallbackText }),
    ...(message.privateTo === undefined ? {} : { privateMessageViewer: { name: message.privateTo } }),
    thread: { name: message.thread, ...(key === undefined ? {} : { threadKey: key }) },
    ...(space === undefined ? {} : { space: spaceResource(space) }),
    ...(message.isReply ? { threadReply: true } : {}),
  };
}

/** What a webhook hears: what it sent, and the names. [S] */
export function webhookAnswer(message: SpaceMessage, context: Context): Resource {
  const whole = messageResource(message, context);
  const { name, text, cardsV2, fallbackText, thread } = whole;
  return {
    name,
    ...(text === undefined ? {} : { text }),
    ...(cardsV2 === undefined ? {} : { cardsV2 }),
    ...(fallbackText === undefined ? {} : { fallbackText }),
    thread,
    space: { name: message.space },
  };
}
