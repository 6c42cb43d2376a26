import type { TimeWindow } from '#domain';
import { RemoteError, type HttpClient, type RateLimit } from '#http';
import type { Page, PullRun, Source } from '../contract.js';
import { WecomApp } from './api.js';
import { readCursor, writeCursor, type Place } from './cursor.js';
import { estimate } from './estimate.js';
import { limit as published } from './limit.js';
import { folded, identitiesOf, listMembers, type Apps } from './members.js';
import { askForMonth, membersACall, monthRecords } from './month-report.js';
import { monthsIn } from './months.js';
import { probe } from './probe.js';
import type { WecomSettings } from './settings.js';
import { SharedMinute } from './shared-minute.js';
import { readMonth } from './to-facts.js';

/** WeCom, read. */
export function connectWecom(
  settings: WecomSettings,
  http: HttpClient,
  limit: Pick<RateLimit, 'requests' | 'perSeconds'> = published,
): Source {
  const { secret, contactsSecret } = settings;
  const apps: Apps = {
    app: new WecomApp(http, settings, secret),
    contacts: contactsSecret === undefined ? undefined : new WecomApp(http, settings, contactsSecret),
  };
  return {
    pull: (window, run) => pull(apps, settings, limit, window, run),
    async *people({ signal }) {
      yield identitiesOf(await listMembers(apps, settings, signal), settings);
    },
    probe: (signal) => probe(apps, settings, signal),
    estimate: (size) => estimate(settings, size),
  };
}

/** Month by month, a page for each batch of members. */
async function* pull(
  apps: Apps,
  settings: WecomSettings,
  limit: Pick<RateLimit, 'requests' | 'perSeconds'>,
  window: TimeWindow,
  run: PullRun,
): AsyncGenerator<Page> {
  const { signal } = run;
  const months = monthsIn(window, run.now, settings.timezone);
  if (months.length === 0) return;
  const members = (await listMembers(apps, settings, signal)).map(({ userid }) => userid);
  if (members.length === 0) throw seesNobody('members: there are none');
  const minute = await SharedMinute.begin(run, limit);
  let place: Place | undefined = readCursor(run.cursor);
  let isSomebodyThere = place?.isSomebodyThere ?? false;
  for (const month of months) {
    if (place && month.name < place.month) continue;
    const after = place && place.month === month.name ? place.after : '';
    for (const userids of batches(members.filter((userid) => folded(userid) > after))) {
      const answers = await askForMonth(async (some) => {
        await minute.turn(signal);
        return monthRecords(apps.app, month, settings.timezone, some, signal);
      }, userids);
      if (!isSomebodyThere && userids.length > 1 && answers.unknown.size === userids.length)
        throw seesNobody(`month report: none of the first ${userids.length} members is known`);
      const page = readMonth(userids, answers, month);
      isSomebodyThere ||= answers.records.length > 0;
      place = { month: month.name, after: folded(userids.at(-1) ?? ''), isSomebodyThere };
      yield { ...page, cursor: writeCursor(place) };
    }
  }
  if (!isSomebodyThere) throw nobodyThere(months.map(({ name }) => name));
}

function* batches(userids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < userids.length; at += membersACall) yield userids.slice(at, at + membersACall);
}

/** An app that sees nobody would make everybody gone. */
const seesNobody = (message: string): RemoteError =>
  new RemoteError(
    'wecom',
    'unauthorized',
    'refused',
    `${message}: widen what the app may see (可见范围), and list it under Check-in (打卡) → apps that may call its API`,
  );

/** Where the days are not midnights of the company's zone WeCom answers with nothing, as it does where nobody checked in. */
const nobodyThere = (months: readonly string[]): RemoteError =>
  new RemoteError(
    'wecom',
    'rejected',
    'refused',
    `month report: nobody has a record of ${months.join(' or ')}. Is timezone that of the company, and was check-in used then?`,
  );
