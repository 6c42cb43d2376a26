import type { Crm } from './crm.js';
import type { Module, StoredRecord } from './model.js';
import { usableModule } from './query-run.js';
import { badId, denied, Refusal } from './refusal.js';

type Element = Readonly<Record<string, string>>;

/** A record by its id, which the user may see. */
export function visibleRecord(crm: Crm, user: StoredRecord, id: string): StoredRecord {
  const [, prefix] = /^(\d+)x\d+$/.exec(id) ?? [];
  if (prefix === undefined) throw badId(id);
  const module = [...crm.modules.values()].find(({ idPrefix }) => idPrefix === Number(prefix));
  if (!module) throw new Refusal('UNKOWN_ENTITY', `Unknown entity of ${id}`);
  usableModule(crm, user, module.name);
  const record = crm.record(id);
  if (!record || record.deleted)
    throw new Refusal('RECORD_NOT_FOUND', 'Record you are trying to access is not found');
  if (!crm.maySee(user, record)) throw denied(id);
  return record;
}

export function create(crm: Crm, user: StoredRecord, moduleName: string, text: string): StoredRecord {
  const module = usableModule(crm, user, moduleName);
  if (!module.isEntity) throw denied(moduleName);
  const { assigned_user_id: owner, ...values } = checked(crm, module, readElement(text));
  demand(module, { ...values, ...(owner === undefined ? {} : { assigned_user_id: owner }) });
  const id = crm.addRecord({ module: moduleName, values, ...(owner === undefined ? {} : { owner }) });
  return visibleRecord(crm, user, id);
}

/** What is not given becomes empty: the whole record is replaced. */
export function update(crm: Crm, user: StoredRecord, text: string): StoredRecord {
  const { record, module, values } = writable(crm, user, text);
  demand(module, values);
  const emptied = module.fields
    .filter(({ editable, type }) => editable && type.name !== 'owner')
    .map(({ name }) => [name, '']);
  return written(crm, record, { ...Object.fromEntries(emptied), ...values });
}

/** Only what is given changes. */
export function revise(crm: Crm, user: StoredRecord, text: string): StoredRecord {
  const { record, module, values } = writable(crm, user, text);
  demand(module, { ...record.values, ...values });
  return written(crm, record, values);
}

export function remove(crm: Crm, user: StoredRecord, id: string): unknown {
  const record = visibleRecord(crm, user, id);
  if (!crm.module(record.module).isEntity) throw denied(id);
  crm.deleteRecord(id);
  return { status: 'successful' };
}

function writable(crm: Crm, user: StoredRecord, text: string) {
  const element = readElement(text);
  const record = visibleRecord(crm, user, element['id'] ?? '');
  const module = crm.module(record.module);
  if (!module.isEntity) throw denied(element['id'] ?? '');
  return { record, module, values: checked(crm, module, element) };
}

function written(
  crm: Crm,
  record: StoredRecord,
  { assigned_user_id: owner, ...values }: Element,
): StoredRecord {
  crm.editRecord(crm.idOf(record), { values, ...(owner ? { owner } : {}) });
  return record;
}

/** What is no JSON object has no fields: mandatory ones are then missing, or the id. Numbers and lists are no values: all scalars are strings. */
function readElement(text: string): Element {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  for (const [name, value] of Object.entries(given))
    if (typeof value !== 'string')
      throw new Refusal('FAILED_TO_CREATE', `The value of '${name}' is not a string`);
  return given as Element;
}

/** The values that a client may set. Those that the server keeps by itself are passed over: an update carries the whole record. */
function checked(crm: Crm, module: Module, element: Element): Element {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(element)) {
    const field = module.fields.find((each) => each.name === name);
    if (!field) throw new Refusal('ACCESS_DENIED', `Permission to access '${name}' attribute denied.`);
    if (!field.editable) continue;
    const refersTo = field.type.name === 'owner' ? ['Users', 'Groups'] : field.type.refersTo;
    if (refersTo && value !== '') {
      if (!/^\d+x\d+$/.test(value)) throw badId(value);
      const target = crm.record(value);
      if (!target || target.deleted || !refersTo.includes(target.module))
        throw new Refusal('REFERENCE_INVALID', `Invalid reference specified for ${name}`);
    }
    values[name] = value;
  }
  return values;
}

function demand(module: Module, values: Element): void {
  const missing = module.fields
    .filter(({ mandatory, name }) => mandatory && !values[name])
    .map(({ name }) => name);
  if (missing.length > 0)
    throw new Refusal('MANDATORY_FIELDS_MISSING', `Mandatory fields missing: ${missing.join(', ')}`);
}
