import type { StoredRecord } from './model.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
};

/** A record as the API shows it: every value a string, the id last. Some versions encode HTML's entities in texts (inferred). */
export function showRecord(record: StoredRecord, encodeEntities: boolean): Record<string, unknown> {
  const { id, ...values } = record.values;
  const shown: Record<string, unknown> = { ...values };
  if (encodeEntities)
    for (const [name, value] of Object.entries(values))
      shown[name] = value.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
  Object.assign(shown, { id }, record.shown);
  for (const name of record.missing) Reflect.deleteProperty(shown, name);
  return shown;
}
