import type { Rule, Subscription } from '#domain';
import { Liquid, type Template } from 'liquidjs';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { subjectWords } from './subject-words.js';

const namePath: Path = ['to', 'room', 'name'];
const liquid = new Liquid({ strictVariables: true, strictFilters: true });

/** What a room's name can be made from. */
const sample = {
  person: { slug: 'olena-kovalenko', name: 'Olena Kovalenko', email: 'olena@acme.example' },
  team: { name: 'ferrari' },
  connection: { name: 'clockify' },
};

const sampleRooms: Readonly<Record<Rule['each'], string>> = {
  person: 'hours-{{ person.slug }}',
  team: 'kpi-{{ team.name }}',
  connection: 'ops-{{ connection.name }}',
};

/**
 * A room's name and members. The name is a template that can be made from the subject; where the members depend on the person, so must the
 * name: each person has a room of their own. Without a subject (a subscription that only hears of troubles) both are fixed.
 */
export function checkRoom(
  document: RawDocument,
  { to, for: only }: Subscription,
  subject: Rule['each'] | undefined,
): Problem[] {
  if (!to.room) return [];
  const personal = to.room.members.some((member) => typeof member === 'string');
  if (personal && subject !== 'person')
    return to.room.members.flatMap((member, index) =>
      typeof member === 'string' ? [nobody(document, subject, member, index)] : [],
    );
  const remedy =
    subject === undefined ? 'a fixed name, such as `ops`' : `such as \`${sampleRooms[subject]}\``;
  let templates: Template[];
  try {
    templates = liquid.parse(to.room.name);
    liquid.renderSync(templates, subject ? { [subject]: sample[subject] } : {});
  } catch (error) {
    const words = error instanceof Error ? (error.message.split(/, line:| \n/)[0] ?? '') : '';
    return [problemIn(document, namePath, `the room’s name cannot be made: ${words}`, remedy)];
  }
  if (!personal || only?.person !== undefined) return [];
  const own = liquid.globalVariablesSync(templates).includes('person');
  return own ? [] : [problemIn(document, namePath, 'every person would get a room of the same name', remedy)];
}

const nobody = (
  document: RawDocument,
  subject: Rule['each'] | undefined,
  member: string,
  index: number,
): Problem =>
  problemIn(
    document,
    ['to', 'room', 'members', index],
    subject !== undefined
      ? `a rule about ${subjectWords[subject]} has no \`${member}\``
      : `without rules there is no \`${member}\``,
    'name people by address: `{ email: olena@acme.example }`',
  );

/**
 * A room of one name in one channel is one room to people: what two subscriptions say there, the members of both would read. Names are compared
 * as they are for the same person, whatever their case.
 */
export function checkSharedRooms(
  subscriptions: readonly { readonly raw: RawDocument; readonly value: Subscription }[],
): Problem[] {
  const first = new Map<string, { readonly name: string; readonly members: string }>();
  return subscriptions.flatMap(({ raw, value }) => {
    const { channel, room } = value.to;
    if (!room) return [];
    const place = `${channel} ${shown(room.name)}`;
    const members = JSON.stringify([
      ...room.members.map((member) => (typeof member === 'string' ? member : member.email)).toSorted(),
      // Of a fixed name the room is one, and "the person" is whoever the subscription is for.
      ...(room.name.includes('{{') ? [] : [whose(value)]),
    ]);
    const earlier = first.get(place);
    if (!earlier) first.set(place, { name: value.name, members });
    return !earlier || earlier.members === members
      ? []
      : [
          problemIn(
            raw,
            namePath,
            `the room has other members in Subscription \`${earlier.name}\``,
            'a name of its own, or the same members in both',
          ),
        ];
  });
}

const whose = ({ to, for: only }: Subscription): string =>
  to.room?.members.some((member) => typeof member === 'string') ? `of ${only?.person ?? ''}` : '';

const shown = (name: string): string => {
  try {
    return String(liquid.parseAndRenderSync(name, sample)).toLowerCase();
  } catch {
    // That it cannot be made is told elsewhere.
    return name;
  }
};
