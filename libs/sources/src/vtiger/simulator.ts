import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { classic, reader } from './simulator/classic.js';
import { Crm } from './simulator/crm.js';
import { type Edition, FloodControl } from './simulator/flood-control.js';
import type { StoredRecord } from './simulator/model.js';
import { Queries, type Shown } from './simulator/query-run.js';
import { Refusal } from './simulator/refusal.js';
import { basicUser, rest } from './simulator/rest.js';
import { type SessionEnd, Sessions } from './simulator/sessions.js';
import { showRecord } from './simulator/show.js';

export interface VtigerSimulatorOptions {
  readonly now?: () => Date;
  /** Which APIs it has: an open source server only the classic one. Both by default. */
  readonly apis?: readonly ('classic' | 'rest')[];
  /** Limits the REST API as the edition does, and tells of it in headers; without one there are no limits and no such headers. */
  readonly edition?: Edition;
  /** The clock of the limits, in ms; the real one by default, also where `now` stands still. */
  readonly rateClock?: () => number;
  /** Whether the REST API's errors have a JSON body, which is documented as not certain; true by default. 429 never has one. */
  readonly restErrorBodies?: boolean;
  /** The number before the `x` of ids, by module. By default none is that of a published sample. */
  readonly idPrefixes?: Readonly<Record<string, number>>;
  /** On whose wall `createdtime` and `modifiedtime` stand: UTC by default, another zone on old installations. */
  readonly databaseZone?: string;
  /** On whose wall `sync` puts its times; UTC by default. */
  readonly serverZone?: string;
  /** Whether texts come with HTML's entities encoded; false by default. */
  readonly encodeEntities?: boolean;
  readonly vtigerVersion?: string;
}

const restBase = '/restapi/v1/vtiger/default/';

/**
 * Vtiger in memory: the classic web service at `/webservice.php` and the cloud's REST API below `/restapi/v1/vtiger/default`, over the same
 * records. So `<url>` is the base URL of either. It knows the query language by its grammar and refuses whatever is not in it; strange
 * parameters, verbs and values too. Sources are the open source server's code (vtiger 7.x, `include/Webservices`), which is sure, and Vtiger's
 * help pages for the cloud; what is inferred says so where it is done.
 */
export class VtigerSimulator extends Crm implements VendorSimulator {
  readonly id = 'vtiger';
  readonly #queries: Queries;
  readonly #sessions: Sessions;
  readonly #flood: FloodControl | undefined;
  #notices = 0;

  constructor(private readonly options: VtigerSimulatorOptions = {}) {
    super(options.now ?? (() => new Date()), options.databaseZone ?? 'UTC', options.idPrefixes ?? {});
    this.#queries = new Queries(this, this.#show);
    this.#sessions = new Sessions(this, () => this.now().getTime());
    this.#flood =
      options.edition &&
      new FloodControl(
        options.edition,
        options.rateClock ?? (() => Date.now()),
        () => this.records('Users').filter((user) => user.values['status'] === 'Active').length,
      );
  }

  /**
   * Ends every session of the classic web service that is open when `after` further calls with a session have been answered: the next one
   * is refused with `as`. Each call of this method plans one such end; they come one after another.
   */
  endSessions(as: SessionEnd = 'SESSION_EXPIRED', after = 0): void {
    this.#sessions.planEnd(as, after);
  }

  /** The next so many answers of the classic web service begin with a notice of PHP, as those of misconfigured servers do. */
  spillNotices(times = 1): void {
    this.#notices = times;
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const apis = this.options.apis ?? ['classic', 'rest'];
    if (request.path === '/webservice.php' && apis.includes('classic')) return this.#classic(request);
    if (request.path.startsWith(restBase) && apis.includes('rest'))
      return this.#rest(request, request.path.slice(restBase.length));
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found</h1>' };
  }

  /** Status 200 whatever happened. */
  #classic(request: SimulatedRequest): SimulatedResponse {
    const body = answer(() =>
      classic(request, {
        ...this.#call(request),
        sessions: this.#sessions,
        vtigerVersion: this.options.vtigerVersion ?? '7.5.0',
      }),
    );
    const text = JSON.stringify(body instanceof Refusal ? body.body : body);
    const notice =
      this.#notices > 0 ? '<br />\n<b>Notice</b>:  Undefined index: user in <b>Utils.php</b><br />\n' : '';
    this.#notices = Math.max(0, this.#notices - 1);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: notice + text };
  }

  #rest(request: SimulatedRequest, name: string): SimulatedResponse {
    const flood = this.#flood;
    const body = answer(() => {
      const user = basicUser(this, request.headers['authorization']);
      return flood?.pass() === false ? undefined : rest(name, request, { ...this.#call(request), user });
    });
    const headers = flood?.headers() ?? {};
    if (body === undefined) return { status: 429, headers };
    if (!(body instanceof Refusal)) return { status: 200, headers, body };
    return this.options.restErrorBodies === false
      ? { status: body.status, headers }
      : { status: body.status, headers, body: body.body };
  }

  #call(request: SimulatedRequest) {
    return {
      crm: this,
      queries: this.#queries,
      serverZone: this.options.serverZone ?? 'UTC',
      show: this.#show,
      param: reader(request),
    };
  }

  readonly #show = (record: StoredRecord): Shown => showRecord(record, this.options.encodeEntities ?? false);
}

/** The envelope of a result, or the refusal; undefined stays undefined. */
function answer(run: () => unknown): Refusal | { success: true; result: unknown } | undefined {
  try {
    const result = run();
    return result === undefined ? undefined : { success: true, result };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
