import type { JiraApi } from './api.js';
import { usersReply } from './schema.js';

/** Somebody who gets access is found within this time. */
const KEEP_MS = 5 * 60_000;

/** Accounts by e-mail address. */
export class Assignees {
  readonly #known = new Map<
    string,
    { readonly until: number; readonly account: Promise<string | undefined> }
  >();

  constructor(private readonly api: JiraApi) {}

  /** The account; undefined where nobody who is active has surely this address. Throws `RemoteError`. */
  async find(email: string, signal: AbortSignal): Promise<string | undefined> {
    const key = email.toLowerCase();
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.account;
    const account = this.#ask(key, signal);
    this.#known.set(key, { until: performance.now() + KEEP_MS, account });
    account.catch(() => this.#known.delete(key));
    return account;
  }

  /**
   * Search goes by the beginning of name and address, and privacy may hide the address: one hit alone is taken for the person where it shows none.
   * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/
   */
  async #ask(email: string, signal: AbortSignal): Promise<string | undefined> {
    const users = await this.api.ask({
      label: 'user by e-mail',
      method: 'GET',
      path: `user/search?${new URLSearchParams({ query: email }).toString()}`,
      reply: usersReply,
      signal,
    });
    const people = users.filter(
      ({ accountType = 'atlassian', active = true }) => accountType === 'atlassian' && active,
    );
    const exact = people.find(({ emailAddress }) => emailAddress?.toLowerCase() === email);
    if (exact) return exact.accountId;
    const [only, another] = people;
    return another === undefined && only && !only.emailAddress ? only.accountId : undefined;
  }
}
