import { startOfDay } from '#domain';
import type { WecomApp } from './api.js';
import { folded } from './members.js';
import type { Month } from './months.js';
import { isUnknownMember } from './refusals.js';
import { monthReply } from './schema.js';

/** The vendor takes no more in one call. */
export const membersACall = 100;

/** What came of asking for some members. */
export interface Answers {
  /** As WeCom sent them, in its order. */
  readonly records: readonly unknown[];
  /** Folded ids of members whom WeCom does not know, or does not show to this app. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * The month's records of up to 100 members. One whom WeCom does not know fails the whole call, and it does not say who: so they are halved
 * until that one stands alone, and all others are read.
 */
export async function askForMonth(
  ask: (userids: readonly string[]) => Promise<readonly unknown[]>,
  userids: readonly string[],
): Promise<Answers> {
  if (userids.length === 0) return { records: [], unknown: new Set() };
  try {
    return { records: await ask(userids), unknown: new Set() };
  } catch (error) {
    if (!isUnknownMember(error)) throw error;
  }
  if (userids.length === 1) return { records: [], unknown: new Set(userids.map(folded)) };
  const half = Math.ceil(userids.length / 2);
  const first = await askForMonth(ask, userids.slice(0, half));
  const second = await askForMonth(ask, userids.slice(half));
  return {
    records: [...first.records, ...second.records],
    unknown: new Set([...first.unknown, ...second.unknown]),
  };
}

/**
 * One call. Both ends are days, told by their midnights in the company's zone; the last one belongs to it. Any other time is answered with
 * nothing at all: https://developer.work.weixin.qq.com/document/path/94207
 */
export async function monthRecords(
  app: WecomApp,
  { firstDay, lastDay }: Pick<Month, 'firstDay' | 'lastDay'>,
  timezone: string,
  userids: readonly string[],
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const seconds = (day: string): number => startOfDay(day, timezone).epochMilliseconds / 1000;
  const { datas } = await app.ask(
    {
      path: '/cgi-bin/checkin/getcheckin_monthdata',
      json: { starttime: seconds(firstDay), endtime: seconds(lastDay), useridlist: userids },
    },
    monthReply,
    { label: 'month report', signal },
  );
  return datas;
}
