import { isRecord } from '../call.js';

/** Looks at one value and notes what Slack would not take, in Slack's words and with a JSON pointer. */
export type Check = (value: unknown, at: string, errors: string[]) => void;

const note = (errors: string[], message: string, at: string): void => {
  errors.push(`${message} [json-pointer:${at}]`);
};

/** A string of so many characters. Slack counts UTF-16 units, as JavaScript does. */
export const string =
  (max: number, min = 0): Check =>
  (value, at, errors) => {
    if (typeof value !== 'string') note(errors, 'must provide a string', at);
    else if (value.length < min) note(errors, `must be more than ${min - 1} characters`, at);
    else if (value.length > max) note(errors, `must be less than ${max + 1} characters`, at);
  };

export const flag: Check = (value, at, errors) => {
  if (typeof value !== 'boolean') note(errors, 'must provide a boolean', at);
};

export const number: Check = (value, at, errors) => {
  if (typeof value !== 'number') note(errors, 'must provide a number', at);
};

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, at, errors) => {
    if (typeof value !== 'string' || !allowed.includes(value)) note(errors, 'must be a valid enum value', at);
  };

/** Whatever is there is let through: for parts that are known to Slack and of no interest here. */
export const anything: Check = () => undefined;

export const items =
  (check: Check, max: number, min = 1): Check =>
  (value, at, errors) => {
    if (!Array.isArray(value)) {
      note(errors, 'must be an array', at);
      return;
    }
    if (value.length < min) note(errors, `must have at least ${min} item${min === 1 ? '' : 's'}`, at);
    if (value.length > max) {
      note(errors, `no more than ${max} items allowed`, at);
      return;
    }
    value.forEach((item, index) => {
      check(item, `${at}/${index}`, errors);
    });
  };

/** An object with these fields and no others. `type` is always allowed: whoever chose this shape has looked at it. */
export const shape =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value, at, errors) => {
    if (!isRecord(value)) {
      note(errors, 'must be an object', at);
      return;
    }
    for (const name of Object.keys(required))
      if (value[name] === undefined || value[name] === null)
        note(errors, `missing required field: ${name}`, at);
    for (const [name, field] of Object.entries(value)) {
      if (name === 'type' || field === undefined || field === null) continue;
      const check = required[name] ?? optional[name];
      if (check) check(field, `${at}/${name}`, errors);
      else note(errors, `invalid additional property: ${name}`, at);
    }
  };

/** An object whose `type` says which shape it has. */
export const variant =
  (shapes: Readonly<Record<string, Check>>): Check =>
  (value, at, errors) => {
    if (!isRecord(value)) {
      note(errors, 'must be an object', at);
      return;
    }
    const { type } = value;
    if (typeof type !== 'string') {
      note(errors, 'missing required field: type', at);
      return;
    }
    const check = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (check) check(value, at, errors);
    else note(errors, `unsupported type: ${type}`, `${at}/type`);
  };

/** Another look at the same value, after the first. */
export const all =
  (...checks: readonly Check[]): Check =>
  (value, at, errors) => {
    for (const check of checks) check(value, at, errors);
  };
