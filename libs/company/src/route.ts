import { createHash } from 'node:crypto';
import { Liquid, type Template } from 'liquidjs';
import {
  connectionSubject,
  personSubject,
  teamSubject,
  type PlacedSubscription,
  type Subject,
} from '#domain';
import type { Company } from './company.js';
import { connectionsOf } from './connections.js';
import { placeOf } from './owners-place.js';
import { teamsOf } from './teams.js';

const liquid = new Liquid({ strictVariables: true, strictFilters: true });

type Destination = PlacedSubscription['to'];

/** The texts of a destination ready to be rendered, for as long as its document holds: a run goes to the destinations of thousands by the same ones. */
const parsed = new WeakMap<Destination, Map<string, Template[]>>();

function render(to: Destination, text: string, scope: object): string {
  const known = parsed.get(to) ?? new Map<string, Template[]>();
  parsed.set(to, known);
  const templates = known.get(text) ?? liquid.parse(text);
  known.set(text, templates);
  return String(liquid.renderSync(templates, scope));
}

/** What a channel says of which of its destinations are paced as one. */
interface Lanes {
  readonly lane?: (destination: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** The logical destination of what is said about a person, a team or a connection (what is paced as one), and what the notifier finds it by. */
export function route(
  subscription: Pick<PlacedSubscription, 'to'>,
  subject: Subject | undefined,
  plugin?: Lanes,
): { destination: string; target: Readonly<Record<string, unknown>> } {
  const { channel, room, ...to } = subscription.to;
  const scope = subject ? scopeOf(subject) : {};
  if (room) {
    const own = room.name.includes('{{') || room.members.some((member) => typeof member === 'string');
    // Another circle of people is another room, whatever it is called: what the one was told is not for the other to read.
    const which = hashOf(
      JSON.stringify([room.name, room.members.map((member) => JSON.stringify(member)).toSorted()]),
    );
    return {
      destination:
        own && subject ? `room:${subject.kind}:${subject.id}:${which}` : `room:${room.name}:${which}`,
      target: {
        channel,
        room: {
          name: render(subscription.to, room.name, scope),
          members: room.members,
          person: subject?.kind === 'person' ? subject.id : null,
        },
      },
    };
  }
  const rendered = Object.fromEntries(
    Object.entries(to).map(([key, value]) => [
      key,
      typeof value === 'string' ? render(subscription.to, value, scope) : value,
    ]),
  );
  return {
    destination: `to:${canonical(plugin?.lane?.(rendered) ?? rendered)}`,
    target: { channel, ...rendered },
  };
}

/** What a room's name and a destination can be made from. */
const scopeOf = (subject: Subject): object => {
  if (subject.kind === 'team') return { team: { name: subject.team.name } };
  if (subject.kind === 'connection') return { connection: { name: subject.connection.name } };
  const { slug, name, email } = subject.person;
  return { person: { slug, name, email: email ?? '' } };
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 8);
/** The same text for the same values, whatever their order. */
export const canonical = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));

/**
 * The target of what was said by a subscription, as that is written now, where it leads to the same destination; else as it was then. So what a
 * document says beside the place, such as an issue's priority, is mended by mending the document.
 */
export function targetNow(
  company: Company,
  said: {
    readonly subscription: string;
    readonly subject: string | null;
    readonly destination: string;
    readonly target: Readonly<Record<string, unknown>>;
  },
  plugin: Lanes,
): Readonly<Record<string, unknown>> {
  const { configuration, people } = company;
  const subscription = configuration.subscriptions.find(({ name }) => name === said.subscription);
  if (!subscription || said.target['room'] !== undefined || subscription.to.room) return said.target;
  const connection = connectionsOf(company).find(({ id }) => id === said.subject);
  const person = people.find(({ id }) => id === said.subject);
  const team = teamsOf(company).find(({ id }) => id === said.subject);
  const subject = person
    ? personSubject(person)
    : connection
      ? connectionSubject(connection, 'UTC')
      : team && teamSubject(team, 'UTC');
  if (said.subject !== null && !subject) return said.target;
  const place = placeOf(company, subscription, subject);
  // That of the owner may be another by now, in another channel.
  if (!place || place.to.room || place.to.channel !== said.target['channel']) return said.target;
  const { destination, target } = route(place, subject, plugin);
  return destination === said.destination ? target : said.target;
}
