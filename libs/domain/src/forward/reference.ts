/** One step of a reference: a name, and of a list the items to look at. */
interface Step {
  readonly name: string;
  readonly only?: { readonly field: string; readonly value: string };
}

export interface Reference {
  /** As it is written, without the braces. */
  readonly text: string;
  readonly steps: readonly Step[];
}

/** A text with references in it, taken apart. */
export type Template = readonly (string | Reference)[];

/** A reference that cannot be read. Its message says which, and what is wrong with it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What a reference leads to in a record. */
export type Found =
  | { readonly found: true; readonly value: unknown }
  /** `at` is the last step that could be taken, `known` what is there instead; `isLast`: the object around the value is there. */
  | {
      readonly found: false;
      readonly missing: string;
      readonly isLast: boolean;
      readonly known: readonly string[];
    };

const step = /^([\p{L}_][\p{L}\p{N}_-]*)(?:\[([\p{L}_][\p{L}\p{N}_-]*)=([^\]]*)\])?$/u;

/**
 * Takes a text apart. A reference is `{{names.with.dots}}`; of a list the items are named by one of their fields, `{{sp_items[type=1].duration}}`.
 * @throws TemplateError where one cannot be read
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Reference)[] = [];
  let rest = text;
  for (let open = rest.indexOf('{{'); open >= 0; open = rest.indexOf('{{')) {
    const close = rest.indexOf('}}', open);
    if (close < 0) throw new TemplateError('`{{` is not closed');
    if (open > 0) parts.push(rest.slice(0, open));
    parts.push(parseReference(rest.slice(open + 2, close).trim()));
    rest = rest.slice(close + 2);
  }
  if (rest.includes('}}')) throw new TemplateError('`}}` closes nothing');
  if (rest !== '') parts.push(rest);
  return parts;
}

function parseReference(text: string): Reference {
  const steps = text.split('.').map((part): Step => {
    const [, name, field, value] = step.exec(part.trim()) ?? [];
    if (name === undefined)
      throw new TemplateError(`\`{{${text}}}\` is no reference: names with dots between`);
    return field === undefined || value === undefined ? { name } : { name, only: { field, value } };
  });
  return { text, steps };
}

/**
 * Follows a reference into a record. Where a list was asked for some of its items, the value is the list of what each of them has.
 * @param anyItem takes any item of a list in the place of those that were asked for: to see whether a reference could ever lead anywhere
 */
export function follow({ steps }: Reference, record: unknown, anyItem = false): Found {
  let values: readonly unknown[] = [record];
  let isList = false;
  for (const [index, { name, only }] of steps.entries()) {
    const next: unknown[] = [];
    for (const value of values) {
      const found = propertyOf(value, name);
      if (found === undefined) {
        // Of several items one may well lack what another has.
        if (isList && !anyItem) continue;
        return {
          found: false,
          missing: steps
            .slice(0, index + 1)
            .map((one) => one.name)
            .join('.'),
          isLast: index === steps.length - 1 && isObject(value),
          known: isObject(value) ? Object.keys(value) : [],
        };
      }
      if (!only) {
        next.push(found);
        continue;
      }
      const items = Array.isArray(found) ? (found as readonly unknown[]) : [found];
      next.push(
        ...(anyItem
          ? items.slice(0, 1)
          : items.filter((item) => String(propertyOf(item, only.field)) === only.value)),
      );
    }
    isList ||= only !== undefined;
    values = next;
  }
  if (!isList) return { found: true, value: values[0] };
  return values.length > 0
    ? { found: true, value: values }
    : { found: false, missing: steps.map((one) => one.name).join('.'), isLast: true, known: [] };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Vendors write nothing in several ways. */
const propertyOf = (value: unknown, name: string): unknown => {
  if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] === null ? undefined : value[name];
};
