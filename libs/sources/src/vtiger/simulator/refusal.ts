/** The codes of the open source server (vtiger 7.x, `include/Webservices`), in its own spelling. */
export type ErrorCode =
  | 'INVALID_USER_CREDENTIALS'
  | 'INVALID_AUTH_TOKEN'
  | 'ACCESSKEY_UNDEFINED'
  | 'AUTHENTICATION_REQUIRED'
  | 'AUTHENTICATION_FAILURE'
  | 'SESSION_EXPIRED'
  | 'SESSION_LEFT_IDLE'
  | 'INVALID_SESSIONID'
  | 'ACCESS_DENIED'
  | 'RECORD_NOT_FOUND'
  | 'INVALID_ID_ATTRIBUTE'
  | 'MANDATORY_FIELDS_MISSING'
  | 'REFERENCE_INVALID'
  | 'FAILED_TO_CREATE'
  | 'QUERY_SYNTAX_ERROR'
  | 'DATABASE_QUERY_ERROR'
  | 'UNKNOWN_OPERATION'
  | 'OPERATION_NOT_SUPPORTED'
  | 'UNKOWN_ENTITY';

/**
 * What the cloud answers with. That failures are 4xx or 5xx is documented (Vtiger's REST API pages); which of them goes with which code
 * is not, apart from 401 and 429.
 */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  INVALID_USER_CREDENTIALS: 401,
  AUTHENTICATION_REQUIRED: 401,
  AUTHENTICATION_FAILURE: 401,
  ACCESSKEY_UNDEFINED: 401,
  ACCESS_DENIED: 403,
  RECORD_NOT_FOUND: 404,
  UNKNOWN_OPERATION: 404,
  OPERATION_NOT_SUPPORTED: 405,
};

/** A request that the vendor would not serve. The classic web service says so with status 200, the cloud with `status`. */
export class Refusal extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    status?: number,
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status ?? statuses[code] ?? 400;
  }

  get body(): unknown {
    return { success: false, error: { code: this.code, message: this.message } };
  }
}

export const denied = (what: string): Refusal =>
  new Refusal('ACCESS_DENIED', `Permission to perform the operation is denied for ${what}`);

export const badId = (id: string): Refusal =>
  new Refusal('INVALID_ID_ATTRIBUTE', `The id '${id}' is not of the form 11x123`);
