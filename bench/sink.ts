import { startChild, type Running } from './processes.ts';
import { pause } from './measure.ts';

/** A message that arrived: where, when (ms since 1970) and under which `webhook-id`. */
export type Arrival = readonly [path: string, at: number, id: string];

/** The local HTTP sink, in a process of its own. */
export class Sink {
  readonly url: string;
  readonly #process: Running;

  private constructor(process: Running, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(): Promise<Sink> {
    const process = startChild('sink.ts');
    const { url } = await answer<{ url: string }>(process);
    return new Sink(process, url);
  }

  async count(): Promise<number> {
    return (await this.#ask<{ count: number }>({ ask: 'count' })).count;
  }

  async arrivals(): Promise<readonly Arrival[]> {
    return (await this.#ask<{ arrivals: Arrival[] }>({ ask: 'arrivals' })).arrivals;
  }

  async forget(): Promise<void> {
    await this.#ask({ ask: 'forget' });
  }

  /** From now on a path takes one message in `everyMs`; none does where it is undefined. */
  async limit(path: string | undefined, everyMs = 0): Promise<void> {
    await this.#ask({ ask: 'limit', ...(path === undefined ? {} : { path, everyMs }) });
  }

  /** Waits until so many have arrived; throws where they do not in time. */
  async has(count: number, withinMs = 120_000): Promise<void> {
    const until = performance.now() + withinMs;
    for (let here = await this.count(); here < count; here = await this.count()) {
      if (performance.now() > until) throw new Error(`${here} of ${count} messages arrived in time`);
      await pause(20);
    }
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  #ask<Answer>(order: object): Promise<Answer> {
    const answered = answer<Answer>(this.#process);
    this.#process.child.send(order);
    return answered;
  }
}

/** The next message of a child process; throws where it ends instead. */
export function answer<Answer>(process: Running): Promise<Answer> {
  return new Promise((resolve, reject) => {
    process.child.once('message', (message) => resolve(message as Answer));
    void process.exited.then(() => reject(new Error(`${process.name} ended:\n${process.said}`)), reject);
  });
}
