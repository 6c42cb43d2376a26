import { createHash } from 'node:crypto';
import type { Crm } from './crm.js';
import type { StoredRecord } from './model.js';
import { type ErrorCode, Refusal } from './refusal.js';

const challengeLastsMs = 300_000;
const idleLimitMs = 1_800_000;
const hardLimitMs = 86_400_000;

/** How a session ends, in the server's words. */
export type SessionEnd = Extract<
  ErrorCode,
  'SESSION_EXPIRED' | 'SESSION_LEFT_IDLE' | 'INVALID_SESSIONID' | 'AUTHENTICATION_REQUIRED'
>;

const endings: Readonly<Record<SessionEnd, string>> = {
  SESSION_EXPIRED: 'Session has expired, please login again',
  SESSION_LEFT_IDLE: 'Session has been left idle for too long, please login again',
  INVALID_SESSIONID: 'Session Identifier provided is Invalid',
  // The server spells it so.
  AUTHENTICATION_REQUIRED: 'Authencation required',
};

interface Session {
  readonly userId: string;
  readonly openedAt: number;
  usedAt: number;
  end?: SessionEnd;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Challenges and sessions of the classic web service (vtiger 7.x, `include/Webservices`): limits and codes are those of its code. */
export class Sessions {
  readonly #challenges = new Map<string, { readonly token: string; readonly expiresAt: number }>();
  readonly #sessions = new Map<string, Session>();
  readonly #planned: { as: SessionEnd; after: number }[] = [];
  #opened = 0;

  constructor(
    private readonly crm: Crm,
    private readonly now: () => number,
  ) {}

  /** A new one deletes the user's previous one. Whether there is such a user is not told. */
  challenge(userName: string): { token: string; serverTime: number; expireTime: number } {
    const now = this.now();
    this.#opened += 1;
    const token = md5(`challenge ${this.#opened} of ${userName}`).slice(0, 13);
    this.#challenges.set(userName, { token, expiresAt: now + challengeLastsMs });
    const serverTime = Math.floor(now / 1000);
    return { token, serverTime, expireTime: serverTime + challengeLastsMs / 1000 };
  }

  /** A challenge is good for one login; that it is used up by it is inferred from how parallel logins fail. */
  login(userName: string, proof: string): { sessionName: string; user: StoredRecord } {
    const challenge = this.#challenges.get(userName);
    if (!challenge || challenge.expiresAt <= this.now())
      throw new Refusal('INVALID_AUTH_TOKEN', 'Specified token is invalid or expired');
    const user = this.crm.userByName(userName);
    if (!user) throw wrongCredentials();
    const key = this.crm.accessKeyOf(user);
    if (key === undefined) throw new Refusal('ACCESSKEY_UNDEFINED', 'Access key for the user is undefined');
    if (proof !== md5(challenge.token + key)) throw wrongCredentials();
    refuseInactive(user);
    this.#challenges.delete(userName);
    this.#opened += 1;
    const sessionName = md5(`session ${this.#opened}`).slice(0, 20);
    const now = this.now();
    this.#sessions.set(sessionName, { userId: this.crm.idOf(user), openedAt: now, usedAt: now });
    return { sessionName, user };
  }

  /** Whose session it is. Using it keeps it from being idle. */
  userOf(sessionName: string): StoredRecord {
    this.#comePlanned();
    if (sessionName === '') throw ended('AUTHENTICATION_REQUIRED');
    const session = this.#sessions.get(sessionName);
    if (!session) throw ended('INVALID_SESSIONID');
    const now = this.now();
    if (now - session.openedAt > hardLimitMs) session.end ??= 'SESSION_EXPIRED';
    if (now - session.usedAt > idleLimitMs) session.end ??= 'SESSION_LEFT_IDLE';
    if (session.end) throw ended(session.end);
    session.usedAt = now;
    const user = this.crm.record(session.userId);
    if (!user) throw ended('AUTHENTICATION_REQUIRED');
    refuseInactive(user);
    return user;
  }

  close(sessionName: string): void {
    this.#sessions.delete(sessionName);
  }

  /** After so many further calls with a session, all that are open then end. Plans follow one another. */
  planEnd(as: SessionEnd, after: number): void {
    this.#planned.push({ as, after });
  }

  #comePlanned(): void {
    const next = this.#planned[0];
    if (!next) return;
    if (next.after > 0) {
      next.after -= 1;
      return;
    }
    this.#planned.shift();
    for (const session of this.#sessions.values()) session.end ??= next.as;
  }
}

/** That a user who is no longer active is refused with this code is inferred. */
export function refuseInactive(user: StoredRecord): void {
  if (user.values['status'] !== 'Active')
    throw new Refusal('AUTHENTICATION_FAILURE', 'The given user is inactive');
}

export const wrongCredentials = (): Refusal =>
  new Refusal('INVALID_USER_CREDENTIALS', 'Invalid username or password');

const ended = (as: SessionEnd): Refusal => new Refusal(as, endings[as]);
