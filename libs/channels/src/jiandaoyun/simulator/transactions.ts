import { refuse } from './refusal.js';

/** For how long a `batch_create` is known by its `transaction_id`. https://hc.jiandaoyun.com/open/14223 */
export const transactionMs = 3_600_000;

/** The id as given, or 17025 where it is no UUID. */
export function transactionId(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given))
    throw refuse(17025);
  return given;
}
