import type { SimulatedRequest } from '#http/simulation';
import { z } from 'zod';
import type { Corp } from './corp.js';
import type { App, RecordType } from './model.js';
import { badJson, badParameter } from './refusal.js';

/** How far the simulated vendor does what its pages leave open. */
export interface Manners {
  /** The corp's zone: where its days begin. */
  readonly zone: string;
  readonly systemCheckIn: boolean;
  readonly omitZeros: boolean;
  /** Whose rows show `regular_days` and `rest_days`. */
  readonly dayCountsOf: readonly RecordType[];
  readonly withoutRule: 'absent' | 'zeros';
  readonly withoutDays: 'absent' | 'zeros';
}

/** A request whose token is good. */
export interface Call {
  readonly app: App;
  readonly corp: Corp;
  readonly manners: Manners;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Throws `Refusal`; otherwise what stands beside `errcode`. */
  readonly run: (call: Call) => Readonly<Record<string, unknown>>;
}

const nothingElse = z.strictObject({});

/** The query, without the token. Strange, repeated and malformed parameters are refused: one that changes nothing is a mistake. */
export function readQuery<T extends z.ZodType>({ query }: Pick<Call, 'query'>, schema: T): z.output<T> {
  const names = [...query.keys()].filter((name) => name !== 'access_token');
  if (new Set(names).size < names.length) throw badParameter();
  const result = schema.safeParse(Object.fromEntries(names.map((name) => [name, query.get(name)])));
  if (!result.success) throw badParameter();
  return result.data;
}

/** The body, in which strange fields and other types are refused too. Nothing but the token may stand in the query. */
export function readBody<T extends z.ZodType>(call: Call, schema: T): z.output<T> {
  readQuery(call, nothingElse);
  let given: unknown;
  try {
    given = JSON.parse(call.body);
  } catch {
    throw badJson();
  }
  const result = schema.safeParse(given);
  if (!result.success) throw badParameter();
  return result.data;
}

/** The token of a request: it counts only in the query, once. */
export const tokenOf = ({ query }: Pick<SimulatedRequest, 'query'>): string => {
  const given = query.getAll('access_token');
  return given.length === 1 ? (given[0] ?? '') : '';
};
