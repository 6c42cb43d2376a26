import type { Fact, Instant } from '#domain';
import type { Page, Rejection } from '../contract.js';
import { everybody, reportBegin, writeCursor, type EntriesPosition, type Position } from './cursor.js';
import { listOf } from './paging.js';
import type { PullContext } from './pull-context.js';
import { batches, callsAtOnce } from './rolling-cache.js';
import { readUserEntry, workOf } from './to-facts.js';
import { fingerprint, readAsked } from './untyped.js';

/**
 * The core host reads `start` and `end` to an instant, takes its clock in UTC and reads that clock again in somebody's zone, so the window
 * it answers for is moved by up to 14 hours. A day more on both sides holds it, and what comes back is chosen by its own instants.
 */
const widened = { hours: 24 };

/**
 * The work of one person after another, in the order of their ids: of everybody where there is no report, else of those whose entries the
 * report left open. Ends where the next stage begins.
 */
export async function* readUserEntries(
  context: PullContext,
  begin: EntriesPosition,
): AsyncGenerator<Page, Position> {
  const ids = await idsOf(context, begin.asked);
  // Other people than when the report was read: its pages left out entries that nobody would ask for now.
  if (ids === undefined) return reportBegin;
  const left = ids.filter((id) => id > begin.after);
  for (const batch of batches(left, callsAtOnce)) {
    const readings = await Promise.all(batch.map((id) => readEntriesOf(context, id)));
    yield {
      facts: readings.flatMap(({ facts }) => facts),
      rejected: readings.flatMap(({ rejected }) => rejected),
      cursor: writeCursor(context.window, { ...begin, after: batch.at(-1) ?? begin.after }),
    };
  }
  return { stage: 'leave' };
}

async function idsOf(context: PullContext, asked: string): Promise<readonly string[] | undefined> {
  if (asked === everybody) return (await context.directory()).members.map(({ id }) => id).sort();
  const now = await readAsked(context);
  return now !== 'everybody' && fingerprint(now) === asked ? [...now].sort() : undefined;
}

async function readEntriesOf(
  { api, window, run }: PullContext,
  userId: string,
): Promise<{ facts: readonly Fact[]; rejected: readonly Rejection[] }> {
  const records = await listOf(
    api,
    `/user/${userId}/time-entries`,
    { start: second(window.from.subtract(widened)), end: second(window.to.add(widened)) },
    { label: 'time entries of a person', signal: run.signal },
  );
  const facts: Fact[] = [];
  const rejected: Rejection[] = [];
  for (const [index, raw] of records.entries()) {
    const reading = readUserEntry(raw, `person ${userId}, entry ${index + 1}`);
    if ('rejection' in reading) {
      rejected.push(reading.rejection);
      continue;
    }
    if (reading.entry.type !== 'REGULAR') continue;
    const work = workOf(reading.entry, window);
    if (work && 'fact' in work) facts.push(work.fact);
    else if (work) rejected.push(work.rejection);
  }
  return { facts, rejected };
}

/** `yyyy-MM-ddThh:mm:ssZ`, the one form that is taken. */
const second = (at: Instant): string => at.toString({ fractionalSecondDigits: 0 });
