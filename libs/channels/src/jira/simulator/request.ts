import type { SimulatedRequest } from '#http/simulation';
import type { z } from 'zod';
import { invalidRequest, JiraError } from './jira-error.js';

/** The query of a call. Jira overlooks parameters that it does not know; refusing shows the mistake. */
export class Query {
  constructor(
    private readonly query: URLSearchParams,
    allowed: readonly string[],
  ) {
    for (const name of query.keys())
      if (!allowed.includes(name)) throw invalidRequest(`unknown query parameter ${name}`);
  }

  text(name: string): string | undefined {
    const value = this.query.get(name);
    return value === null || value === '' ? undefined : value;
  }

  flag(name: string, byDefault = false): boolean {
    const value = this.text(name);
    if (value === undefined) return byDefault;
    if (value !== 'true' && value !== 'false') throw invalidRequest(`${name} must be true or false`);
    return value === 'true';
  }

  /** A comma list. */
  list(name: string): readonly string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((item) => item.trim());
  }

  whole(name: string, byDefault: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.text(name);
    if (value === undefined) return byDefault;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > most)
      throw invalidRequest(`${name} must be a whole number from 0 to ${most}`);
    return number;
  }
}

/** The JSON of a write's body. */
export function readJson(request: SimulatedRequest): unknown {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new JiraError(415, ['Unsupported Media Type']);
  try {
    return JSON.parse(request.body);
  } catch {
    throw invalidRequest('the body is not JSON');
  }
}

/** The body as the method's shape. */
export function shaped<Shape extends z.ZodType>(body: unknown, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidRequest(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

export interface OffsetPage {
  readonly startAt: number;
  readonly maxResults: number;
}

/** Of the lists that are paged by offset. */
export const offsetPage = (query: Query, byDefault = 50, most = 1000): OffsetPage => ({
  startAt: query.whole('startAt', 0),
  maxResults: Math.min(query.whole('maxResults', byDefault), most),
});

/** A page's items under the list's own name, with where it stands. */
export const paged = (
  name: string,
  items: readonly unknown[],
  { startAt, maxResults }: OffsetPage,
): Readonly<Record<string, unknown>> => ({
  startAt,
  maxResults,
  total: items.length,
  [name]: items.slice(startAt, startAt + maxResults),
});
