/**
 * A request that the vendor would not serve. Rendered as `{"message","code"}` with a numeric code; throttling and missing plan features
 * are the ones without a code.
 */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code?: number,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** A body, an id or a business rule: the vendor's catch-all. */
export const invalid = (message: string): Refusal => new Refusal(400, message, 501);

/** A query parameter that does not exist or has no such value. */
export const badParameter = (message: string): Refusal => new Refusal(400, message, 3000);

export const unknownRoute = (path: string): Refusal =>
  new Refusal(404, `No static resource ${path.replace(/^\//, '')}.`, 3000);

export const wrongMethod = (method: string): Refusal =>
  new Refusal(405, `Request method '${method}' is not supported`, 3000);

export const accessDenied = (): Refusal => new Refusal(403, 'Access Denied');

export const planLacks = (feature: string): Refusal =>
  new Refusal(402, `${feature} is not available on your plan`);
