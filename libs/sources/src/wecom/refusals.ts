import { RemoteError, type FailureReason } from '#http';

interface Refusal {
  readonly reason: FailureReason;
  /** What an operator can act upon. */
  readonly meaning: string;
  readonly waitMs?: number;
}

/** A breach of a minute's limit blocks for so long, and nothing says when it ends: https://developer.work.weixin.qq.com/document/path/90312 */
const blockedMs = 60_000;
/** Calls that are under way together end soon. */
const crowdedMs = 5_000;

const wrongSecret = 'the secret is not that of an app of this company';
const staleToken = 'the access token is not accepted, and a new one is not either';
const notSeen = 'a member is not known, or the app may not see them';
const notAllowed = 'the app may not call this: list it under Check-in (打卡) → apps that may call its API';
const ourMistake = 'the call is not as WeCom wants it';

/** What its codes mean: https://developer.work.weixin.qq.com/document/path/90313. The words beside them change, and hold addresses. */
const refusals: ReadonlyMap<number, Refusal> = new Map<number, Refusal>([
  [-1, { reason: 'unavailable', meaning: 'it is busy' }],
  [40001, { reason: 'unauthorized', meaning: wrongSecret }],
  [40003, { reason: 'rejected', meaning: notSeen }],
  [40013, { reason: 'unauthorized', meaning: 'there is no company with this corpId' }],
  [40014, { reason: 'unauthorized', meaning: staleToken }],
  [40031, { reason: 'rejected', meaning: notSeen }],
  [40058, { reason: 'rejected', meaning: ourMistake }],
  [40091, { reason: 'unauthorized', meaning: wrongSecret }],
  [41001, { reason: 'rejected', meaning: ourMistake }],
  [41002, { reason: 'unauthorized', meaning: 'corpId is missing' }],
  [41004, { reason: 'unauthorized', meaning: 'the secret is missing' }],
  [42001, { reason: 'unauthorized', meaning: staleToken }],
  [45009, { reason: 'rate-limited', meaning: 'too many calls', waitMs: blockedMs }],
  [45033, { reason: 'rate-limited', meaning: 'too many calls at a time', waitMs: crowdedMs }],
  [48001, { reason: 'unauthorized', meaning: notAllowed }],
  [48002, { reason: 'unauthorized', meaning: notAllowed }],
  [50002, { reason: 'unauthorized', meaning: 'a member is outside of what the app may see' }],
  [60011, { reason: 'unauthorized', meaning: 'widen what the app may see (可见范围)' }],
  [
    60020,
    { reason: 'unauthorized', meaning: 'our address is not among the trusted ones of the app (企业可信IP)' },
  ],
  [60111, { reason: 'rejected', meaning: notSeen }],
  [301002, { reason: 'unauthorized', meaning: notAllowed }],
  [301021, { reason: 'rejected', meaning: notSeen }],
  [301022, { reason: 'unavailable', meaning: 'it could not fetch the check-in data' }],
  [301023, { reason: 'rejected', meaning: ourMistake }],
  [301024, { reason: 'rejected', meaning: ourMistake }],
  [301025, { reason: 'unauthorized', meaning: notAllowed }],
  [301055, { reason: 'unauthorized', meaning: notAllowed }],
  [301062, { reason: 'unauthorized', meaning: notAllowed }],
]);

export function refusal(code: number, label: string): RemoteError {
  const { reason, meaning, waitMs } = refusals.get(code) ?? { reason: 'rejected', meaning: '' };
  return new RemoteError(
    'wecom',
    reason,
    'refused',
    `${label}: refused, ${code}${meaning === '' ? '' : `: ${meaning}`}`,
    {
      code: String(code),
      ...(reason === 'rate-limited' ? { scope: 'method' } : {}),
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    },
  );
}

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof RemoteError && error.code !== undefined && codes.includes(error.code);

/** The token has ended, or was revoked: with a new one the same call goes well. */
export const isStaleToken = (error: unknown): boolean => hasCode(error, ['40014', '42001']);

/** At least one of the members that were asked for is none, for this app. Which one it does not say. */
export const isUnknownMember = (error: unknown): boolean =>
  hasCode(error, ['301021', '40003', '40031', '60111']);

/** What makes no sense to go on with. */
export const unreadable = (message: string): RemoteError =>
  new RemoteError('wecom', 'unreadable', 'refused', message);
