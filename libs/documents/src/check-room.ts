import type { Subscription } from '#domain';
import { Liquid, type Template } from 'liquidjs';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

const path: Path = ['to', 'room', 'name'];
const liquid = new Liquid({ strictVariables: true, strictFilters: true });

/** What a room's name can be made from. */
const sample = { person: { slug: 'olena-kovalenko', name: 'Olena Kovalenko' }, team: { name: 'ferrari' } };

/** The template of a room's name: it must be readable, and differ between subjects, for each room has its own members. */
export function checkRoomName(
  document: RawDocument,
  { to, for: only }: Subscription,
  subject: 'person' | 'team',
): Problem[] {
  if (!to.room) return [];
  const remedy = subject === 'person' ? 'such as `hours-{{ person.slug }}`' : 'such as `kpi-{{ team.name }}`';
  let templates: Template[];
  try {
    templates = liquid.parse(to.room.name);
    liquid.renderSync(templates, { [subject]: sample[subject] });
  } catch (error) {
    const words = error instanceof Error ? (error.message.split(/, line:| \n/)[0] ?? '') : '';
    return [problemIn(document, path, `the room’s name cannot be made: ${words}`, remedy)];
  }
  if (only?.[subject] !== undefined) return [];
  const keyed = liquid.globalVariablesSync(templates).includes(subject);
  return keyed
    ? []
    : [problemIn(document, path, `every ${subject} would get a room of the same name`, remedy)];
}
