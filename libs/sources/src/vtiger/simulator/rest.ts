import type { SimulatedRequest } from '#http/simulation';
import type { Crm } from './crm.js';
import type { StoredRecord } from './model.js';
import { type Call, operations, refuseStrangers, unknownOperation, wrongVerb } from './operations.js';
import { Refusal } from './refusal.js';
import { refuseInactive, wrongCredentials } from './sessions.js';

/** Who calls: Basic, the user's name and access key, with every request (Vtiger's REST API pages). */
export function basicUser(crm: Crm, authorization: string | undefined): StoredRecord {
  if (authorization === undefined) throw new Refusal('AUTHENTICATION_REQUIRED', 'Authencation required');
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const credentials = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  const user = crm.userByName(credentials.slice(0, Math.max(0, colon)));
  if (!user || crm.accessKeyOf(user) !== credentials.slice(colon + 1)) throw wrongCredentials();
  refuseInactive(user);
  return user;
}

/** The result of one operation below `/restapi/v1/vtiger/default`: those of the classic web service, and who one is. Throws `Refusal`. */
export function rest(name: string, request: SimulatedRequest, call: Call): unknown {
  const operation = name === 'me' ? me : Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw unknownOperation(name);
  if (request.method !== operation.verb) throw wrongVerb(name, request.method);
  refuseStrangers(name, request, operation.takes);
  return operation.run(call);
}

const me = { verb: 'GET', takes: [], run: ({ show, user }: Call) => show(user) } as const;
