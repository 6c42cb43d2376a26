import type { SimulatedRequest } from '#http/simulation';
import type { z } from 'zod';
import { badRequest, GraphError, invalidRequest, unreadableBody } from './graph-error.js';

/** `$select` and its kin of a call: each method knows its own. Options without `$` mean nothing here; Graph ignores some of them, refusing shows the mistake. */
export class Query {
  constructor(
    readonly params: URLSearchParams,
    allowed: readonly string[],
  ) {
    for (const name of params.keys()) {
      if (!allowed.includes(name))
        throw badRequest(
          `The query specified in the URI is not valid. The option '${name}' is not allowed here.`,
        );
      if (params.getAll(name).length > 1)
        throw badRequest(
          `Query option '${name}' was specified more than once, but it must be specified at most once.`,
        );
    }
  }

  text(name: string): string | undefined {
    const value = this.params.get(name);
    if (value?.trim() === '') throw badRequest(`The value of the query option '${name}' is empty.`);
    return value ?? undefined;
  }

  whole(name: string, least: number, most: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most)
      throw badRequest(
        `Invalid value '${value}' for ${name} query option found. It must be between ${least} and ${most}.`,
      );
    return Number(value);
  }

  /** Names among those known, in commas. */
  names(name: string, known: readonly string[]): readonly string[] | undefined {
    const names = this.text(name)
      ?.split(',')
      .map((one) => one.trim());
    const unknown = names?.find((one) => !known.includes(one));
    if (unknown !== undefined)
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.message'.`,
      );
    return names;
  }
}

/** What the caller would like: https://learn.microsoft.com/graph/outlook-immutable-id [D] */
export interface Preferences {
  /** Ids that survive a move. */
  readonly immutableIds: boolean;
  readonly textBodies: boolean;
  readonly pageSize?: number;
}

/** Reads `Prefer`; what it does not know means nothing, as HTTP wants it. */
export function preferencesOf({ headers }: SimulatedRequest): Preferences {
  const wishes = new Map(
    (headers['prefer'] ?? '').split(',').map((one) => {
      const [name = '', value = ''] = one.split('=');
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const size = Number(wishes.get('odata.maxpagesize') ?? '0');
  return {
    immutableIds: wishes.get('idtype') === 'ImmutableId',
    textBodies: wishes.get('outlook.body-content-type') === 'text',
    ...(Number.isInteger(size) && size > 0 ? { pageSize: Math.min(size, 1000) } : {}),
  };
}

export const mediaTypeOf = ({ headers }: SimulatedRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The JSON of a body; throws `RequestBodyRead`. */
export function jsonOf(request: SimulatedRequest): unknown {
  if (mediaTypeOf(request) !== 'application/json')
    throw new GraphError(415, 'UnsupportedMediaType', 'The media type of the request is not supported.');
  try {
    return JSON.parse(request.body);
  } catch {
    throw unreadableBody(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

/** Properties that Graph has and nobody can set. [D] That it says so, and does not ignore them, is stricter than Graph. */
const readOnly = new Set([
  'id',
  'changeKey',
  'conversationId',
  'conversationIndex',
  'createdDateTime',
  'lastModifiedDateTime',
  'receivedDateTime',
  'sentDateTime',
  'bodyPreview',
  'hasAttachments',
  'isDraft',
  'parentFolderId',
  'webLink',
  'uniqueBody',
]);

/** A value in the method's shape; throws `RequestBodyRead`, or `ErrorInvalidRequest` for what cannot be set. */
export function shaped<Shape extends z.ZodType>(value: unknown, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    if (readOnly.has(key)) throw invalidRequest(`The property '${key}' is read-only and cannot be set.`);
    throw unreadableBody(
      `The property '${key}'${path === '' ? '' : ` at '${path}'`} does not exist on this type. Make sure to only use property names that are defined by the type.`,
    );
  }
  throw unreadableBody(`Cannot read '${path}': ${issue?.message ?? ''}`);
}

/** Throws unless the body is empty and said to be so. */
export function demandEmptyBody({ body, headers }: SimulatedRequest): void {
  if (body !== '') throw badRequest('This action takes no body.');
  if (headers['content-length'] === undefined)
    throw new GraphError(411, 'LengthRequired', 'The Content-Length header is missing.');
}
