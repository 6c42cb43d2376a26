import type { SimulatedRequest } from '#http/simulation';
import {
  type Call,
  type Operation,
  operations,
  parametersOf,
  refuseStrangers,
  unknownOperation,
  wrongVerb,
} from './operations.js';
import { Refusal } from './refusal.js';
import { wrongCredentials, type Sessions } from './sessions.js';

export interface ClassicCall extends Omit<Call, 'user'> {
  readonly sessions: Sessions;
  readonly vtigerVersion: string;
}

interface SessionOperation extends Omit<Operation, 'run'> {
  readonly run: (call: ClassicCall) => unknown;
}

const sessionOperations: Readonly<Record<string, SessionOperation>> = {
  getchallenge: {
    verb: 'GET',
    takes: ['username'],
    run: ({ sessions, param }) => {
      if (param('username') === '') throw wrongCredentials();
      return sessions.challenge(param('username'));
    },
  },
  login: {
    verb: 'POST',
    takes: ['username', 'accessKey'],
    run: ({ sessions, param, crm, vtigerVersion }) => {
      const { sessionName, user } = sessions.login(param('username'), param('accessKey'));
      return { sessionName, userId: crm.idOf(user), version: '0.22', vtigerVersion };
    },
  },
  extendsession: {
    verb: 'POST',
    takes: [],
    // It goes by the session of the web pages, which a client of the API does not have.
    run: () => {
      throw new Refusal('AUTHENTICATION_REQUIRED', 'Authencation required');
    },
  },
  logout: {
    verb: 'POST',
    takes: ['sessionName'],
    run: ({ sessions, param }) => {
      sessions.userOf(param('sessionName'));
      sessions.close(param('sessionName'));
      return { message: 'successfull' };
    },
  },
};

/** The result of one operation of `webservice.php` (vtiger 7.x, `include/Webservices`). Throws `Refusal`, which is told with status 200 too. */
export function classic(request: SimulatedRequest, call: ClassicCall): unknown {
  const name = call.param('operation');
  const own = Object.hasOwn(sessionOperations, name) ? sessionOperations[name] : undefined;
  const shared = Object.hasOwn(operations, name) ? operations[name] : undefined;
  const operation = own ?? shared;
  if (!operation) throw unknownOperation(name);
  if (request.method !== operation.verb) throw wrongVerb(name, request.method);
  if (own) {
    refuseStrangers(name, request, ['operation', ...own.takes]);
    return own.run(call);
  }
  const user = call.sessions.userOf(call.param('sessionName'));
  refuseStrangers(name, request, ['operation', 'sessionName', ...operation.takes]);
  return shared?.run({ ...call, user });
}

/** Reads parameters of a request, missing ones as empty. */
export function reader(request: SimulatedRequest): (name: string) => string {
  const params = parametersOf(request);
  return (name) => params.get(name) ?? '';
}
