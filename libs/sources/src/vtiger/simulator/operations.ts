import type { SimulatedRequest } from '#http/simulation';
import type { Crm } from './crm.js';
import { describeModule, listTypes } from './describe.js';
import type { StoredRecord } from './model.js';
import type { Queries, Shown } from './query-run.js';
import { Refusal } from './refusal.js';
import { sync } from './sync.js';
import { create, remove, revise, update, visibleRecord } from './writes.js';

/** What both APIs offer, for a user who is known. */
export interface Call {
  readonly crm: Crm;
  readonly queries: Queries;
  readonly user: StoredRecord;
  readonly serverZone: string;
  readonly show: (record: StoredRecord) => Shown;
  /** A parameter, or empty. */
  param(name: string): string;
}

export interface Operation {
  readonly verb: 'GET' | 'POST';
  readonly takes: readonly string[];
  readonly run: (call: Call) => unknown;
}

/** With the same names, parameters and results in the classic web service and the cloud's REST API. */
export const operations: Readonly<Record<string, Operation>> = {
  listtypes: {
    verb: 'GET',
    takes: ['fieldTypeList'],
    run: ({ crm, user, param }) => listTypes(crm, user, param('fieldTypeList')),
  },
  describe: {
    verb: 'GET',
    takes: ['elementType'],
    run: ({ crm, user, param }) => describeModule(crm, user, param('elementType')),
  },
  retrieve: {
    verb: 'GET',
    takes: ['id'],
    run: ({ crm, user, show, param }) => show(visibleRecord(crm, user, param('id'))),
  },
  query: {
    verb: 'GET',
    takes: ['query'],
    run: ({ queries, user, param }) => queries.run(user, param('query')),
  },
  sync: {
    verb: 'GET',
    takes: ['modifiedTime', 'elementType', 'syncType'],
    run: (call) =>
      sync(call, {
        modifiedTime: call.param('modifiedTime'),
        elementType: call.param('elementType'),
        syncType: call.param('syncType'),
      }),
  },
  create: {
    verb: 'POST',
    takes: ['elementType', 'element'],
    run: ({ crm, user, show, param }) => show(create(crm, user, param('elementType'), param('element'))),
  },
  update: {
    verb: 'POST',
    takes: ['element'],
    run: ({ crm, user, show, param }) => show(update(crm, user, param('element'))),
  },
  revise: {
    verb: 'POST',
    takes: ['element'],
    run: ({ crm, user, show, param }) => show(revise(crm, user, param('element'))),
  },
  delete: {
    verb: 'POST',
    takes: ['id'],
    run: ({ crm, user, param }) => remove(crm, user, param('id')),
  },
};

/** Offered by the vendor, with answers of which no sample is known: refused here, so that nobody builds on a guess. */
const unplayed: ReadonlySet<string> = new Set([
  ...['relatedtypes', 'retrieve_related', 'query_related', 'add_related', 'delete_related'],
  ...['lookup', 'files_retrieve', 'reopen', 'convertlead'],
]);

/** What a request carries: a GET in its query, a POST in a form. A body of another type is not read, as PHP does not. */
export function parametersOf(request: SimulatedRequest): URLSearchParams {
  if (request.method !== 'POST') return request.query;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return new URLSearchParams(type === 'application/x-www-form-urlencoded' ? request.body : '');
}

/**
 * Refuses what the operation does not take. The server may well ignore it silently: a parameter that changes nothing is a mistake, and a
 * simulator should show it.
 */
export function refuseStrangers(name: string, request: SimulatedRequest, takes: readonly string[]): void {
  const params = parametersOf(request);
  const strange =
    [...params.keys()].find((each) => !takes.includes(each) || params.getAll(each).length > 1) ??
    (request.method === 'POST' ? [...request.query.keys()][0] : undefined);
  if (strange !== undefined)
    throw new Refusal(
      'OPERATION_NOT_SUPPORTED',
      `${name} does not take '${strange}' here, or not so often`,
      400,
    );
}

export const wrongVerb = (name: string, method: string): Refusal =>
  new Refusal('OPERATION_NOT_SUPPORTED', `${name} is not supported with ${method}`);

export const unknownOperation = (name: string): Refusal =>
  unplayed.has(name) || name.startsWith('tags_')
    ? new Refusal('OPERATION_NOT_SUPPORTED', `${name} is not simulated`)
    : new Refusal('UNKNOWN_OPERATION', 'Unknown operation requested');
