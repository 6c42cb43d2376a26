import { z } from 'zod';
import type { Context } from './context.js';
import { labelTrouble, readValue, type FieldPlace } from './fields.js';
import { invalidFields, invalidRequest } from './jira-error.js';
import { shaped } from './request.js';
import type { FieldValues, JiraField, ScreenField } from './state.js';

/** Longest value of a property, as JSON, in characters; and longest key. [S] */
const longestProperty = 32_768;
const longestPropertyKey = 255;

const values = z.record(z.string(), z.unknown());

const properties = z.array(z.strictObject({ key: z.string(), value: z.unknown() }));

/** Of making and editing an issue alike. [S] */
export const issueBody = z.strictObject({
  fields: values.optional(),
  update: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
  properties: properties.optional(),
  transition: z.looseObject({ id: z.string() }).optional(),
});
export type IssueBody = z.infer<typeof issueBody>;

export const readIssueBody = (body: unknown): IssueBody => shaped(body, issueBody);

/** Throws 400 where a property cannot be kept. */
export function checkProperty(key: string, value: unknown): void {
  if (key === '' || key.length > longestPropertyKey)
    throw invalidRequest(`a property's key has 1 to ${longestPropertyKey} characters`);
  if (value === undefined || JSON.stringify(value).length > longestProperty)
    throw invalidRequest(`a property's value is JSON of at most ${longestProperty} characters`);
}

/** The properties that a body brings, by key. */
export function propertiesOf({ properties: sent = [] }: Pick<IssueBody, 'properties'>): FieldValues {
  for (const { key, value } of sent) checkProperty(key, value);
  return Object.fromEntries(sent.map(({ key, value }) => [key, value]));
}

const notOnScreen = (id: string): string =>
  `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;

export interface Screen {
  readonly fields: readonly ScreenField[];
  /** What the issue holds already. */
  readonly held: FieldValues;
  /** Whether what is not sent is looked at, too: its default is taken, and what is required has to be there. */
  readonly complete: boolean;
}

/**
 * The values that a body sets, as an issue keeps them. Throws 400 with a message for each field that is wrong: not on the screen, given in
 * `fields` and in `update`, not valid, or required and missing.
 */
export function readFields(
  { fields = {}, update = {} }: Pick<IssueBody, 'fields' | 'update'>,
  { fields: onScreen, held, complete }: Screen,
  place: FieldPlace,
): FieldValues {
  const errors: Record<string, string> = {};
  const read: Record<string, unknown> = {};
  const screen = new Map(onScreen.map((field) => [field.id, field]));

  const take = (id: string, readIt: (field: JiraField) => unknown): void => {
    const field = screen.has(id) ? place.site.field(id) : undefined;
    if (field) read[id] = readIt(field);
    else errors[id] = notOnScreen(id);
  };
  const valueOf = (field: JiraField, sent: unknown): unknown => {
    const result = readValue(field, sent, place);
    if ('value' in result) return result.value;
    errors[field.id] = result.trouble;
    return undefined;
  };

  for (const [id, sent] of Object.entries(fields)) take(id, (field) => valueOf(field, sent));
  for (const [id, operations] of Object.entries(update)) {
    if (Object.hasOwn(fields, id)) {
      errors[id] = `Field '${id}' cannot appear in both 'fields' and 'update'`;
      continue;
    }
    take(id, (field) => {
      let value = held[id];
      for (const operation of operations) {
        const result = operate(field, operation, value);
        if ('sent' in result) value = valueOf(field, result.sent);
        else errors[id] = result.trouble;
      }
      return value;
    });
  }
  for (const field of onScreen) {
    const known = place.site.field(field.id);
    const sent = field.id in read || errors[field.id] !== undefined;
    if (!known || (!sent && !complete)) continue;
    if (!sent && held[field.id] === undefined && field.default !== undefined)
      read[field.id] = valueOf(known, field.default);
    const value = field.id in read ? read[field.id] : held[field.id];
    if (field.required && value === undefined) errors[field.id] ??= `${known.name} is required.`;
  }
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
  return read;
}

function operate(
  field: JiraField,
  operation: Readonly<Record<string, unknown>>,
  held: unknown,
): { readonly sent: unknown } | { readonly trouble: string } {
  const [[name, sent] = ['', undefined], ...more] = Object.entries(operation);
  if (more.length > 0) return { trouble: 'An operation has one verb.' };
  if (name === 'set') return { sent };
  if (field.kind !== 'labels' || (name !== 'add' && name !== 'remove'))
    return {
      trouble: `Field with id '${field.id}' and name '${field.name}' does not support operation '${name}'`,
    };
  const trouble = labelTrouble(sent);
  if (trouble !== undefined) return { trouble };
  const labels = (held as readonly string[] | undefined) ?? [];
  return { sent: name === 'add' ? [...labels, sent] : labels.filter((label) => label !== sent) };
}

/** Fields that need a permission of their own beside the one to write the issue. */
export function checkFieldPermissions(
  { site, caller }: Context,
  { project }: FieldPlace,
  set: FieldValues,
): void {
  const errors: Record<string, string> = {};
  const demand = (id: string, permission: 'assign' | 'schedule'): void => {
    if (id in set && !site.may(caller, project, permission)) errors[id] = notOnScreen(id);
  };
  demand('assignee', 'assign');
  demand('duedate', 'schedule');
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
}
