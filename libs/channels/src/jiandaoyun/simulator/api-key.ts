import type { EndpointPath } from './endpoints.js';
import { refuse } from './refusal.js';

/** What is wrong with the key: it fails authentication, may not call the API, is invalid, or the caller's address is not in its list. */
export type KeyTrouble = 8301 | 8302 | 17018 | 17052;

/** What a key is limited to; what is left out is not limited. */
export interface KeyLimits {
  /** Ids. */
  readonly apps?: readonly string[];
  readonly paths?: readonly EndpointPath[];
}

/** The one key of the company. */
export class ApiKey {
  trouble: KeyTrouble | undefined;
  limits: KeyLimits = {};

  constructor(private readonly secret: string) {}

  get apps(): ReadonlySet<string> | undefined {
    return this.limits.apps && new Set(this.limits.apps);
  }

  /** Which code is for no key and which for a wrong one is not documented. */
  admit(authorization: string | undefined, path: EndpointPath): void {
    const [, given] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
    if (given === undefined) throw refuse(8301);
    if (given !== this.secret) throw refuse(17018);
    if (this.trouble) throw refuse(this.trouble);
    if (this.limits.paths?.includes(path) === false) throw refuse(17054);
  }
}
