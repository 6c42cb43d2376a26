import type { SimulatedRequest } from '#http/simulation';
import { invalidArguments, Refusal } from './refusal.js';

/** What a caller sent, whichever way it was encoded. Forms hold strings; JSON bodies hold what they hold. */
export interface Call {
  readonly token: string | undefined;
  readonly args: Arguments;
  /** Slack's remarks on a request that it takes nevertheless. */
  readonly warnings: readonly string[];
}

/** Reads a request as Slack does; throws `Refusal`. https://docs.slack.dev/apis/web-api/#post-bodies */
export function readCall(request: SimulatedRequest, access: 'read' | 'write'): Call {
  if (request.method !== 'GET' && request.method !== 'POST') throw new Refusal('invalid_post_type');
  const values: Record<string, unknown> = Object.fromEntries(request.query);
  const warnings: string[] = [];
  const contentType = request.headers['content-type'] ?? '';
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isJson = mediaType === 'application/json';
  if (request.method === 'POST' && request.body !== '') {
    if (contentType === '') throw new Refusal('missing_post_type');
    if (isJson) {
      // Slack itself drops a JSON body sent to a read, and with it every argument. Refusing shows the mistake where it was made.
      if (access === 'read') throw new Refusal('invalid_post_type');
      if (!/charset=/i.test(contentType)) warnings.push('missing_charset');
      Object.assign(values, jsonBody(request.body));
    } else if (mediaType === 'application/x-www-form-urlencoded') {
      Object.assign(values, Object.fromEntries(new URLSearchParams(request.body)));
    } else {
      throw new Refusal('invalid_post_type');
    }
  }
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  // With a JSON body the token has to be in the header.
  const inBody = !isJson && typeof values['token'] === 'string' ? values['token'] : undefined;
  return { token: bearer ?? inBody, args: new Arguments(values), warnings };
}

function jsonBody(body: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Refusal('invalid_json');
  }
  if (!isRecord(parsed)) throw new Refusal('json_not_object');
  return parsed;
}

/** Whether it is a JSON object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The arguments of a call, read as the type that the method wants. An empty string counts as absent, except where the method says otherwise. */
export class Arguments {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  /** Throws `invalid_arguments` with a line for each that is missing. */
  demand(names: readonly string[]): void {
    const missing = names.filter((name) => !this.has(name));
    if (missing.length > 0)
      throw invalidArguments(...missing.map((name) => `missing required field: ${name}`));
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    // `ts` as a JSON number has lost digits already; Slack wants a string.
    throw invalidArguments(`must provide a string [json-pointer:/${name}]`);
  }

  flag(name: string): boolean {
    const value = this.values[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  /** A whole number, or `undefined` where absent, or `NaN` where it is none. */
  whole(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'number' ? value : Number(value);
    return Number.isInteger(number) ? number : Number.NaN;
  }

  /** A comma list, in JSON bodies also an array. */
  list(name: string): readonly string[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
    return items.map((item) => String(item).trim()).filter((item) => item !== '');
  }

  /** A nested value: JSON text in forms, the value itself in JSON bodies. `refuse` is thrown where it cannot be parsed. */
  nested(name: string, refuse: () => Refusal): unknown {
    const value = this.values[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value.trim() === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw refuse();
    }
  }
}
