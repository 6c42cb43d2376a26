/** What a look at a remote system found: whether credentials, plan and permissions suffice for what is wanted of it. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  /** What was looked at, such as `api key` or `reports`. */
  readonly about: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}
