import { setImmediate } from 'node:timers/promises';
import type { Fact, TimeWindow } from '#domain';
import { RemoteError } from '#http';
import type { Page, Rejection } from '../contract.js';
import { changedWhilePaging, neverEnds, readReply } from './api.js';
import {
  everybodyBegin,
  reportBegin,
  writeCursor,
  type EntriesPosition,
  type Position,
  type ReportPosition,
} from './cursor.js';
import { noteIds } from './paging.js';
import type { PullContext } from './pull-context.js';
import { piecesOf, reportRange } from './report-range.js';
import { reportReply } from './schema.js';
import { SeenIds } from './seen-ids.js';
import { readReportEntry, workOf } from './to-facts.js';
import { fingerprint, readAsked } from './untyped.js';

/** The vendor's most. */
const pageSize = 1000;

const label = 'detailed report';

interface ReportPage {
  /** How many entries there are on all pages together. */
  readonly count: number;
  readonly records: readonly unknown[];
}

/**
 * The work of everybody, 1,000 entries a call. Ends where the next stage begins: that of the entries which the report leaves open, or leave.
 *
 * The report's count has to be the same on every page, and no entry may come twice: else it throws `unavailable` and the host pulls
 * again. A pull that goes on from a cursor and meets another count than the cursor's starts the report over.
 */
export async function* readReport(
  context: PullContext,
  begin: ReportPosition,
): AsyncGenerator<Page, Position> {
  const { window } = context;
  const pieces = piecesOf(window);
  let at = begin;
  if (at.asked !== null) {
    const asked = await readAsked(context);
    // The people whose entries the earlier pages left open are others now, so their pages are read again.
    if (asked === 'everybody') return everybodyBegin;
    if (fingerprint(asked) !== at.asked) at = reportBegin;
  }
  let resumed = at.page > 1;
  let seen = new SeenIds();
  for (let piece = pieces[at.piece]; piece; piece = pieces[at.piece]) {
    const { count, records } = await readPage(context, piece, at.page);
    if (at.count !== null && count !== at.count) {
      if (!resumed) throw changedWhilePaging(label);
      resumed = false;
      at = { ...reportBegin, asked: at.asked };
      continue;
    }
    resumed = false;
    noteIds(seen, records, label);
    const got = at.got + records.length;
    const last = at.page >= Math.ceil(count / pageSize);
    if (got > count) throw neverEnds(label);
    if (last ? got < count : records.length < pageSize) throw changedWhilePaging(label);

    const { facts, rejected, untyped } = await readRecords(context, records, `${at.piece + 1}/${at.page}`);
    if (untyped) {
      const asked = await readAsked(context);
      if (asked === 'everybody') return everybodyBegin;
      at = { ...at, asked: fingerprint(asked) };
    }
    if (last) seen = new SeenIds();
    at = last
      ? { ...reportBegin, piece: at.piece + 1, asked: at.asked }
      : { ...at, page: at.page + 1, count, got };
    yield { facts, rejected, cursor: writeCursor(window, at) };
  }
  return at.asked === null
    ? { stage: 'leave' }
    : ({ stage: 'entries', asked: at.asked, after: '' } satisfies EntriesPosition);
}

/** Asks for one page, in the order of ids: it is the one order that new entries do not disturb. */
async function readPage({ api, run }: PullContext, piece: TimeWindow, page: number): Promise<ReportPage> {
  const response = await api.postReport(
    'detailed',
    {
      ...reportRange(piece),
      exportType: 'JSON',
      amountShown: 'HIDE_AMOUNT',
      rounding: false,
      sortOrder: 'ASCENDING',
      detailedFilter: { page, pageSize, sortColumn: 'ID', options: { totals: 'CALCULATE' } },
    },
    { label, signal: run.signal },
  );
  const { totals, timeentries } = readReply(reportReply, response, label);
  const count = totals?.[0]?.entriesCount ?? (timeentries.length === 0 ? 0 : undefined);
  if (count === undefined)
    throw new RemoteError('clockify', 'unreadable', 'refused', `${label}: has entries and no count of them`);
  return { count, records: timeentries };
}

/** After so many records others have their turn: the database answers for the page before while this one is read, and must not wait for it. */
const atATime = 100;

async function readRecords(
  context: PullContext,
  records: readonly unknown[],
  page: string,
): Promise<{ facts: readonly Fact[]; rejected: readonly Rejection[]; untyped: boolean }> {
  const facts: Fact[] = [];
  const rejected: Rejection[] = [];
  let untyped = false;
  for (const [index, raw] of records.entries()) {
    if (index % atATime === 0) await setImmediate();
    const reading = readReportEntry(raw, `report ${page}, entry ${index + 1}`);
    if ('rejection' in reading) {
      rejected.push(reading.rejection);
      continue;
    }
    const { entry } = reading;
    if (entry.type === undefined) {
      untyped = true;
      const asked = await readAsked(context);
      if (asked === 'everybody') break;
      if (asked.has(entry.userId)) continue;
    } else if (entry.type !== 'REGULAR') continue;
    const work = workOf(entry, context.window);
    if (work && 'fact' in work) facts.push(work.fact);
    else if (work) rejected.push(work.rejection);
  }
  return { facts, rejected, untyped };
}
