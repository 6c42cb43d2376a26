import {
  SimulatedServer,
  type SimulatedRequest,
  type SimulatedResponse,
  type Trouble,
  type VendorSimulator,
} from '#http/simulation';
import type { Company } from './company.js';

export type VendorName = 'clockify' | 'slack' | 'webhook';

/** What stands between a vendor and the wire: it may look at a request, hold it up before it is acted upon, or answer something else. */
type Hand = (
  request: SimulatedRequest,
  /** As asked, or as if something else had been asked. */
  act: (instead?: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>,
) => SimulatedResponse | Promise<SimulatedResponse>;

/** A simulator with a hand of the harness in between. */
class Handled implements VendorSimulator {
  readonly id: string;
  readonly #vendor: VendorSimulator;
  readonly #acting = new Set<Promise<SimulatedResponse>>();
  hand: Hand | undefined;

  constructor(vendor: VendorSimulator) {
    this.id = vendor.id;
    this.#vendor = vendor;
  }

  handle(request: SimulatedRequest): SimulatedResponse | Promise<SimulatedResponse> {
    const act = (instead = request): SimulatedResponse | Promise<SimulatedResponse> =>
      this.#vendor.handle(instead);
    const acting = Promise.resolve(this.hand ? this.hand(request, act) : act());
    this.#acting.add(acting);
    const isDone = (): void => void this.#acting.delete(acting);
    acting.then(isDone, isDone);
    return acting;
  }

  /** Until all that was asked so far is acted upon. */
  async acted(): Promise<void> {
    await Promise.allSettled(this.#acting);
  }

  save(): unknown {
    return this.#vendor.save();
  }

  load(state: unknown): void {
    this.#vendor.load(state);
  }
}

/** A request that a receiver of web hooks took. */
export interface TakenWebhook {
  /** `webhook-id`. */
  readonly id: string;
  readonly path: string;
  readonly body: string;
}

export const isReport = ({ path }: SimulatedRequest): boolean => path.endsWith('/reports/detailed');
export const isPost = ({ path }: SimulatedRequest): boolean => path.endsWith('/chat.postMessage');

/** The simulated vendors behind real ports, and what they can be made to do. */
export class Vendors {
  readonly #servers: Readonly<Record<VendorName, SimulatedServer>>;
  readonly #hands: Readonly<Record<VendorName, Handled>>;
  /** Every request that the receiver of web hooks took, repetitions too. */
  readonly taken: TakenWebhook[] = [];

  private constructor(
    servers: Readonly<Record<VendorName, SimulatedServer>>,
    hands: Readonly<Record<VendorName, Handled>>,
  ) {
    this.#servers = servers;
    this.#hands = hands;
  }

  static async listen(company: Company): Promise<Vendors> {
    const hands = {
      clockify: new Handled(company.clockify),
      slack: new Handled(company.slack),
      webhook: new Handled(company.webhook),
    };
    const [clockify, slack, webhook] = await Promise.all([
      SimulatedServer.listen(hands.clockify),
      SimulatedServer.listen(hands.slack),
      SimulatedServer.listen(hands.webhook),
    ]);
    const vendors = new Vendors({ clockify, slack, webhook }, hands);
    vendors.calm();
    return vendors;
  }

  url(vendor: VendorName): string {
    return this.#servers[vendor].url;
  }

  plan(vendor: VendorName, trouble: Trouble): void {
    this.#servers[vendor].plan(trouble);
  }

  handle(vendor: VendorName, hand: Hand): void {
    this.#hands[vendor].hand =
      vendor === 'webhook' ? (request, act) => hand(request, () => this.#noted(request, act)) : hand;
  }

  /** Every trouble is over. */
  calm(): void {
    for (const server of Object.values(this.#servers)) server.calm();
    this.#hands.clockify.hand = undefined;
    this.#hands.slack.hand = undefined;
    this.#hands.webhook.hand = (request, act) => this.#noted(request, act);
  }

  /** When a vendor was last asked for anything, in ms since the epoch. */
  get lastAskedAt(): number {
    return Math.max(...Object.values(this.#servers).map(({ requests }) => requests.at(-1)?.at ?? 0));
  }

  /** Until the vendors have acted upon all that they were asked so far. */
  async acted(): Promise<void> {
    await Promise.all(Object.values(this.#hands).map((hand) => hand.acted()));
  }

  /** Forgets what was asked; a run of hundreds of weeks would keep it all. */
  forget(): void {
    for (const { requests } of Object.values(this.#servers)) requests.splice(0, requests.length - 1);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#servers).map((server) => server.close()));
  }

  async #noted(
    request: SimulatedRequest,
    act: () => SimulatedResponse | Promise<SimulatedResponse>,
  ): Promise<SimulatedResponse> {
    const answer = await act();
    if (answer.status === 204)
      this.taken.push({
        id: request.headers['webhook-id'] ?? '',
        path: request.path,
        body: request.body,
      });
    return answer;
  }
}
