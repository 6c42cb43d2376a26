import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { Account } from './simulator/account.js';
import type { Call, Feature, Route } from './simulator/call.js';
import { entryRoutes } from './simulator/entries.js';
import { holidayRoutes } from './simulator/holidays.js';
import type { User } from './simulator/model.js';
import { isId } from './simulator/reading.js';
import { accessDenied, invalid, planLacks, Refusal, unknownRoute, wrongMethod } from './simulator/refusal.js';
import { reportRoutes } from './simulator/reports.js';
import { Throttle } from './simulator/throttle.js';
import { timeOffRoutes } from './simulator/time-off.js';
import { listWorkspaces, userRoutes, whoAmI } from './simulator/users.js';

export interface ClockifySimulatorOptions {
  readonly now?: () => Date;
  /** FREE: 30 requests an hour for the whole workspace, and reports over at most 31 days. PRO by default. */
  readonly plan?: 'FREE' | 'PRO';
  /** The zone that moves the core host's time windows; by default that of the key's owner. Which zone it really is, is not documented. */
  readonly accountZone?: string;
  /** At most so many requests of one key in any second; by default no limit. */
  readonly ratePerSecond?: number;
  /** The clock of the limits, in ms; the real one by default, also where `now` stands still. */
  readonly rateClock?: () => number;
  /** The vendor documents no `Retry-After` on 429; false by default. */
  readonly sendRetryAfter?: boolean;
  /** Whether entries of the detailed report carry `type`; the published sample does not, and so false by default. */
  readonly reportsShowType?: boolean;
  /** Whether the detailed report shows running timers, with a null end and duration; false by default. */
  readonly reportsShowRunning?: boolean;
  readonly reportsAvailable?: boolean;
  readonly attendanceAvailable?: boolean;
  /** Time off and holidays. */
  readonly timeOffAvailable?: boolean;
  /** How an unavailable feature is refused: 402 (the plan lacks it, the default) or 403 (access denied). */
  readonly refuseWith?: 402 | 403;
}

const workspaceRoutes: readonly Route[] = [...userRoutes, ...entryRoutes, ...holidayRoutes, ...timeOffRoutes];

/**
 * Clockify in memory: the core API below `/api/v1`, the reports API below `/report/v1` of one server. So `<url>/api` is the core's base URL
 * and `<url>/report` that of reports. It is strict: unknown parameters and values, ids that are not 24 hexadecimal digits, malformed dates and
 * the documented traps are refused with the vendor's codes (https://docs.clockify.me).
 */
export class ClockifySimulator extends Account implements VendorSimulator {
  readonly id = 'clockify';
  readonly #throttle: Throttle | undefined;

  constructor(private readonly options: ClockifySimulatorOptions = {}) {
    super(options.now ?? (() => new Date()));
    const limit =
      options.plan === 'FREE'
        ? { requests: 30, perMs: 3_600_000 }
        : options.ratePerSecond === undefined
          ? undefined
          : { requests: options.ratePerSecond, perMs: 1000 };
    this.#throttle =
      limit && new Throttle(limit, options.rateClock ?? (() => Date.now()), options.sendRetryAfter ?? false);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    try {
      const { key, caller } = this.#authenticate(request.headers);
      this.#throttle?.pass(this.options.plan === 'FREE' ? caller.workspaceId : key);
      return this.#dispatch(request, caller);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        status: error.status,
        headers: error.headers,
        body: { message: error.message, ...(error.code === undefined ? {} : { code: error.code }) },
      };
    }
  }

  /** Exactly one of the two headers. A bearer token counts as none. */
  #authenticate(headers: Readonly<Record<string, string>>): { key: string; caller: User } {
    const key = headers['x-api-key'];
    const addon = headers['x-addon-token'];
    if ((key === undefined) === (addon === undefined))
      throw new Refusal(401, 'Multiple or none auth tokens present', 1000);
    // No add-on is installed here.
    if (key === undefined) throw new Refusal(401, 'Token is not valid', 4017);
    const caller = this.accountUsers.get(this.accountKeys.get(key) ?? '');
    if (!caller) throw new Refusal(401, 'Api key does not exist', 4003);
    return { key, caller };
  }

  #dispatch(request: SimulatedRequest, caller: User): SimulatedResponse {
    const [, host, rest] = /^\/(api|report)\/v1(\/.*)$/.exec(request.path) ?? [];
    if (host === undefined || rest === undefined) throw unknownRoute(request.path);
    const call = this.#call(request, caller);
    const top = { '/user': whoAmI, '/workspaces': listWorkspaces }[rest];
    if (host === 'api' && top) {
      if (request.method !== 'GET') throw wrongMethod(request.method);
      return top(call);
    }
    const [, workspaceId, path] = /^\/workspaces\/([^/]+)(\/.*)$/.exec(rest) ?? [];
    if (workspaceId === undefined || path === undefined) throw unknownRoute(request.path);
    const { route, params } = find(host === 'api' ? workspaceRoutes : reportRoutes, request, path);
    const workspace = this.accountWorkspaces.get(workspaceId);
    if (!isId(workspaceId)) throw invalid('Workspace id is not valid');
    if (workspace?.members.get(caller.id)?.status !== 'ACTIVE') throw accessDenied();
    for (const [name, value] of Object.entries(params))
      if (!isId(value)) throw invalid(`${name} is not valid`);
    this.#allow(route.feature ?? 'core');
    return route.handle({ ...call, params, workspace });
  }

  #allow(feature: Feature): void {
    const lacking =
      (feature === 'time-off' && this.options.timeOffAvailable === false) ||
      (feature === 'attendance' && this.options.attendanceAvailable === false) ||
      ((feature === 'reports' || feature === 'attendance') && this.options.reportsAvailable === false);
    if (lacking) throw this.options.refuseWith === 403 ? accessDenied() : planLacks(feature);
  }

  #call(request: SimulatedRequest, caller: User): Call {
    return {
      caller,
      params: {},
      query: request.query,
      body: request.body,
      now: this.now().getTime(),
      accountZone: this.options.accountZone ?? caller.settings?.timeZone ?? 'UTC',
      plan: this.options.plan ?? 'PRO',
      reports: {
        showType: this.options.reportsShowType ?? false,
        showRunning: this.options.reportsShowRunning ?? false,
      },
      users: this.accountUsers,
      workspaces: this.accountWorkspaces,
      mint: (kind) => this.mint(kind),
    };
  }
}

/** The route by path, then by method: a path that is there for other methods only is 405. Fixed segments win over ids. */
function find(
  routes: readonly Route[],
  request: SimulatedRequest,
  path: string,
): { route: Route; params: Record<string, string> } {
  const matching = routes.flatMap((route) => {
    const params = match(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const fewest = Math.min(...matching.map(({ params }) => Object.keys(params).length));
  const best = matching.filter(({ params }) => Object.keys(params).length === fewest);
  if (best.length === 0) throw unknownRoute(request.path);
  const found = best.find(({ route }) => route.method === request.method);
  if (!found) throw wrongMethod(request.method);
  return found;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [position, segment] of wanted.entries()) {
    const value = given[position] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return params;
}
