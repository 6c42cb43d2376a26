/** Slack's no: `ok: false` with a code, over HTTP 200. https://docs.slack.dev/apis/web-api/#responses */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    /** More fields of the answer, such as `needed` and `provided`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
    this.name = 'Refusal';
  }
}

/** HTTP 429, which is the only error that Slack tells by status. https://docs.slack.dev/apis/web-api/rate-limits */
export class TooMany extends Error {
  constructor(
    /** Whole seconds. */
    readonly retryAfter: number,
  ) {
    super('ratelimited');
    this.name = 'TooMany';
  }
}

/** `invalid_arguments`, with a line for each argument that is wrong. */
export const invalidArguments = (...messages: string[]): Refusal =>
  new Refusal('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });

/** `invalid_blocks`, in the two places where Slack says why. */
export const invalidBlocks = (errors: readonly string[]): Refusal =>
  new Refusal('invalid_blocks', {
    errors,
    response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
  });
