import { createHash } from 'node:crypto';
import { peopleById, targetNow, type Company } from '#company';
import { RemoteError } from '#http';
import { faultPoint } from '#runtime';
import type { Rooms } from '#storage';
import { z } from 'zod';
import type { Passage, Stage } from './stage.js';

/** A room that was exact is looked at again after so long, also where nothing of ours has changed. */
const TRUST_MS = 3_600_000;

const roomTarget = z.object({
  name: z.string(),
  members: z.array(z.union([z.enum(['person', 'managers']), z.object({ email: z.string() })])),
  person: z.string().nullable(),
});

/** Finds where the delivery goes: a plain address, or the room with exactly the right people, made or mended before anything is said there. */
export const place = (rooms: Rooms): Stage => ({
  name: 'place',
  async run(passage) {
    const { delivery, connected, company, paused, signal } = passage;
    const {
      channel: channelName,
      room: wanted,
      ...to
    } = isReadAgain(delivery) ? targetNow(company, delivery, connected.plugin) : delivery.target;
    if (wanted === undefined) {
      if (!connected.channel.address)
        throw new RemoteError(
          connected.plugin.id,
          'rejected',
          'refused',
          'this channel has no plain destinations',
        );
      passage.address = await connected.channel.address(to, signal);
      return undefined;
    }
    const target = roomTarget.parse(wanted);
    const { members, strangers } = membersOf(company, String(channelName), target);
    if (strangers.length > 0) passage.without = { room: target.name, who: strangers };
    if (members.length === 0)
      return {
        end: 'held',
        why: `nobody who should be in the room ${target.name} is known in ${String(channelName)}`,
        room: target.name,
      };
    const known = await rooms.get(delivery.channel, delivery.destination);
    if (
      known?.verified_at &&
      sameMembers(known.members, members) &&
      company.asOf.epochMilliseconds - known.verified_at.epochMilliseconds < TRUST_MS
    ) {
      passage.address = known.address;
      passage.trusted = true;
      return undefined;
    }
    const rests = paused.get('method:room');
    if (rests !== undefined) return { end: 'wait', delayMs: rests, why: 'making rooms rests' };
    const made = await makeRoom(passage, target.name, members, known?.address);
    if ('why' in made) return { end: 'held', why: made.why, room: target.name };
    await faultPoint('deliver.room');
    await rooms.keep(delivery.channel, delivery.destination, { name: target.name, address: made, members });
    passage.address = made;
    return undefined;
  },
});

/** What goes out at once goes by what was decided a moment ago; what was tried or said before may have another document by now. */
const isReadAgain = ({ about, reason, sent_revision: shown }: Passage['delivery']): boolean =>
  about === 'notification' && (reason !== null || shown > 0);

async function makeRoom(
  { connected, delivery, signal }: Passage,
  name: string,
  members: readonly string[],
  known: { readonly id: string } | undefined,
): Promise<{ readonly id: string } | { readonly why: string }> {
  if (!connected.channel.room) return { why: 'this channel keeps no rooms' };
  try {
    return await connected.channel.room(
      {
        name,
        members,
        purpose: `Carillon’s ${delivery.subscription}, for exactly the people in this room.`,
        key: roomKey(delivery.destination),
        ...(known ? { known } : {}),
      },
      signal,
    );
  } catch (error) {
    // What cannot be made exact is held and told to the owner; everything else is tried again as any call.
    if (error instanceof RemoteError && error.reason === 'rejected') return { why: error.message };
    throw error;
  }
}

/** The channel's ids of those who should be in the room; `strangers` are those named by address whom it does not know. */
function membersOf(
  company: Company,
  channel: string,
  target: z.infer<typeof roomTarget>,
): { readonly members: readonly string[]; readonly strangers: readonly string[] } {
  const people = peopleById(company);
  const person = target.person === null ? undefined : people.get(target.person);
  const strangers: string[] = [];
  const wanted = target.members.flatMap((member) => {
    if (member === 'person') return person ?? [];
    if (member === 'managers') return (person?.managers ?? []).flatMap((id) => people.get(id) ?? []);
    const named = company.people.find((one) => one.email === member.email.toLowerCase());
    if (named?.identities[channel] === undefined) strangers.push(member.email);
    return named ?? [];
  });
  return {
    members: [...new Set(wanted.flatMap((one) => one.identities[channel] ?? []))].toSorted(),
    strangers,
  };
}

/** Short, because people see it in the room's description; long enough that no two rooms of a workspace share it. */
const roomKey = (destination: string): string =>
  createHash('sha256').update(destination).digest('hex').slice(0, 12);

const sameMembers = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((member, index) => member === other[index]);
