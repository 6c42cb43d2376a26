import type { Crm } from './crm.js';
import type { Module, StoredRecord } from './model.js';
import { usableModule } from './query-run.js';
import { Refusal } from './refusal.js';

/** Of every module that the user may see. `fieldTypeList` keeps those with a field of one of the types: a JSON list; empty or `null` is all. */
export function listTypes(crm: Crm, user: StoredRecord, fieldTypeList: string): unknown {
  const types = readTypes(fieldTypeList);
  const modules = [...crm.modules.values()].filter(
    (module) =>
      crm.mayUse(user, module) &&
      (types === null || module.fields.some(({ type }) => types.includes(type.name))),
  );
  return {
    types: modules.map(({ name }) => name),
    information: Object.fromEntries(
      modules.map(({ name, isEntity, label, singular }) => [name, { isEntity, label, singular }]),
    ),
  };
}

export function describeModule(crm: Crm, user: StoredRecord, name: string): unknown {
  const module: Module = usableModule(crm, user, name);
  return {
    label: module.label,
    name,
    createable: module.isEntity,
    updateable: module.isEntity,
    deleteable: module.isEntity,
    retrieveable: true,
    fields: module.fields,
    idPrefix: String(module.idPrefix),
    isEntity: module.isEntity,
    allowDuplicates: true,
    labelFields: module.labelFields,
  };
}

function readTypes(text: string): readonly string[] | null {
  if (text === '' || text === 'null') return null;
  try {
    const given: unknown = JSON.parse(text);
    if (Array.isArray(given) && given.every((each) => typeof each === 'string')) return given;
  } catch {
    // No JSON either: refused below.
  }
  throw new Refusal('OPERATION_NOT_SUPPORTED', 'fieldTypeList is a JSON list of names of types', 400);
}
