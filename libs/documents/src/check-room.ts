import type { Subscription } from '#domain';
import { Liquid, type Template } from 'liquidjs';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

const namePath: Path = ['to', 'room', 'name'];
const liquid = new Liquid({ strictVariables: true, strictFilters: true });

/** What a room's name can be made from. */
const sample = {
  person: { slug: 'olena-kovalenko', name: 'Olena Kovalenko', email: 'olena@acme.example' },
  team: { name: 'ferrari' },
};

/**
 * A room's name and members. The name is a template that can be made from the subject; where the members depend on the person, so must the
 * name: each person has a room of their own. Without a subject (a subscription that only hears of troubles) both are fixed.
 */
export function checkRoom(
  document: RawDocument,
  { to, for: only }: Subscription,
  subject: 'person' | 'team' | undefined,
): Problem[] {
  if (!to.room) return [];
  const personal = to.room.members.some((member) => typeof member === 'string');
  if (personal && subject !== 'person')
    return to.room.members.flatMap((member, index) =>
      typeof member === 'string' ? [nobody(document, subject, member, index)] : [],
    );
  const remedy =
    subject === undefined
      ? 'a fixed name, such as `ops`'
      : `such as \`${subject === 'person' ? 'hours-{{ person.slug }}' : 'kpi-{{ team.name }}'}\``;
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

const nobody = (document: RawDocument, subject: 'team' | undefined, member: string, index: number): Problem =>
  problemIn(
    document,
    ['to', 'room', 'members', index],
    subject === 'team'
      ? `a rule about teams has no \`${member}\``
      : `without rules there is no \`${member}\``,
    'name people by address: `{ email: olena@acme.example }`',
  );
