import type { GoogleChatSimulator } from '#channels/simulators';
import { staff } from './company-people.js';
import { membersOf, teams } from './company-teams.js';

/** The name of a Space; in Google's own such names nothing can be read. */
const spaceId = (name: string): string => `AAAA${name}`;

interface CompanySpace {
  readonly id: string;
  readonly displayName: string;
  /** Keys of the staff. */
  readonly members: readonly string[];
  /** Whether somebody added the Chat app to it. */
  readonly app: boolean;
}

const spaces: readonly CompanySpace[] = [
  ...teams.map((team) => ({
    id: spaceId(team.name),
    displayName: team.title,
    members: membersOf(team).map(({ key }) => key),
    app: true,
  })),
  { id: spaceId('porscheleads'), displayName: 'Porsche leads', members: ['erika', 'taras'], app: true },
  { id: spaceId('ops'), displayName: 'Carillon ops', members: ['petro', 'taras'], app: true },
  {
    id: spaceId('coffee'),
    displayName: 'Coffee & cake',
    members: staff.filter(({ country }) => country === 'DE').map(({ key }) => key),
    app: false,
  },
];

/** Puts Acme's people and Spaces into Google Chat, with the app in those that it was added to. What was there, even if only once, stays as it is. */
export function fillGoogleChat(chat: GoogleChatSimulator): void {
  const known = new Map(chat.people().map(({ email, name }) => [email, name]));
  for (const { name, email } of staff)
    if (!known.has(email)) known.set(email, chat.addPerson({ displayName: name, email }).name);
  const there = new Set(chat.save().workspace.spaces.map(({ name }) => name));
  for (const { id, displayName, members, app } of spaces) {
    if (there.has(`spaces/${id}`)) continue;
    chat.addSpace({
      id,
      displayName,
      app,
      members: staff.flatMap(({ key, email }) => (members.includes(key) ? (known.get(email) ?? []) : [])),
    });
  }
}
