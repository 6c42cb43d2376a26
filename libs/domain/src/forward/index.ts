export * from './forward.js';
export { ConversionError, convert } from './convert.js';
export { RecordMapping, referencesOf, valueOf, type Mapped, type MappedRow } from './map-records.js';
export {
  follow,
  parseTemplate,
  TemplateError,
  type Found,
  type Reference,
  type Template,
} from './reference.js';
export { exampleScope, joinedNames, recordScope, type Surroundings } from './scope.js';
