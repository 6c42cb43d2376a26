import { RemoteError, type FailureReason, type FailureScope } from '#http';

/** What the host has to make of an error code. */
interface Meaning {
  readonly reason: FailureReason;
  readonly words: string;
  readonly retryAfterMs?: number;
  readonly scope?: FailureScope;
}

const all = (codes: readonly number[], meaning: Omit<Meaning, 'words'>, words: string): [number, Meaning][] =>
  codes.map((code) => [code, { ...meaning, words }]);

/** Whoever is told waits for somebody: nothing is wrong with the rows, and they are written as soon as it is mended. */
const config = { reason: 'unauthorized' } as const;
const data = { reason: 'rejected' } as const;
const busy = { reason: 'unavailable', retryAfterMs: 1000 } as const;

/** https://hc.jiandaoyun.com/open/11261; every failure is an answer with status 400 and one of these. */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  ...all([8301, 17018], config, 'the API key is not accepted'),
  ...all([8302], config, 'the API key may not call this'),
  ...all([17052], config, 'the API key does not allow this address to call'),
  ...all([17053], config, 'the API key does not allow this app'),
  ...all([17054], config, 'the API key does not allow this call'),
  ...all([2004], config, 'there is no such app'),
  ...all([3000], config, 'there is no such form'),
  ...all([5056, 5060], config, 'the form has no workflow: take `workflow` out of the destination'),
  ...all([8017], config, 'the company is closed or does not exist'),
  ...all([7103], config, 'the plan’s quota is used up'),
  ...all([7206], config, 'the plan is suspended'),
  ...all([7212], config, 'the plan’s rows of this month are used up'),
  ...all([7221], config, 'the form has as many rows as the plan allows'),
  ...all([7216, 7217, 7218, 7219], config, 'the plan’s room for attachments is used up'),
  ...all([8303], { reason: 'rate-limited', retryAfterMs: 1000, scope: 'account' }, 'too many calls'),
  ...all([8304], { reason: 'rate-limited', retryAfterMs: 1000, scope: 'method' }, 'too many calls of a kind'),
  ...all([4012], busy, 'the form is busy with another batch'),
  ...all([9004, 9007], busy, 'the vendor is busy'),
  ...all([17027], busy, 'a file could not be uploaded'),
  ...all([1010], data, 'a member does not exist'),
  ...all([1017, 1018, 1019, 1024, 1092, 1096], data, 'a member or phone cannot be read'),
  ...all([1087], data, 'a value that has to be unique is there already'),
  ...all([6002], data, 'a department does not exist'),
  ...all([4001], data, 'the row is not there any more; it was deleted in the form'),
  ...all([4000], data, 'the row was not accepted'),
  ...all([4402], data, 'an aggregate table of the form refuses it'),
  ...all([4008, 4009, 50_000], data, 'its workflow does not allow it'),
]);

/** A repeated transaction that is not taken as a repetition: what it brought is there, or was never. */
export const TRANSACTION_IS_KNOWN = 17_026;

/** A refusal, in our words: the vendor's own may repeat what was written. */
export function refusal(code: number, label: string): RemoteError {
  const { reason, words, retryAfterMs, scope } = meanings.get(code) ?? {
    reason: 'rejected',
    words: 'refused',
  };
  return new RemoteError('jiandaoyun', reason, 'refused', `${label}: ${words} (code ${code})`, {
    code: String(code),
    status: 400,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(scope === undefined ? {} : { scope }),
  });
}
