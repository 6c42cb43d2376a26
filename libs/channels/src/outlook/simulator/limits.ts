import { GraphError } from './graph-error.js';

/** The numbers are Microsoft's, and changed several times, so they are settings. https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits [D] */
export interface OutlookLimits {
  /** Per app and mailbox. */
  readonly requestsPer10Minutes: number;
  /** At the same time, per app and mailbox. */
  readonly concurrent: number;
  /** Bytes per app and mailbox. */
  readonly uploadPer5Minutes: number;
  /** Per app, over all mailboxes. */
  readonly requestsPer10Seconds: number;
  /** Of Exchange, per mailbox; what is over them was accepted, and comes back as undeliverable. */
  readonly messagesPerMinute: number;
  readonly recipientsPerDay: number;
  /** Microsoft allows 500 to 1,000, as the administrator says. */
  readonly recipientsPerMessage: number;
}

export const publishedLimits: OutlookLimits = {
  requestsPer10Minutes: 10_000,
  concurrent: 4,
  uploadPer5Minutes: 150 * 1024 * 1024,
  requestsPer10Seconds: 130_000,
  messagesPerMinute: 30,
  recipientsPerDay: 10_000,
  recipientsPerMessage: 500,
};

/** Counts what happens in windows that begin with their first event. */
class Windows {
  readonly #open = new Map<string, { until: number; used: number }>();

  constructor(private readonly now: () => Date) {}

  /** 0 where there was room, else the milliseconds until there is. */
  take(key: string, amount: number, limit: number, lengthMs: number): number {
    const at = this.now().getTime();
    let window = this.#open.get(key);
    if (!window || window.until <= at) {
      window = { until: at + lengthMs, used: 0 };
      this.#open.set(key, window);
    }
    if (window.used + amount > limit) return window.until - at;
    window.used += amount;
    return 0;
  }
}

const throttled = (code: string, message: string, waitMs: number | undefined): GraphError =>
  new GraphError(
    429,
    code,
    message,
    waitMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  );

export interface ThrottleRules {
  /** Over what the calls at the same time are counted: Microsoft's pages differ. */
  readonly concurrencyPer: 'mailbox' | 'app';
  /** Whether a 429 says how long to wait. */
  readonly retryAfter: boolean;
}

/** Graph's service limits: what is over them is refused with 429 and does nothing. */
export class Throttle {
  readonly #windows: Windows;
  readonly #running = new Map<string, number>();

  constructor(
    private readonly limits: OutlookLimits,
    private readonly rules: ThrottleRules,
    now: () => Date,
  ) {
    this.#windows = new Windows(now);
  }

  /** Counts one call to a mailbox and begins it; the function returned ends it. Throws 429. */
  begin(mailbox: string, bytes: number): () => void {
    this.app();
    const lane = this.rules.concurrencyPer === 'app' ? '' : mailbox;
    const running = this.#running.get(lane) ?? 0;
    if (running >= this.limits.concurrent)
      throw this.#over('ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', 1000);
    const requests = this.#windows.take(`requests ${mailbox}`, 1, this.limits.requestsPer10Minutes, 600_000);
    if (requests > 0) throw this.#over('TooManyRequests', 'Too many requests for this mailbox.', requests);
    const upload = this.#windows.take(`bytes ${mailbox}`, bytes, this.limits.uploadPer5Minutes, 300_000);
    if (upload > 0)
      throw this.#over('ApplicationThrottled', 'Application is over its IncomingBytes limit.', upload);
    this.#running.set(lane, running + 1);
    return () => {
      this.#running.set(lane, (this.#running.get(lane) ?? 1) - 1);
    };
  }

  /** Counts one call of the app. Throws 429. */
  app(): void {
    const wait = this.#windows.take('app', 1, this.limits.requestsPer10Seconds, 10_000);
    if (wait > 0)
      throw this.#over('activityLimitReached', 'The application is over its request limit.', wait);
  }

  #over(code: string, message: string, waitMs: number): GraphError {
    return throttled(code, message, this.rules.retryAfter ? waitMs : undefined);
  }
}

/** Exchange's limits for what a mailbox sends. https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits [D] */
export class SendingLimits {
  readonly #windows: Windows;

  constructor(
    private readonly limits: OutlookLimits,
    now: () => Date,
  ) {
    this.#windows = new Windows(now);
  }

  /** Why a message will come back, if it will. */
  refusal(mailbox: string, recipients: number): string | undefined {
    const { recipientsPerMessage, messagesPerMinute, recipientsPerDay } = this.limits;
    if (recipients > recipientsPerMessage) return 'The message has too many recipients.';
    if (this.#windows.take(`minute ${mailbox}`, 1, messagesPerMinute, 60_000) > 0)
      return 'The sender sent too many messages in a minute.';
    if (this.#windows.take(`day ${mailbox}`, recipients, recipientsPerDay, 86_400_000) > 0)
      return 'The sender wrote to too many recipients today.';
    return undefined;
  }
}
