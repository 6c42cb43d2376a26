import type { SimulatedResponse } from '#http/simulation';

/** Graph's no. Clients branch on the status and the code, never on the message. https://learn.microsoft.com/graph/errors [D] */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GraphError';
  }
}

export const badRequest = (message: string): GraphError => new GraphError(400, 'BadRequest', message);

export const invalidRequest = (message: string): GraphError =>
  new GraphError(400, 'ErrorInvalidRequest', message);

/** The body is not what its type says. */
export const unreadableBody = (message: string): GraphError =>
  new GraphError(400, 'RequestBodyRead', message);

export const itemNotFound = (): GraphError =>
  new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');

export const accessDenied = (message = 'Access is denied. Check credentials and try again.'): GraphError =>
  new GraphError(403, 'ErrorAccessDenied', message);

/** What a request is known by in Microsoft's logs; both are answered in headers and, where it failed, in the body. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly at: Date;
}

const someRequest: RequestIds = {
  requestId: '00000000-0000-0000-0000-000000000000',
  clientRequestId: '00000000-0000-0000-0000-000000000000',
  at: new Date(0),
};

/** An answer with an error in Graph's form, for a trouble that a test plans too. */
export const graphError = (
  status: number,
  code: string,
  message: string = code,
  headers: Readonly<Record<string, string>> = {},
  ids: RequestIds = someRequest,
): SimulatedResponse => ({
  status,
  headers: { 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId, ...headers },
  body: {
    error: {
      code,
      message,
      innerError: {
        date: ids.at.toISOString().slice(0, 19),
        'request-id': ids.requestId,
        'client-request-id': ids.clientRequestId,
      },
    },
  },
});
