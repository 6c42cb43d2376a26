import { createHash } from 'node:crypto';
import { Liquid } from 'liquidjs';
import type { Person, Subscription } from '#domain';

const liquid = new Liquid({ strictVariables: true, strictFilters: true });

/** The logical destination of what is said about a person, and what the notifier finds it by. */
export function route(
  subscription: Subscription,
  person: Person | undefined,
): { destination: string; target: Readonly<Record<string, unknown>> } {
  const { channel, room, ...to } = subscription.to;
  const scope = { person: person && { slug: person.slug, name: person.name, email: person.email ?? '' } };
  if (room) {
    const own = room.name.includes('{{') || room.members.some((member) => typeof member === 'string');
    // Another circle of people is another room, whatever it is called: what the one was told is not for the other to read.
    const which = hashOf(
      JSON.stringify([room.name, room.members.map((member) => JSON.stringify(member)).toSorted()]),
    );
    return {
      destination: own && person ? `room:person:${person.id}:${which}` : `room:${room.name}:${which}`,
      target: {
        channel,
        room: {
          name: liquid.parseAndRenderSync(room.name, scope),
          members: room.members,
          person: person?.id ?? null,
        },
      },
    };
  }
  const rendered = Object.fromEntries(
    Object.entries(to).map(([key, value]) => [
      key,
      typeof value === 'string' ? liquid.parseAndRenderSync(value, scope) : value,
    ]),
  );
  return { destination: `to:${canonical(rendered)}`, target: { channel, ...rendered } };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 8);
/** The same text for the same values, whatever their order. */
export const canonical = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
