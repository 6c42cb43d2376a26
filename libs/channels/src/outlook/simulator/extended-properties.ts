import { invalidRequest } from './graph-error.js';

const types =
  'Boolean|Currency|Double|Float|Integer|Long|Short|String|SystemTime|Binary|ApplicationTime|CLSID';
const named = new RegExp(
  `^(${types}) \\{([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\} (?:Name (\\S(?:.*\\S)?)|Id (0x[0-9a-f]{1,8}))$`,
  'i',
);
const tagged = new RegExp(`^(${types}) (0x[0-9a-f]{1,8})$`, 'i');

/**
 * The one form of a property's id: `String {66f5…} Name Key`, `String {66f5…} Id 0x8001` or `String 0x4001`. Names are compared exactly,
 * everything else in any case. Throws for any other form.
 * https://learn.microsoft.com/graph/api/resources/extended-properties-overview#id-formats [D]
 */
export function propertyId(id: string): string {
  const byName = named.exec(id);
  if (byName) {
    const [, type = '', guid = '', name, number = ''] = byName;
    const tail = name === undefined ? `Id ${number.toLowerCase()}` : `Name ${name}`;
    return `${upperFirst(type)} {${guid.toLowerCase()}} ${tail}`;
  }
  const [, type, tag] = tagged.exec(id) ?? [];
  if (type === undefined || tag === undefined)
    throw invalidRequest(`The extended property id '${id}' is not valid.`);
  return `${upperFirst(type)} ${tag.toLowerCase()}`;
}

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
