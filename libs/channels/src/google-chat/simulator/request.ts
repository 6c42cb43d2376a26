import type { SimulatedRequest } from '#http/simulation';
import type { z } from 'zod';
import { badRequest, invalid, type FieldViolation } from './api-error.js';

/** Parameters that every Google API has. Others of them, such as `fields`, are not simulated and therefore refused. */
const systemParameters = ['alt', 'key', 'prettyPrint'];

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The query of a call: it knows only the parameters of its method. */
export class Query {
  /** Throws for parameters that the method does not have, and for ones sent twice. */
  constructor(
    private readonly query: URLSearchParams,
    allowed: readonly string[],
  ) {
    const unknown = [...new Set(query.keys())].filter(
      (name) => !allowed.includes(name) && !systemParameters.includes(name),
    );
    if (unknown.length > 0)
      throw badRequest(
        unknown.map((name) => ({
          field: name,
          description: `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
        })),
      );
    const twice = allowed.find((name) => query.getAll(name).length > 1);
    if (twice !== undefined) throw invalid(`Query parameter '${twice}' is given more than once.`);
  }

  /** `undefined` where absent or empty, which mean the same to Google. */
  text(name: string): string | undefined {
    const value = this.query.get(name);
    return value === null || value === '' ? undefined : value;
  }

  flag(name: string): boolean {
    const value = this.text(name) ?? 'false';
    if (value !== 'true' && value !== 'false')
      throw invalid(`Invalid value at '${snake(name)}' (TYPE_BOOL), "${value}"`);
    return value === 'true';
  }

  oneOf<Value extends string>(name: string, values: readonly [Value, ...Value[]]): Value {
    const value = this.text(name);
    if (value === undefined) return values[0];
    const known = values.find((one) => one === value);
    if (known === undefined) throw invalid(`Invalid value at '${snake(name)}' (TYPE_ENUM), "${value}"`);
    return known;
  }

  /** A page's size. Google quietly takes the largest for one that is too large; refusing shows the mistake. */
  pageSize(byDefault: number, max: number): number {
    const value = this.text('pageSize');
    if (value === undefined) return byDefault;
    const size = Number(value);
    if (!/^-?\d+$/.test(value)) throw invalid(`Invalid value at 'page_size' (TYPE_INT32), "${value}"`);
    if (size < 0 || size > max) throw invalid(`page_size must be between 0 and ${max}.`);
    return size === 0 ? byDefault : size;
  }
}

/** The JSON body of a call as the method's shape; throws `INVALID_ARGUMENT`. Only camelCase names and no `null`: stricter than Google. */
export function readBody<Shape extends z.ZodType>(request: SimulatedRequest, shape: Shape): z.infer<Shape> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw invalid('Invalid JSON payload received. Expected application/json.');
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw invalid('Invalid JSON payload received. Unexpected token.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.');
  const parsed = shape.safeParse(body, { reportInput: true });
  if (!parsed.success) throw badRequest(parsed.error.issues.flatMap(violations));
  return parsed.data;
}

const protoTypes: Readonly<Record<string, string>> = {
  string: 'TYPE_STRING',
  boolean: 'TYPE_BOOL',
  number: 'TYPE_INT32',
  int: 'TYPE_INT32',
};

/** `cards_v2[0].card.sections[1]` */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${snake(String(part))}`))
    .join('')
    .replace(/^\./, '');

function violations(issue: z.core.$ZodIssue): readonly FieldViolation[] {
  const field = fieldOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => ({
        field,
        description: `Invalid JSON payload received. Unknown name "${name}"${field === '' ? '' : ` at '${field}'`}: Cannot find field.`,
      }));
    case 'invalid_type':
      if (issue.input === undefined) return [{ field, description: `Field '${field}' is required.` }];
      return [
        {
          field,
          description: `Invalid value at '${field}' (${protoTypes[issue.expected] ?? 'TYPE_MESSAGE'}), ${JSON.stringify(issue.input)}`,
        },
      ];
    case 'invalid_value':
      if (issue.input === undefined) return [{ field, description: `Field '${field}' is required.` }];
      return [
        { field, description: `Invalid value at '${field}' (TYPE_ENUM), ${JSON.stringify(issue.input)}` },
      ];
    default:
      return [{ field, description: field === '' ? issue.message : `${field}: ${issue.message}` }];
  }
}
