import type { SimulatedRequest, SimulatedResponse, VendorSimulator } from '#http/simulation';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export interface WebhookSimulatorOptions {
  /** `whsec_…`, what the sender signs with. */
  readonly secret?: string;
  readonly now?: () => Date;
}

const event = z.strictObject({
  type: z.enum(['carillon.message', 'carillon.message.updated']),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    deliveryId: z.string().min(1),
    revision: z.int().positive(),
    message: z.object({
      locale: z.string(),
      title: z.string(),
      blocks: z.array(z.looseObject({ type: z.string() })),
    }),
    text: z.string(),
  }),
});

/** A message that was taken. */
export interface ReceivedWebhook {
  /** `webhook-id`. */
  readonly id: string;
  readonly path: string;
  readonly event: z.infer<typeof event>;
}

const stateShape = z.object({
  received: z.array(z.object({ id: z.string(), path: z.string(), event })),
  repeated: z.number(),
});

/** How far the clocks of sender and receiver may be apart, as the specification's own libraries have it. */
const toleranceSeconds = 5 * 60;
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size */
const maxBytes = 20_000;

/**
 * A receiver that takes the specification at its word: it verifies the signature over exactly what arrived, refuses what is too old or too
 * new, and takes each `webhook-id` once: a repetition is answered like the first and changes nothing.
 * Any path is a receiver.
 */
export class WebhookSimulator implements VendorSimulator {
  readonly id = 'webhook';
  readonly secret: string;
  readonly #now: () => Date;
  #received: ReceivedWebhook[] = [];
  #repeated = 0;

  constructor(options: WebhookSimulatorOptions = {}) {
    this.secret =
      options.secret ?? `whsec_${Buffer.from('the sandbox signs with this key').toString('base64')}`;
    this.#now = options.now ?? (() => new Date());
  }

  /** What arrived, each message once, oldest first. */
  get received(): readonly ReceivedWebhook[] {
    return this.#received;
  }

  /** How many requests repeated a message that was there already. */
  get repeated(): number {
    return this.#repeated;
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const refusal = this.#refusal(request);
    if (refusal) return refusal;
    const parsed = event.safeParse(JSON.parse(request.body));
    if (!parsed.success) return no(422, z.prettifyError(parsed.error));
    const id = request.headers['webhook-id'] ?? '';
    if (this.#received.some((message) => message.id === id)) this.#repeated += 1;
    else this.#received.push({ id, path: request.path, event: parsed.data });
    return { status: 204 };
  }

  save(): unknown {
    return structuredClone({ received: this.#received, repeated: this.#repeated });
  }

  load(state: unknown): void {
    const { received, repeated } = stateShape.parse(state);
    this.#received = received;
    this.#repeated = repeated;
  }

  #refusal({ method, headers, body }: SimulatedRequest): SimulatedResponse | undefined {
    if (method !== 'POST') return no(405, 'messages are posted');
    if (!/^application\/json(;|$)/.test(headers['content-type'] ?? '')) return no(415, 'messages are JSON');
    if (Buffer.byteLength(body) > maxBytes) return no(413, 'too long');
    const id = headers['webhook-id'];
    const timestamp = Number(headers['webhook-timestamp'] ?? Number.NaN);
    const signatures = headers['webhook-signature']?.split(' ');
    if (!id || id.includes('.') || !Number.isInteger(timestamp) || !signatures)
      return no(400, 'webhook-id, webhook-timestamp or webhook-signature is missing');
    if (Math.abs(this.#now().getTime() / 1000 - timestamp) > toleranceSeconds)
      return no(400, 'too old or too new');
    if (!signatures.includes(new Webhook(this.secret).sign(id, new Date(timestamp * 1000), body)))
      return no(401, 'the signature is not right');
    return undefined;
  }
}

const no = (status: number, error: string): SimulatedResponse => ({ status, body: { error } });
