import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';

/** A simulator that tells when a request may have changed it. */
export class Observed implements VendorSimulator {
  readonly id: string;

  constructor(
    private readonly simulator: VendorSimulator,
    private readonly mayChange: (request: SimulatedRequest) => boolean,
    private readonly changed: () => void,
  ) {
    this.id = simulator.id;
  }

  async handle(request: SimulatedRequest): Promise<SimulatedResponse> {
    const response = await this.simulator.handle(request);
    if (this.mayChange(request)) this.changed();
    return response;
  }

  save(): unknown {
    return this.simulator.save();
  }

  load(state: unknown): void {
    this.simulator.load(state);
  }
}
