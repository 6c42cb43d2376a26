import type { Dispatcher } from 'undici';

export interface Answer {
  readonly status: number;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ExchangeOptions {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** From here to the last byte of the answer; connecting included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Called when the first byte is about to leave. */
  readonly onLeft: () => void;
}

/** No whole answer came. `left`: bytes of the request were sent, so the other side may have acted on it. */
export class ExchangeError extends Error {
  constructor(
    readonly kind: 'timeout' | 'aborted' | 'too-large' | 'connection',
    readonly left: boolean,
    cause: unknown,
  ) {
    super(kind, { cause });
    this.name = 'ExchangeError';
  }
}

/**
 * One request, one answer, both whole in memory. undici's `dispatch` is used rather than its `request` because it says when a connection
 * stands and the request begins to leave: the difference between what surely did not arrive and what may have.
 * An answer of 400 and above whose body breaks off counts as an answer: its status already says that nothing was accepted, or that nobody knows.
 */
export function exchange(dispatcher: Dispatcher, options: ExchangeOptions): Promise<Answer> {
  const { signal, url } = options;
  return new Promise((resolve, reject) => {
    let sending: Dispatcher.DispatchController | undefined;
    let head: Omit<Answer, 'body'> | undefined;
    let size = 0;
    let over = false;
    let chunks: Buffer[] = [];

    const end = (): void => {
      over = true;
      // Whoever still holds the exchange, as the pool does for a while, holds no page of it.
      chunks = [];
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const succeed = (answer: Answer): void => {
      end();
      resolve(answer);
    };
    const fail = (kind: ExchangeError['kind'], cause: unknown): void => {
      if (over) return;
      const error = new ExchangeError(kind, sending !== undefined, cause);
      end();
      sending?.abort(error);
      reject(error);
    };
    const abort = (): void => fail('aborted', signal?.reason);
    const timer = setTimeout(
      () => fail('timeout', new Error(`no whole answer in ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) return abort();

    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: options.method,
        headers: { ...options.headers },
        body: options.body,
      },
      {
        onRequestStart(controller) {
          // Given up while still waiting for a connection: nothing has left, and nothing will.
          if (over) return controller.abort(new Error('given up'));
          sending = controller;
          options.onLeft();
        },
        onResponseStart(_controller, status, headers) {
          // 1xx answers announce; they end nothing.
          if (status >= 200) head = { status, headers: flatten(headers) };
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > options.maxBytes)
            fail('too-large', new Error(`the answer is longer than ${options.maxBytes} bytes`));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (over || !head) return;
          const [body = new Uint8Array(), ...more] = chunks;
          succeed({ ...head, body: more.length === 0 ? body : Buffer.concat(chunks) });
        },
        onResponseError(_controller, error) {
          if (over) return;
          if (head && head.status >= 400) succeed({ ...head, body: new Uint8Array() });
          else fail('connection', error);
        },
      },
    );
  });
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
