import { notThere } from './api.js';
import { issueModuleOf, type VtigerSettings } from './settings.js';
import type { IssueModule } from './issue-modules.js';
import type { Owners } from './owners.js';
import { oneOf, quoted } from './query.js';
import type { Described } from './schema.js';
import type { Selection } from './walk.js';

/** The module as this installation has it. */
export interface Issues {
  readonly module: IssueModule;
  /** The priorities there are, as records hold them, in the administrator's order. */
  readonly priorities: readonly string[];
}

/** Compares the document with what the module has; a field or status that is not there fails the pull. */
export function describedIssues(settings: VtigerSettings, { fields }: Described): Issues {
  const module = issueModuleOf(settings);
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const [use, name] of Object.entries(module.fields))
    if (!byName.has(name))
      throw notThere(
        `fields.${use}: the module ${module.elementType} has no field ${name}, or the user may not see it; it has ${[...byName.keys()].slice(0, 40).join(', ')}`,
      );
  const valuesOf = (field: string): readonly string[] =>
    (byName.get(field)?.type.picklistValues ?? []).map(({ value }) => value);
  const statuses = valuesOf(module.fields.status);
  const unknown = (settings.closed ?? []).find((status) => !statuses.includes(status));
  if (unknown !== undefined)
    throw notThere(
      `closed: the status ${unknown} is none of ${module.elementType}; there are ${statuses.join(', ')}`,
    );
  const closed = module.closed.filter((status) => statuses.includes(status));
  if (closed.length === 0)
    throw notThere(
      `closed: say which statuses of ${module.elementType} are closed; there are ${statuses.join(', ')}`,
    );
  return { module: { ...module, closed }, priorities: valuesOf(module.fields.priority) };
}

/** The open issues of all teams. */
export function openIssues({ module }: Issues, owners: Owners): Selection {
  const { fields } = module;
  const open = module.closed.map((status) => `${fields.status} != ${quoted(status)}`);
  const assigned = [...owners.users.keys(), ...owners.groups.keys()];
  const groups = fields.group === undefined ? [] : [...owners.groups.keys()];
  return {
    columns: [...new Set([...Object.values(fields), 'createdtime'])],
    module: module.elementType,
    where: [
      [...open, oneOf(fields.owner, assigned)],
      ...(fields.group !== undefined && groups.length > 0 ? [[...open, oneOf(fields.group, groups)]] : []),
    ],
  };
}
