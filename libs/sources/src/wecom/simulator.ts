import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { type Manners, type Route, tokenOf } from './simulator/call.js';
import { CallLimits } from './simulator/call-limits.js';
import { checkInRoutes } from './simulator/check-in.js';
import { contactRoutes } from './simulator/contacts.js';
import { Corp } from './simulator/corp.js';
import type { App } from './simulator/model.js';
import { badParameter, type ErrorCode, Refusal, refusalBody } from './simulator/refusal.js';
import { type TokenEnd, Tokens } from './simulator/tokens.js';

export interface WecomSimulatorOptions extends Partial<Manners> {
  readonly corpId?: string;
  readonly now?: () => Date;
  /** Counts calls and blocks who makes too many, as published; false by default. */
  readonly limited?: boolean;
  /** The clock of the limits, in ms; the real one by default, also where `now` stands still. */
  readonly rateClock?: () => number;
  /** How long a token is valid; 7200 by default. */
  readonly tokenSeconds?: number;
  /** The address that all calls come from, as errors tell it and as trusted addresses are checked. */
  readonly callerIp?: string;
}

const tokenPath = '/cgi-bin/gettoken';
const routes: Readonly<Record<string, Route>> = { ...contactRoutes, ...checkInRoutes };
/** Sixteen digits, which the number of the call makes nineteen. */
const hintStem = '1700000000123456';

/**
 * WeCom's server API in memory: tokens, contacts, and the check-in reports of days and of whole windows, below `/cgi-bin` of one server, so
 * `<url>` is the base URL. The status is 200 whatever happens; `errcode` decides (developer.work.weixin.qq.com 90313). Parameters that are
 * not documented, and other types than the documented ones, are refused with 40058.
 */
export class WecomSimulator extends Corp implements VendorSimulator {
  readonly id = 'wecom';
  readonly corpId: string;
  readonly #manners: Manners;
  readonly #tokens: Tokens;
  readonly #limits: CallLimits | undefined;
  readonly #calls = new Map<string, number>();
  readonly #refusals = new Map<number, number>();
  #hints = 0;

  constructor(private readonly options: WecomSimulatorOptions = {}) {
    super();
    this.corpId = options.corpId ?? 'ww0123456789abcdef';
    this.#manners = {
      zone: options.zone ?? 'Asia/Shanghai',
      systemCheckIn: options.systemCheckIn ?? false,
      omitZeros: options.omitZeros ?? true,
      dayCountsOf: options.dayCountsOf ?? [1],
      withoutRule: options.withoutRule ?? 'absent',
      withoutDays: options.withoutDays ?? 'zeros',
    };
    const now = options.now ?? (() => new Date());
    this.#tokens = new Tokens((options.tokenSeconds ?? 7200) * 1000, () => now().getTime());
    this.#limits = options.limited ? new CallLimits(options.rateClock ?? (() => Date.now())) : undefined;
  }

  /** How often each path was called, refused calls included. */
  get calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  /** How often each code was answered. */
  get refusals(): ReadonlyMap<number, number> {
    return this.#refusals;
  }

  forgetCalls(): void {
    this.#calls.clear();
    this.#refusals.clear();
  }

  /**
   * Ends every token that is valid when `after` further calls with a token have been answered: the next one is refused with `as`. Each call
   * of this method plans one such end; they come one after another.
   */
  endTokens(as: TokenEnd = 42001, after = 0): void {
    this.#tokens.planEnd(as, after);
  }

  override revokeSecret(secret: string): void {
    super.revokeSecret(secret);
    this.#tokens.forget(secret);
  }

  override load(state: unknown): void {
    super.load(state);
    this.#tokens.clear();
  }

  /** What the vendor says with this code: for a planned bad moment, such as -1, 45033 or 301022. */
  refusal(code: ErrorCode): SimulatedResponse {
    return this.#refuse(new Refusal(code));
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    this.#calls.set(request.path, (this.#calls.get(request.path) ?? 0) + 1);
    try {
      return { status: 200, body: { errcode: 0, errmsg: 'ok', ...this.#answer(request) } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refuse(error);
    }
  }

  #refuse(refusal: Refusal): SimulatedResponse {
    this.#refusals.set(refusal.code, (this.#refusals.get(refusal.code) ?? 0) + 1);
    this.#hints = (this.#hints + 1) % 1000;
    const hint = `${hintStem}${String(this.#hints).padStart(3, '0')}`;
    return { status: 200, body: refusalBody(refusal, hint, this.#callerIp) };
  }

  #answer(request: SimulatedRequest): Readonly<Record<string, unknown>> {
    this.#limits?.passAddress();
    if (request.path === tokenPath) return this.#issueToken(request);
    // Which code stands for a path that is not there is inferred.
    const route = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
    if (!route) throw new Refusal(48001);
    if (request.method !== route.method) throw badParameter();
    const app = this.#appOf(this.#tokens.secretOf(tokenOf(request)));
    this.#limits?.passApi(request.path);
    return route.run({ app, corp: this, manners: this.#manners, query: request.query, body: request.body });
  }

  #issueToken({ method, query }: SimulatedRequest): Readonly<Record<string, unknown>> {
    this.#limits?.passFailures();
    this.#limits?.passApi(tokenPath);
    try {
      if (method !== 'GET') throw badParameter();
      for (const name of query.keys()) if (name !== 'corpid' && name !== 'corpsecret') throw badParameter();
      const [corpId, secret] = [query.get('corpid') ?? '', query.get('corpsecret') ?? ''];
      if (corpId === '') throw new Refusal(41002);
      if (secret === '') throw new Refusal(41004);
      if (corpId !== this.corpId) throw new Refusal(40013);
      return this.#tokens.issue(this.#appOf(secret).secret);
    } catch (error) {
      if (error instanceof Refusal) this.#limits?.countFailure();
      throw error;
    }
  }

  #appOf(secret: string): App {
    const app = this.app(secret);
    if (!app) throw new Refusal(40001);
    if (app.revoked) throw new Refusal(40091);
    if (app.trustedIps && !app.trustedIps.includes(this.#callerIp)) throw new Refusal(60020);
    return app;
  }

  get #callerIp(): string {
    return this.options.callerIp ?? '203.0.113.9';
  }
}
