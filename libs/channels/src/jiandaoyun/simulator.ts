import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { ApiKey, type KeyLimits, type KeyTrouble } from './simulator/api-key.js';
import { addAttendance } from './simulator/attendance.js';
import type { Call, Effects, Started } from './simulator/call.js';
import { Company, type Entry, type StoredRow } from './simulator/company.js';
import { endpoints, isEndpoint, type Endpoint, type EndpointPath } from './simulator/endpoints.js';
import { RateLimits } from './simulator/rate-limits.js';
import { readObject } from './simulator/reading.js';
import { Refusal, wordsOf } from './simulator/refusal.js';
import { showRow, showTableRow, type Shown } from './simulator/show.js';
import type { IgnoredWhy } from './simulator/write-values.js';

export type { KeyLimits, KeyTrouble } from './simulator/api-key.js';
export type { Started as StartedByWrite } from './simulator/call.js';
export type {
  Entry as JiandaoyunEntry,
  FormSpec as JiandaoyunFormSpec,
  MemberSpec as JiandaoyunMemberSpec,
  WidgetSpec as JiandaoyunWidgetSpec,
} from './simulator/company.js';
export type { EndpointPath as JiandaoyunPath } from './simulator/endpoints.js';

export interface JiandaoyunSimulatorOptions {
  readonly now?: () => Date;
  /** Whether the vendor's rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
  /** The clock of the limits, in ms; the real one by default, also where `now` stands still. */
  readonly rateClock?: () => number;
  /** Whether limits are told by HTTP 429 instead of 400, which is documented as not certain; false by default. */
  readonly limitsByStatus?: boolean;
  /** Hours east of Greenwich of dates that name no zone: 0 by default, as in the vendor's sample; which it really is, is not documented. */
  readonly zonelessOffsetHours?: number;
  /** What a field of members or departments makes of one that is not there: nothing, silently (the default), or a refusal with 1010 or 6002. */
  readonly strangers?: 'empty' | 'refuse';
  /** Whether a known `transaction_id` is refused with 17026 instead of overwriting; both are documented. `overwrite` by default. */
  readonly repeatedTransaction?: 'overwrite' | 'refuse';
  /** How many values `in`, `nin` and `all` of a filter take; 1000 by default, 200 in older pages of the vendor. */
  readonly mostFilterValues?: number;
}

/** A refusal that a test plans. */
export interface PlannedRefusal {
  /** All paths by default. */
  readonly path?: EndpointPath;
  readonly code: number;
  /** How many calls it meets; 1 by default. */
  readonly times?: number;
  /** How many calls of the path pass unharmed first; 0 by default. */
  readonly after?: number;
}

/** Something that was sent and has left no trace, of which the vendor says nothing. */
export interface Ignored {
  readonly path: EndpointPath;
  readonly field: string;
  readonly why: IgnoredWhy;
}

/**
 * Jiandaoyun's data API v5 in memory, below `/api/v5/`: one company, one API key. Written from the vendor's pages, https://hc.jiandaoyun.com/open/11261.
 * It is silent where the vendor is silent: what it does not understand in a row is dropped or stored empty, neither `required` nor `unique` is
 * checked, unknown parameters change nothing, and no write calls a webhook. `ignored` tells what was dropped. Files are not simulated.
 */
export class JiandaoyunSimulator extends Company implements VendorSimulator {
  readonly id = 'jiandaoyun';
  readonly apiKey = 'sandbox-jiandaoyun-key';
  /** How many calls arrived, by path; those that were refused too. */
  readonly calls = new Map<EndpointPath, number>();
  /** How many calls were refused, by code. */
  readonly refusals = new Map<number, number>();
  /** Everything that was dropped silently, in order. */
  readonly ignored: Ignored[] = [];

  readonly #key = new ApiKey(this.apiKey);
  readonly #limits: RateLimits | undefined;
  readonly #effects: Effects = { workflows: [], automations: [], reminders: 0 };
  readonly #planned: { refusal: PlannedRefusal; passes: number; left: number }[] = [];
  readonly #actions: { path: EndpointPath; passes: number; act: () => void }[] = [];
  #lost: ReadonlySet<number> = new Set();

  constructor(private readonly options: JiandaoyunSimulatorOptions = {}) {
    super(options.now ?? (() => new Date()));
    if (options.limits !== 'none')
      this.#limits = new RateLimits({
        clock: options.rateClock ?? (() => Date.now()),
        byStatus: options.limitsByStatus ?? false,
      });
  }

  /** The example form 考勤月报 in an app of its own. */
  addAttendance(): Entry {
    return addAttendance(this);
  }

  /** The rows of a form as the API gives them, oldest first. */
  records(entryId: string): readonly Shown[] {
    const entry = this.entry(entryId);
    return [...entry.rows].map((row) => showRow(entry, row, this));
  }

  /** The rows of a form as people see them: by the labels of the fields. */
  table(entryId: string): readonly Shown[] {
    const entry = this.entry(entryId);
    return [...entry.rows].map((row) => showTableRow(entry, row, this));
  }

  /** The rows as they are stored: by `widgetName`. */
  rows(entryId: string): readonly StoredRow[] {
    return [...this.entry(entryId).rows];
  }

  /** Workflows that writes began. */
  get workflows(): readonly Started[] {
    return this.#effects.workflows;
  }

  /** Automations (智能助手) that writes began. */
  get automations(): readonly Started[] {
    return this.#effects.automations;
  }

  /** How many reminders single writes pushed to people. */
  get reminders(): number {
    return this.#effects.reminders;
  }

  /** From now on the key is refused with this code. */
  revokeKey(as: KeyTrouble = 17018): void {
    this.#key.trouble = as;
  }

  restoreKey(): void {
    this.#key.trouble = undefined;
  }

  /** Limits the key to apps (else 17053) and paths (else 17054). */
  limitKey(limits: KeyLimits): void {
    this.#key.limits = limits;
  }

  /** Plans calls that are refused with a code of the vendor's and do nothing. A whole batch is refused so. */
  refuse(refusal: PlannedRefusal): void {
    this.#planned.push({ refusal, passes: refusal.after ?? 0, left: refusal.times ?? 1 });
  }

  /** Does something between two calls: right before the next of the path, or when `after` of them have passed. */
  before(path: EndpointPath, act: () => void, after = 0): void {
    this.#actions.push({ path, passes: after, act });
  }

  /** These items of the next `batch_create`, counted from 0, get lost: the answer is `success`, with a smaller `success_count`. */
  loseFromNextBatch(indices: readonly number[]): void {
    this.#lost = new Set(indices);
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const path = /^\/api\/v5\/(.+)$/.exec(request.path)?.[1] ?? '';
    if (!isEndpoint(path) || request.method !== 'POST') return { status: 404, body: 'Not Found' };
    this.calls.set(path, (this.calls.get(path) ?? 0) + 1);
    this.#actBefore(path);
    try {
      return { status: 200, body: this.#answer(path, request) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
      return { status: error.status, body: { code: error.code, msg: error.message } };
    }
  }

  #answer(path: EndpointPath, request: SimulatedRequest): Shown {
    const endpoint: Endpoint = endpoints[path];
    this.#key.admit(request.headers['authorization'], path);
    this.#limits?.pass(path, endpoint.rate);
    this.#meetPlanned(path);
    if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? ''))
      throw new Refusal(1, wordsOf(1));
    return endpoint.handle(this.#call(path, request));
  }

  #call(path: EndpointPath, request: SimulatedRequest): Call {
    const offsetHours = this.options.zonelessOffsetHours ?? 0;
    return {
      path,
      given: readObject(request.body),
      company: this,
      now: this.now(),
      apps: this.#key.apps,
      writing: {
        members: this.members,
        departments: this.departments,
        offsetHours,
        refuseStrangers: this.options.strangers === 'refuse',
        mint: () => this.mint(),
        ignored: (field, why) => this.ignored.push({ path, field, why }),
      },
      filtering: {
        members: this.members,
        offsetHours,
        mostValues: this.options.mostFilterValues ?? 1000,
      },
      effects: this.#effects,
      lost: () => {
        const lost = this.#lost;
        this.#lost = new Set();
        return lost;
      },
      refuseRepeatedTransactions: this.options.repeatedTransaction === 'refuse',
    };
  }

  #meetPlanned(path: EndpointPath): void {
    for (const planned of this.#planned) {
      if (planned.left <= 0 || (planned.refusal.path ?? path) !== path) continue;
      if (planned.passes > 0) {
        planned.passes -= 1;
        continue;
      }
      planned.left -= 1;
      throw new Refusal(planned.refusal.code, wordsOf(planned.refusal.code));
    }
  }

  #actBefore(path: EndpointPath): void {
    for (const action of [...this.#actions]) {
      if (action.path !== path) continue;
      if (action.passes > 0) {
        action.passes -= 1;
        continue;
      }
      this.#actions.splice(this.#actions.indexOf(action), 1);
      action.act();
    }
  }
}
